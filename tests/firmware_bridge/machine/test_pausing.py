"""A pause, with hours that pass in a moment: where the head is, what is hot, and how it goes on."""

import re

import pytest
from support.virtual_printer import Lines, VirtualPrinter, end_of, end_of_print, moves, start_of_print

from firmware_bridge.contract import Fault, FaultCode, Origin
from firmware_bridge.gcode.read import Modal
from firmware_bridge.machine.interface import Heating, Outcome, Paused, Printing
from firmware_bridge.machine.pausing import COOL_IN_PAUSE_S
from firmware_bridge.machine.printing import Print

PROFILES = ["ender3", "prusa-mk3s"]


def begin(profile: str = "ender3", count: int = 60) -> tuple[VirtualPrinter, list[str]]:
    """A print whose first moves are done."""
    bench = VirtualPrinter(profile).connected()
    job = [*start_of_print(), *moves(count), *end_of_print()]
    bench.printer.print("job", Lines(job))
    bench.until(lambda: len([line for line in bench.executed if line.startswith("G1 X")]) > 12, 900.0)
    return bench, job


def own_lines(bench: VirtualPrinter, job: list[str]) -> list[str]:
    """What was executed beside the job's lines, polls and the host's end of the wire apart."""
    rest = [line.replace("M190", "M140").replace("M109", "M104") for line in job]
    own = []
    for line in bench.executed:
        if rest and line == rest[0]:
            rest.pop(0)
        elif not re.match(r"M105|M110|M115|M155|\?", line):
            own.append(line)
    return own


def position(bench: VirtualPrinter) -> tuple[float, ...]:
    return tuple(round(value, 3) for value in bench.board.motion.position[:3])


@pytest.mark.parametrize("profile", PROFILES)
def test_it_parks_and_comes_back_exactly(profile: str) -> None:
    bench, job = begin(profile)
    bench.printer.pause(Origin.KIOSK)
    assert bench.until(Paused, 60.0).by is Origin.KIOSK
    done = bench.printer._print.line  # type: ignore[union-attr]
    before = end_of(Modal(), job[:done])
    park = bench.profile.park
    assert position(bench) == (park.x_mm, park.y_mm, pytest.approx(before.z + park.lift_mm))
    bench.run(5.0)
    bench.printer.resume()
    bench.until(Printing, 60.0)
    assert bench.ended().outcome is Outcome.DONE
    # All of the job's own lines in order, and between them these:
    assert own_lines(bench, job) == [
        *("M400", "M114"),
        *("G91", "M83", "G1 E-2 F2100", f"G1 Z{park.lift_mm:g} F900", "G90"),
        f"G1 X{park.x_mm:g} Y{park.y_mm:g} F6000",
        "M400",
        *("G90", f"G1 X{before.x:g} Y{before.y:g} F6000", f"G1 Z{before.z:g} F900", "M83", "G1 E2 F2100"),
        *("G90", "M83", f"G1 F{before.feed_mm_min:g}"),
        *("M400", "M114"),
        *("M104 S0", "M140 S0", "M400"),
    ]


def test_the_place_is_checked_after_the_moves_are_done_and_again_before_it_goes_on() -> None:
    bench, job = begin()
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    bench.printer.resume()
    bench.until(Printing, 60.0)
    own = own_lines(bench, job)
    asked = [i for i, line in enumerate(own) if line == "M114"]
    assert len(asked) == 2
    assert "M400" in own[: asked[0]] and own[asked[1] - 1] == "M400"


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_head_that_is_elsewhere_fails_the_job_and_says_where(axis: int) -> None:
    bench, _ = begin()
    bench.board.motion.position[axis] += 1.5
    bench.printer.pause(Origin.KIOSK)
    # The moves that are still in flight are absolute: only a place that they do not touch stays wrong.
    if axis == 2:
        end = bench.ended(120.0)
        assert end.outcome is Outcome.FAILED
        assert end.fault is not None and end.fault.code is FaultCode.POSITION_LOST
        assert "Z1.7 instead of Z0.2" in end.fault.detail
        bench.run(1.0)
        assert bench.board.nozzle.target_c == bench.board.bed.target_c == 0.0
    else:
        bench.until(Paused, 60.0)


def test_one_damaged_answer_does_not_fail_a_sound_print() -> None:
    bench, _ = begin()
    damaged = []

    def say(data: bytes) -> bytes:
        if b"Count" in data and not damaged:
            damaged.append(data)
            return data.replace(b"X:", b"X:7", 1)
        return data

    bench.say = say
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    assert damaged
    bench.printer.resume()
    assert bench.ended().outcome is Outcome.DONE


@pytest.mark.parametrize("with_e", [True, False])
@pytest.mark.parametrize("is_off", [False, True])
def test_a_place_behind_the_ok_is_compared_too(with_e: bool, is_off: bool) -> None:
    """As Smoothie says it: `ok C: X:… Y:… Z:…`, older builds without E."""
    bench, _ = begin()
    answered = []

    def say(data: bytes) -> bytes:
        place = re.search(rb"X:(\S+) Y:(\S+) Z:(\S+) E:(\S+) Count [^\n]*\nok\n", data)
        if place is None:
            return data
        x, y, z, e = (float(value) for value in place.groups())
        answered.append(x)
        said = f"ok C: X:{x + 5.0 * is_off:.4f} Y:{y:.4f} Z:{z:.4f}" + (f" E:{e:.4f}" if with_e else "")
        return data.replace(place.group(), said.encode() + b"\n")

    bench.say = say
    bench.printer.pause(Origin.KIOSK)
    if is_off:
        fault = bench.ended().fault
        assert fault is not None and fault.code is FaultCode.POSITION_LOST
    else:
        bench.until(Paused, 60.0)
        bench.printer.resume()
        assert bench.ended().outcome is Outcome.DONE
    assert answered


def test_a_printer_that_does_not_say_where_it_is_pauses_all_the_same() -> None:
    bench, _ = begin()
    bench.say = lambda data: data.replace(b"X:", b"?:")
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    bench.printer.resume()
    assert bench.ended().outcome is Outcome.DONE


def test_after_ten_minutes_the_nozzle_cools_and_heats_up_again_before_it_moves_back() -> None:
    bench, job = begin()
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    bench.run(COOL_IN_PAUSE_S - 30.0)
    assert bench.board.nozzle.target_c == 210.0
    bench.run(60.0)
    assert (bench.board.nozzle.target_c, bench.board.bed.target_c) == (0.0, 60.0)
    bench.run(600.0)
    assert bench.board.nozzle.reading_c < 60.0
    parked = position(bench)
    bench.printer.resume()
    bench.until(Heating, 5.0)
    assert position(bench) == parked
    bench.until(Printing, 300.0)
    assert bench.board.nozzle.reading_c > 205.0
    assert bench.ended().outcome is Outcome.DONE
    assert len([line for line in bench.executed if line.startswith("G1 X") and line in job]) == 61


def test_at_closing_everything_cools_and_a_second_thought_while_it_heats_up_again_is_heard() -> None:
    bench, _ = begin()
    bench.printer.cool_down()
    bench.run(1.0)
    assert bench.board.nozzle.target_c == 210.0  # only a job that waits is cooled
    bench.printer.pause(Origin.CLOSING)
    assert bench.until(Paused, 60.0).by is Origin.CLOSING
    bench.printer.cool_down()
    bench.run(1.0)
    assert bench.board.nozzle.target_c == bench.board.bed.target_c == 0.0
    bench.run(3600.0)
    parked = position(bench)
    bench.printer.resume()
    bench.until(Heating, 5.0)
    bench.run(5.0)
    assert (bench.board.nozzle.target_c, bench.board.bed.target_c) == (210.0, 60.0)
    bench.printer.pause(Origin.KIOSK)
    assert bench.until(Paused, 5.0).by is Origin.KIOSK
    assert position(bench) == parked
    bench.printer.resume()
    bench.until(Printing, 600.0)
    assert bench.ended().outcome is Outcome.DONE


def test_a_pause_while_it_heats_up_moves_no_cold_filament() -> None:
    bench = VirtualPrinter().connected()
    job = ["G90", "M83", "G28", "G1 Z5 F900", "M109 S210", *moves(10), *end_of_print()]
    bench.printer.print("job", Lines(job))
    bench.until(Heating, 60.0)
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    bench.printer.resume()
    assert bench.ended().outcome is Outcome.DONE


def test_the_printers_own_pause_waits_where_it_is_and_ends_with_its_word() -> None:
    bench, job = begin()
    bench.interject("//action:paused")
    assert bench.until(Paused, 60.0).by is Origin.PRINTER
    bench.run(3.0)
    assert [line for line in own_lines(bench, job) if line.startswith("G1")] == []
    bench.interject("//action:resumed")
    assert bench.ended().outcome is Outcome.DONE


def test_only_who_paused_it_at_the_kiosk_resumes_it() -> None:
    bench, _ = begin()
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    before = len(bench.executed)
    bench.interject("//action:resumed")
    bench.run(5.0)
    assert isinstance([e for e in bench.events if isinstance(e, Paused | Printing)][-1], Paused)
    assert not [line for line in bench.executed[before:] if line.startswith("G1")]


def test_a_head_that_the_firmware_left_at_its_own_parking_place_is_brought_back() -> None:
    bench, job = begin()
    bench.interject("//action:paused")
    bench.until(Paused, 60.0)
    bench.run(5.0)
    before = position(bench)
    bench.board.motion.position[0] = 0.0
    bench.board.motion.position[2] += 10.0
    bench.printer.resume()
    bench.until(Printing, 60.0)
    assert f"G1 X{before[0]:g} Y{before[1]:g} F6000" in own_lines(bench, job)
    assert bench.ended().outcome is Outcome.DONE


def test_cancelled_in_a_pause_it_is_not_lifted_a_second_time() -> None:
    bench, _ = begin()
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    parked = position(bench)
    bench.printer.cancel(Origin.KIOSK)
    assert bench.ended(60.0).outcome is Outcome.CANCELLED
    assert position(bench) == parked
    assert bench.executed[-3:][0] == "M400" or "M84" in bench.executed[-3:]


def test_what_homing_left_unsaid_is_asked_for() -> None:
    """After G28 the head is where the firmware wants it: nothing is wrong, and back is to that place."""
    bench = VirtualPrinter("prusa-mk3s").connected()
    job = ["G90", "M83", "G28", "M109 S210", *moves(10), *end_of_print()]
    bench.printer.print("job", Lines(job))
    bench.until(Heating, 60.0)
    bench.board.motion.position[:3] = [0.0, -4.0, 0.15]
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    bench.printer.resume()
    bench.until(Printing, 300.0)
    assert "G1 X0 Y-4 F6000" in bench.executed
    assert "G1 Z0.15 F900" in bench.executed
    assert bench.ended().outcome is Outcome.DONE


def test_a_heater_that_fails_in_a_pause_ends_the_job() -> None:
    bench, _ = begin()
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 60.0)
    job = bench.printer._print
    assert isinstance(job, Print)
    bench.say = lambda data: re.sub(rb" T:[\d.]+ /", b" T:120.0 /", data)
    end = bench.ended(120.0)
    assert end.fault == Fault(code=FaultCode.THERMAL, detail="the nozzle fell to 120 °C of 210 °C")

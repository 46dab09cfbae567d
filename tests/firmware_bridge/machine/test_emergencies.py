"""Out of band: questions, breaking a wait, danger, and heaters that are watched; on a clock of the test's own."""

from typing import Any, TypeVar

import pytest
from support.virtual_printer import Lines, VirtualPrinter, end_of_print, moves, start_of_print

from firmware_bridge.contract import Attention, FaultCode, Origin, QuestionKind
from firmware_bridge.machine.interface import (
    Asked,
    Disconnected,
    Heating,
    NeedsAttention,
    Outcome,
    Paused,
    Printing,
    Unproven,
)
from firmware_bridge.simulator.heaters import Fault as HeaterFault

E = TypeVar("E")
JOB = [*start_of_print(), *moves(60), *end_of_print()]


def printing(profile: str = "ender3", **options: Any) -> VirtualPrinter:
    bench = VirtualPrinter(profile, **options).connected()
    bench.printer.print("job", Lines(JOB))
    bench.until(lambda: len([line for line in bench.executed if line.startswith("G1 X")]) > 12, 900.0)
    return bench


def is_off(bench: VirtualPrinter) -> bool:
    return bench.board.nozzle.target_c == bench.board.bed.target_c == 0.0


# --- questions -----------------------------------------------------------------------------------------


def test_a_filament_change_is_asked_answered_and_printed_on() -> None:
    bench = printing()
    bench.interject("//action:out_of_filament T0", "//action:paused")
    bench.board.execution.inject(b"M600")
    bench.until(lambda: asked(bench, "Nozzle Parked"), 60.0)
    assert last(bench, NeedsAttention).kind is Attention.FILAMENT_RUNOUT
    assert last(bench, Paused).by is Origin.PRINTER
    bench.run(120.0)
    bench.printer.answer("another", 0)
    bench.run(2.0)
    assert bench.board.person.question == "Nozzle Parked"
    bench.printer.answer(last(bench, Asked).question.id, 0)
    # More filament, once, and then on.
    for choice in (0, 1):
        bench.until(lambda: asked(bench, "Paused"), 10.0)
        question = last(bench, Asked).question
        assert question.choices == ("PurgeMore", "Continue")
        assert question.kind is QuestionKind.MORE_FILAMENT
        bench.printer.answer(question.id, choice)
        bench.run(0.1)
        assert bench.board.person.last_choice == choice
    end = bench.ended()
    assert end.outcome is Outcome.DONE
    assert last(bench, NeedsAttention).kind is None
    assert last(bench, Asked).question is None
    assert [line for line in bench.executed if line in JOB and line.startswith("G1")] == [
        line for line in JOB if line.startswith("G1")
    ]


def test_without_prompts_and_emergency_parser_m108_still_ends_the_wait() -> None:
    bench = printing(firmware="marlin-1.1", confirmed=lambda _unproven: True)
    bench.board.execution.inject(b"M600")
    bench.until(lambda: asked(bench, "paused for user"), 60.0)
    bench.printer.answer(last(bench, Asked).question.id, 0)
    bench.run(1.0)
    assert bench.board.person.question is None
    assert bench.ended().outcome is Outcome.DONE


def asked(bench: VirtualPrinter, text: str) -> bool:
    """That question is open."""
    question = last(bench, Asked).question if list(bench.all(Asked)) else None
    return question is not None and question.text == text


def last(bench: VirtualPrinter, kind: type[E]) -> E:
    """The latest event of that kind."""
    return list(bench.all(kind))[-1]


# --- cancel --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["ender3", "prusa-mk3s"])
def test_a_cancel_breaks_a_heat_up_within_a_second(profile: str) -> None:
    bench = VirtualPrinter(profile).connected()
    bench.printer.print("job", Lines(["G90", "M83", "M104 S210", "M140 S60", "M190 S60", *JOB[4:]]))
    bench.until(Heating, 60.0)
    bench.run(5.0)
    asked_at = bench.now
    bench.printer.cancel(Origin.KIOSK)
    end = bench.ended(10.0)
    assert (end.outcome, end.by) == (Outcome.CANCELLED, Origin.KIOSK)
    assert bench.now - asked_at < 1.0
    assert is_off(bench)


def test_a_wait_in_the_firmware_itself_is_broken_past_the_window() -> None:
    bench = printing()
    bench.board.execution.inject(b"M109 S230")
    bench.run(1.0)
    asked_at = bench.now
    bench.printer.cancel(Origin.KIOSK)
    bench.until(lambda: is_off(bench), 20.0)
    assert bench.now - asked_at < 3.0  # the moves that the planner has are done first


# --- danger --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "emergency_parser"), [("ender3", True), ("ender3", False), ("prusa-mk3s", False)]
)
def test_a_danger_stop_switches_off_at_once_and_fails_the_job(profile: str, emergency_parser: bool) -> None:
    bench = printing(profile, emergency_parser=emergency_parser)
    asked_at = bench.now
    bench.printer.emergency()
    end = bench.ended(1.0)
    assert end.outcome is Outcome.FAILED
    assert end.fault is not None and end.fault.code is FaultCode.EMERGENCY_STOP
    assert next(bench.all(Disconnected)).fault.code is FaultCode.EMERGENCY_STOP
    bench.until(lambda: is_off(bench), 10.0)
    if emergency_parser:
        assert bench.now - asked_at < 0.2
        assert bench.board.dead
    after = len(bench.executed)
    bench.until(lambda: bench.printer.is_over, 15.0)
    assert not [line for line in bench.executed[after:] if line.startswith("G1")]


def test_a_danger_stop_without_a_job_halts_the_printer_too() -> None:
    bench = VirtualPrinter().connected()
    bench.printer.emergency()
    bench.run(0.5)
    assert bench.board.dead
    assert bench.printer.is_over


def test_in_danger_half_a_line_that_was_held_open_does_not_hide_the_halt() -> None:
    """Whenever it is said."""
    for moment in range(40):
        bench = VirtualPrinter().connected()
        bench.printer.print("job", Lines(JOB[:5] + moves(60, feed=6000) + end_of_print()))
        bench.until(Printing, 60.0)
        bench.run(9.0 + 0.02 * moment)
        bench.printer.emergency()
        bench.run(0.5)
        assert bench.board.dead, moment


# --- faults --------------------------------------------------------------------------------------------


def test_a_firmware_that_stops_and_still_acknowledges_is_told_to_switch_off() -> None:
    bench = printing()
    bench.interject("Error:Printer stopped due to errors. Fix the error and use M999 to restart.")
    end = bench.ended(2.0)
    assert end.fault is not None and end.fault.code is FaultCode.PRINTER_HALTED
    bench.until(lambda: is_off(bench), 10.0)
    bench.until(lambda: bench.printer.is_over, 10.0)


def test_the_reason_is_waited_for_but_not_the_streaming() -> None:
    bench = printing()
    before = bench.printer._print.line  # type: ignore[union-attr]
    bench.interject("Error:Printer halted. kill() called!")
    bench.run(0.3)
    bench.interject("Error:MAXTEMP triggered, system stopped! Heater_ID: bed")
    end = bench.ended(2.0)
    assert end.fault is not None and end.fault.code is FaultCode.THERMAL
    assert "bed" in end.fault.detail
    assert len([line for line in bench.executed if line in JOB]) <= before


def test_a_silent_board_is_reset_and_not_before() -> None:
    bench = VirtualPrinter()
    bench.say = lambda data: b""
    fault = bench.until(Disconnected, 30.0).fault
    assert fault.code is FaultCode.PRINTER_SILENT
    assert bench.printer.wants_reset
    assert not VirtualPrinter().connected().printer.wants_reset


# --- thermal protection --------------------------------------------------------------------------------


def without_capability(data: bytes) -> bytes:
    return data.replace(b"Cap:THERMAL_PROTECTION:1\n", b"")


def test_a_firmware_that_says_nothing_is_refused_until_a_technician_vouches_for_it() -> None:
    bench = VirtualPrinter()
    bench.say = without_capability
    gone = bench.until(Disconnected, 30.0)
    assert gone.fault.code is FaultCode.UNSAFE_FIRMWARE
    assert "confirm" in gone.fault.detail
    assert gone.unproven is not None
    known = gone.unproven
    assert (known.profile, known.port) == ("ender3", "/dev/virtual")
    vouched = VirtualPrinter(confirmed=lambda unproven: unproven == known)
    vouched.say = without_capability
    vouched.connected()
    other = VirtualPrinter(confirmed=lambda unproven: unproven == Unproven("ender3", "Marlin 9", "/dev/virtual"))
    other.say = without_capability
    assert other.until(Disconnected, 30.0).fault.code is FaultCode.UNSAFE_FIRMWARE


def test_a_firmware_that_says_it_has_none_is_refused_whoever_vouches() -> None:
    bench = VirtualPrinter(confirmed=lambda _unproven: True)
    bench.say = lambda data: data.replace(b"Cap:THERMAL_PROTECTION:1", b"Cap:THERMAL_PROTECTION:0")
    gone = bench.until(Disconnected, 30.0)
    assert gone.fault.code is FaultCode.UNSAFE_FIRMWARE
    assert gone.unproven is None


# --- the bridge's own watch ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heater", "fault", "code", "seconds"),
    [
        ("nozzle", HeaterFault.NO_POWER, FaultCode.HEATING_TOO_SLOW, 60.0),
        ("bed", HeaterFault.NO_POWER, FaultCode.HEATING_TOO_SLOW, 110.0),
        ("nozzle", HeaterFault.STUCK_SENSOR, FaultCode.HEATING_TOO_SLOW, 60.0),
    ],
)
def test_a_heater_that_does_not_warm_up_ends_the_job(
    heater: str, fault: HeaterFault, code: FaultCode, seconds: float
) -> None:
    bench = unprotected()
    getattr(bench.board, heater).break_with(fault)
    bench.printer.print("job", Lines(JOB))
    bench.until(Heating, 60.0)
    end = bench.ended(seconds)
    assert end.fault is not None and end.fault.code is code
    assert heater in end.fault.detail
    bench.run(3.0)
    assert is_off(bench)


@pytest.mark.parametrize(("heater", "seconds"), [("nozzle", 60.0), ("bed", 400.0)])
def test_a_heater_that_runs_away_while_it_prints_ends_the_job(heater: str, seconds: float) -> None:
    bench = unprotected()
    bench.printer.print("job", Lines([*start_of_print(), *moves(900), *end_of_print()]))
    bench.until(lambda: len([line for line in bench.executed if line.startswith("G1 X")]) > 12, 900.0)
    getattr(bench.board, heater).break_with(HeaterFault.ALWAYS_ON)
    end = bench.ended(seconds)
    assert end.fault is not None and end.fault.code is FaultCode.THERMAL
    assert heater in end.fault.detail


def test_a_heater_that_stays_on_after_the_job_is_noticed_and_the_printer_halted() -> None:
    bench = unprotected()
    bench.printer.print("job", Lines([*start_of_print(), *moves(3), *end_of_print()]))
    assert bench.ended().outcome is Outcome.DONE
    bench.board.nozzle.break_with(HeaterFault.ALWAYS_ON)
    fault = bench.until(Disconnected, 120.0).fault
    assert fault.code is FaultCode.THERMAL
    bench.run(1.0)
    assert bench.board.dead


def test_a_printer_that_somebody_heats_at_its_own_knob_is_left_alone() -> None:
    bench = VirtualPrinter().connected()
    bench.board.nozzle.target_c = 215.0
    bench.run(300.0)
    assert bench.board.nozzle.reading_c > 200.0
    assert not list(bench.all(Disconnected))


def test_a_good_printer_cools_down_undisturbed() -> None:
    bench = unprotected()
    bench.printer.print("job", Lines([*start_of_print(), *moves(3), *end_of_print()]))
    assert bench.ended().outcome is Outcome.DONE
    bench.run(3600.0)
    assert not list(bench.all(Disconnected))


def unprotected() -> VirtualPrinter:
    """A firmware that claims to watch its heaters, and does not."""
    bench = VirtualPrinter().connected()
    bench.board._protection.check = lambda *_: None  # type: ignore[method-assign]
    return bench

"""A firmware that has stopped: silent, restarted, or answering in its own way, until it is let go."""

import re

import pytest
from support.firmware_talk import FirmwareTalk
from support.raw_host import frame

from firmware_bridge.simulator.firmwares.table import FIRMWARES

FATAL = (
    "fatal:Heater/sensor error - Printer stopped and heaters disabled due to this error."
    " Fix error and restart with M999."
)
STOPPED = (
    "Error:Printer stopped due to errors. Fix the error and use M999 to restart."
    " (Temperature is reset. Set it after restarting)"
)


def hot(name: str, speed: float = 0.0) -> FirmwareTalk:
    """Switched on, with a target."""
    talk = FirmwareTalk(FIRMWARES[name], speed=speed)
    talk.wait(0.1)
    talk.send("M104 S200")
    talk.lines.clear()
    return talk


def test_marlin_dies() -> None:
    talk = hot("marlin-2.1")
    talk.tell("thermal bed")
    assert talk.lines == [
        "Error:Thermal Runaway, system stopped! Heater_ID: bed",
        "Error:Printer halted. kill() called!",
        "//action:poweroff",
    ]
    assert talk.ask("M105", 60.0) == []
    talk.tell("reset")
    talk.wait(0.1)
    assert talk.ask("M105")[-1].startswith("ok T:")


def test_old_marlin_says_the_cause_on_a_second_line() -> None:
    talk = hot("marlin-1.1")
    talk.tell("thermal nozzle maxtemp")
    assert talk.lines[:2] == ["Error:0", ": Extruder switched off. MAXTEMP triggered !"]


def test_marlin_that_is_stopped_goes_on_acknowledging() -> None:
    talk = hot("marlin-2.1")
    talk.tell("stop")
    assert talk.lines == ["STOP called because of BLTouch error - restart with M999"]
    talk.executed.clear()
    assert talk.ask(frame(1, "G1 X5")) == [STOPPED, "ok"]
    assert talk.ask(frame(2, "M107")) == ["ok"]
    assert talk.executed == ["M107"]
    assert talk.ask("M999") == ["ok"]
    assert talk.ask("G1 X5") == ["ok"]


def test_prusa_restarts_after_a_kill_and_is_deaf_while_it_is_stopped() -> None:
    talk = hot("prusa-3.13", speed=1.0)
    talk.tell("thermal")
    talk.wait(0.1)
    assert talk.lines[:3] == ["Error:HOTEND THERMAL RUNAWAY", "Error:Printer halted. kill() called!", "start"]
    talk.tell("stop")
    talk.lines.clear()
    said = talk.ask(frame(1, "G1 X5"), 4.5)
    assert said and set(said) == {"echo:busy: paused for user"}
    assert talk.board.intake.checker.last_number == 0


def test_repetier_says_it_after_every_command() -> None:
    talk = hot("repetier")
    talk.tell("thermal nozzle maxtemp")
    assert talk.lines == [FATAL]
    talk.executed.clear()
    assert talk.ask(frame(1, "G1 X5")) == ["ok 1", FATAL]
    assert talk.ask("M105") == ["ok 1", FATAL]
    assert talk.executed == []
    assert talk.ask("M999") == ["ok 1"]
    assert talk.ask("M107") == ["ok 1"]


def test_repetier_resets_on_m112() -> None:
    talk = hot("repetier")
    talk.send("M112")
    talk.wait(0.1)
    assert talk.lines == ["start"]


def test_smoothie_answers_with_exclamation_marks_and_no_ok() -> None:
    talk = hot("smoothie")
    assert talk.ask("M112") == ["ok Emergency Stop Requested - reset or M999 required to exit HALT state"]
    assert talk.ask("G1 X5") == ["!!"]
    (temperatures,) = talk.ask("M105")
    assert re.fullmatch(r"ok T:\d+\.\d /0\.0 @0 B:22\.5 /0\.0 @0", temperatures)
    assert talk.ask("M999") == ["WARNING: After HALT you should HOME as position is currently unknown", "ok"]
    assert talk.ask("G1 X5") == ["ok"]


def test_klipper_explains_itself_each_time_and_acknowledges() -> None:
    talk = hot("klipper")
    talk.tell("kill")
    assert talk.lines == ["// Klipper state: Shutdown"]
    *explained, error, ok = talk.ask("M104 S200")
    assert all(line.startswith("// ") for line in explained)
    assert (error, ok) == ("!! MCU 'mcu' shutdown: Timer too close", "ok")
    assert talk.ask("FIRMWARE_RESTART") == ["// Klipper state: Ready", "ok"]


def test_a_heater_fault_at_reprapfirmware_stops_nothing_else() -> None:
    talk = hot("reprapfirmware")
    talk.tell("thermal")
    assert talk.lines[0].startswith("Error: Heating fault on heater 1")
    assert talk.ask("M107") == ["ok"]


@pytest.mark.parametrize("name", ["marlin-2.1", "repetier"])
def test_m108_ends_a_heat_up_through_a_full_queue_and_both_are_acknowledged(name: str) -> None:
    talk = FirmwareTalk(FIRMWARES[name], speed=1.0)
    talk.wait(0.1)
    talk.send("M109 S200")
    talk.wait(5.0)
    talk.send("M107\nM107\nM107\nM107\nM108")
    talk.wait(1.0)
    assert sum(line.startswith("ok") for line in talk.lines) == 6
    assert talk.executed[-1] == "M108"


@pytest.mark.parametrize("name", ["marlin-1.1", "prusa-3.13"])
def test_without_the_parser_m112_waits_behind_a_full_queue(name: str) -> None:
    talk = FirmwareTalk(FIRMWARES[name], speed=1.0)
    talk.wait(0.1)
    talk.send("G4 S60\nM107\nM107\nM107\nM112")
    talk.wait(30.0)
    assert not talk.board.dead and "M112" not in talk.executed
    talk.wait(60.0)
    assert any("kill() called" in line for line in talk.lines)


def test_klipper_minds_m112_while_fewer_than_twenty_lines_wait() -> None:
    early, late = (FirmwareTalk(FIRMWARES["klipper"], speed=1.0) for _ in range(2))
    for talk in (early, late):
        talk.wait(0.1)
    early.send("G4 P60000\n" + "M107\n" * 18 + "M112")
    late.send("G4 P60000\n" + "M107\n" * 19 + "M112")
    for talk in (early, late):
        talk.wait(1.0)
    assert early.board.execution.halted is not None
    assert late.board.execution.halted is None


def test_a_question_of_several_needs_a_choice() -> None:
    talk = FirmwareTalk(FIRMWARES["marlin-2.1"], speed=1.0)
    talk.wait(0.1)
    talk.lines.clear()
    talk.tell("prompt Which one?|Red|Blue")
    assert talk.lines[1:] == [
        "//action:prompt_begin Which one?",
        "//action:prompt_button Red",
        "//action:prompt_button Blue",
        "//action:prompt_show",
    ]
    assert talk.ask("M108") == ["ok"]
    assert talk.ask("M876 S2") == ["ok"]
    assert talk.bench.status()["question"] == "Which one?"
    assert talk.ask("M876 S1") == ["ok"]
    assert (talk.bench.status()["question"], talk.bench.status()["last_choice"]) == (None, 1)


def test_m876_does_nothing_through_a_full_queue_where_there_is_no_parser() -> None:
    talk = FirmwareTalk(FIRMWARES["marlin-1.1"], speed=1.0)
    talk.wait(0.1)
    talk.send("M0 Click me")
    talk.wait(1.0)
    talk.lines.clear()
    talk.send("M876 S0")
    talk.wait(2.0)
    assert talk.lines == ["echo:busy: paused for user"]
    talk.tell("continue")
    talk.wait(0.1)
    assert talk.lines[1:] == ["ok", 'echo:Unknown command: "M876 S0"', "ok"]

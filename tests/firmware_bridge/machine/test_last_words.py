"""Why a firmware has stopped, as each dialect says it: the reason before or behind the word that it stops."""

import pytest

from firmware_bridge.contract import FaultCode
from firmware_bridge.link.parsing import parse
from firmware_bridge.machine.last_words import AFTER_S, LastWords
from firmware_bridge.profile import Dialect

THERMAL, HALTED = FaultCode.THERMAL, FaultCode.PRINTER_HALTED
KILL = "Error:Printer halted. kill() called!"


def heard(*lines: str, dialect: Dialect = Dialect.MARLIN) -> LastWords:
    subject = LastWords()
    for line in lines:
        subject.hear(parse(line.encode(), dialect), 10.0)
    return subject


@pytest.mark.parametrize(
    ("dialect", "lines", "code", "detail"),
    [
        (
            Dialect.MARLIN,
            ("Error:Thermal Runaway, system stopped! Heater_ID: 0", KILL, "//action:poweroff"),
            THERMAL,
            "Heater_ID: 0",
        ),
        (Dialect.MARLIN, (KILL, "Error:MAXTEMP triggered, system stopped! Heater_ID: bed"), THERMAL, "bed"),
        (Dialect.MARLIN, ("echo:M112 Shutdown", KILL, "//action:poweroff"), HALTED, "M112 Shutdown"),
        (Dialect.MARLIN, ("//action:poweroff",), HALTED, "poweroff"),
        (Dialect.MARLIN, ("Error:Something new", KILL), HALTED, "Error:Something new; Error:Printer halted"),
        (Dialect.MARLIN, (KILL, "Error:Something new"), HALTED, "kill() called!; Error:Something new"),
        (
            Dialect.MARLIN,
            ("Error:0", ": Extruder switched off. MAXTEMP triggered !"),
            THERMAL,
            "Error:0: Extruder switched off. MAXTEMP triggered !",
        ),
        (Dialect.PRUSA, (KILL, "Error: THERMAL RUNAWAY (PREHEAT HOTEND)"), THERMAL, "PREHEAT HOTEND"),
        (Dialect.PRUSA, (KILL, "Error:M112 called. Emergency Stop."), HALTED, "M112 called"),
        (
            Dialect.REPETIER,
            ("fatal:Heater/sensor error - Printer stopped and heaters disabled due to this error.",),
            THERMAL,
            "Heater/sensor error",
        ),
        (
            Dialect.SMOOTHIE,
            ("ERROR: MINTEMP or MAXTEMP triggered on T. Check your temperature sensors!", "HALT asserted"),
            THERMAL,
            "on T",
        ),
        (Dialect.KLIPPER, ("!! MCU 'mcu' shutdown: Timer too close",), HALTED, "Timer too close"),
    ],
)
def test_the_cause_is_told_wherever_it_stands(
    dialect: Dialect, lines: tuple[str, ...], code: FaultCode, detail: str
) -> None:
    subject = heard(*lines, dialect=dialect)
    assert subject.is_fatal
    assert subject.fault.code is code
    assert detail in subject.fault.detail


def test_more_is_waited_for_and_not_for_long() -> None:
    subject = heard(KILL)
    assert not subject.are_said(10.0 + AFTER_S - 0.01)
    assert subject.are_said(10.0 + AFTER_S)


def test_an_old_error_is_not_the_cause() -> None:
    subject = heard("Error:volume.init failed")
    subject.hear(parse(KILL.encode(), Dialect.MARLIN), 20.0)
    assert "volume" not in subject.fault.detail


@pytest.mark.parametrize("line", ["ok", "echo:busy: processing", "Error:volume.init failed", "//action:pause"])
def test_what_does_not_stop_it(line: str) -> None:
    assert not heard(line).is_fatal


def test_a_reason_that_is_said_again_and_again_is_told_once() -> None:
    line = "fatal:Extruder jam - Printer stopped and heaters disabled due to this error."
    subject = heard(*[line] * 100, dialect=Dialect.REPETIER)
    assert subject.fault.detail == line

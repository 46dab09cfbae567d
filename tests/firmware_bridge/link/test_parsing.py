"""Reply lines as firmwares really wrote them."""

import pytest

from firmware_bridge.contract import FaultCode, Temperatures
from firmware_bridge.link.dialects import dialect_of
from firmware_bridge.link.parsing import parse
from firmware_bridge.link.replies import (
    Busy,
    Capability,
    ColdExtrusion,
    Fatal,
    Firmware,
    HostAction,
    Idle,
    LineLost,
    Ok,
    Other,
    Position,
    Refused,
    Reply,
    Resend,
    Started,
    TemperatureReport,
    UnknownCommand,
)
from firmware_bridge.profile import Dialect

MARLIN: list[tuple[bytes, Reply]] = [
    (b"start", Started()),
    (b"Marlin 2.1.2.1", Started()),
    (b"PowerUp", Other("PowerUp")),
    (b"ok", Ok()),
    (b"ok N0 P15 B3", Ok(line=0, planner_free=15, commands_free=3, text="N0 P15 B3")),
    (b"ok P14 B3", Ok(planner_free=14, commands_free=3, text="P14 B3")),
    (
        b"ok T:35.19 /60.00 B:22.50 /0.00 @:127 B@:0",
        Ok(
            temperatures=Temperatures(nozzle_c=35.19, nozzle_target_c=60.0, bed_c=22.5, bed_target_c=0.0),
            text="T:35.19 /60.00 B:22.50 /0.00 @:127 B@:0",
        ),
    ),
    (
        b" T:34.51 /60.00 B:22.50 /0.00 @:127 B@:0 W:?",
        TemperatureReport(Temperatures(nozzle_c=34.51, nozzle_target_c=60.0, bed_c=22.5, bed_target_c=0.0)),
    ),
    (b"Error:checksum mismatch, Last Line: 9", Resend(10)),
    (b"Error:Line Number is not Last Line Number+1, Last Line: 10", Resend(11)),
    (b"Error:No Checksum with line number, Last Line: 10", Resend(11)),
    (b"Resend: 10", Resend(10)),
    (b"Resend: 10ok", Resend(10, with_ok=True)),
    (b"echo:busy: processing", Busy("processing")),
    (b"echo:busy: paused for user", Busy("paused for user", for_person=True)),
    (b'echo:Unknown command: "M9999"', UnknownCommand("M9999")),
    (b'echo:Unknown command: ""', UnknownCommand("")),
    (b"echo: cold extrusion prevented", ColdExtrusion()),
    (b"X:7.00 Y:5.00 Z:0.00 E:0.00 Count X:560 Y:400 Z:0", Position(7.0, 5.0, 0.0, 0.0)),
    (b"Cap:THERMAL_PROTECTION:1", Capability("THERMAL_PROTECTION", True)),
    (b"Cap:SDCARD:0", Capability("SDCARD", False)),
    (b"//action:notification Sleep...", HostAction("notification", "Sleep...")),
    (b"//action:poweroff", HostAction("poweroff", "")),
    (b"// action:pause", HostAction("pause", "")),
    (b"//action:prompt_begin Click me", HostAction("prompt_begin", "Click me")),
    (b"echo:M112 Shutdown", Fatal(FaultCode.PRINTER_HALTED, "echo:M112 Shutdown")),
    (
        b"Error:Printer halted. kill() called!",
        Fatal(FaultCode.PRINTER_HALTED, "Error:Printer halted. kill() called!"),
    ),
    (
        b"Error:Thermal Runaway, system stopped! Heater_ID: bed",
        Fatal(FaultCode.THERMAL, "Error:Thermal Runaway, system stopped! Heater_ID: bed"),
    ),
    (
        b"Error:Heating failed, system stopped! Heater_ID: E0",
        Fatal(FaultCode.HEATING_TOO_SLOW, "Error:Heating failed, system stopped! Heater_ID: E0"),
    ),
    (b"okay, that is no ok", Other("okay, that is no ok")),
    (b"echo:start of something", Other("echo:start of something")),
    (b"\xff\x80\x00\xfe", Other("\xff\x80\x00\xfe")),
]
OTHERS: list[tuple[Dialect, bytes, Reply]] = [
    (Dialect.PRUSA, b"RX timeout", LineLost()),
    (
        Dialect.PRUSA,
        b"Error: THERMAL RUNAWAY (PREHEAT HOTEND)",
        Fatal(FaultCode.THERMAL, "Error: THERMAL RUNAWAY (PREHEAT HOTEND)"),
    ),
    (Dialect.PRUSA, b"T:25.3 E:0 W:?", TemperatureReport(Temperatures(nozzle_c=25.3))),
    (Dialect.REPETIER, b"wait", Idle()),
    (Dialect.REPETIER, b"Resend:1", Resend(1)),
    (Dialect.REPETIER, b"ok 0", Ok(line=0, text="0")),
    (
        Dialect.REPETIER,
        b"ok 0 T:21.30 B:21.30 @:64",
        Ok(line=0, temperatures=Temperatures(nozzle_c=21.3, bed_c=21.3), text="0 T:21.30 B:21.30 @:64"),
    ),
    (
        Dialect.KLIPPER,
        b"ok B:22.9 /0.0 T0:30.6 /45.0",
        Ok(
            temperatures=Temperatures(nozzle_c=30.6, nozzle_target_c=45.0, bed_c=22.9, bed_target_c=0.0),
            text="B:22.9 /0.0 T0:30.6 /45.0",
        ),
    ),
    (
        Dialect.KLIPPER,
        b"// Klipper state: Shutdown",
        Fatal(FaultCode.PRINTER_HALTED, "// Klipper state: Shutdown"),
    ),
    (Dialect.KLIPPER, b'// Unknown command:"M155"', UnknownCommand("M155")),
]


FATAL: list[tuple[Dialect, str, FaultCode]] = [
    (Dialect.MARLIN, "Error:Thermal Runaway, system stopped! Heater_ID: 0", FaultCode.THERMAL),
    (Dialect.MARLIN, "Error:Thermal Runaway, system stopped! Heater_ID: chamber", FaultCode.THERMAL),
    (Dialect.MARLIN, "Error:Heating failed, system stopped! Heater_ID: bed", FaultCode.HEATING_TOO_SLOW),
    (Dialect.MARLIN, "Error:MAXTEMP triggered, system stopped! Heater_ID: E0", FaultCode.THERMAL),
    (Dialect.MARLIN, "Error:MINTEMP triggered, system stopped! Heater_ID: bed", FaultCode.THERMAL),
    (Dialect.MARLIN, "Error:Thermal Malfunction", FaultCode.THERMAL),
    (
        Dialect.MARLIN,
        "Error:Heater switched off. Temperature difference between temp sensors is too high !",
        FaultCode.THERMAL,
    ),
    (Dialect.MARLIN, "KILL caused by KILL button/pin", FaultCode.PRINTER_HALTED),
    (Dialect.MARLIN, "KILL caused by too much inactive time - current command: G1 X1", FaultCode.PRINTER_HALTED),
    (Dialect.MARLIN, "Watchdog timeout. Reset required.", FaultCode.PRINTER_HALTED),
    (Dialect.MARLIN, "STOP called because of BLTouch error - restart with M999", FaultCode.PRINTER_HALTED),
    (Dialect.MARLIN, "STOP called because of unhomed error - restart with M999", FaultCode.PRINTER_HALTED),
    (
        Dialect.MARLIN,
        "Printer stopped due to errors. Fix the error and use M999 to restart. (Temperature"
        " is reset. Set it after restarting)",
        FaultCode.PRINTER_HALTED,
    ),
    (Dialect.MARLIN, ": Extruder switched off. MAXTEMP triggered !", FaultCode.THERMAL),
    (Dialect.MARLIN, "okError:MAXTEMP triggered, system stopped! Heater_ID: E0", FaultCode.THERMAL),
    (Dialect.PRUSA, "Error: THERMAL RUNAWAY (PREHEAT HOTEND)", FaultCode.THERMAL),
    (Dialect.PRUSA, "Error:0: Heaters switched off. MAXTEMP triggered!", FaultCode.THERMAL),
    (Dialect.PRUSA, "Error:HOTEND THERMAL RUNAWAY", FaultCode.THERMAL),
    (Dialect.PRUSA, "TM: error triggered!", FaultCode.THERMAL),
    (Dialect.PRUSA, "Error:Printer halted. kill() called!", FaultCode.PRINTER_HALTED),
    (Dialect.PRUSA, "Error:Printer stopped due to errors. Supervision required.", FaultCode.PRINTER_HALTED),
    (Dialect.PRUSA, "Err:HOTEND FAN ERROR", FaultCode.THERMAL),
    (Dialect.PRUSA, "Extruder fan speed is lower than expected", FaultCode.THERMAL),
    (
        Dialect.REPETIER,
        "fatal: Heater/sensor error - Printer stopped and heaters disabled due to this error."
        " Fix error and restart with M999.",
        FaultCode.THERMAL,
    ),
    (
        Dialect.REPETIER,
        "fatal:Endstop not hit - Printer stopped and heaters disabled due to this error."
        " Fix error and restart with M999.",
        FaultCode.PRINTER_HALTED,
    ),
    (
        Dialect.SMOOTHIE,
        "ERROR: MINTEMP or MAXTEMP triggered on T. Check your temperature sensors!",
        FaultCode.THERMAL,
    ),
    (
        Dialect.SMOOTHIE,
        "ERROR: Temperature runaway on T (delta temp 21.0), HALT asserted, TURN POWER OFF IMMEDIATELY"
        " - reset or M999 required",
        FaultCode.THERMAL,
    ),
    (Dialect.SMOOTHIE, "HALT asserted - reset or M999 required", FaultCode.PRINTER_HALTED),
    (Dialect.SMOOTHIE, "Entering Alarm/Halt state", FaultCode.PRINTER_HALTED),
    (Dialect.SMOOTHIE, "!!", FaultCode.PRINTER_HALTED),
    (Dialect.SMOOTHIE, "error:Alarm lock", FaultCode.PRINTER_HALTED),
    (
        Dialect.SMOOTHIE,
        "ok Emergency Stop Requested - reset or M999 required to exit HALT state",
        FaultCode.PRINTER_HALTED,
    ),
    (
        Dialect.REPRAPFIRMWARE,
        "Error: Heating fault on heater 1, temperature rising much more slowly than the expected 1.5°C/sec",
        FaultCode.THERMAL,
    ),
    (Dialect.KLIPPER, "!! Lost communication with MCU 'mcu'", FaultCode.PRINTER_HALTED),
    (Dialect.KLIPPER, "!! MCU 'mcu' shutdown: Timer too close", FaultCode.PRINTER_HALTED),
    (Dialect.KLIPPER, "// Klipper state: Shutdown", FaultCode.PRINTER_HALTED),
    (Dialect.KLIPPER, "// Klipper state: Disconnect", FaultCode.PRINTER_HALTED),
    (Dialect.KLIPPER, "!! Heater extruder not heating at expected rate", FaultCode.THERMAL),
]
SAID_ON_THE_WAY: list[tuple[Dialect, bytes, Reply]] = [
    (Dialect.MARLIN, b"Error:0", Other("Error:0")),
    (Dialect.MARLIN, b" too long extrusion prevented", Refused("too long extrusion prevented")),
    (Dialect.MARLIN, b"echo:endstops hit:  X:0.00", Other("echo:endstops hit:  X:0.00")),
    (Dialect.MARLIN, b"Error:volume.init failed", Other("Error:volume.init failed")),
    (Dialect.REPETIER, b"busy:processing", Busy("processing")),
    (Dialect.REPETIER, b"busy:paused for user interaction", Busy("paused for user interaction", for_person=True)),
    (Dialect.REPETIER, b"TargetExtr0:200", Other("TargetExtr0:200")),
    (Dialect.REPETIER, b"ok 123", Ok(line=123, text="123")),
    (Dialect.REPETIER, b"skip 123", Other("skip 123")),
    (Dialect.SMOOTHIE, b"rs N123", Resend(123)),
    (Dialect.SMOOTHIE, b"ok - ignored", Ok(text="- ignored")),
    (
        Dialect.SMOOTHIE,
        b"ok C: X:1.0000 Y:-2.5000 Z:0.3000 E:7.2500",
        Ok(position=Position(1.0, -2.5, 0.3, 7.25), text="C: X:1.0000 Y:-2.5000 Z:0.3000 E:7.2500"),
    ),
    (
        # Older builds leave E out.
        Dialect.SMOOTHIE,
        b"ok C: X:1.0000 Y:2.0000 Z:0.3000",
        Ok(position=Position(1.0, 2.0, 0.3), text="C: X:1.0000 Y:2.0000 Z:0.3000"),
    ),
    (
        Dialect.MARLIN,
        b"ok X:1.00 Y:2.00 Z:0.30 E:7.25 Count: A:80 B:160 C:120",
        Ok(position=Position(1.0, 2.0, 0.3, 7.25), text="X:1.00 Y:2.00 Z:0.30 E:7.25 Count: A:80 B:160 C:120"),
    ),
    (Dialect.REPETIER, b"X:1.00 Y:2.00 Z:0.000 E:0.0000", Position(1.0, 2.0, 0.0, 0.0)),
    (Dialect.SMOOTHIE, b"Smoothie", Started()),
    (Dialect.REPRAPFIRMWARE, b"RepRapFirmware for Duet 3 Mini 5+ is up and running.", Started()),
    (
        Dialect.REPRAPFIRMWARE,
        b"Error: G0/G1: target position not reachable",
        Refused("Error: G0/G1: target position not reachable"),
    ),
    (Dialect.REPRAPFIRMWARE, b"Error: M900: Unsupported command", Other("Error: M900: Unsupported command")),
    (
        Dialect.KLIPPER,
        b"!! Move out of range: 300.000 5.000 0.000 [0.000]",
        Refused("!! Move out of range: 300.000 5.000 0.000 [0.000]"),
    ),
    (Dialect.KLIPPER, b"!! Extrude below minimum temp", ColdExtrusion()),
    (Dialect.KLIPPER, b"// probe at 1,2", Other("// probe at 1,2")),
]
NAMES = [
    ("Marlin 2.1.2.1 (Nov 22 2026 03:48:21)", Dialect.MARLIN),
    ("Prusa-Firmware 3.13.3 based on Marlin", Dialect.PRUSA),
    ("Prusa-Firmware-Buddy 6.1.3 (Github)", Dialect.MARLIN),
    ("Repetier_1.0.4", Dialect.REPETIER),
    ("RepRapFirmware for Duet 3 Mini 5+", Dialect.REPRAPFIRMWARE),
    ("Smoothieware", Dialect.SMOOTHIE),
    ("Klipper", Dialect.KLIPPER),
    ("Grbl 1.1", None),
    ("", None),
]


@pytest.mark.parametrize(("line", "reply"), MARLIN, ids=lambda value: repr(value)[:40])
def test_marlin(line: bytes, reply: Reply) -> None:
    assert parse(line, Dialect.MARLIN) == reply
    assert parse(line + b"\r", Dialect.MARLIN) == reply


@pytest.mark.parametrize(("dialect", "line", "reply"), OTHERS, ids=lambda value: repr(value)[:40])
def test_other_dialects(dialect: Dialect, line: bytes, reply: Reply) -> None:
    assert parse(line, dialect) == reply


@pytest.mark.parametrize(("dialect", "line", "code"), FATAL, ids=lambda value: str(value)[:40])
def test_what_stops_a_printer(dialect: Dialect, line: str, code: FaultCode) -> None:
    text = line.encode().decode("latin-1")
    assert parse(line.encode(), dialect) == Fatal(code, text)


@pytest.mark.parametrize(("dialect", "line", "reply"), SAID_ON_THE_WAY, ids=lambda value: repr(value)[:40])
def test_what_does_not(dialect: Dialect, line: bytes, reply: Reply) -> None:
    assert parse(line, dialect) == reply


@pytest.mark.parametrize(("name", "dialect"), NAMES)
def test_the_dialect_is_found_from_the_name(name: str, dialect: Dialect | None) -> None:
    assert dialect_of(name) is dialect


def test_an_answer_on_the_ok_line() -> None:
    reply = parse(b"ok FIRMWARE_NAME:Klipper FIRMWARE_VERSION:v0.13.0-730", Dialect.KLIPPER)
    assert reply == Firmware({"FIRMWARE_NAME": "Klipper", "FIRMWARE_VERSION": "v0.13.0-730"}, with_ok=True)


def test_an_answer_with_commas() -> None:
    line = b"FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//smoothieware.org, X-SOURCE_CODE_URL:x"
    reply = parse(line, Dialect.SMOOTHIE)
    assert isinstance(reply, Firmware)
    assert reply.fields["FIRMWARE_NAME"] == "Smoothieware"


def test_firmware_line() -> None:
    line = (
        b"FIRMWARE_NAME:Marlin 2.1.2.1 (Nov 22 2026 03:48:21) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin"
        b" PROTOCOL_VERSION:1.0 MACHINE_TYPE:Ender-3 V2 EXTRUDER_COUNT:1"
    )
    reply = parse(line, Dialect.MARLIN)
    assert isinstance(reply, Firmware)
    assert reply.fields["FIRMWARE_NAME"] == "Marlin 2.1.2.1 (Nov 22 2026 03:48:21)"
    assert reply.fields["MACHINE_TYPE"] == "Ender-3 V2"
    assert reply.fields["SOURCE_CODE_URL"] == "github.com/MarlinFirmware/Marlin"


def test_fatal_words_are_found_behind_another_line() -> None:
    reply = parse(b" T:210.1 /210.0 B:60Error:MAXTEMP triggered, system stopped! Heater_ID: 0", Dialect.MARLIN)
    assert isinstance(reply, Fatal)
    assert reply.code is FaultCode.THERMAL

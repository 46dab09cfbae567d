"""Reply lines as firmwares really wrote them."""

import pytest

from firmware_bridge.contract import FaultCode, Temperatures
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
    Reply,
    Resend,
    Started,
    TemperatureReport,
    UnknownCommand,
    parse,
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


@pytest.mark.parametrize(("line", "reply"), MARLIN, ids=lambda value: repr(value)[:40])
def test_marlin(line: bytes, reply: Reply) -> None:
    assert parse(line, Dialect.MARLIN) == reply
    assert parse(line + b"\r", Dialect.MARLIN) == reply


@pytest.mark.parametrize(("dialect", "line", "reply"), OTHERS, ids=lambda value: repr(value)[:40])
def test_other_dialects(dialect: Dialect, line: bytes, reply: Reply) -> None:
    assert parse(line, dialect) == reply


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

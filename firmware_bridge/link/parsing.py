"""What the printer says: one pure function from a line to a typed reply, with a table of patterns a dialect.

A line may be damaged, or have an unasked report glued to it. So what is dangerous is looked for anywhere in the
line, what gives credit only at its start, and what nobody knows is `Other`, which does nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

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
    Refused,
    Reply,
    Resend,
    Started,
    TemperatureReport,
    UnknownCommand,
)
from firmware_bridge.profile import Dialect

Match = re.Match[str]


@dataclass(frozen=True)
class Row:
    """One form of reply. `make` may return None: then the line is not that after all."""

    pattern: re.Pattern[str]
    make: Callable[[Match], Reply | None]


def parse(line: bytes, dialect: Dialect) -> Reply:
    """One line without its end; any bytes, never an error."""
    text = line.decode("latin-1").strip("\x00\r\n")
    for row in TABLE[dialect]:
        match = row.pattern.search(text)
        if match is not None:
            reply = row.make(match)
            if reply is not None:
                return reply
    return Other(text.strip())


# --- pieces --------------------------------------------------------------------------------------

_NUMBER = r"-?\d+(?:\.\d*)?"
_TEMPERATURE = re.compile(rf"\b(T0?|B):\s*({_NUMBER})(?:\s*/\s*({_NUMBER}))?")
_OK_LINE = re.compile(r"^N?(\d+)\b")
_OK_FREE = re.compile(r"\b([PB])(\d+)\b")
_PLACE = rf"X:\s*({_NUMBER})\s+Y:\s*({_NUMBER})\s+Z:\s*({_NUMBER})(?:\s+E:\s*({_NUMBER}))?"
_OK_PLACE = re.compile(rf"^(?:\d+ )?(?:C: )?{_PLACE}")
_FIELD = re.compile(r"\b([A-Z][A-Z0-9_]*):")


def temperatures(text: str) -> Temperatures | None:
    """`T:21.3 /0.0 B:21 /0`, also `T0:`; None where there are none."""
    nozzle: tuple[float | None, float | None] = (None, None)
    bed = nozzle
    for name, actual, target in _TEMPERATURE.findall(text):
        pair = (float(actual), float(target) if target else None)
        if name == "B":
            bed = pair
        elif nozzle[0] is None:
            nozzle = pair
    if nozzle[0] is None and bed[0] is None:
        return None
    return Temperatures(nozzle_c=nozzle[0], nozzle_target_c=nozzle[1], bed_c=bed[0], bed_target_c=bed[1])


def _ok(match: Match) -> Reply:
    rest = match.group(1).strip()
    if not rest:
        return Ok()
    free = dict(_OK_FREE.findall(rest))
    line = _OK_LINE.match(rest)
    position = _position(_OK_PLACE.match(rest))
    return Ok(
        line=int(line.group(1)) if line else None,
        planner_free=int(free["P"]) if "P" in free else None,
        commands_free=int(free["B"]) if "B" in free else None,
        # Behind a place B is a motor.
        temperatures=temperatures(rest) if position is None else None,
        position=position,
        text=rest,
    )


def _position(match: Match | None) -> Position | None:
    if match is None:
        return None
    x, y, z, e = match.groups()
    return Position(float(x), float(y), float(z), None if e is None else float(e))


def _resend(match: Match) -> Reply:
    number = match.group(1)
    return Resend(int(number) if number else None, with_ok=match.string.rstrip().endswith("ok"))


def _last_line(match: Match) -> Reply:
    return Resend(int(match.group(1)) + 1)


def _report(match: Match) -> Reply | None:
    measured = temperatures(match.string)
    return TemperatureReport(measured) if measured else None


def _fatal(code: FaultCode) -> Callable[[Match], Reply]:
    return lambda match: Fatal(code, match.string.strip())


def _refused(match: Match) -> Reply:
    return Refused(match.string.strip())


def _firmware(match: Match) -> Reply:
    pieces = _FIELD.split(match.group(0))
    values = (value.strip(" ,") for value in pieces[2::2])
    return Firmware(dict(zip(pieces[1::2], values, strict=True)), with_ok=match.string.startswith("ok"))


def _busy(match: Match) -> Reply:
    text = match.group(1).strip()
    return Busy(text, for_person=text.startswith(("paused for", "door open")))


def _row(pattern: str, make: Callable[[Match], Reply | None], flags: re.RegexFlag = re.IGNORECASE) -> Row:
    return Row(re.compile(pattern, flags), make)


# --- tables: the first row that fits wins -----------------------------------------------------------

_EXACT: Final = re.RegexFlag(0)

_OK = (
    # Klipper answers M115 there, also to a host that takes it for another firmware yet.
    _row(r"^ok FIRMWARE_NAME:.*$", _firmware, _EXACT),
    _row(r"^ok(?![a-z])(.*)$", _ok, _EXACT),
)

_THERMAL = (
    _row(
        r"thermal runaway|MAXTEMP triggered|MINTEMP triggered|MAXTEMP BED|thermal malfunction",
        _fatal(FaultCode.THERMAL),
    ),
    _row(r"Temperature difference between temp sensors|Temperature runaway", _fatal(FaultCode.THERMAL)),
    _row(r"Heating failed", _fatal(FaultCode.HEATING_TOO_SLOW)),
)
_HALTED = (
    _row(r"kill\(\) called|KILL caused by|Printer halted|M112 Shutdown", _fatal(FaultCode.PRINTER_HALTED)),
    _row(r"Watchdog timeout\. Reset required|STOP called because of", _fatal(FaultCode.PRINTER_HALTED)),
    _row(r"Printer stopped due to errors", _fatal(FaultCode.PRINTER_HALTED)),
)
_RESEND = (
    _row(r"\b(?:resend|rs)\s*:?\s*N?(\d+)?", _resend),
    _row(r"Error:.*\bLast Line: (\d+)", _last_line),
)
_COMMON_TAIL = (
    _row(r"^(?:echo:)?\s*busy:\s*(.*)$", _busy),
    _row(r"cold extrusion prevented", lambda _: ColdExtrusion()),
    _row(r"Unknown command: ?\"(.*)\"", lambda match: UnknownCommand(match.group(1))),
    _row(r"^//\s*action:\s*(\w+)\s*(.*)$", lambda match: HostAction(match.group(1), match.group(2).strip())),
    _row(r"^Cap:([A-Z0-9_]+):([01])", lambda match: Capability(match.group(1), match.group(2) == "1"), _EXACT),
    _row(r"FIRMWARE_NAME:.*$", _firmware, _EXACT),
    _row(f"^{_PLACE}", _position, _EXACT),
    _row(r"^\s*(?:T0?|B):\s*-?\d", _report, _EXACT),
    _row(r"^wait$", lambda _: Idle(), _EXACT),
    # A board that starts may say half a byte before it.
    _row(r"^[^ -~]*start$", lambda _: Started(), _EXACT),
)

# Even behind an ok, or behind half of another line.
_FATAL = (*_THERMAL, *_HALTED)

_MARLIN = (
    *_FATAL,
    *_OK,
    *_RESEND,
    *_COMMON_TAIL,
    _row(r"too long extrusion prevented", _refused),
    _row(r"^(?:echo:)?Marlin \d", lambda _: Started(), _EXACT),
)
_PRUSA = (
    _row(r"TM: error triggered|HOTEND FAN ERROR|fan speed is lower than expected", _fatal(FaultCode.THERMAL)),
    *_FATAL,
    *_OK,
    _row(r"RX timeout", lambda _: LineLost()),
    *_RESEND,
    *_COMMON_TAIL,
    _row(r"too long extrusion prevented", _refused),
)
_REPETIER = (
    # Said after every command, each still acknowledged.
    _row(r"fatal:[^-]*(?:heater|sensor|temperature)", _fatal(FaultCode.THERMAL)),
    _row(r"fatal:", _fatal(FaultCode.PRINTER_HALTED)),
    *_FATAL,
    *_OK,
    *_RESEND,
    *_COMMON_TAIL,
)
_REPRAPFIRMWARE = (
    _row(r"Heating fault on heater|Heater \d+ fault", _fatal(FaultCode.THERMAL)),
    _row(r"Emergency Stop!", _fatal(FaultCode.PRINTER_HALTED)),
    *_FATAL,
    *_OK,
    _row(r"was not driven because its heater temperatures", lambda _: ColdExtrusion()),
    _row(r"^RepRapFirmware .* is up and running", lambda _: Started()),
    *_COMMON_TAIL,
    _row(r"^Error: (?!.*(?:unsupported|unknown|bad command))", _refused),
)
_SMOOTHIE = (
    *_THERMAL,
    _row(r"HALT asserted|Entering Alarm/Halt state|Emergency Stop Requested", _fatal(FaultCode.PRINTER_HALTED)),
    # The answer to whatever is sent to a halted machine; no ok.
    _row(r"^!!|^error:\s*Alarm lock", _fatal(FaultCode.PRINTER_HALTED)),
    *_HALTED,
    *_OK,
    *_RESEND,
    *_COMMON_TAIL,
    _row(r"^Smoothie$", lambda _: Started(), _EXACT),
)
_KLIPPER = (
    # A thermistor that is broken or far too hot is "out of range" to the board's converter.
    _row(r"not heating at expected rate|ADC out of range", _fatal(FaultCode.THERMAL)),
    _row(r"Klipper state: (?:Shutdown|Disconnect)", _fatal(FaultCode.PRINTER_HALTED)),
    _row(r"^!! .*(?:shutdown|Lost communication|Printer is not ready)", _fatal(FaultCode.PRINTER_HALTED)),
    # Said after FIRMWARE_RESTART: the position is gone.
    _row(r"Klipper state: (?:Ready|Startup)", lambda _: Started()),
    *_OK,
    _row(r"^!! Extrude below minimum temp", lambda _: ColdExtrusion()),
    _row(r"^!! ", _refused),
    _row(r"^// Unknown command:\"(.*)\"", lambda match: UnknownCommand(match.group(1))),
    *_COMMON_TAIL,
)

TABLE: Final[dict[Dialect, tuple[Row, ...]]] = {
    Dialect.MARLIN: _MARLIN,
    Dialect.PRUSA: _PRUSA,
    Dialect.REPETIER: _REPETIER,
    Dialect.REPRAPFIRMWARE: _REPRAPFIRMWARE,
    Dialect.SMOOTHIE: _SMOOTHIE,
    Dialect.KLIPPER: _KLIPPER,
}

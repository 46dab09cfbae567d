"""What a printer may say, typed; how its lines are read stands in parsing.py."""

from dataclasses import dataclass, field

from firmware_bridge.contract import FaultCode, Temperatures


@dataclass(frozen=True)
class Position:
    """M114, in mm; `e` is None where the firmware does not say it."""

    x: float
    y: float
    z: float
    e: float | None = None


@dataclass(frozen=True)
class Ok:
    """One line is done. `line` where the firmware says which (ADVANCED_OK, Repetier); `temperatures` and
    `position` where M105 and M114 are answered behind it."""

    line: int | None = None
    planner_free: int | None = None
    commands_free: int | None = None
    temperatures: Temperatures | None = None
    position: Position | None = None
    text: str = ""


@dataclass(frozen=True)
class Resend:
    """The printer has taken every line before `line` and none after. `with_ok`: its ok is in the same line."""

    line: int | None
    with_ok: bool = False


@dataclass(frozen=True)
class TemperatureReport:
    """Unasked; no credit."""

    temperatures: Temperatures


@dataclass(frozen=True)
class Busy:
    """The printer works on something long. `for_person`: it waits for somebody."""

    text: str
    for_person: bool = False


@dataclass(frozen=True)
class Idle:
    """`wait`: the printer has nothing to do."""


@dataclass(frozen=True)
class LineLost:
    """Half a line was thrown away without a Resend (`RX timeout`)."""


@dataclass(frozen=True)
class Started:
    """The firmware has just started."""


@dataclass(frozen=True)
class Fatal:
    """The firmware has stopped the machine; nothing more may be printed."""

    code: FaultCode
    text: str


@dataclass(frozen=True)
class ColdExtrusion:
    """A move with filament was dropped: the object is ruined."""


@dataclass(frozen=True)
class Refused:
    """A command was understood and not carried out: what is printed is not the file any more."""

    text: str


@dataclass(frozen=True)
class UnknownCommand:
    """An ok follows."""

    text: str


@dataclass(frozen=True)
class HostAction:
    """`//action:<name> <text>`."""

    name: str
    text: str


@dataclass(frozen=True)
class Firmware:
    """M115: `FIRMWARE_NAME:…` and what stands beside it. `with_ok`: behind its ok, in the same line."""

    fields: dict[str, str] = field(default_factory=dict)
    with_ok: bool = False


@dataclass(frozen=True)
class Capability:
    """M115: `Cap:NAME:1`."""

    name: str
    present: bool


@dataclass(frozen=True)
class Other:
    """Nothing that the bridge acts on."""

    text: str


Reply = (
    Ok
    | Resend
    | TemperatureReport
    | Busy
    | Idle
    | LineLost
    | Started
    | Fatal
    | ColdExtrusion
    | Refused
    | UnknownCommand
    | HostAction
    | Firmware
    | Capability
    | Position
    | Other
)

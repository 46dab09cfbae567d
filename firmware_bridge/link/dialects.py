"""How the firmwares differ in flow control; how they differ in their replies stands in parsing.py."""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.profile import Dialect


@dataclass(frozen=True)
class Manners:
    """`checks_lines`: it verifies numbers and checksums, so that a Resend can be trusted and a line repeated.

    `runs_fragments`: a tail of a line without its number is executed, where others refuse it.
    `cuts_lines`: a refusal throws away what has been received of the next line, so that its rest is such a tail.
    `may_erase`: newer versions take backspaces; whether this one does is tried.
    `number_bits`: so many of a line's number it keeps, and says.
    `transport_bytes`, `transport_lines`: what is too much waits at the host's end, so that the receive buffer is
    no limit. There is one nevertheless, so that a cancel is heard soon: Klipper looks for M112 only while fewer
    than 20 lines wait.
    `reports_apart`: M105 is answered with a line of its own; its ok says only that it was taken.
    """

    checks_lines: bool = True
    runs_fragments: bool = False
    cuts_lines: bool = False
    may_erase: bool = False
    reports_apart: bool = False
    number_bits: int = 32
    transport_bytes: int = 0
    transport_lines: int = 0


MANNERS: Final[dict[Dialect, Manners]] = {
    Dialect.MARLIN: Manners(runs_fragments=True, cuts_lines=True, may_erase=True),
    Dialect.PRUSA: Manners(),
    Dialect.REPETIER: Manners(reports_apart=True, number_bits=16),
    Dialect.REPRAPFIRMWARE: Manners(checks_lines=False, transport_bytes=4096, transport_lines=8),
    Dialect.SMOOTHIE: Manners(runs_fragments=True),
    Dialect.KLIPPER: Manners(checks_lines=False, transport_bytes=4096, transport_lines=16),
}

# The first that is found in FIRMWARE_NAME; Prusa-Firmware names Marlin, too, and Buddy is one.
_NAMES: Final = (
    ("prusa-firmware-buddy", Dialect.MARLIN),
    ("prusa-firmware", Dialect.PRUSA),
    ("repetier", Dialect.REPETIER),
    ("reprapfirmware", Dialect.REPRAPFIRMWARE),
    ("smoothie", Dialect.SMOOTHIE),
    ("klipper", Dialect.KLIPPER),
    ("marlin", Dialect.MARLIN),
)


def dialect_of(firmware_name: str) -> Dialect | None:
    """The dialect of a firmware that calls itself so; None where the name says nothing."""
    name = firmware_name.lower()
    return next((dialect for known, dialect in _NAMES if known in name), None)


# Nobody knows how long these take, or what the printer does with what comes behind them: they travel alone.
_UNBOUNDED: Final = frozenset(
    b"G4 G28 G29 G30 G32 G33 G34 G76 G80 M0 M1 M109 M190 M226 M303 M400 M600 M601 M602 M603 M701 M702".split()
)


_MOVES: Final = frozenset((b"G1 ", b"G0 "))
_HEATS: Final = frozenset(b"M104 M109 M140 M190".split())


def is_ordinary(command: bytes) -> bool:
    """Nobody has to look at it before it goes: its time is bounded, and it sets no heater."""
    if command[:3] in _MOVES:
        return True
    return not is_unbounded(command) and command.partition(b" ")[0] not in _HEATS


def is_unbounded(command: bytes) -> bool:
    """The command may take any time, and must be alone in flight."""
    return command[:1] == b"T" or command.partition(b" ")[0] in _UNBOUNDED

"""G-code as it stands in a file: lines, words, and the machine's state that follows from them.

The vet, the plan, the stream and the catalogue's toolpaths all read through here: what was checked is, byte
for byte, what is sent, and everybody counts lines alike (`commands`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

FRAMED_MAX_BYTES: Final = 95
"""Marlin's and Prusa's MAX_CMD_SIZE less its closing zero: what is longer is cut silently."""
FRAME_BYTES: Final = len("N1234567 *255")
COMMAND_MAX_BYTES: Final = FRAMED_MAX_BYTES - FRAME_BYTES

TEXT_CODES: Final = frozenset({"M0", "M1", "M115", "M117", "M118", "M862.3", "M862.4", "M862.6"})
"""What follows these is text for people or firmware, not words with numbers."""

BATCH_BYTES: Final = 16_384

_COMMENT = re.compile(rb";[^\n]*")
_NUMBER = rb"-?(?:\d+\.?\d*|\.\d+)"
_CODE = re.compile(rb"([GMT])0*(\d+)(\.\d+)?")
_WORD = re.compile(rb"([A-Z])(" + _NUMBER + rb")?")
_MOVE = re.compile(
    rb"G[01](?: X(" + _NUMBER + rb"))?(?: Y(" + _NUMBER + rb"))?(?: Z(" + _NUMBER + rb"))?"
    rb"(?: E(" + _NUMBER + rb"))?(?: F(" + _NUMBER + rb"))?"
)

Field = bytes | None
MoveFields = tuple[Field, Field, Field, Field, Field]


class GcodeError(ValueError):
    """A command that cannot be read. `code` is stable, `reason` is for people and names the remedy."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Words(NamedTuple):
    """One command: `G1 X2 E.5` is ("G1", {"X": 2.0, "E": 0.5}, ""); a bare letter (`M84 X`) has None.

    For TEXT_CODES `values` is empty and `text` holds what follows the code.
    """

    code: str
    values: Mapping[str, float | None]
    text: str = ""


def strip_line(line: bytes) -> bytes:
    """The command in a line of a file: without comment, outer white space and end of line; b"" if none."""
    if b";" in line:
        line = line[: line.index(b";")]
    return line.strip()


def commands(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """(physical line from 1, command) of every line that is sent; comments and empty lines are not.

    A job's line number n is the n-th of these, from 1.
    """
    for number, line in enumerate(lines, start=1):
        command = strip_line(line)
        if command:
            yield number, command


def command_batches(file: BinaryIO) -> Iterator[list[bytes]]:
    """What `commands` yields, without the numbers and many at once: the quick way through a whole file."""
    while lines := file.readlines(BATCH_BYTES):
        block = b"".join(lines)
        if b";" in block:
            block = _COMMENT.sub(b"", block)
        yield list(filter(None, map(bytes.strip, block.split(b"\n"))))


def move_fields(command: bytes) -> MoveFields | None:
    """(x, y, z, e, f) as bytes of a G0/G1 in the slicer's own writing (`G1 X1 Y2 E.3 F1800`), else None.

    The quick way for 99 lines in 100; `parse_line` reads whatever this does not.
    """
    match = _MOVE.fullmatch(command)
    return match.groups() if match else None  # type: ignore[return-value]


def parse_line(line: bytes) -> Words | None:
    """The words of a line of a file, None where there is no command.

    Raises GcodeError for what a firmware might read otherwise than we do.
    """
    command = strip_line(line)
    if not command:
        return None
    if not command.isascii() or not command.decode("ascii").isprintable():
        raise GcodeError("not_ascii", "the command has characters outside printable ASCII; remove them")
    head, _, rest = command.partition(b" ")
    code = _code(head)
    if code in TEXT_CODES:
        return Words(code, {}, rest.strip().decode("ascii"))
    return Words(code, _values(rest))


def _code(head: bytes) -> str:
    match = _CODE.fullmatch(head)
    if match is None:
        if head[:1] == b"N" and head[1:].isdigit():
            raise GcodeError("line_number", "the file has its own line numbers; save it without them")
        raise GcodeError("bad_command", "the line is not a command; one begins with G, M or T and a number")
    letter, number, sub = match.groups()
    return (letter + number + (sub or b"")).decode("ascii")


def _values(rest: bytes) -> dict[str, float | None]:
    values: dict[str, float | None] = {}
    for word in rest.split():
        match = _WORD.fullmatch(word)
        if match is None:
            raise GcodeError(
                "bad_word", "a word is not a capital letter and a plain decimal number; put spaces between words"
            )
        letter = match[1].decode("ascii")
        if letter in values:
            raise GcodeError("repeated_word", f"{letter} stands twice in one command; leave one")
        values[letter] = None if match[2] is None else float(match[2])
    return values


@dataclass(slots=True)
class Modal:
    """What a stream of commands has set so far. mm, mm/min, Celsius; positions are the file's own coordinates.

    Begins as a printer does after its start: absolute, everything at 0, heaters and fan off.
    """

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    e: float = 0.0
    feed_mm_min: float = 0.0
    absolute: bool = True
    e_absolute: bool = True
    homed: bool = False
    nozzle_c: float = 0.0
    bed_c: float = 0.0
    fan: float = 0.0
    """0 to 1."""
    flow: float = 1.0
    adrift: str = ""
    """Axes that homing or probing left where only the printer knows."""

    def move(self, x: float | None, y: float | None, z: float | None, e: float | None, f: float | None) -> float:
        """Follow a G0 or G1; returns the filament moved in mm (negative: retracted)."""
        if f is not None:
            self.feed_mm_min = f
        if self.adrift and self.absolute:
            said = {"X": x, "Y": y, "Z": z}
            self.adrift = "".join(axis for axis in self.adrift if said[axis] is None)
        if self.absolute:
            if x is not None:
                self.x = x
            if y is not None:
                self.y = y
            if z is not None:
                self.z = z
        else:
            self.x += x or 0.0
            self.y += y or 0.0
            self.z += z or 0.0
        if e is None:
            return 0.0
        if self.e_absolute:
            moved = e - self.e
            self.e = e
            return moved
        self.e += e
        return e

    def apply(self, words: Words) -> float:
        """Follow any command; returns the filament moved in mm. Commands that set nothing here change nothing."""
        code, values, _ = words
        if code in ("G0", "G1"):
            get = values.get
            return self.move(get("X"), get("Y"), get("Z"), get("E"), get("F"))
        follow = _FOLLOW.get(code)
        if follow is not None:
            follow(self, values)
        return 0.0


def _home(modal: Modal, values: Mapping[str, float | None]) -> None:
    axes = [axis for axis in "XYZ" if axis in values] or ["X", "Y", "Z"]
    for axis in axes:
        setattr(modal, axis.lower(), 0.0)
    modal.adrift = "".join(sorted({*modal.adrift, *axes}))
    modal.homed = modal.homed or len(axes) == 3


def _probe(modal: Modal, values: Mapping[str, float | None]) -> None:
    modal.adrift = "XYZ"


def _set_position(modal: Modal, values: Mapping[str, float | None]) -> None:
    for axis, value in values.items():
        if axis in "XYZE":
            setattr(modal, axis.lower(), value or 0.0)


# Marlin's G90 and G91 rule E too, Prusa's leave it; the vet wants M82 or M83 after either, so both agree.
def _absolute(modal: Modal, values: Mapping[str, float | None]) -> None:
    modal.absolute = modal.e_absolute = True


def _relative(modal: Modal, values: Mapping[str, float | None]) -> None:
    modal.absolute = modal.e_absolute = False


def _e_absolute(modal: Modal, values: Mapping[str, float | None]) -> None:
    modal.e_absolute = True


def _e_relative(modal: Modal, values: Mapping[str, float | None]) -> None:
    modal.e_absolute = False


def _motors_off(modal: Modal, values: Mapping[str, float | None]) -> None:
    modal.homed = False


def target_c(values: Mapping[str, float | None]) -> float | None:
    """The temperature that M104, M109, M140 or M190 asks for; None where it asks for none."""
    value = values.get("S")
    return values.get("R") if value is None else value


def _nozzle(modal: Modal, values: Mapping[str, float | None]) -> None:
    target = target_c(values)
    modal.nozzle_c = modal.nozzle_c if target is None else target


def _bed(modal: Modal, values: Mapping[str, float | None]) -> None:
    target = target_c(values)
    modal.bed_c = modal.bed_c if target is None else target


def _fan(modal: Modal, values: Mapping[str, float | None]) -> None:
    speed = values.get("S")
    modal.fan = 1.0 if speed is None else min(max(speed / 255.0, 0.0), 1.0)


def _fan_off(modal: Modal, values: Mapping[str, float | None]) -> None:
    modal.fan = 0.0


def _flow(modal: Modal, values: Mapping[str, float | None]) -> None:
    percent = values.get("S")
    modal.flow = modal.flow if percent is None else percent / 100.0


_FOLLOW: Final = {
    "G28": _home,
    "G29": _probe,
    "G80": _probe,
    "G90": _absolute,
    "G91": _relative,
    "G92": _set_position,
    "M18": _motors_off,
    "M82": _e_absolute,
    "M83": _e_relative,
    "M84": _motors_off,
    "M104": _nozzle,
    "M106": _fan,
    "M107": _fan_off,
    "M109": _nozzle,
    "M140": _bed,
    "M190": _bed,
    "M221": _flow,
}

"""The files that are streamed: a real sliced one from the collection, and short moves made here."""

import hashlib
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BLOCKING: Final = ("G4", "G28", "G29", "G80", "M109", "M190", "M400")
"""Codes that a host may wait for in its own way; measuring begins after the last of them in the file's head."""
HEAD_LINES: Final = 400
TAIL_LINES: Final = 60
SEGMENT_MM: Final = 0.2
RADIUS_MM: Final = 20.0
LAYER_MM: Final = 0.2
EXTRUSION_PER_MM: Final = 0.0333

START: Final = """\
M140 S60
M104 S205
G90
M83
G21
G28
M190 S60
M109 S205
G92 E0
G1 Z0.2 F600
"""
END: Final = """\
G1 E-0.8 F2100
G1 Z40 F600
M104 S0
M140 S0
M107
M84
"""


class NoFileError(Exception):
    """The file is missing or unfit; the message names the remedy."""


@dataclass(frozen=True)
class GcodeFile:
    """One file as every host gets it. Moves count from 1; measuring goes from `first_move` to `last_move`.

    `line_bytes`: each measured command framed, when the host counts the file's commands from 1.
    """

    path: Path
    profile: str
    origin: str
    commands: int
    bytes_per_command: float
    moves: int
    moves_crc: int
    first_move: int
    last_move: int
    line_bytes: tuple[int, ...]
    sha256: str

    @property
    def measured_commands(self) -> int:
        """Commands that are executed between the two moves, the last one included."""
        return len(self.line_bytes)

    def whole_lines_in(self, most_bytes: int) -> float:
        """Bytes of as many whole lines as fit, on average over the file."""
        filled = []
        first = held = 0
        for size in self.line_bytes:
            held += size
            while held > most_bytes:
                held -= self.line_bytes[first]
                first += 1
            filled.append(held)
        return sum(filled) / len(filled)


def command_of(line: str) -> str:
    """The line without its comment; empty where nothing is left to send."""
    return line.partition(";")[0].strip()


def is_move(command: str) -> bool:
    """A straight move, as the instant printer counts them."""
    return command.startswith(("G1 ", "G0 "))


def framed_bytes(number: int, command: str) -> int:
    """Bytes of a command on the wire: `N<number> <command>*<checksum>` and a line feed."""
    line = f"N{number} {command}"
    checksum = 0
    for byte in line.encode():
        checksum ^= byte
    return len(f"{line}*{checksum}\n")


def examine(path: Path, profile: str, origin: str) -> GcodeFile:
    """Read a file and find between which moves to measure.

    Raises NoFileError when it has too few moves.
    """
    content = path.read_bytes()
    commands = [c for c in map(command_of, content.decode("utf-8").splitlines()) if c]
    begin = max((i for i, c in enumerate(commands[:HEAD_LINES]) if c.split()[0] in BLOCKING), default=-1) + 1
    indices = [i for i, c in enumerate(commands) if is_move(c)]
    measured = [i for i in indices if i >= begin]
    if len(measured) < 100:
        raise NoFileError(f"{path}: only {len(measured)} moves to measure; choose a longer file")
    moves_crc = 0
    for index in indices:
        moves_crc = zlib.crc32(commands[index].encode(), moves_crc)
    return GcodeFile(
        path=path,
        profile=profile,
        origin=origin,
        commands=len(commands),
        bytes_per_command=sum(len(c) + 1 for c in commands) / len(commands),
        moves=len(indices),
        moves_crc=moves_crc,
        first_move=indices.index(measured[0]) + 1,
        last_move=len(indices),
        line_bytes=tuple(framed_bytes(i + 1, commands[i]) for i in range(measured[0], measured[-1])),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def sliced(collection: Path, profile: str, lines: int, folder: Path) -> GcodeFile:
    """The collection's longest file for a profile, cut after `lines` commands; its own end follows the cut.

    Raises NoFileError when the collection has none.
    """
    candidates = sorted(collection.rglob("*.gcode"), key=lambda p: (p.stat().st_size, p.name))
    candidates = [p for p in candidates if profile in p.as_posix()]
    if not candidates:
        raise NoFileError(f"no G-code for '{profile}' in {collection}; `make collection` builds it")
    source = candidates[-1]
    commands = [c for c in map(command_of, source.read_text().splitlines()) if c]
    origin = f"{source.relative_to(collection)}, {len(commands)} commands"
    if len(commands) > lines:
        commands = commands[: lines - TAIL_LINES] + commands[-TAIL_LINES:]
        origin += f", cut to {len(commands)}"
    path = folder / "sliced.gcode"
    path.write_text("\n".join(commands) + "\n")
    return examine(path, profile, origin)


def short_moves(profile: str, lines: int, folder: Path) -> GcodeFile:
    """Circles in segments of 0.2 mm, one above the other: what curved models make of a wire."""
    step_rad = SEGMENT_MM / RADIUS_MM
    per_layer = math.floor(2 * math.pi / step_rad)
    extrusion = SEGMENT_MM * EXTRUSION_PER_MM
    body = []
    for index in range(lines):
        if index and index % per_layer == 0:
            body.append(f"G1 Z{LAYER_MM * (1 + index // per_layer):.2f} F600")
        angle = index * step_rad
        x_mm, y_mm = 100 + RADIUS_MM * math.cos(angle), 100 + RADIUS_MM * math.sin(angle)
        feed = " F3600" if index % per_layer == 0 else ""
        body.append(f"G1 X{x_mm:.3f} Y{y_mm:.3f} E{extrusion:.5f}{feed}")
    path = folder / "short-moves.gcode"
    path.write_text(START + "\n".join(body) + "\n" + END)
    return examine(path, profile, f"circles of {SEGMENT_MM} mm segments")

"""The file that is streamed: short moves made here, or any other."""

import hashlib
import math
import zlib
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

BLOCKING: Final = ("G4", "G28", "G29", "G80", "M109", "M190", "M400")
"""Codes that a host may wait for in its own way; measuring begins after the last of them in the file's head."""
HEAD_LINES: Final = 400
LEAST_MOVES: Final = 100
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
    """One file as every host gets it. Moves count from 1; measuring goes from `first_move` to the last.

    Of each move, 0 being before the first: `crc_after[n]` is the checksum over the moves until n, `line_of[n]`
    says which of the file's commands it is.
    """

    path: Path
    profile: str
    origin: str
    commands: int
    bytes_per_command: float
    first_move: int
    crc_after: tuple[int, ...]
    line_of: tuple[int, ...]
    sha256: str

    @property
    def moves(self) -> int:
        """Straight moves in the file."""
        return len(self.line_of) - 1


def command_of(line: str) -> str:
    """The line without its comment; empty where nothing is left to send."""
    return line.partition(";")[0].strip()


def is_move(command: str) -> bool:
    """A straight move, as the fast printer counts them."""
    return command.startswith(("G1 ", "G0 "))


def examine(path: Path, profile: str, origin: str) -> GcodeFile:
    """Read a file and find between which moves to measure.

    Raises NoFileError when it cannot be read or has too few moves.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoFileError(f"{path}: {error.strerror}") from error
    commands = [c for c in map(command_of, content.decode("latin-1").splitlines()) if c]
    begin = max((i for i, c in enumerate(commands[:HEAD_LINES]) if c.split()[0] in BLOCKING), default=-1) + 1
    indices = [i for i, c in enumerate(commands) if is_move(c)]
    before = sum(i < begin for i in indices)
    if len(indices) - before < LEAST_MOVES:
        raise NoFileError(f"{path}: only {len(indices) - before} moves to measure; choose a longer file")
    moves = (commands[i].encode("latin-1") for i in indices)
    return GcodeFile(
        path=path,
        profile=profile,
        origin=origin,
        commands=len(commands),
        bytes_per_command=sum(len(c) + 1 for c in commands) / len(commands),
        first_move=before + 1,
        crc_after=tuple(accumulate(moves, lambda crc, move: zlib.crc32(move, crc), initial=0)),
        line_of=(0, *(i + 1 for i in indices)),
        sha256=hashlib.sha256(content).hexdigest(),
    )


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

"""PrusaSlicer's G-code to the extruded moves that the screen draws.

Only the slicer's own dialect is read: G1 moves, G90/G91, M82/M83, G92 and its comments (;TYPE: ;WIDTH: ;HEIGHT:
;LAYER_CHANGE ;Z:). What the start and end code extrude (;TYPE:Custom: the line that primes the nozzle) is no part
of the model and is left out.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalogue.packs import ToolpathPack
from catalogue.slicing.errors import SlicingError

MERGE_TOLERANCE_MM = 0.05
_SAME_WIDTH_MM = 0.05
_CUSTOM = "Custom"


@dataclass
class _Reader:
    """The printer's modal state, and the moves so far."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    e: float = 0.0
    relative: bool = False
    relative_e: bool = False
    feature: int = -1
    width: float = 0.45
    height: float = 0.2
    features: dict[str, int] = field(default_factory=dict)
    moves: list[tuple[float, ...]] = field(default_factory=list)
    layer_start: list[int] = field(default_factory=list)
    layer_z: list[float] = field(default_factory=list)

    def comment(self, text: str) -> None:
        key, _, value = text.partition(":")
        if key == "LAYER_CHANGE":
            self.layer_start.append(len(self.moves))
            self.layer_z.append(self.z)
        elif key == "Z" and self.layer_z:
            self.layer_z[-1] = float(value)
        elif key == "TYPE":
            self.feature = -1 if value == _CUSTOM else self.features.setdefault(value, len(self.features))
        elif key == "WIDTH":
            self.width = float(value)
        elif key == "HEIGHT":
            self.height = float(value)

    def move(self, words: list[str]) -> None:
        x, y, z, pushed = self.x, self.y, self.z, 0.0
        for word in words:
            letter, number = word[0], word[1:]
            if letter == "X":
                x = float(number) + (x if self.relative else 0.0)
            elif letter == "Y":
                y = float(number) + (y if self.relative else 0.0)
            elif letter == "Z":
                z = float(number) + (z if self.relative else 0.0)
            elif letter == "E":
                value = float(number)
                pushed = value if self.relative_e else value - self.e
                self.e = self.e + pushed
        moved = x != self.x or y != self.y
        if pushed > 0 and moved and self.feature >= 0 and self.layer_start:
            self.moves.append((self.x, self.y, self.z, x, y, z, self.width, self.height, self.feature))
        self.x, self.y, self.z = x, y, z

    def code(self, line: str) -> None:
        words = line.partition(";")[0].split()
        if not words:
            return
        match words[0]:
            case "G1" | "G0":
                self.move(words[1:])
            case "G90":
                self.relative = False
            case "G91":
                self.relative = True
            case "M82":
                self.relative_e = False
            case "M83":
                self.relative_e = True
            case "G92":
                self.set_position(words[1:])

    def set_position(self, words: list[str]) -> None:
        for word in words:
            if word[0] in "XYZE":
                setattr(self, word[0].lower(), float(word[1:] or 0))


def read_toolpath_of(gcode: str, tolerance_mm: float = MERGE_TOLERANCE_MM) -> ToolpathPack:
    """The pack of one file; nearly straight runs of moves become one.

    Raises SlicingError where there is nothing to print or a number is broken.
    """
    reader = _Reader()
    try:
        for line in gcode.splitlines():
            if line.startswith(";"):
                reader.comment(line[1:])
            else:
                reader.code(line)
    except ValueError as error:
        raise SlicingError(f"the G-code has a broken number: {error}") from error
    if not reader.moves:
        raise SlicingError("the G-code has no extruded moves in any layer: the model is empty or far too small")
    moves = np.array(reader.moves)
    layer: NDArray[Any] = np.zeros(len(moves), np.int32)
    for start in reader.layer_start[1:]:
        layer[start:] += 1
    moves, layer = merge_straight(moves, layer, tolerance_mm)
    layers = len(reader.layer_z)
    segments = moves[:, :6].astype(np.float32)
    ends = segments.reshape(-1, 3)
    return ToolpathPack(
        segments=segments,
        width=moves[:, 6].astype(np.float32),
        height=moves[:, 7].astype(np.float32),
        feature=moves[:, 8].astype(np.uint8),
        layer_start=np.searchsorted(layer, np.arange(layers + 1)).astype(np.int32),
        layer_z=np.array(reader.layer_z, np.float32),
        bounds=np.array([ends.min(axis=0), ends.max(axis=0)], np.float32),
        features=tuple(reader.features),
    )


def merge_straight(
    moves: NDArray[Any], layer: NDArray[Any], tolerance_mm: float
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Join neighbours whose common point lies within the tolerance of the line between their far ends.

    moves: (n, 9): from, to, width, height, feature. Each pass joins pairs; how far a joined move strays from what
    it stands for is summed up over the passes and never exceeds the tolerance.
    """
    strayed = np.zeros(len(moves))
    while True:
        first, second = moves[:-1], moves[1:]
        joined = np.abs(first[:, 3:6] - second[:, 0:3]).max(axis=1) < 1e-4
        alike = (
            (first[:, 8] == second[:, 8]) & (layer[:-1] == layer[1:]) & (np.abs(first[:, 6] - second[:, 6]) < 0.05)
        )
        whole = second[:, 3:5] - first[:, 0:2]
        part = first[:, 3:5] - first[:, 0:2]
        length = np.linalg.norm(whole, axis=1)
        aside = np.abs(whole[:, 0] * part[:, 1] - whole[:, 1] * part[:, 0]) / np.maximum(length, 1e-9)
        stray = aside + np.maximum(strayed[:-1], strayed[1:])
        onward = (whole * part).sum(axis=1) > 0
        candidates = joined & alike & (stray < tolerance_mm) & onward & (length > np.linalg.norm(part, axis=1))
        at = np.flatnonzero(_every_other(candidates))
        if not len(at):
            return moves, layer
        moves, strayed = moves.copy(), strayed.copy()
        moves[at, 3:6] = moves[at + 1, 3:6]
        strayed[at] = stray[at]
        keep = np.ones(len(moves), bool)
        keep[at + 1] = False
        moves, layer, strayed = moves[keep], layer[keep], strayed[keep]


def _every_other(candidates: NDArray[Any]) -> NDArray[Any]:
    """Of each run of neighbouring candidates the first, third, fifth…: pairs that share no move."""
    index = np.arange(len(candidates))
    run_start = np.maximum.accumulate(np.where(candidates, -1, index))
    return np.asarray(candidates & ((index - run_start) % 2 == 1))

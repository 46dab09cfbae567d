"""What a print will be: layers, lines, and how its time is spread along the lines.

Lines count from 1 and count commands only (`read.commands`), as the vet and the stream do. The slicer's own
total is trusted; the moves' lengths and speeds say how it is spread.
"""

import math
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firmware_bridge.gcode.read import Modal, move_fields, parse_line, strip_line

_ACCELERATION_MM_S2: Final = 1000.0
"""Until the file says otherwise (M204): about what both firmwares and slicers assume."""
_JERK_MM_S: Final = 8.0
"""A change of speed that costs no time, about Marlin's classic jerk."""
_START_FEED_MM_MIN: Final = 1500.0

_TIME: Final = re.compile(rb"; estimated printing time(?: \(normal mode\))? = (.+)")
_TIME_PART: Final = re.compile(rb"(\d+)([dhms])")
_SECONDS: Final = {b"d": 86400, b"h": 3600, b"m": 60, b"s": 1}
_GRAMS: Final = re.compile(rb"; (?:total )?filament used \[g\] = ([\d.]+)")
_HEIGHT: Final = re.compile(rb";Z:([\d.]+)")


@dataclass(frozen=True)
class Layer:
    """`first_line`: its first command. `z_mm`: its top."""

    first_line: int
    z_mm: float


@dataclass(frozen=True)
class Plan:
    """`estimate_s` excludes heating; `grams` is None where the file does not say."""

    lines: int
    layers: tuple[Layer, ...]
    estimate_s: float
    grams: float | None
    _layer_starts: tuple[int, ...]
    _elapsed_s: "array[float]"

    def elapsed_s(self, line: int) -> float:
        """Printing time when the first `line` commands are done (0: none)."""
        return self._elapsed_s[max(0, min(line, self.lines))]

    def remaining_s(self, line: int) -> float:
        """Printing time that is left when the first `line` commands are done."""
        return self.estimate_s - self.elapsed_s(line)

    def done(self, line: int) -> float:
        """The share of the printing time that is behind, 0 to 1."""
        return self.elapsed_s(line) / self.estimate_s if self.estimate_s > 0 else 0.0

    def layer_at(self, line: int) -> int:
        """The layer that command `line` belongs to, from 1; 0 before the first."""
        return bisect_right(self._layer_starts, line)


def plan_file(path: Path) -> Plan:
    """Read a vetted file once. Raises OSError where it cannot be read, GcodeError where it was not vetted."""
    with path.open("rb") as file:
        return plan_lines(file)


def plan_lines(lines: Iterable[bytes]) -> Plan:
    """The plan of a job, given as the lines of its file. Raises GcodeError where it was not vetted."""
    clock = _Clock()
    elapsed = array("d", [0.0])
    layers: list[Layer] = []
    comments = _Comments()
    for line in lines:
        if line[:1] == b";":
            comments.read(line, layers, len(elapsed))
            continue
        command = strip_line(line)
        if command:
            elapsed.append(clock.after(command))
    if not layers:
        layers = clock.layers
    total_s = elapsed[-1]
    estimate_s = comments.estimate_s or total_s
    scale = estimate_s / total_s if total_s > 0 else 0.0
    return Plan(
        lines=len(elapsed) - 1,
        layers=tuple(layers),
        estimate_s=estimate_s,
        grams=comments.grams,
        _layer_starts=tuple(layer.first_line for layer in layers),
        _elapsed_s=array("d", [scale * t for t in elapsed]),
    )


class _Comments:
    """What the slicer says beside the commands."""

    def __init__(self) -> None:
        self.estimate_s: float | None = None
        self.grams: float | None = None
        self._layer_begins = False

    def read(self, line: bytes, layers: list[Layer], next_command: int) -> None:
        if line.startswith(b";LAYER_CHANGE"):
            self._layer_begins = True
        elif self._layer_begins and (height := _HEIGHT.match(line)):
            layers.append(Layer(next_command, float(height[1])))
            self._layer_begins = False
        elif time := _TIME.match(line):
            self.estimate_s = float(sum(int(n) * _SECONDS[unit] for n, unit in _TIME_PART.findall(time[1])))
        elif grams := _GRAMS.match(line):
            self.grams = float(grams[1])


class _Clock:
    """Adds up how long commands take, and sees layers by their height where no comment tells."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self._modal = Modal(feed_mm_min=_START_FEED_MM_MIN)
        self._now_s = 0.0
        self._command = 0
        self._acceleration = _ACCELERATION_MM_S2
        self._velocity = (0.0, 0.0)

    def after(self, command: bytes) -> float:
        """The time when `command` is done, s."""
        self._command += 1
        fields = move_fields(command)
        if fields is not None:
            x, y, z, e, f = fields
            self._move(
                None if x is None else float(x),
                None if y is None else float(y),
                None if z is None else float(z),
                None if e is None else float(e),
                None if f is None else float(f),
            )
            return self._now_s
        words = parse_line(command)
        if words is None:
            return self._now_s
        get = words.values.get
        if words.code in ("G0", "G1"):
            self._move(get("X"), get("Y"), get("Z"), get("E"), get("F"))
            return self._now_s
        if words.code == "G4":
            self._now_s += (get("S") or 0.0) + (get("P") or 0.0) / 1000.0
        elif words.code == "M204":
            self._acceleration = get("P") or get("S") or self._acceleration
        self._modal.apply(words)
        return self._now_s

    def _move(self, x: float | None, y: float | None, z: float | None, e: float | None, f: float | None) -> None:
        modal = self._modal
        from_x, from_y, from_z = modal.x, modal.y, modal.z
        filament = modal.move(x, y, z, e, f)
        dx, dy = modal.x - from_x, modal.y - from_y
        length = math.hypot(dx, dy)
        speed = modal.feed_mm_min / 60.0
        if length > 0.0:
            if filament > 0.0 and (not self.layers or modal.z > self.layers[-1].z_mm):
                self.layers.append(Layer(self._command, modal.z))
            velocity = (dx / length * speed, dy / length * speed)
        else:
            length = abs(modal.z - from_z) or abs(filament)
            velocity = (0.0, 0.0)
        if length > 0.0:
            self._now_s += self._duration(length, speed, velocity)
            self._velocity = velocity

    def _duration(self, length: float, speed: float, velocity: tuple[float, float]) -> float:
        """The corner before this move costs the braking and the speeding up, but never more than a full stop."""
        change = math.hypot(velocity[0] - self._velocity[0], velocity[1] - self._velocity[1])
        cruise = length / speed
        if change <= _JERK_MM_S:
            return cruise
        kept = _JERK_MM_S / change
        corner = cruise + speed * (1.0 - kept) * (1.0 - kept) / self._acceleration
        return min(corner, max(cruise, 2.0 * math.sqrt(length / self._acceleration)))

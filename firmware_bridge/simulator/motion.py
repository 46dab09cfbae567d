"""Where the head is, and the planner's queue of blocks that takes real time to empty."""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final

BLOCKS: Final = 15
"""Marlin's BLOCK_BUFFER_SIZE of 16 is a ring: one place stays free."""
_JERK_MM_S: Final = 8.0


@dataclass(frozen=True)
class Limits:
    """Reach in mm, M203's speeds in mm/s, M204's acceleration in mm/s2."""

    reach: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    speed_mm_s: tuple[float, float, float, float] = (200.0, 200.0, 12.0, 120.0)
    acceleration_mm_s2: float = 1250.0


@dataclass
class Motion:
    """Positions are where the last accepted move ends. `now` is machine time in s, never going back."""

    limits: Limits
    takes_time: bool = True
    position: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0, 0.0])
    relative: bool = False
    e_relative: bool = False
    feed_mm_s: float = 25.0
    acceleration_mm_s2: float = 0.0
    runs_dry: int = 0
    dry_longest_s: float = 0.0
    _ends: deque[float] = field(default_factory=deque)
    _last_end: float = 0.0
    _velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)
    _flowing: bool = False

    def __post_init__(self) -> None:
        self.acceleration_mm_s2 = self.acceleration_mm_s2 or self.limits.acceleration_mm_s2

    def restart(self, now: float) -> None:
        """As after a reset; what was counted stays."""
        self.stop(now)
        self.position = [0.0, 0.0, 0.0, 0.0]
        self.relative = self.e_relative = False
        self.feed_mm_s = 25.0
        self.acceleration_mm_s2 = self.limits.acceleration_mm_s2
        self._velocity = (0.0, 0.0, 0.0)

    def free_blocks(self, now: float) -> int:
        """Room in the planner."""
        ends = self._ends
        while ends and ends[0] <= now:
            ends.popleft()
        return BLOCKS - len(ends)

    @property
    def next_end(self) -> float:
        """When the block that is being executed will be done; only while there is one."""
        return self._ends[0]

    def ends_at(self, now: float) -> float:
        """When all that is planned is done."""
        return max(now, self._last_end) if self._ends else now

    def target(self, axis: int, value: float) -> float:
        """Where a word of a move leads, within Marlin's software end stops."""
        relative = self.e_relative if axis == 3 else self.relative
        goal = self.position[axis] + value if relative else value
        if axis == 3:
            return goal
        low, high = self.limits.reach[axis]
        return min(max(goal, low), high)

    def enqueue(self, goal: list[float], now: float) -> None:
        """Plan a move to `goal` (X Y Z E); there must be a free block. No block for a move of no length."""
        dx, dy, dz, de = (b - a for a, b in zip(self.position, goal, strict=True))
        self.position = goal
        if not (dx or dy or dz or de) or not self.takes_time:
            return
        start = self._last_end
        if start < now:
            self._note_dry(now - start)
            self._velocity = (0.0, 0.0, 0.0)
            start = now
        self._last_end = start + self._duration(dx, dy, dz, de)
        self._ends.append(self._last_end)
        self._flowing = True

    def expect_pause(self) -> None:
        """The planner will run empty because a command wants it so, not because lines came too late."""
        self._flowing = False

    def stop(self, now: float) -> None:
        """Forget all that is planned."""
        self._ends.clear()
        self._last_end = now
        self._flowing = False

    def _note_dry(self, seconds: float) -> None:
        if self._flowing and seconds < 10.0:
            self.runs_dry += 1
            self.dry_longest_s = max(self.dry_longest_s, seconds)

    def _duration(self, dx: float, dy: float, dz: float, de: float) -> float:
        length = math.sqrt(dx * dx + dy * dy + dz * dz) or abs(de)
        x_max, y_max, z_max, e_max = self.limits.speed_mm_s
        cruise = max(length / self.feed_mm_s, abs(dx) / x_max, abs(dy) / y_max, abs(dz) / z_max, abs(de) / e_max)
        velocity = (dx / cruise, dy / cruise, dz / cruise)
        change = math.dist(velocity, self._velocity)
        self._velocity = velocity
        if change <= _JERK_MM_S:
            return cruise
        lost = 1.0 - _JERK_MM_S / change
        corner = cruise + length / cruise * lost * lost / self.acceleration_mm_s2
        return min(corner, max(cruise, 2.0 * math.sqrt(length / self.acceleration_mm_s2)))

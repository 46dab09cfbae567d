"""Where the head is, and the planner's queue of blocks that takes real time to empty."""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final

_GAPS_KEPT: Final = 100_000
_JERK_MM_S: Final = 8.0


@dataclass(frozen=True)
class Limits:
    """Reach in mm, M203's speeds in mm/s, M204's acceleration in mm/s2."""

    reach: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    speed_mm_s: tuple[float, float, float, float] = (200.0, 200.0, 12.0, 120.0)
    acceleration_mm_s2: float = 1250.0


class Starvation:
    """How often, and how long each time, the planner was empty while lines remained."""

    def __init__(self) -> None:
        self.times = 0
        self.longest_s = 0.0
        self._gaps: deque[float] = deque(maxlen=_GAPS_KEPT)

    def note(self, seconds: float) -> None:
        """It was empty for so long."""
        self.times += 1
        self.longest_s = max(self.longest_s, seconds)
        self._gaps.append(seconds)

    def percentile_s(self, percent: int) -> float:
        """Of the latest gaps, by nearest rank; 0 where there was none."""
        gaps = sorted(self._gaps)
        return gaps[math.ceil(len(gaps) * percent / 100) - 1] if gaps else 0.0


@dataclass
class Motion:
    """Positions are where the last accepted move ends. `now` is machine time in s, never going back.

    `blocks`: so many moves may be planned (a ring of 16 keeps one place free); `ahead_s`: or, where it is not 0,
    as many as take less time than that.
    """

    limits: Limits
    blocks: int = 15
    ahead_s: float = 0.0
    takes_time: bool = True
    position: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0, 0.0])
    relative: bool = False
    e_relative: bool = False
    homed: bool = False
    feed_mm_s: float = 25.0
    acceleration_mm_s2: float = 0.0
    starvation: Starvation = field(default_factory=Starvation)
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
        self.relative = self.e_relative = self.homed = False
        self.feed_mm_s = 25.0
        self.acceleration_mm_s2 = self.limits.acceleration_mm_s2
        self._velocity = (0.0, 0.0, 0.0)

    def free_blocks(self, now: float) -> int:
        """Room in the planner."""
        ends = self._ends
        while ends and ends[0] <= now:
            ends.popleft()
        return self.blocks - len(ends)

    def takes_move(self, now: float) -> bool:
        """Whether the planner has room for one more move."""
        return self.free_blocks(now) > 0 and (not self.ahead_s or self._last_end < now + self.ahead_s)

    def takes_move_at(self) -> float:
        """When it will have room; only while it has none."""
        return self._last_end - self.ahead_s if self.ahead_s else self._ends[0]

    def ends_at(self, now: float) -> float:
        """When all that is planned is done."""
        return max(now, self._last_end) if self._ends else now

    def target(self, axis: int, value: float) -> float:
        """Where a word of a move leads."""
        relative = self.e_relative if axis == 3 else self.relative
        return self.position[axis] + value if relative else value

    def within_reach(self, goal: list[float]) -> list[float]:
        """Marlin's software end stops."""
        reached = [min(max(value, low), high) for value, (low, high) in zip(goal, self.limits.reach, strict=False)]
        return [*reached, goal[3]]

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
            self.starvation.note(seconds)

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

"""Measurements over time as the geometry of an SVG drawing. Pure: samples in, lines and ticks out.

Lines differ in colour and in stroke, and carry their name: the drawing says the same in black and white.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SILENCE_MS: Final = 150_000
"""A line is broken where nothing was heard for longer: nobody knows what was there."""
DAY_MINUTES: Final = 1440
MOST_STEPS: Final = 5


@dataclass(frozen=True)
class Quantity:
    """What one drawing shows. `lines` in the order in which they are drawn; `nameless` ones carry no name.

    A value below `lowest` or above `highest` was never measured; targets from `least_target` on are one. The axis
    goes from 0 to `least_top` at least.
    """

    lines: tuple[str, ...]
    lowest: float
    highest: float
    least_top: float
    nameless: frozenset[str] = frozenset()
    least_target: float = 0.5


TEMPERATURE: Final = Quantity(
    ("nozzle_target", "bed_target", "bed", "nozzle"),
    -50.0,
    500.0,
    50.0,
    frozenset({"nozzle_target", "bed_target"}),
)
"""Celsius."""
PROGRESS: Final = Quantity(("done",), 0.0, 100.0, 100.0)
"""Percent."""
RATE: Final = Quantity(("lines_per_s",), 0.0, 1e6, 10.0)
"""Lines a second."""
ROUND_TRIP: Final = Quantity(("round_trip_p50", "round_trip_p99"), 0.0, 1e6, 10.0)
"""Milliseconds."""


@dataclass(frozen=True)
class Sample:
    """Celsius, percent, lines a second, milliseconds; None: not reported."""

    at_ms: int
    nozzle: float | None = None
    bed: float | None = None
    nozzle_target: float | None = None
    bed_target: float | None = None
    done: float | None = None
    lines_per_s: float | None = None
    round_trip_p50: float | None = None
    round_trip_p99: float | None = None


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """`path` is the `d` of an SVG path; `label_y` is where its name goes at the right edge."""

    name: str
    path: str
    last: float
    label_y: float


@dataclass(frozen=True)
class Frame:
    """Sizes in the drawing's own units; the plot area lies inside the margins."""

    width: float
    height: float
    left: float = 44.0
    right: float = 108.0
    top: float = 30.0
    bottom: float = 46.0

    @property
    def right_edge(self) -> float:
        """x of the end of time."""
        return self.width - self.right

    @property
    def bottom_edge(self) -> float:
        """y of 0."""
        return self.height - self.bottom

    @property
    def middle(self) -> float:
        """x of the axis' title."""
        return (self.left + self.right_edge) / 2

    @property
    def centre(self) -> float:
        """y of the plot's middle."""
        return (self.top + self.bottom_edge) / 2


WIDE: Final = Frame(960, 340)
NARROW: Final = Frame(340, 280, left=40.0, right=62.0)
WIDE_LOW: Final = Frame(960, 210)
NARROW_LOW: Final = Frame(340, 210, left=40.0, right=62.0)


@dataclass(frozen=True)
class Plot:
    """What the template draws. `in_days`: the times are dates, not hours."""

    frame: Frame
    levels: tuple[Tick, ...]
    times: tuple[Tick, ...]
    lines: tuple[Line, ...]
    in_days: bool


def draw(
    samples: Sequence[Sample],
    from_ms: int,
    to_ms: int,
    frame: Frame,
    local: Callable[[int], datetime],
    quantity: Quantity = TEMPERATURE,
) -> Plot:
    """`local` gives the wall clock of a moment, for ticks at round times."""
    values = [value for name in quantity.lines for value in _values(samples, name, quantity)]
    levels = round_levels(max(values, default=0.0), quantity.least_top)
    top = levels[-1]
    span_ms = max(1, to_ms - from_ms)

    def x(at_ms: float) -> float:
        return frame.left + (at_ms - from_ms) / span_ms * (frame.right_edge - frame.left)

    def y(value: float) -> float:
        return frame.bottom_edge - value / top * (frame.bottom_edge - frame.top)

    lines = [_line(samples, name, quantity, x, y) for name in quantity.lines]
    minutes = _tick_minutes(span_ms, frame)
    return Plot(
        frame=frame,
        levels=tuple(Tick(round(y(level), 1), written(level)) for level in levels),
        times=tuple(Tick(round(x(at), 1), label) for at, label in _times(from_ms, to_ms, minutes, local)),
        lines=tuple(_apart([line for line in lines if line is not None], quantity, frame)),
        in_days=minutes >= DAY_MINUTES,
    )


def _values(samples: Iterable[Sample], name: str, quantity: Quantity) -> Iterable[float]:
    """What can have been measured; a target of 0 is none."""
    floor = quantity.least_target if name.endswith("target") else quantity.lowest
    values = (getattr(sample, name) for sample in samples)
    return (value for value in values if value is not None and floor <= value <= quantity.highest)


def _line(
    samples: Sequence[Sample],
    name: str,
    quantity: Quantity,
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> Line | None:
    parts: list[str] = []
    last: tuple[int, float] | None = None
    for sample in samples:
        value = next(iter(_values([sample], name, quantity)), None)
        if value is None:
            continue
        is_on = last is not None and sample.at_ms - last[0] <= SILENCE_MS
        place = f"{x(sample.at_ms):.1f} {y(max(0.0, value)):.1f}"
        parts.append(f"L{place}" if is_on else f"M{place}h0")  # of no length: one sample alone is a dot
        last = (sample.at_ms, value)
    if last is None:
        return None
    return Line(name, "".join(parts), last[1], y(max(0.0, last[1])))


def _apart(lines: Sequence[Line], quantity: Quantity, frame: Frame, distance: float = 17.0) -> list[Line]:
    """Names of lines, from low to high, moved up until none covers another."""
    named = sorted((line for line in lines if line.name not in quantity.nameless), key=lambda line: -line.label_y)
    places: dict[str, float] = {}
    lowest = frame.bottom_edge - 2
    for line in named:
        places[line.name] = min(line.label_y, lowest)
        lowest = places[line.name] - distance
    return [Line(line.name, line.path, line.last, round(places.get(line.name, line.label_y), 1)) for line in lines]


def round_levels(highest: float, least_top: float) -> list[float]:
    """Round values from 0 to the first that is not below `highest`, a handful."""
    top = max(highest, least_top)
    power = 10.0 ** math.floor(math.log10(top / MOST_STEPS))
    step = next(power * n for n in (1, 2, 5, 10) if top / (power * n) <= MOST_STEPS)
    return [step * n for n in range(math.ceil(round(top / step, 9)) + 1)]


def written(level: float) -> str:
    """A round number on an axis; thousands apart."""
    return f"{level:,.0f}".replace(",", "\u202f") if level >= 1 else f"{level:g}"


def _tick_minutes(span_ms: int, frame: Frame) -> int:
    """At most one tick for every 58 units of width."""
    most = max(2.0, (frame.right_edge - frame.left) / 58.0)
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
    return next((minutes for minutes in steps if span_ms / 60_000 / minutes <= most), DAY_MINUTES)


def _times(from_ms: int, to_ms: int, minutes: int, local: Callable[[int], datetime]) -> Iterable[tuple[int, str]]:
    """Round moments by the wall clock, every so many minutes."""
    start = local(from_ms)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    step = timedelta(minutes=minutes)
    moment = midnight + step * math.ceil((start - midnight) / step)
    while (at_ms := int(moment.timestamp() * 1000)) <= to_ms:
        yield at_ms, _named(moment, minutes)
        moment += step


def _named(moment: datetime, every_minutes: int) -> str:
    """The axis' title says whether it is hours or days."""
    in_days = every_minutes >= DAY_MINUTES
    return f"{moment.day}/{moment.month}" if in_days else f"{moment.hour}:{moment.minute:02d}"

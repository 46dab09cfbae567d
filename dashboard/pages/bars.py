"""Counts as the geometry of bars in an SVG drawing. Pure: numbers in, rectangles and ticks out.

Parts of a bar differ in colour and in hatching, and the legend names them: it says the same in black and white.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.pages.plot import Frame, Tick, round_levels, written

NARROWEST_LABEL: Final = 58.0
"""One label under a bar for every so many units."""
ROW: Final = 34.0
GAP: Final = "–"
LONGEST_NAME: Final = {"wide": 30, "narrow": 34}


@dataclass(frozen=True)
class Bar:
    """One thing and its parts, in the order of the legend; no parts: there is nothing to measure, not even 0."""

    label: str
    parts: tuple[float, ...]
    said: str = ""

    @property
    def is_gap(self) -> bool:
        """Nothing to measure."""
        return not self.parts

    @property
    def length(self) -> float:
        """All parts together."""
        return sum(self.parts)


@dataclass(frozen=True)
class Block:
    """A rectangle; `part` counts from 0."""

    part: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Name:
    """A text beside a bar."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Bars:
    """What the template draws. `levels` are heights of a standing drawing, or places along a lying one."""

    frame: Frame
    blocks: tuple[Block, ...]
    levels: tuple[Tick, ...]
    labels: tuple[Tick, ...] = ()
    names: tuple[Name, ...] = ()
    values: tuple[Name, ...] = ()
    gaps: tuple[Name, ...] = ()


STANDING_WIDE: Final = Frame(960, 300, right=12.0)
STANDING_NARROW: Final = Frame(340, 260, left=40.0, right=8.0)


def standing(bars: Sequence[Bar], frame: Frame, least_top: float) -> Bars:
    """One beside the other, in time; a dash where there is a gap. The axis goes from 0 to `least_top` at least."""
    levels = round_levels(max((bar.length for bar in bars), default=0.0), least_top)
    width = (frame.right_edge - frame.left) / max(1, len(bars))
    scale = (frame.bottom_edge - frame.top) / levels[-1]
    every = max(1, math.ceil(NARROWEST_LABEL / width))
    blocks = []
    for n, bar in enumerate(bars):
        bottom = frame.bottom_edge
        for part, value in enumerate(bar.parts):
            height = value * scale
            bottom -= height
            if value > 0:
                x = frame.left + n * width + width * 0.1
                blocks.append(_block(part, x, bottom, width * 0.8, height))
    return Bars(
        frame,
        tuple(blocks),
        tuple(Tick(round(frame.bottom_edge - level * scale, 1), written(level)) for level in levels),
        tuple(
            Tick(round(frame.left + (n + 0.5) * width, 1), bar.label)
            for n, bar in enumerate(bars)
            if n % every == 0
        ),
        gaps=tuple(
            Name(round(frame.left + (n + 0.5) * width, 1), frame.bottom_edge - 4, GAP)
            for n, bar in enumerate(bars)
            if bar.is_gap
        ),
    )


def lying(bars: Sequence[Bar], size: str, least_top: float) -> Bars:
    """One below the other: its name before it (`wide`) or above it (`narrow`), its value behind it."""
    is_wide = size == "wide"
    row = ROW if is_wide else ROW + 16
    frame = Frame(
        960.0 if is_wide else 340.0,
        30.0 + row * len(bars),
        left=260.0 if is_wide else 0.0,
        right=80.0 if is_wide else 64.0,
        top=0.0,
        bottom=30.0,
    )
    levels = round_levels(max((bar.length for bar in bars), default=0.0), least_top)
    scale = (frame.right_edge - frame.left) / levels[-1]
    blocks, names, values = [], [], []
    for n, bar in enumerate(bars):
        x, y = frame.left, n * row + (6 if is_wide else 22)
        for part, value in enumerate(bar.parts):
            if value > 0:
                blocks.append(_block(part, x, y, value * scale, ROW - 12))
            x += value * scale
        text = _shortened(bar.label, LONGEST_NAME[size])
        names.append(Name(frame.left - 10 if is_wide else 0, y + (16 if is_wide else -7), text))
        values.append(Name(round(x + 8, 1), y + 16, bar.said))
    every = 1 if is_wide else 2
    ticks = tuple(Tick(round(frame.left + level * scale, 1), written(level)) for level in levels[::every])
    return Bars(frame, tuple(blocks), ticks, (), tuple(names), tuple(values))


def _block(part: int, x: float, y: float, width: float, height: float) -> Block:
    return Block(part, round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

"""Choices that must lie in the lower half of the glass: how many beside each other, and how many a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Arrangement:
    """`each`: choices a page. `height`: of the highest page, in pixels."""

    columns: int
    each: int
    height: float


def arranged(
    heights: Mapping[int, Sequence[float]], reach: float, room: float, gap: float, more: Sequence[float]
) -> Arrangement:
    """As few pages as there can be, then as few columns.

    `heights`: for each number of columns in which every choice fits, how high each choice is then. The bottom of
    the highest row may lie `reach` above that of the lowest: so much of it must be within reach. All rows fit in
    `room`. `more`: heights of what stands behind the choices of each page where there are several. Pixels.
    """
    count = len(heights[1])
    for each in range(count, 0, -1):
        for columns, of_choices in heights.items():
            pages = [of_choices[first : first + each] for first in range(0, count, each)]
            pages = [[*page, *more] for page in pages] if len(pages) > 1 else pages
            if all(_holds(in_rows(page, columns), reach, room, gap) for page in pages):
                return Arrangement(columns, each, max(_height(in_rows(page, columns), gap) for page in pages))
    return Arrangement(1, 1, room)


def in_rows(heights: Sequence[float], columns: int) -> list[float]:
    """How high each row is, from the top."""
    return [max(heights[first : first + columns]) for first in range(0, len(heights), columns)]


def _holds(rows: Sequence[float], reach: float, room: float, gap: float) -> bool:
    below = sum(rows[1:]) + gap * (len(rows) - 1)
    return below <= reach + 1 and _height(rows, gap) <= room


def _height(rows: Sequence[float], gap: float) -> float:
    return sum(rows) + gap * max(0, len(rows) - 1)

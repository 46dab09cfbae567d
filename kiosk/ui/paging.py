"""Rows of widgets, on as many pages as they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from kivy.uix.widget import Widget

from kiosk.ui.widgets.button import Touchable
from kiosk.ui.widgets.text import Text


@dataclass(frozen=True)
class Row:
    """Widgets beside each other, and how high they are."""

    widgets: tuple[Widget, ...]
    height: float


def height_of(rows: Sequence[Row], gap: float) -> float:
    """Below each other."""
    return sum(row.height for row in rows) + gap * max(0, len(rows) - 1)


def is_heading(rows: Sequence[Row]) -> bool:
    """The first row is one text, and choices follow it."""
    if len(rows) < 2 or not isinstance(rows[0].widgets[0], Text):
        return False
    return all(isinstance(row.widgets[0], Touchable) for row in rows[1:])


def paged(rows: list[Row], height: float, gap: float) -> list[list[Row]]:
    """As many rows a page as fit; at least one."""
    pages: list[list[Row]] = [[]]
    used = 0.0
    for row in rows:
        if pages[-1] and used + row.height > height:
            # A heading goes along with what it is the heading of; an explanation stays with the title.
            last = pages[-1][-1].widgets[0]
            heads = isinstance(last, Text) and last.is_bold and isinstance(row.widgets[0], Touchable)
            along = [pages[-1].pop()] if heads and len(pages[-1]) > 1 else []
            pages.append(along)
            used = sum(one.height + gap for one in along)
        pages[-1].append(row)
        used += row.height + gap
    return pages

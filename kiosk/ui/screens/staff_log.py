"""The bridge's log: as many of its lines as fit, the newest at the bottom."""

from kiosk.presenters.staff.views import LogView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.text import Text

LINES, SMALL_LINES = 10, 5
"""On one page; fewer where long lines wrap."""


class LogScreen(Screen[LogView]):
    """Pages of lines, from the end."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._empty = Text(theme_, theme.LEAD_MM, halign="center", name="empty")
        count = SMALL_LINES if theme_.is_small else LINES
        self._lines = [Text(theme_, theme.BODY_MM, name=f"log-{n}") for n in range(count)]
        self.add(self._title, self._empty, *self._lines)

    def show(self, body: LogView) -> None:
        self._title.text, self._empty.text = body.title, body.empty
        count = len(self._lines)
        skip = min(body.skip * count, max(0, len(body.lines) - 1))
        end = len(body.lines) - skip
        shown = body.lines[max(0, end - count) : end]
        for text, line in zip(self._lines, (*shown, *[""] * count), strict=False):
            text.text = line
            text.opacity = float(bool(line))

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        self._title.put(slot)
        self._empty.put(room)
        # The newest are the last to be left out.
        for text in reversed([text for text in self._lines if text.text]):
            high = text.height_for(room.w)
            fits = high <= room.h
            text.opacity = float(fits)
            if not fits:
                room = room.cut_top(room.h)[1]
                continue
            line, room = room.cut_bottom(high, self.theme.mm(0.8))
            text.put(line)

"""Half a minute to wipe the glass: there is nothing to press."""

from kiosk.presenters.staff.views import CleanView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.meters import FillBar
from kiosk.ui.widgets.text import Icon, Text


class CleanScreen(Screen[CleanView]):
    """A countdown in the middle."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._icon = Icon(theme_, "spray", 16)
        self._title = Text(theme_, theme.DISPLAY_MM * 0.8, bold=True, halign="center", name="title")
        self._words = Text(theme_, theme.LEAD_MM, halign="center", name="explanation")
        self._bar = FillBar(theme_)
        self._left = Text(theme_, theme.TITLE_MM, bold=True, halign="center", name="time-left")
        self.add(self._icon, self._title, self._words, self._bar, self._left)

    def show(self, body: CleanView) -> None:
        self._title.text, self._words.text, self._left.text = body.title, body.words, body.left
        self._bar.show(body.share)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm = self.theme.mm
        block = room.centred(min(room.w, mm(150)), mm(72))
        icon, rest = block.cut_top(mm(18), mm(3))
        self._icon.put(icon)
        rest = self._title.put(rest, "top").cut_top(mm(2))[1]
        rest = self._words.put(rest, "top").cut_top(mm(5))[1]
        bar, rest = rest.cut_top(mm(4), mm(4))
        self._bar.put(bar)
        self._left.put(rest, "top")

"""The PIN pad: large keys, and dots for what was typed."""

from kiosk.presenters.pin import PinView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton
from kiosk.ui.widgets.panel import BadgeLine, Panel
from kiosk.ui.widgets.text import Text

KEY_MM, SMALL_KEY_MM = 20.0, 15.0
_WIDE_PLACES = (0, 1, 2, 4, 5, 6, 8, 9, 10, 3, 7)
"""Of 1 to 9, erase and 0 in three rows of four: the digits keep their square."""


class PinScreen(Screen[PinView]):
    """Words on the left, the pad on the right."""

    @classmethod
    def is_low_itself(cls, _body: PinView) -> bool:
        return False

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        small = theme_.is_small
        self._title = Text(theme_, theme.LEAD_MM if small else theme.TITLE_MM, bold=True, name="title")
        self._words = Text(theme_, theme.BODY_MM if small else theme.LEAD_MM, name="explanation")
        self._hint = BadgeLine(theme_, name="hint")
        self._field = Panel(theme_, theme.CARD, theme.SOFT_INK)
        self._dots = Text(theme_, theme.LEAD_MM, bold=True, halign="center")
        self._keys: list[PushButton] = []
        self.add(self._title, self._words, self._hint, self._field, self._dots)

    def show(self, body: PinView) -> None:
        self._title.text, self._words.text, self._dots.text = body.title, body.explanation, body.dots
        self._hint.show(body.hint)
        if not self._keys:
            self._keys = [PushButton(self.theme, key, self.send) for key in body.keys]
            self.add(*self._keys)
        for button, key in zip(self._keys, body.keys, strict=True):
            button.show(key)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, small = self.theme.mm, self.theme.is_small
        gap, wide = mm(theme.TARGET_GAP_MM), small or self.theme.is_low
        pad_side, words = room.cut_right(room.w * (0.6 if wide else 0.52), self.theme.gap)
        rest = self._title.put(words, "top").cut_top(mm(2))[1]
        # Where there is no room for both, what went wrong matters more.
        field_mm = mm(10 if small else 15)
        needed = self._words.height_for(rest.w) + self._hint.height_for(rest.w) + field_mm + mm(5)
        self._words.opacity = float(needed <= rest.h)
        if needed <= rest.h:
            rest = self._words.put(rest, "top").cut_top(mm(3))[1]
        field, rest = rest.cut_top(field_mm, mm(2))
        self._field.put(field)
        self._dots.put(field)
        self._hint.put(rest)
        rows, columns = (3, 4) if wide else (4, 3)
        key = min(mm(SMALL_KEY_MM if small else KEY_MM), (pad_side.h - (rows - 1) * gap) / rows)
        if self.theme.is_low:
            key = mm(theme.TARGET_MM)
        high = rows * key + (rows - 1) * gap
        pad = pad_side.cut_bottom(high)[0] if self.theme.is_low else pad_side.cut_top(high)[0]
        spots = [spot for row in pad.rows(rows, gap) for spot in row.columns(columns, gap)]
        for button, number in zip(self._keys, _WIDE_PLACES if wide else range(11), strict=False):
            button.put(spots[number])

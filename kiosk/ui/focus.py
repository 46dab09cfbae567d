"""The whole way without touching: a keyboard, or a switch with two keys (next, choose)."""

import enum
from collections.abc import Sequence

from kivy.graphics import Color, Line
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Touchable

RING_MM, GAP_MM = 1.2, 0.6


class Key(enum.Enum):
    """What a key means. All others mean nothing."""

    NEXT = "next"
    PREVIOUS = "previous"
    CHOOSE = "choose"


_TAB, _ENTER, _SPACE, _NUMPAD_ENTER = 9, 13, 32, 271
_UP, _DOWN, _RIGHT, _LEFT = 273, 274, 275, 276
_MEANINGS = {
    **dict.fromkeys((_TAB, _SPACE, _DOWN, _RIGHT), Key.NEXT),
    **dict.fromkeys((_UP, _LEFT), Key.PREVIOUS),
    **dict.fromkeys((_ENTER, _NUMPAD_ENTER), Key.CHOOSE),
}


def meaning(code: int, modifiers: Sequence[str]) -> Key | None:
    """Of Kivy's key code; with Ctrl, Alt or Meta held a key means nothing."""
    if set(modifiers) & {"ctrl", "alt", "alt-gr", "meta"}:
        return None
    if code == _TAB and "shift" in modifiers:
        return Key.PREVIOUS
    return _MEANINGS.get(code)


class FocusRing(Widget):
    """Around what would be chosen: two lines, of which one can be seen on any ground."""

    def __init__(self, theme_: Theme) -> None:
        super().__init__(size_hint=(None, None), opacity=0.0)
        self._theme = theme_
        self.target: Touchable | None = None
        with self.canvas:
            Color(*theme_.rgb(theme.PAPER), 1)
            self._outer = Line(width=theme_.mm(RING_MM + GAP_MM) / 2)
            Color(*theme_.rgb(theme.INK), 1)
            self._inner = Line(width=theme_.mm(RING_MM) / 2)

    def hide(self) -> None:
        """A finger is there: nobody needs it."""
        self.target, self.opacity = None, 0.0

    def move(self, targets: Sequence[Touchable], by: int) -> Touchable | None:
        """To the next or the previous one, around; to the first where none was chosen yet."""
        if not targets:
            self.hide()
            return None
        names = [target.name for target in targets]
        if self.target is None or self.target.name not in names:
            return self._surround(targets[0 if by > 0 else -1])
        return self._surround(targets[(names.index(self.target.name) + by) % len(targets)])

    def follow(self, targets: Sequence[Touchable]) -> None:
        """The screen was drawn anew: around the one of the same name, else around the first."""
        if self.target is None:
            return
        same = next((target for target in targets if target.name == self.target.name), None)
        if same or targets:
            self._surround(same or targets[0])
        else:
            self.hide()

    def _surround(self, target: Touchable) -> Touchable:
        self.target, self.opacity = target, 1.0
        edge = self._theme.mm(RING_MM) / 2
        x, y = max(edge, target.x - edge), max(edge, target.y - edge)
        right, top = target.right + edge, target.top + edge
        if self.parent:
            right, top = min(right, self.parent.width - edge), min(top, self.parent.height - edge)
        box = (x, y, right - x, top - y, self._theme.mm(theme.RADIUS_MM))
        self._outer.rounded_rectangle = self._inner.rounded_rectangle = box
        return target

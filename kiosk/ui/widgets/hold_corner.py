"""The corner that staff holds for three seconds: where home stands, and on the attract screen the library's name.

A shorter touch means what it always means there. A ring fills while somebody holds.
"""

from collections.abc import Callable

from kivy.clock import Clock
from kivy.graphics import Color, Line
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme

HOLD_S = 3.0
SHOWS_AFTER_S = 0.4
"""A touch that only wants home sees no ring."""
RING_MM, THICK_MM = 13.0, 2.0
FRAMES_PER_S = 30


class HoldCorner(Widget):
    """Looks at touches and takes none, until one has been held in `place` for long enough."""

    def __init__(self, theme_: Theme, held: Callable[[], None]) -> None:
        super().__init__(size_hint=(None, None), opacity=0.0)
        self._theme, self._held = theme_, held
        self.place = Rect(0, 0, 0, 0)
        self._touch = None
        self._passed_s = 0.0
        self._middle = (0.0, 0.0)
        with self.canvas:
            Color(*theme_.rgb(theme.PAPER), 1)
            self._ground = Line(width=theme_.mm(THICK_MM + 1) / 2)
            Color(*theme_.rgb(theme.LINE), 1)
            self._track = Line(width=theme_.mm(THICK_MM) / 2)
            Color(*theme_.rgb(theme.ACTION), 1)
            self._done = Line(width=theme_.mm(THICK_MM) / 2)
        self._ticking = Clock.create_trigger(self._tick, 1 / FRAMES_PER_S, interval=True)

    @property
    def share(self) -> float:
        """How far the ring is, 0 to 1."""
        return min(1.0, self._passed_s / HOLD_S)

    def begin(self, x: float, y: float) -> None:
        """Somebody holds at that point, or the key while home has the focus."""
        self._passed_s = 0.0
        reach = self._theme.mm(RING_MM + THICK_MM)
        width, height = self.parent.size if self.parent else (x, y)
        self._middle = (min(max(x, reach), width - reach), min(max(y, reach), height - reach))
        self._ticking()

    def end(self) -> None:
        """They let go."""
        self._ticking.cancel()
        self._touch, self._passed_s, self.opacity = None, 0.0, 0.0

    def on_touch_down(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if self._touch is None and _is_in(self.place, touch):
            self._touch = touch
            self.begin(touch.x, touch.y)
        return False

    def on_touch_move(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if touch is self._touch and not _is_in(self.place, touch):
            self.end()
        return False

    def on_touch_up(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if touch is self._touch:
            self.end()
        return False

    def _tick(self, passed_s: float) -> None:
        self._passed_s += passed_s
        self.opacity = float(self._passed_s >= SHOWS_AFTER_S)
        radius = self._theme.mm(RING_MM)
        self._ground.circle = self._track.circle = (*self._middle, radius)
        self._done.circle = (*self._middle, radius, 0, 360 * self.share)
        if self._passed_s < HOLD_S:
            return
        touch = self._touch
        self.end()
        if touch is not None:
            _let_go(touch)
        self._held()


def _is_in(place: Rect, touch) -> bool:  # type: ignore[no-untyped-def]
    return bool(place.x <= touch.x <= place.x + place.w and place.y <= touch.y <= place.y + place.h)


def _let_go(touch) -> None:  # type: ignore[no-untyped-def]
    """What lies under the finger must not be pressed when it is lifted."""
    for reference in list(touch.grab_list):
        widget = reference()
        if widget is None:
            continue
        touch.ungrab(widget)
        if isinstance(widget, ButtonBehavior):
            widget.state = "normal"

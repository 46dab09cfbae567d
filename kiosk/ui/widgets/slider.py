"""A slider for the layers: a bar to slide along, and a button at each end for who does not slide."""

from collections.abc import Callable

from kivy.graphics import Color, SmoothEllipse, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.domain.intents import Touched
from kiosk.presenters.views import Action
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Tool

_STEPS = 12
"""So many touches of a button lead from one end to the other."""


class LayerSlider(Widget):
    """`moved` gets the layer, from 1 on, while a finger slides."""

    def __init__(self, theme_: Theme, moved: Callable[[int], None]) -> None:
        super().__init__(size_hint=(None, None))
        self._theme, self._moved = theme_, moved
        self._layer, self._layers = 1, 1
        self._track = Rect(0, 0, 1, 1)
        self._fewer = Tool(theme_, Action("fewer-layers", "", "minus", Touched()), lambda _i: self._step(-1))
        self._more = Tool(theme_, Action("more-layers", "", "plus", Touched()), lambda _i: self._step(1))
        with self.canvas:
            Color(*theme_.rgb(theme.LINE), 1)
            self._bar = SmoothRoundedRectangle()
            self._colour = Color(*theme_.spool, 1)
            self._done = SmoothRoundedRectangle()
            Color(*theme_.rgb(theme.INK), 1)
            self._edge = SmoothEllipse()
            Color(*theme_.rgb(theme.CARD), 1)
            self._knob = SmoothEllipse()
        for part in (self._fewer, self._more):
            self.add_widget(part)

    def say(self, fewer: str, more: str) -> None:
        """The words of the buttons."""
        self._fewer.say(fewer)
        self._more.say(more)

    def show(self, layer: int, layers: int) -> None:
        """So far of so many."""
        self._layer, self._layers = layer, max(1, layers)
        self._colour.rgb = self._theme.spool
        self._follow()

    def put(self, room: Rect) -> None:
        """Fill `room`, which is as high as a target."""
        mm = self._theme.mm
        self.pos, self.size = room.pos, room.size
        fewer, rest = room.cut_left(max(mm(theme.TARGET_MM), self._fewer.natural_width()), mm(4))
        more, rest = rest.cut_right(max(mm(theme.TARGET_MM), self._more.natural_width()), mm(4))
        self._fewer.put(fewer)
        self._more.put(more)
        self._track = rest
        self._follow()

    def _follow(self) -> None:
        mm, track = self._theme.mm, self._track
        thick, knob = mm(3), mm(8)
        middle = track.y + track.h / 2
        share = (self._layer - 1) / max(1, self._layers - 1)
        x = track.x + share * track.w
        self._bar.pos, self._bar.size = (track.x, middle - thick / 2), (track.w, thick)
        self._done.pos, self._done.size = (track.x, middle - thick / 2), (max(thick, x - track.x), thick)
        self._bar.radius = self._done.radius = [thick / 2]
        self._edge.pos, self._edge.size = (x - knob / 2, middle - knob / 2), (knob, knob)
        edge = max(2.0, mm(0.5))
        self._knob.pos = (x - knob / 2 + edge, middle - knob / 2 + edge)
        self._knob.size = (knob - 2 * edge, knob - 2 * edge)

    def _step(self, ways: int) -> None:
        step = max(1, round(self._layers / _STEPS))
        self._moved(min(self._layers, max(1, self._layer + ways * step)))

    def on_touch_down(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if super().on_touch_down(touch):
            return True
        track = self._track
        if not (track.x - track.h / 2 <= touch.x <= track.x + track.w + track.h / 2):
            return False
        if not track.y <= touch.y <= track.y + track.h:
            return False
        touch.grab(self)
        self._slide(touch.x)
        return True

    def on_touch_move(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if touch.grab_current is not self:
            return bool(super().on_touch_move(touch))
        self._slide(touch.x)
        return True

    def on_touch_up(self, touch) -> bool:  # type: ignore[no-untyped-def]
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        return True

    def _slide(self, x: float) -> None:
        share = min(1.0, max(0.0, (x - self._track.x) / max(1.0, self._track.w)))
        self._moved(1 + round(share * (self._layers - 1)))

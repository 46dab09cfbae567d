"""The printer, and on it an icon that says what is the matter."""

from pathlib import Path

from kivy.graphics import Color, SmoothEllipse
from kivy.uix.image import Image
from kivy.uix.widget import Widget

from kiosk.presenters.views import Tone
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.text import Icon

SIGN_SHARE = 0.46


class Disc(Widget):
    """A round ground with an edge."""

    def __init__(self, theme_: Theme) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._edge_px = max(2.0, theme_.mm(0.5))
        with self.canvas:
            self._edge_colour = Color(1, 1, 1, 1)
            self._outer = SmoothEllipse()
            self._ground_colour = Color(1, 1, 1, 1)
            self._inner = SmoothEllipse()

    def paint(self, ground: theme.Colour, edge: theme.Colour) -> None:
        """In those colours."""
        self._ground_colour.rgb, self._edge_colour.rgb = self._theme.rgb(ground), self._theme.rgb(edge)

    def put(self, room: Rect) -> None:
        """Fill `room`, which is square."""
        self.pos, self.size = room.pos, room.size
        inner = room.inset(self._edge_px)
        self._outer.pos, self._outer.size = room.pos, room.size
        self._inner.pos, self._inner.size = inner.pos, inner.size


class PrinterPicture(Widget):
    """The picture has its own colours; SIGN_SHARE of its side is the icon's round ground."""

    def __init__(self, theme_: Theme) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._picture = Image(size_hint=(None, None), fit_mode="contain")
        self._round = Disc(theme_)
        self._icon = Icon(theme_, size_mm=10)
        for part in (self._picture, self._round, self._icon):
            self.add_widget(part)

    def show(self, picture: Path | None, icon: str, tone: Tone) -> None:
        """With that icon on it; no picture: the icon alone."""
        self._picture.source = str(picture) if picture and picture.is_file() else ""
        self._picture.opacity = float(bool(self._picture.source))
        ink, ground = theme.TONES[tone]
        if tone is Tone.PLAIN:
            ink, ground = theme.CARD, theme.SOFT_INK
        self._round.paint(ground, ink)
        self._icon.show(icon)
        self._icon.paint(ink)

    def put(self, room: Rect) -> None:
        """As large as fits; the icon at the bottom right of the picture."""
        self.pos, self.size = room.pos, room.size
        side = min(room.w, room.h)
        square = room.centred(side, side)
        self._picture.pos, self._picture.size = square.pos, square.size
        sign = round(side * SIGN_SHARE)
        spot = Rect(square.x + square.w - sign, square.y, sign, sign)
        if not self._picture.source:
            spot = square.centred(sign * 1.6, sign * 1.6)
        self._round.put(spot)
        self._icon.font_size = spot.h * 0.62
        self._icon.size = (spot.h * 0.62, spot.h * 0.62)
        self._icon.put(spot)

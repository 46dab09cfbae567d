"""How far, and how warm: meters that can be read without reading."""

from kivy.graphics import Color, SmoothEllipse, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.presenters.views import Heat
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Icon, Text


class FillBar(Widget):
    """A bar that fills with the spool's colour."""

    def __init__(self, theme_: Theme) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._share = 0.0
        with self.canvas:
            Color(*theme_.rgb(theme.LINE), 1)
            self._track = SmoothRoundedRectangle()
            self._colour = Color(*theme_.spool, 1)
            self._bar = SmoothRoundedRectangle()

    def show(self, share: float) -> None:
        """Of 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self._colour.rgb = self._theme.spool
        self._follow()

    def put(self, room: Rect) -> None:
        """Fill `room`."""
        self.pos, self.size = room.pos, room.size
        self._follow()

    def _follow(self) -> None:
        radius = [self.height / 2]
        self._track.pos, self._track.size, self._track.radius = self.pos, self.size, radius
        width = max(self.height, self.width * self._share) if self._share else 0.0
        self._bar.pos, self._bar.size, self._bar.radius = self.pos, (width, self.height), radius


class Thermometer(Widget):
    """A tube with a bulb; marks show where it is going, or from where on hands may come near."""

    def __init__(self, theme_: Theme, name: str) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._heat: Heat | None = None
        self._panel = Panel(theme_)
        self.add_widget(self._panel)
        with self.canvas:
            Color(*theme_.rgb(theme.LINE), 1)
            self._glass = SmoothRoundedRectangle()
            self._bulb_glass = SmoothEllipse()
            self._ink = Color(*theme_.rgb(theme.SOFT_INK), 1)
            self._column = SmoothRoundedRectangle()
            self._bulb = SmoothEllipse()
            Color(*theme_.rgb(theme.INK), 1)
            self._mark = SmoothRoundedRectangle()
        self._name = Text(theme_, theme.BODY_MM)
        self._reading = Text(theme_, theme.BODY_MM if theme_.is_small else theme.LEAD_MM, bold=True, name=name)
        self._icon = Icon(theme_, size_mm=5)
        self._word = Text(theme_, theme.BODY_MM)
        for part in (self._name, self._reading, self._icon, self._word):
            self.add_widget(part)

    def show(self, heat: Heat) -> None:
        """As warm as that."""
        self._heat = heat
        ink = theme.TONES[heat.tone][0]
        self._ink.rgb = self._theme.rgb(ink)
        self._name.text, self._reading.text, self._word.text = heat.name, heat.reading, heat.word
        self._icon.show(heat.icon if heat.word else "")
        self._icon.paint(ink)
        self._word.paint(ink)

    def put(self, room: Rect) -> None:
        """The tube on the left, words beside it."""
        self.pos, self.size = room.pos, room.size
        mm = self._theme.mm
        self._panel.put(room)
        tube, words = room.inset(mm(2.5), mm(1.5 if self._theme.is_small else 2.5)).cut_left(mm(5.5), mm(2.5))
        self._draw(tube)
        if self._theme.is_small:
            name, reading = words.rows(2)
            self._name.put(name, "bottom")
            self._reading.put(reading, "top")
            self._word.opacity = self._icon.opacity = 0.0
            return
        name, words = words.cut_top(mm(5.6))
        self._name.put(name)
        reading, words = words.cut_top(mm(7.5))
        self._reading.put(reading)
        spot, word = words.cut_left(self._icon.width, mm(1))
        both = self._word.natural_width() <= word.w
        self._icon.opacity = float(both)
        self._icon.put(spot)
        self._word.put(word if both else words)

    def _draw(self, tube: Rect) -> None:
        heat = self._heat
        bulb, width = tube.w, tube.w * 0.5
        x = tube.x + (tube.w - width) / 2
        length = tube.h - bulb / 2
        self._bulb_glass.pos, self._bulb_glass.size = (tube.x, tube.y), (bulb, bulb)
        self._glass.pos, self._glass.size = (x, tube.y + bulb / 2), (width, length)
        self._glass.radius = [width / 2]
        edge = max(1.0, self._theme.mm(0.5))
        foot, full = tube.y + bulb * 0.75, length - bulb * 0.5
        self._bulb.pos, self._bulb.size = (tube.x + edge, tube.y + edge), (bulb - 2 * edge, bulb - 2 * edge)
        share = heat.share if heat else 0.0
        self._column.pos = (x + edge, tube.y + bulb / 2)
        self._column.size = (width - 2 * edge, max(1.0, foot - tube.y - bulb / 2 + full * share))
        self._column.radius = [max(1.0, (width - 2 * edge) / 2)]
        mark = (heat.safe if heat.safe is not None else heat.target) if heat else None
        thick = max(2.0, self._theme.mm(0.6))
        size = (tube.w, thick) if mark is not None else (0.0, 0.0)
        self._mark.pos, self._mark.size = (tube.x, foot + full * (mark or 0.0)), size
        self._mark.radius = [thick / 2]

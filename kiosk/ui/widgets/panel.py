"""Rounded grounds, pictures and badges."""

from pathlib import Path

from kivy.graphics import Color, SmoothLine, SmoothRoundedRectangle
from kivy.properties import AliasProperty
from kivy.uix.image import Image
from kivy.uix.widget import Widget

from kiosk.presenters.views import Badge, Tone
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Colour, Theme
from kiosk.ui.widgets.text import Icon, Text

_NOTHING = (0.0, 0.0)


class Panel(Widget):
    """A rounded rectangle with a soft edge, on which other things lie."""

    def __init__(
        self,
        theme_: Theme,
        ground: Colour = theme.CARD,
        edge: Colour = theme.LINE,
        radius_mm: float = theme.RADIUS_MM,
    ) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._edge_px = max(1.0, theme_.mm(0.25))
        self.ground = theme_.rgb(ground)
        self._radius = theme_.mm(radius_mm)
        with self.canvas.before:
            self._ground_colour = Color(*theme_.rgb(ground), 1)
            self._shape = SmoothRoundedRectangle(radius=[self._radius])
            self._edge_colour = Color(*theme_.rgb(edge), 1)
            self._edge = SmoothLine(width=self._edge_px / 2, overdraw_width=1.2)
        self.bind(pos=self._follow, size=self._follow, opacity=self._follow)

    def paint(self, ground: Colour, edge: Colour) -> None:
        """In other colours."""
        self.ground = self._theme.rgb(ground)
        self._ground_colour.rgb, self._edge_colour.rgb = self.ground, self._theme.rgb(edge)
        self._follow()

    def put(self, room: Rect) -> None:
        """Fill `room`."""
        self.pos, self.size = room.pos, room.size

    def _follow(self, *_: object) -> None:
        """Pixels that nobody would see are not drawn: they cost as much as all others."""
        is_seen, is_edged = self.opacity > 0, self._ground_colour.rgb != self._edge_colour.rgb
        self._shape.pos, self._shape.size = self.pos, self.size if is_seen else _NOTHING
        e = self._edge_px / 2
        size = (max(1.0, self.width - 2 * e), max(1.0, self.height - 2 * e))
        if is_seen and is_edged:
            self._edge.rounded_rectangle = (self.x + e, self.y + e, *size, self._radius - e)
        else:
            self._edge.points = ()


class Picture(Image):
    """A picture of a model: light and shade from the file, colour from the spool."""

    def _drawn_size(self) -> tuple[float, float]:
        """Kivy's own draws a white rectangle where there is no picture."""
        return tuple(self.get_norm_image_size()) if self.texture else _NOTHING

    norm_image_size = AliasProperty(_drawn_size, bind=("texture", "size", "fit_mode"), cache=True)

    def __init__(self, theme_: Theme) -> None:
        super().__init__(size_hint=(None, None), fit_mode="contain", color=(1, 1, 1, 0))
        self._theme = theme_

    def show(self, picture: Path | str | None) -> None:
        """Of that file; None: nothing."""
        self.source = str(picture) if picture else ""
        if not picture:
            self.texture = None
        self.color = (*self._theme.spool, 1 if picture else 0)

    def show_as(self, other: "Picture") -> None:
        """What that one shows, without reading it again."""
        self.texture, self.color = other.texture, other.color

    def put(self, room: Rect) -> None:
        """As large as fits in `room`."""
        self.pos, self.size = room.pos, room.size


class BadgeLine(Widget):
    """An icon and a few words; with a ground of its own where the tone is not plain."""

    def __init__(self, theme_: Theme, size_mm: float = theme.BODY_MM, name: str = "", bold: bool = False) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self.name, self.bold = name, bold
        self._badge: Badge | None = None
        self._panel = Panel(theme_)
        self._icon = Icon(theme_, size_mm=min(theme_.letters_mm(size_mm) * 1.45, 10))
        self._text = Text(theme_, size_mm, bold, name=name)
        self._gap = theme_.mm(2)
        for part in (self._panel, self._icon, self._text):
            self.add_widget(part)
        self.show(None)

    def show(self, badge: Badge | None) -> None:
        """Another one; None hides it."""
        self._badge = badge
        self._text.text = badge.text if badge else ""
        self._icon.show(badge.icon if badge else "")
        tone = badge.tone if badge else Tone.PLAIN
        ink, ground = theme.TONES[tone]
        self._icon.paint(ink if tone is not Tone.PLAIN else theme.SOFT_INK)
        self._text.paint(ink)
        self._panel.opacity = 0.0 if tone is Tone.PLAIN else 1.0
        self._panel.paint(ground, ground)

    @property
    def badge(self) -> Badge | None:
        """What it shows."""
        return self._badge

    @property
    def is_empty(self) -> bool:
        """There is nothing to say."""
        return self._badge is None

    def height_for(self, width: float) -> float:
        """With its ground, when it wraps at `width`."""
        if self._badge is None or not self._badge.text:
            return 0.0
        high = max(self._text.height_for(width - self._beside), self._icon.height if self._badge.icon else 0)
        return high + 2 * self._pad_y

    def natural_width(self) -> float:
        """On one line."""
        return 0.0 if self.is_empty else self._text.natural_width() + self._beside + 1

    def least_width(self) -> float:
        """Its longest word on one line."""
        if self._badge is None:
            return 0.0
        return max(map(self._text.width_of, self._badge.text.split()), default=0.0) + self._beside

    def put(self, room: Rect) -> Rect:
        """At the top of `room`; gives back what lies below."""
        height = self.height_for(room.w)
        mine, rest = room.cut_top(height)
        self.pos, self.size = mine.pos, mine.size
        self._panel.put(mine)
        inner = mine.inset(self._pad_x, self._pad_y)
        if self._badge and self._badge.icon:
            spot, inner = inner.cut_left(self._icon.width, self._gap)
            self._icon.put(spot)
        self._text.put(inner)
        return rest

    @property
    def _pad_x(self) -> float:
        return 0.0 if self._badge is None or self._badge.tone is Tone.PLAIN else self._theme.mm(3)

    @property
    def _pad_y(self) -> float:
        return 0.0 if self._badge is None or self._badge.tone is Tone.PLAIN else self._theme.mm(1.6)

    @property
    def _beside(self) -> float:
        icon = self._icon.width + self._gap if self._badge and self._badge.icon else 0.0
        return icon + 2 * self._pad_x

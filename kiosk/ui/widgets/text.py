"""Words and icons on the glass."""

from kivy.properties import StringProperty
from kivy.uix.label import Label

from kiosk.domain.colour import Rgb
from kiosk.ui import icons, theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme


class Text(Label):
    """A text that wraps in the rectangle it is put in. `room` is that rectangle."""

    name = StringProperty("")

    def __init__(
        self,
        theme_: Theme,
        size_mm: float = theme.BODY_MM,
        bold: bool = False,
        colour: Rgb = theme.INK,
        halign: str = "left",
        name: str = "",
    ) -> None:
        font = theme_.fonts.bold if bold else theme_.fonts.regular
        super().__init__(
            font_name=str(font),
            font_size=theme_.mm(size_mm),
            color=(*colour, 1),
            disabled_color=(*colour, 1),
            halign=halign,
            valign="middle",
            size_hint=(None, None),
            markup=False,
        )
        self.name = name
        self.room = Rect(0, 0, 0, 0)

    def put(self, room: Rect, valign: str = "middle") -> Rect:
        """Into `room`; gives back what lies below the text."""
        height = self.height_for(room.w)
        y = {"top": room.y + room.h - height, "bottom": room.y}.get(valign, room.y + (room.h - height) / 2)
        self.room = room
        self.size = (room.w, height)
        self.pos = (room.x, round(y))
        return Rect(room.x, room.y, room.w, room.h - height)

    def height_for(self, width: float) -> float:
        """How high the text is when it wraps at `width`; 0 for no text."""
        self.text_size = (width, None)
        self.texture_update()
        return float(self.texture_size[1]) if self.text else 0.0

    def natural_width(self) -> float:
        """On one line."""
        self.text_size = (None, None)
        self.texture_update()
        return float(self.texture_size[0]) if self.text else 0.0

    def paint(self, colour: Rgb) -> None:
        """In another colour; Kivy would fade the text of what is disabled, which nobody could read."""
        self.color = self.disabled_color = (*colour, 1)


class Icon(Label):
    """A pictogram; its word stands beside it."""

    def __init__(self, theme_: Theme, icon: str = "", size_mm: float = 7.0, colour: Rgb = theme.INK) -> None:
        super().__init__(
            font_name=str(theme_.fonts.icons),
            font_size=theme_.mm(size_mm),
            color=(*colour, 1),
            size_hint=(None, None),
            size=(theme_.mm(size_mm), theme_.mm(size_mm)),
        )
        self.show(icon)

    def show(self, icon: str) -> None:
        """Another one; '' for none."""
        self.text = icons.glyph(icon) if icon else ""

    def put(self, room: Rect) -> None:
        """In the middle of `room`."""
        self.pos = (room.x + (room.w - self.width) / 2, room.y + (room.h - self.height) / 2)

    def paint(self, colour: Rgb) -> None:
        """In another colour; Kivy would fade the text of what is disabled, which nobody could read."""
        self.color = self.disabled_color = (*colour, 1)

"""Words and icons on the glass."""

import math

from kivy.core.text import Label as OneFont
from kivy.properties import StringProperty
from kivy.uix.label import Label
from kivy.utils import escape_markup, get_hex_from_color

from kiosk.ui import icons, theme
from kiosk.ui.fonts import Family
from kiosk.ui.geometry import Rect
from kiosk.ui.scripts import Script, runs, script_of, visual, wrapped
from kiosk.ui.theme import Colour, Theme

_OTHER_SIDE = {"left": "right", "right": "left", "center": "center"}
_SCALE = {Script.LATIN: 1.0, Script.CYRILLIC: 0.668 / 0.714, Script.ARABIC: 0.668 / 0.714}
"""Noto's capitals are higher than Atkinson's: so they are as high, and lines as well."""
_SLACK_PX = 4.0
"""Kivy measures a line of several fonts a little wider than the sum of its words."""


class Text(Label):
    """A text that wraps in the rectangle it is put in, in any script. `room` is that rectangle.

    `halign` "left" is where reading starts. Large mode makes the letters larger than `size_mm`.
    """

    name = StringProperty("")
    text_size: tuple[float | None, float | None]

    def __init__(
        self,
        theme_: Theme,
        size_mm: float = theme.BODY_MM,
        bold: bool = False,
        colour: Colour = theme.INK,
        halign: str = "left",
        name: str = "",
    ) -> None:
        self._theme, self.is_bold = theme_, bold
        rgb = theme_.rgb(colour)
        super().__init__(
            font_name=self._file(Script.LATIN),
            font_size=theme_.text(size_mm),
            color=(*rgb, 1),
            disabled_color=(*rgb, 1),
            halign=_OTHER_SIDE[halign] if theme_.is_rtl else halign,
            valign="middle",
            size_hint=(None, None),
            markup=False,
        )
        self.name = name
        self.room = Rect(0, 0, 0, 0)
        self._measured_text = ""
        self._extents: dict[float | None, tuple[float, float]] = {}

    def put(self, room: Rect, valign: str = "middle") -> Rect:
        """Into `room`; gives back what lies below the text."""
        height = self.height_for(room.w)
        self.text_size = (room.w, None)
        y = {"top": room.y + room.h - height, "bottom": room.y}.get(valign, room.y + (room.h - height) / 2)
        self.room = room
        self.size = (room.w, height)
        self.pos = (room.x, round(y))
        return room.cut_top(height)[1]

    def height_for(self, width: float) -> float:
        """How high the text is when it wraps at `width`; 0 for no text."""
        return self._extent(width)[1]

    def natural_width(self) -> float:
        """On one line."""
        return self._extent(None)[0]

    def _extent(self, width: float | None) -> tuple[float, float]:
        """Width and height when it wraps there. Kivy measures a text by drawing it, so each is measured once.

        Where it was put it stays as it stands.
        """
        if not self.text:
            return 0.0, 0.0
        if self._measured_text != self.text:
            self._measured_text, self._extents = self.text, {}
        if width not in self._extents:
            stands = self.text_size
            self.text_size = (width, None)
            self.texture_update()
            self._extents[width] = (float(self.texture_size[0]), float(self.texture_size[1]))
            self.text_size = stands
        return self._extents[width]

    def paint(self, colour: Colour) -> None:
        """In another colour; Kivy would fade the text of what is disabled, which nobody could read."""
        self.color = self.disabled_color = (*self._theme.rgb(colour), 1)

    def texture_update(self, *largs: object) -> None:
        """Kivy's own, in the font of the text's script; one label has one font, and knows no Arabic."""
        script = script_of(self.text)
        if script is not Script.ARABIC:
            self.markup = False
            self._label.options["font_name"] = self._file(script)
            self._label.options["font_size"] = self._size(script)
            super().texture_update(*largs)
            return
        self.markup = True
        self._label.text = f"[color={get_hex_from_color(self.color)}]{self._drawn()}[/color]"
        self._label.refresh()
        self.texture = self._label.texture
        self.texture_size = list(self.texture.size)

    def width_of(self, line: str) -> float:
        """How wide a line is in logical order, in pixels."""
        if script_of(line) is not Script.ARABIC:
            return self._measured(script_of(line), line)
        return sum(self._measured(script, piece) for script, piece in runs(visual(line)))

    def fits(self, line: str, width: float) -> bool:
        """On one line."""
        return self.width_of(line) + _SLACK_PX <= width

    def end_of(self, line: str, width: float) -> str:
        """As much of what somebody types as fits, from its end."""
        while len(line) > 1 and not self.fits(line, width):
            line = line[1:]
        return line

    def _drawn(self) -> str:
        """The Arabic text as marked-up lines, broken before they are turned."""
        width = self.text_size[0]
        if width is None or ("\n" not in self.text and self.width_of(self.text) <= width):
            lines = [self.text]
        else:
            lines = wrapped(self.text, width - _SLACK_PX, self.width_of)
        return "\n".join("".join(self._marked(*run) for run in runs(visual(line))) for line in lines)

    def _marked(self, script: Script, piece: str) -> str:
        return f"[font={self._file(script)}][size={self._size(script)}]{escape_markup(piece)}[/size][/font]"

    def _measured(self, script: Script, piece: str) -> float:
        label = OneFont(font_name=self._file(script), font_size=self._size(script))
        return float(label.get_extents(piece)[0])

    def _size(self, script: Script) -> int:
        """Whole pixels. Rounded up where capitals must have their height: a font drops what is left over."""
        exact = self.font_size * _SCALE[script]
        return math.ceil(exact) if self._theme.is_large else int(exact)

    def _file(self, script: Script) -> str:
        family: Family = getattr(self._theme.fonts, script.value)
        return str(family.bold if self.is_bold else family.regular)


class Icon(Label):
    """A pictogram; its word stands beside it."""

    def __init__(self, theme_: Theme, icon: str = "", size_mm: float = 7.0, colour: Colour = theme.INK) -> None:
        self._theme = theme_
        super().__init__(
            font_name=str(theme_.fonts.icons),
            font_size=theme_.mm(size_mm),
            color=(*theme_.rgb(colour), 1),
            size_hint=(None, None),
            size=(theme_.mm(size_mm), theme_.mm(size_mm)),
        )
        self.show(icon)

    def show(self, icon: str) -> None:
        """Another one; '' for none. What points, points the way of reading."""
        self.text = icons.glyph(icon, self._theme.is_rtl) if icon else ""

    def put(self, room: Rect) -> None:
        """In the middle of `room`."""
        self.pos = (room.x + (room.w - self.width) / 2, room.y + (room.h - self.height) / 2)

    def paint(self, colour: Colour) -> None:
        """In another colour; Kivy would fade the text of what is disabled, which nobody could read."""
        self.color = self.disabled_color = (*self._theme.rgb(colour), 1)

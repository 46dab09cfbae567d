"""What can be chosen on a screen, in large letters."""

from kiosk.presenters.views import Role
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Touchable
from kiosk.ui.widgets.panel import BadgeLine, Panel, Picture
from kiosk.ui.widgets.text import Icon, Text

CARD_MM, PICTURE_MM, ICON_MM = 40.0, 24.0, 9.0
MOST_NOTE = 0.62
"""Of a choice's width, beside its picture."""


class LargeChoice(Touchable):
    """What can be chosen on the screen, with its picture where it has one."""

    def __init__(self, theme_: Theme, original: Touchable) -> None:
        super().__init__(original.name, original.choose)
        self.disabled = original.disabled
        self._theme = theme_
        self._label = original.label
        self._panel = Panel(theme_, theme.CARD, theme.SOFT_INK)
        self._text = Text(theme_, theme.BODY_MM, bold=True)
        self._text.text = original.label
        self._is_faded = getattr(original, "is_faded", False)
        self._note = BadgeLine(theme_)
        if self._is_faded or not theme_.is_small:
            self._note.show(getattr(original, "note", None))
        longest = max((self._text.width_of(word) for word in original.label.split()), default=0.0)
        self._longest = max(longest, self._note.least_width())
        self.add_widget(self._panel)
        self._picture: Picture | None = None
        source = getattr(getattr(original, "picture", None), "source", "")
        # Why something cannot be made needs the room that its picture has.
        if source and not self._is_faded:
            self._picture = Picture(theme_)
            self._picture.show(source)
            self.add_widget(self._picture)
        self._paints = theme.BUTTONS[original.action.role if original.action else Role.PLAIN]
        self._icon = Icon(theme_, original.action.icon if original.action else "", size_mm=ICON_MM)
        for part in (self._icon, self._text, self._note):
            self.add_widget(part)
        self.bind(state=self._paint)
        self._paint()

    @property
    def label(self) -> str:
        return self._label

    @property
    def has_picture(self) -> bool:
        """It shows what it leads to."""
        return self._picture is not None

    def natural_width(self) -> float:
        """On one line."""
        return max(self._theme.mm(theme.TARGET_MM), self._text.natural_width() + 2 * self._theme.mm(3))

    def least_width(self) -> float:
        """Its longest word on one line."""
        return max(self._theme.mm(theme.TARGET_MM), self._longest + 1 + 2 * self._theme.mm(2))

    def height_for(self, width: float) -> float:
        """With its words, and room for its picture."""
        mm = self._theme.mm
        words = self._words_height(self._words_width(width)) + mm(2)
        if self._picture and self._is_narrow(width):
            words += mm(PICTURE_MM)
        return max(words, mm(CARD_MM if self._picture or self._is_faded else theme.TARGET_MM))

    def put(self, room: Rect) -> None:
        super().put(room)
        mm = self._theme.mm
        self._panel.put(room)
        inner = room.inset(mm(2), mm(1))
        if not self._picture and self._note.is_empty:
            self._put_like_a_button(inner, self._beside(inner.w))
            return
        if self._picture and self._is_narrow(room.w):
            inner, spot = inner.cut_bottom(self._words_height(inner.w))
            self._picture.put(spot)
        elif self._picture:
            inner, spot = inner.cut_right(self._words_width(room.w), mm(2))
            self._picture.put(spot)
        words = inner.centred(inner.w, self._words_height(inner.w))
        self._note.put(self._text.put(words, "top"))

    def _put_like_a_button(self, inner: Rect, beside: float) -> None:
        """In the middle; the icon beside all lines."""
        block = inner.centred(min(self._text.natural_width() + 1, inner.w - beside) + beside, inner.h)
        spot, words = block.cut_left(beside)
        self._icon.opacity = float(beside > 0)
        self._icon.put(spot.cut_left(self._icon.width)[0])
        self._text.put(words)

    def _beside(self, inner: float) -> float:
        """What the icon takes of so much width: nothing where it would break a word."""
        wide = self._icon.width + self._theme.mm(2) if self._icon.text else 0.0
        return wide if self._longest + 1 + wide <= inner else 0.0

    def _words_height(self, width: float) -> float:
        return self._text.height_for(width) + self._note.height_for(width)

    def _words_width(self, width: float) -> float:
        """All of it; beside a picture as much as the longest word and the note on one line need."""
        inner = width - 2 * self._theme.mm(2)
        if not self._picture:
            return inner - self._beside(inner)
        if self._is_narrow(width):
            return inner
        note = min(self._note.natural_width(), inner * MOST_NOTE)
        return max(self._longest + self._theme.mm(3), note, inner * 0.5)

    def _is_narrow(self, width: float) -> bool:
        """The picture does not fit beside the words: it stands above them."""
        return self._longest + self._theme.mm(3) > 0.7 * (width - 2 * self._theme.mm(2))

    def _paint(self, *_: object) -> None:
        paint = theme.DISABLED if self.disabled else self._paints
        self._panel.paint(paint.pressed if self.state == "down" else paint.ground, paint.border)
        self._icon.paint(paint.text)
        self._text.paint(theme.SOFT_INK if self._is_faded else paint.text)

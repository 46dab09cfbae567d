"""The on-screen keyboard: AZERTY with large keys, accents a touch away."""

from collections.abc import Callable

from kivy.uix.widget import Widget

from kiosk.domain.draft import KeyPage
from kiosk.domain.keyboard import CHARACTERS, NAME_PAGES, Special
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Touchable
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Icon, Text

Press = Callable[[str], None]

ROWS = 4
_WIDE_COLUMNS, _NARROW_COLUMNS = 10, 8
_LOW_ROWS, _LOW_COLUMNS = 3, 12
"""Where every control is low: half of the glass holds three rows of keys above the frame."""
_WIDEST_KEY_MM = 19.0
_ICONS = {Special.BACKSPACE.value: "backspace", Special.SHIFT.value: "apple-keyboard-shift"}
_NARROW_ICONS = _ICONS | {Special.DONE.value: "check", Special.SPACE.value: "minus"}
"""Where a word does not fit on a key."""
_SIGNS = {
    Special.LETTERS.value: "abc",
    Special.ACCENTS.value: "éèç",
    Special.DIGITS.value: "123",
    Special.SYMBOLS.value: "@#",
}


class Key(Touchable):
    """One key. `span` is its width in columns."""

    def __init__(self, theme_: Theme, key: str, face: str, press: Press, span: int = 1) -> None:
        super().__init__(f"key:{key}", lambda: press(key))
        self.span = span
        self._panel = Panel(theme_, theme.CARD, theme.SOFT_INK, radius_mm=2)
        self._word = face
        narrow = theme_.is_large and (theme_.is_small or theme_.is_low)
        icons = _NARROW_ICONS if narrow else _ICONS
        icon = icons.get(key, "")
        self._icon = Icon(theme_, icon, 7)
        self._face = Text(theme_, theme.BODY_MM if len(face) > 3 else theme.LEAD_MM * 1.15, halign="center")
        self._face.text = "" if icon else face
        for part in (self._panel, self._icon, self._face):
            self.add_widget(part)
        self.is_lit = False
        self.bind(state=self._paint)

    @property
    def label(self) -> str:
        return self._word

    def light(self, on: bool) -> None:
        """Show that it is held, as a shift key is."""
        self.is_lit = on
        self._paint()

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        self._icon.put(room)
        self._face.put(room)

    def _paint(self, *_: object) -> None:
        down = self.state == "down" or self.is_lit
        self._panel.paint(theme.PRESSED if down else theme.CARD, theme.SOFT_INK)


class Keyboard(Widget):
    """Ten keys in a row as on a real AZERTY; eight on a small glass, twelve in low-reach mode."""

    def __init__(self, theme_: Theme, press: Press) -> None:
        super().__init__(size_hint=(None, None))
        self._theme, self._press = theme_, press
        self._wide = not theme_.is_small
        self._row_count = _LOW_ROWS if theme_.is_low else ROWS
        self._pages: tuple[KeyPage, ...] = NAME_PAGES
        self._shown: tuple[object, ...] | None = None
        self._rows: list[list[Key]] = []

    def show(
        self, page: KeyPage, capital: bool, space: str, done: str, pages: tuple[KeyPage, ...] = NAME_PAGES
    ) -> None:
        """That page of those that there are; letters as they will come out."""
        if self._shown == (page, capital, space, done, pages):
            return
        self._shown, self._pages = (page, capital, space, done, pages), pages
        self.clear_widgets()
        rows = self._rows_of(page)
        faces = {Special.SPACE.value: space, Special.DONE.value: done, **_SIGNS}
        self._rows = [[self._key(key, span, faces, capital) for key, span in row] for row in rows]
        for row in self._rows:
            for key in row:
                self.add_widget(key)

    def put(self, room: Rect) -> None:
        """Centred in `room`, all keys of the same size; the last row always stays where it is."""
        gap = self._theme.mm(theme.TARGET_GAP_MM)
        columns = _LOW_COLUMNS if self._theme.is_low else _WIDE_COLUMNS if self._wide else _NARROW_COLUMNS
        width = min((room.w - (columns - 1) * gap) / columns, self._theme.mm(_WIDEST_KEY_MM))
        height = (room.h - (self._row_count - 1) * gap) / self._row_count
        block = room.centred(columns * width + (columns - 1) * gap, room.h)
        lines = block.rows(self._row_count, gap)[self._row_count - len(self._rows) :]
        for row, line in zip(self._rows, lines, strict=True):
            used = sum(key.span for key in row)
            x = line.x + (columns - used) * (width + gap) / 2
            for key in row:
                wide = key.span * width + (key.span - 1) * gap
                key.put(Rect(x, line.y, wide, height))
                x += wide + gap

    def _key(self, key: str, span: int, faces: dict[str, str], capital: bool) -> Key:
        upper = capital and len(key) == 1
        made = Key(self._theme, key, faces.get(key, key.upper() if upper else key), self._press, span)
        made.light(key == Special.SHIFT.value and capital)
        return made

    def natural_height(self) -> float:
        """With keys that are just large enough for a finger."""
        mm, rows = self._theme.mm, self._row_count
        return rows * mm(theme.TARGET_MM) + (rows - 1) * mm(theme.TARGET_GAP_MM)

    def _rows_of(self, page: KeyPage) -> list[list[tuple[str, int]]]:
        if self._theme.is_low:
            return self._low_rows(page)
        return self._wide_rows(page) if self._wide else self._narrow_rows(page)

    def _others(self, page: KeyPage) -> list[str]:
        return [other.value for other in self._pages if other is not page]

    def _low_rows(self, page: KeyPage) -> list[list[tuple[str, int]]]:
        first, second, third = (
            [(key, 1) for key in CHARACTERS[page][start:end]] for start, end in ((0, 10), (10, 20), (20, None))
        )
        first.append((Special.BACKSPACE.value, 2))
        second += [(key, 1) for key in _shift(page)]
        third += [(other, 2) for other in self._others(page)]
        third.append((Special.SPACE.value, _LOW_COLUMNS - sum(span for _key, span in third)))
        return [first, second, third]

    def _wide_rows(self, page: KeyPage) -> list[list[tuple[str, int]]]:
        rows = [[(c, 1) for c in CHARACTERS[page][i : i + 10]] for i in range(0, len(CHARACTERS[page]), 10)]
        rows[-1] = [(key, 1) for key in _shift(page)] + rows[-1] + [(Special.BACKSPACE.value, 2)]
        rows.append([*((other, 2) for other in self._others(page)), (Special.SPACE.value, 6)])
        return rows

    def _narrow_rows(self, page: KeyPage) -> list[list[tuple[str, int]]]:
        specials = [*_shift(page), *self._others(page), Special.SPACE.value, Special.BACKSPACE.value]
        keys = [*CHARACTERS[page], *specials, Special.DONE.value]
        return [[(key, 1) for key in keys[i : i + 8]] for i in range(0, len(keys), 8)]


def _shift(page: KeyPage) -> list[str]:
    return [Special.SHIFT.value] if page in (KeyPage.LETTERS, KeyPage.ACCENTS) else []

"""The networks that there are, and the password of the one that was picked."""

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.domain.intents import PressKey, ShowPassword
from kiosk.presenters.wifi import MOST_BARS, NetworkRow, PasswordView, WifiView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Colour, Theme
from kiosk.ui.widgets.button import Dispatch, Touchable
from kiosk.ui.widgets.keyboard import Keyboard
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Icon, Text

BARS_MM = 8.0
ICON_MM = 6.0
ROW_MM = 24.0
"""No higher than that, however much room there is."""


class Bars(Widget):
    """How strong: so many of four bars are full; what is missing is a line at the foot."""

    def __init__(self, theme_: Theme) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self.full = 0
        with self.canvas:
            self._colour = Color(*theme_.rgb(theme.INK), 1)
            self._bars = [Rectangle() for _ in range(MOST_BARS)]

    def put(self, room: Rect) -> None:
        """Centred in `room`."""
        side = self._theme.mm(BARS_MM)
        spot = room.centred(side, side)
        self.pos, self.size = spot.pos, spot.size
        gap = side / 12
        wide = (side - (MOST_BARS - 1) * gap) / MOST_BARS
        for number, bar in enumerate(self._bars):
            is_full = number < self.full
            bar.pos = (spot.x + number * (wide + gap), spot.y)
            bar.size = (wide, side * (number + 1) / MOST_BARS if is_full else max(1.0, side / 16))

    def paint(self, colour: Colour) -> None:
        """In that colour."""
        self._colour.rgb = self._theme.rgb(colour)


class NetworkButton(Touchable):
    """How strong it is, what it is called, what it takes."""

    def __init__(self, theme_: Theme, row: NetworkRow, dispatch: Dispatch) -> None:
        super().__init__(row.pick.name, lambda: dispatch(self._row.pick.intent))
        self._theme = theme_
        self._panel, self._bars = Panel(theme_), Bars(theme_)
        self._lock = Icon(theme_, size_mm=ICON_MM)
        self._name = Text(theme_, theme.LEAD_MM * 0.85, bold=True)
        self._words = Text(theme_, theme.BODY_MM * (0.9 if theme_.is_small else 1.0))
        for part in (self._panel, self._bars, self._lock, self._name, self._words):
            self.add_widget(part)
        self.bind(state=self._paint)
        self.show(row)

    @property
    def label(self) -> str:
        return f"{self._row.pick.text}\n{self._row.words}"

    def show(self, row: NetworkRow) -> None:
        """Of one network."""
        self._row = row
        self.name, self.disabled = row.pick.name, not row.pick.enabled
        self._bars.full = row.bars
        self._lock.show(row.pick.icon)
        self._words.text = row.words
        self._paint()

    def put(self, room: Rect) -> None:
        super().put(room)
        mm = self._theme.mm
        self._panel.put(room)
        inner = room.inset(mm(2), mm(0.5))
        bars, inner = inner.cut_left(mm(BARS_MM), mm(2.5))
        self._bars.put(bars)
        lock, inner = inner.cut_right(mm(ICON_MM), mm(1.5))
        self._lock.put(lock)
        self._name.text = shortened(self._name, self._row.pick.text, inner.w)
        name = self._name.height_for(inner.w)
        block = inner.centred(inner.w, min(inner.h, name + self._words.height_for(inner.w)))
        top, below = block.cut_top(name)
        self._name.put(top)
        self._words.put(below)

    def _paint(self, *_: object) -> None:
        paint = theme.DISABLED if self.disabled else theme.BUTTONS[self._row.pick.role]
        self._panel.paint(paint.pressed if self.state == "down" else paint.ground, paint.border)
        for part in (self._name, self._words, self._lock, self._bars):
            part.paint(paint.text)


class WifiScreen(Screen[WifiView]):
    """One page of networks."""

    @classmethod
    def is_large_itself(cls, _body: object) -> bool:
        return True

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._page = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, halign="right", name="page")
        self._note = Text(theme_, theme.LEAD_MM, halign="center", name="note")
        self._rows: list[NetworkButton] = []
        self._columns = 1

    def show(self, body: WifiView) -> None:
        self._title.text, self._page.text, self._note.text = body.title, body.page, body.note
        self._columns = body.columns
        if len(self._rows) != len(body.rows) or not self.children:
            self.clear_widgets()
            self._rows = [NetworkButton(self.theme, row, self.send) for row in body.rows]
            self.add(self._title, self._page, self._note, *self._rows)
        for button, row in zip(self._rows, body.rows, strict=True):
            button.show(row)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.mm(theme.TARGET_GAP_MM)
        page, title = slot.cut_right(self._page.natural_width() + 1, self.theme.gap)
        self._page.put(page)
        fits = self._title.natural_width() <= title.w
        # Where the bar is short of room the list says for itself what it is.
        self._title.opacity = float(fits)
        self._title.put(title)
        self._note.put(room)
        if not self._rows:
            return
        lines = -(-len(self._rows) // self._columns)
        most = (room.h + gap) / (mm(theme.TARGET_MM) + gap)
        full = min(mm(ROW_MM if not self.theme.is_large else 2 * ROW_MM), (room.h - (lines - 1) * gap) / lines)
        is_flat = self.theme.is_low and not self.theme.is_large
        high = mm(theme.TARGET_MM) if is_flat or lines > most else full
        block = lines * high + (lines - 1) * gap
        grid = room.cut_bottom(block)[0] if self.theme.is_low else room.cut_top(block)[0]
        spots = [spot for row in grid.rows(lines, gap) for spot in row.columns(self._columns, gap)]
        for button, spot in zip(self._rows, spots, strict=False):
            button.put(spot)


class PasswordField(Touchable):
    """What was typed; a touch shows it or hides it. With all low it is out of reach: the frame has a button."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__("reveal", lambda: dispatch(ShowPassword()))
        self._theme = theme_
        self._panel = Panel(theme_, theme.CARD, theme.ACTION)
        self._eye, self._word = Icon(theme_, size_mm=ICON_MM), Text(theme_, theme.BODY_MM, bold=True)
        self._text = Text(theme_, theme.LEAD_MM, bold=True, name="typed")
        for part in (self._panel, self._eye, self._word, self._text):
            self.add_widget(part)
        self.disabled = theme_.is_low
        self._typed = ""
        self._is_hint = False

    @property
    def label(self) -> str:
        return self._word.text

    def show(self, body: PasswordView) -> None:
        """What stands in it."""
        self._eye.show("" if self.disabled else body.eye)
        self._word.text = "" if self.disabled else body.reveal
        self._typed, self._is_hint = body.text or body.hint, not body.text
        self._text.paint(theme.SOFT_INK if self._is_hint else theme.INK)

    def put(self, room: Rect) -> None:
        super().put(room)
        mm = self._theme.mm
        self._panel.put(room)
        inner = room.inset(mm(3), 0)
        wide = mm(ICON_MM) + mm(1.5) + self._word.natural_width() + 1
        self._word.opacity = float(wide < inner.w / 3)
        if not self._word.opacity:
            wide = mm(ICON_MM)
        way, field = inner.cut_right(wide, mm(2))
        eye, word = way.cut_left(mm(ICON_MM), mm(1.5) if self._word.opacity else 0)
        self._eye.put(eye)
        self._word.put(word)
        self._text.text = self._fitting(field.w)
        self._text.put(field)

    def _fitting(self, width: float) -> str:
        """As much as fits: of what was typed its end, of the hint its beginning."""
        if self._is_hint:
            return shortened(self._text, self._typed, width)
        return self._text.end_of(self._typed, width)


class PasswordScreen(Screen[PasswordView]):
    """The field stands above the keys; in the upper bar where room is short."""

    @classmethod
    def is_large_itself(cls, _body: object) -> bool:
        return True

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._whose = ""
        self._field = PasswordField(theme_, dispatch)
        self._keyboard = Keyboard(theme_, lambda key: dispatch(PressKey(key)))
        self.add(self._title, self._field, self._keyboard)

    def show(self, body: PasswordView) -> None:
        self._whose = body.title
        self._field.show(body)
        self._keyboard.show(body.page, body.capital, body.space, body.done, body.pages)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm = self.theme.mm
        short = self.theme.is_small or self.theme.is_large
        self._title.opacity = float(not short)
        if short:
            field = slot.centred(slot.w, mm(theme.TARGET_MM))
            keys = room if self.theme.is_small else room.cut_bottom(self._keyboard.natural_height())[0]
        else:
            self._title.text = shortened(self._title, self._whose, slot.w)
            self._title.put(slot)
            keys, above = room.cut_bottom(self._keyboard.natural_height(), mm(3))
            field = above.cut_bottom(mm(theme.TARGET_MM))[0]
        self._keyboard.put(keys)
        self._field.put(field)


def shortened(text: Text, words: str, width: float) -> str:
    """With its middle left out where it does not fit: a name's end tells it from others as its beginning does."""
    if text.fits(words, width):
        return words
    for kept in range(len(words) - 1, 1, -1):
        shorter = f"{words[: -(-kept // 2)]}…{words[len(words) - kept // 2 :]}"
        if text.fits(shorter, width):
            return shorter
    return "…"

"""The collection: cards with pictures, a page at a time."""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.domain.intents import ChooseCard
from kiosk.presenters.collection import CardView, CollectionView
from kiosk.presenters.views import Badge
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, Touchable
from kiosk.ui.widgets.panel import BadgeLine, Panel, Picture
from kiosk.ui.widgets.text import Text

COLUMNS = 3
LINE_MM = 7.0
_FADED = 0.35
"""Of the picture of what cannot be printed now; its reason is as black as any text."""


def rows_for(theme_: Theme, width: float, height: float) -> int:
    """How many rows of cards fit in a room of that size."""
    if theme_.is_low:
        return 1
    gap = theme_.gap
    return max(1, int((height + gap) // (theme_.mm(theme.CARD_MM) + gap)))


class CardTile(Touchable):
    """A card: its picture, its title, how long it takes."""

    def __init__(self, theme_: Theme, view: CardView, dispatch: Dispatch) -> None:
        super().__init__(f"card:{view.card}", lambda: dispatch(ChooseCard(view.card)))
        self._theme = theme_
        self.view = view
        self._title, self._why = view.title, view.why
        self._panel = Panel(theme_)
        self.picture = Picture(theme_)
        self._words = Text(theme_, theme.BODY_MM, bold=True)
        self._time = BadgeLine(theme_, theme.BODY_MM)
        for part in (self._panel, self.picture, self._words, self._time):
            self.add_widget(part)
        self.bind(state=self._paint)
        self._words.text = view.title
        self.picture.show(view.picture)
        self.picture.opacity = _FADED if view.why else 1.0
        if view.why:
            self._words.paint(theme.SOFT_INK)
            self._time.show(Badge(view.why, "close"))
            return
        self._time.show(Badge(view.time, "pencil" if view.personal else "clock") if view.time else None)

    @property
    def label(self) -> str:
        return self._title

    @property
    def note(self) -> Badge | None:
        """How long it takes, or why it cannot be made now."""
        return self._time.badge

    @property
    def is_faded(self) -> bool:
        """It cannot be made now."""
        return bool(self._why)

    def put(self, room: Rect) -> None:
        super().put(room)
        mm = self._theme.mm
        self._panel.put(room)
        inner = room.inset(mm(2.5), mm(1.5))
        width = self._time.natural_width()
        if self._why:
            high = self._time.height_for(inner.w)
            time, rest = inner.cut_bottom(high)
            title, picture = rest.cut_bottom(self._words.height_for(inner.w), mm(0.5))
            self.picture.put(picture)
            self._words.put(title)
            self._time.put(time)
            return
        if self._words.natural_width() + width + mm(4) <= inner.w:
            words, picture = inner.cut_bottom(mm(LINE_MM))
            time, title = words.cut_right(width, mm(2))
        else:
            time, rest = inner.cut_bottom(mm(LINE_MM))
            title, picture = rest.cut_bottom(max(mm(LINE_MM - 1), self._words.height_for(inner.w)))
        self.picture.put(picture)
        self._words.put(title)
        height = self._time.height_for(time.w)
        self._time.put(Rect(time.x, time.y, time.w, (time.h + height) / 2))

    def _paint(self, *_: object) -> None:
        pressed = self.state == "down"
        self._panel.paint(theme.PRESSED if pressed else theme.CARD, theme.SOFT_INK if pressed else theme.LINE)


class CollectionScreen(Screen[CollectionView]):
    """One page of cards."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True)
        self._printer = BadgeLine(theme_, name="printer")
        self._empty = Text(theme_, theme.LEAD_MM, halign="center")
        self._tiles: list[CardTile] = []
        self.add(self._title, self._printer, self._empty)

    def in_steps(self, body: CollectionView) -> Iterator[CollectionView]:
        """A card more each time: its picture is what takes long."""
        if not self._shows(body):
            for count in range(1, len(body.cards)):
                yield replace(body, cards=body.cards[:count])
        yield body

    def show(self, body: CollectionView) -> None:
        self._title.text, self._empty.text = body.title, body.empty
        self._printer.show(body.printer)
        if self._shows(body):
            return
        for tile in self._tiles:
            self.remove_widget(tile)
        made = {tile.view: tile for tile in self._tiles}
        self._tiles = [made.get(card) or CardTile(self.theme, card, self.send) for card in body.cards]
        self.add(*self._tiles)

    def _shows(self, body: CollectionView) -> bool:
        return [tile.view for tile in self._tiles] == list(body.cards)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        tells = not self._printer.is_empty and self._printer.height_for(slot.w) <= slot.h
        self._printer.opacity = float(tells)
        if tells:
            self._printer.put(slot.centred(slot.w, self._printer.height_for(slot.w)))
        fits = not tells and self._title.natural_width() <= slot.w
        self._title.opacity = float(fits)
        self._title.put(slot if fits else Rect(slot.x, slot.y, self.theme.mm(100), slot.h))
        self._empty.put(room)
        gap = self.theme.gap
        rows = rows_for(self.theme, room.w, room.h)
        spots = [spot for row in room.rows(rows, gap) for spot in row.columns(COLUMNS, gap)]
        for tile, spot in zip(self._tiles, spots, strict=False):
            tile.put(spot)

    def picture_of(self, card: str) -> Picture | None:
        """That card's, for the motion into the model."""
        return next((tile.picture for tile in self._tiles if tile.name == f"card:{card}"), None)

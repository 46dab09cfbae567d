"""The staff's pages: what is so, in lines and numbers, and large buttons."""

from collections.abc import Sequence

from kiosk.presenters.staff.views import PageView, Tile
from kiosk.presenters.views import Tone
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.screens.watch import SMALL_THERMOMETER_MM, THERMOMETER_MM
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.meters import Thermometer
from kiosk.ui.widgets.panel import BadgeLine
from kiosk.ui.widgets.printer_picture import PrinterPicture
from kiosk.ui.widgets.text import Text
from kiosk.ui.widgets.tile import TileButton

TILE_MM = 30.0
"""No higher than that, however much room there is."""
LOW_ROWS = 2
"""So many rows of targets lie in the lower half of a high glass."""
SIGN_SHARE = 0.34


class StaffScreen(Screen[PageView]):
    """One page. Its parts are made anew only when there are others than before."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._view = PageView("")
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._sign = PrinterPicture(theme_)
        self._heats: list[Thermometer] = []
        self._lines: list[BadgeLine] = []
        self._facts: list[tuple[Text, Text]] = []
        self._tiles: list[TileButton] = []

    def show(self, body: PageView) -> None:
        if _shape(body) != _shape(self._view) or not self.children:
            self._make(body)
        self._view = body
        self._title.text = body.title
        if body.sign:
            self._sign.show(body.sign.printer, body.sign.icon, body.sign.tone)
        for thermometer, heat in zip(self._heats, body.heats, strict=True):
            thermometer.show(heat)
        for line, badge in zip(self._lines, body.lines, strict=True):
            line.show(badge)
        for (what, much), (name, value) in zip(self._facts, body.facts, strict=True):
            what.text, much.text = name, value
        for button, tile in zip(self._tiles, filter(None, body.tiles), strict=True):
            button.show(tile)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, has_title = self.theme.mm, True
        if self._title.natural_width() <= slot.w:
            self._title.put(slot)
        elif self._tiles_height() + self._title.height_for(room.w) + mm(3) <= room.h:
            room = self._title.put(room, "top").cut_top(mm(1))[1]
        else:
            has_title = False
        if self._view.sign:
            sign, room = room.cut_left(room.w * SIGN_SHARE, self.theme.gap)
            side = min(sign.w, sign.h)
            self._sign.put(sign.centred(side, side))
        words = self._put_tiles(room)
        if self._heats:
            high = mm(SMALL_THERMOMETER_MM if self.theme.is_small else THERMOMETER_MM)
            line, words = words.cut_top(high, mm(2))
            for thermometer, spot in zip(self._heats, line.columns(len(self._heats), self.theme.gap), strict=True):
                thermometer.put(spot)
        self._put_facts(words)
        self._put_lines(words, slot)
        if not has_title:
            self._title.opacity = 0.0

    def _put_lines(self, words: Rect, slot: Rect) -> None:
        """Under each other, as many as fit. A warning for which there is no room stands where the title was."""
        shown = 0
        self._title.opacity = 1.0
        for line in self._lines:
            high = line.height_for(words.w)
            line.opacity = float(high <= words.h)
            if high <= words.h:
                shown += 1
                words = line.put(words).cut_top(self.theme.mm(1.5))[1]
        badge = self._view.lines[0] if self._view.lines else None
        if shown or badge is None or badge.tone is Tone.PLAIN:
            return
        first = self._lines[0]
        if first.height_for(slot.w) <= slot.h:
            self._title.opacity, first.opacity = 0.0, 1.0
            first.put(slot.centred(slot.w, first.height_for(slot.w)))

    def _make(self, body: PageView) -> None:
        self.clear_widgets()
        size = theme.BODY_MM if self.theme.is_small else theme.LEAD_MM
        self._heats = [Thermometer(self.theme, f"heat-{n}") for n in range(len(body.heats))]
        self._lines = [BadgeLine(self.theme, size, name=f"line-{n}") for n in range(len(body.lines))]
        self._facts = [self._fact(n) for n in range(len(body.facts))]
        self._tiles = [TileButton(self.theme, tile, self.send) for tile in body.tiles if tile]
        texts = [text for pair in self._facts for text in pair]
        sign = [self._sign] if body.sign else []
        self.add(self._title, *sign, *self._heats, *self._lines, *texts, *self._tiles)

    def _fact(self, number: int) -> tuple[Text, Text]:
        size = theme.BODY_MM if self.theme.is_small else theme.LEAD_MM
        what = Text(self.theme, size, colour=theme.SOFT_INK, name=f"fact-{number}-name")
        much = Text(self.theme, size, bold=True, halign="right", name=f"fact-{number}")
        return what, much

    def _put_tiles(self, room: Rect) -> Rect:
        """At the bottom of `room`; gives back what lies above."""
        mm = self.theme.mm
        if not self._tiles:
            return room
        gap = mm(theme.TARGET_GAP_MM)
        places, columns = self._places()
        rows = -(-len(places) // columns)
        least = self._words_height(room.w)
        high = min(mm(TILE_MM), max(mm(theme.TARGET_MM), (room.h - least - (rows - 1) * gap) / rows))
        if self.theme.is_low:
            high = mm(theme.TARGET_MM)
        grid, words = room.cut_bottom(rows * high + (rows - 1) * gap, mm(2))
        if self._view.is_map:
            grid = Rect(grid.x, grid.y, grid.w, grid.h)
        spots = [spot for row in grid.rows(rows, gap) for spot in row.columns(columns, gap)]
        buttons = {button.name: button for button in self._tiles}
        for place, spot in zip(places, spots, strict=False):
            if place:
                buttons[place.action.name].put(spot)
        return words

    def _tiles_height(self) -> float:
        """At least."""
        places, columns = self._places()
        rows = -(-len(places) // columns)
        return rows * self.theme.mm(theme.TARGET_MM) + max(0, rows - 1) * self.theme.mm(theme.TARGET_GAP_MM)

    def _places(self) -> tuple[Sequence[Tile | None], int]:
        """The grid. Where everything must be low there are few rows, and no free places."""
        tiles = self._view.tiles
        if not self.theme.is_low:
            return tiles, self._view.columns
        dense = [tile for tile in tiles if tile]
        if self._view.is_map:
            # Without free places it is a map no more: what belongs together stands together.
            dense.sort(key=lambda tile: tile.action.name)
        return dense, max(1, -(-len(dense) // LOW_ROWS))

    def _words_height(self, width: float) -> float:
        """What lines and thermometers want above the buttons."""
        mm = self.theme.mm
        lines = sum(line.height_for(width) + mm(1.5) for line in self._lines)
        heats = mm((SMALL_THERMOMETER_MM if self.theme.is_small else THERMOMETER_MM) + 2) if self._heats else 0.0
        return lines + heats + mm(2)

    def _put_facts(self, room: Rect) -> None:
        """In two columns."""
        if not self._facts:
            return
        mm = self.theme.mm
        half = -(-len(self._facts) // 2)
        for first, column in zip((0, half), room.columns(2, mm(8)), strict=True):
            rest = column
            for what, much in self._facts[first : first + half]:
                wide = min(much.natural_width() + 1, column.w * 0.5)
                high = max(what.height_for(column.w - wide - mm(2)), much.height_for(wide))
                line, rest = rest.cut_top(high, mm(1.2 if self.theme.is_small else 3))
                value, name = line.cut_right(wide, mm(2))
                what.put(name)
                much.put(value)


def _shape(view: PageView) -> tuple[object, ...]:
    names = tuple(tile.action.name if tile else "" for tile in view.tiles)
    return names, len(view.lines), len(view.heats), len(view.facts), view.sign is None

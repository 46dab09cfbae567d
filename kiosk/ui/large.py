"""Any screen in large letters: its own words, choices and picture, laid out anew, on as many pages as they need.

The screen itself is never put on the glass: it is only asked what it would show. So a new screen has a large face
without doing anything for it.
"""

from typing import Any

from kivy.uix.widget import Widget

from kiosk.domain.intents import Intent, Touched
from kiosk.presenters.views import Action
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.large_content import LargeContent, columns_in, share
from kiosk.ui.low import arranged, in_rows
from kiosk.ui.paging import Row, height_of, is_heading, paged
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton, Touchable
from kiosk.ui.widgets.large_choice import LargeChoice
from kiosk.ui.widgets.printer_picture import PrinterPicture
from kiosk.ui.widgets.stage import Stage
from kiosk.ui.widgets.text import Text

PICTURE_SHARE = 0.36
BESIDE_MM, BELOW_MM = 60.0, 22.0
"""On a small glass: least width of a picture beside words, least height of one below them."""
GROWTH = 0.6
"""How much higher a choice with a picture becomes where there is room."""
CARDS, FEW_CARDS = 4, 2
"""How many cards a page of the collection has: on a glass of 10 inch, and on a smaller one or in half of it."""
LOW_COLUMNS = 6
"""At most so many choices beside each other in the lower half: two rows of these hold the keys of a PIN."""


class LargeFace(Screen[Any]):
    """The face of `inner`, which was made with a theme of ordinary letters."""

    def __init__(self, theme_: Theme, dispatch: Dispatch, inner: Screen[Any]) -> None:
        super().__init__(theme_, dispatch)
        self.inner = inner
        self._content = LargeContent(theme_, inner)
        self._more = PushButton(theme_, Action("more", "", "chevron-right", Touched()), self._turn_page)
        self._borrowed: list[tuple[Stage | PrinterPicture, Widget]] = []
        self._page = 0
        self._title: str | None = None
        self._heading: Text | None = None
        self.spare = Rect(0, 0, 0, 0)
        self._where: tuple[Rect, Rect, float] | None = None

    def name_more(self, word: str) -> None:
        """What leads to the next page, in the visitor's language."""
        self._more.show(Action("more", word, "chevron-right", Touched()))

    def show(self, body: Any) -> None:
        self._give_back()
        self.inner.show(body)
        title = self._content.title()
        if title != self._title:
            self._title, self._page = title, 0

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        self._where = (room, slot, floor)
        self._give_back()
        self.clear_widgets()
        self._heading = None
        gap = self.theme.mm(theme.TARGET_GAP_MM)
        shown = list(self._content.parts())
        stages = [widget for widget in shown if isinstance(widget, Stage)]
        pictures: list[Stage | PrinterPicture] = [*stages]
        if not any(isinstance(widget, Touchable) for widget in shown):
            # Beside choices, the printer's picture would only take their room.
            pictures += [widget for widget in shown if isinstance(widget, PrinterPicture)]
        if pictures and not self.theme.is_small:
            side, room = room.cut_left(room.w * PICTURE_SHARE, self.theme.gap)
            for picture, spot in zip(pictures, side.rows(len(pictures), gap), strict=True):
                self._borrow(picture, spot)
            stages = []
        if self.theme.is_low:
            room = self._put_choices_low(room, slot, gap)
        pages, room = self._paged(room, slot, gap)
        picture_page = self._picture_page(pages, room, gap) if stages else None
        count = max(len(pages), 1 + (picture_page or 0))
        if count > 1 and self._more.parent is None:
            self.add_widget(self._more)
        page = self._page % count
        rows = pages[page] if page < len(pages) else []
        if page == picture_page:
            room = self._put_picture(stages[0], rows, room, gap)
        self._put_rows(rows, room, gap)

    def _paged(self, room: Rect, slot: Rect, gap: float) -> tuple[list[list[Row]], Rect]:
        """The rows, page by page, and the room of each; the button to the next page is put where there is one."""
        rows = self._without_title(list(self._content.rows(room.w, room.h, gap)), slot)
        if height_of(rows, gap) <= room.h:
            return [rows], room
        if is_heading(rows) and height_of(rows[1:], gap) <= room.h:
            # Choices that fit without their heading stay together.
            return [rows[1:]], room
        bar = self.spare
        if self._more.parent:
            # The choices have more pages too: one touch turns both.
            bar = Rect(*self._more.pos, *self._more.size)
        elif self._more.natural_width() > bar.w:
            bar, room = room.cut_bottom(self.theme.mm(theme.TARGET_MM), gap)
        rows = self._without_title(list(self._content.rows(room.w, room.h, gap)), slot)
        pages = paged(rows, room.h, gap)
        if len(pages) > 1 and len(pages[0]) == 1 and is_heading([*pages[0], *pages[1]]):
            # A page with nothing but the heading of what comes next tells nobody anything.
            pages = pages[1:]
        self._more.put(bar.cut_right(min(bar.w, self._more.natural_width()))[0])
        return pages, room

    def _picture_page(self, pages: list[list[Row]], room: Rect, gap: float) -> int | None:
        """On a small glass: the first page with room for the picture, else one after all others; None where all
        words are on one page and it does not fit there."""
        for number, rows in enumerate(pages):
            if len(rows) == 1 and isinstance(rows[0].widgets[0], Text):
                beside = room.w - rows[0].widgets[0].natural_width() - self.theme.gap
                if beside >= self.theme.mm(BESIDE_MM):
                    return number
            if room.h - height_of(rows, gap) - gap >= self.theme.mm(BELOW_MM):
                return number
        return len(pages) if len(pages) > 1 else None

    def _put_picture(self, stage: Stage, rows: list[Row], room: Rect, gap: float) -> Rect:
        """Beside a line that stands alone, else below the words; gives back what the words have."""
        words = rows[0].widgets[0] if len(rows) == 1 else None
        if isinstance(words, Text) and room.w - words.natural_width() - self.theme.gap >= self.theme.mm(BESIDE_MM):
            line, spot = room.cut_left(words.natural_width() + 1, self.theme.gap)
            self._borrow(stage, spot)
            return line
        words_room, spot = room.cut_top(height_of(rows, gap), gap if rows else 0.0)
        self._borrow(stage, spot)
        return words_room

    def _put_rows(self, rows: list[Row], room: Rect, gap: float) -> None:
        """From the top; choices with a picture grow into what is left."""
        pictured = [row for row in rows if any(map(_has_picture, row.widgets))]
        extra = max(0.0, room.h - height_of(rows, gap)) / len(pictured) if pictured else 0.0
        for row in rows:
            height = row.height + (min(extra, row.height * GROWTH) if row in pictured else 0.0)
            line, room = room.cut_top(min(height, room.h), gap)
            self._put_row(row, line, gap)

    def _put_choices_low(self, room: Rect, slot: Rect, gap: float) -> Rect:
        """Choices into the lower half of the glass, on pages of their own; gives back what is left for words."""
        offered = self._content.offered()
        if not offered:
            return room
        choices = self._by_columns(offered, room.w, gap)
        heights = {
            n: [self._content.height_of(choice, share(room.w, n, gap)) for choice in made]
            for n, made in choices.items()
        }
        target = self.theme.mm(theme.TARGET_MM)
        reach = (self.parent.height if self.parent else room.h) / 2 - target - room.y
        most = room.h - self.theme.line(theme.BODY_MM) - gap
        has_spare = self._more.natural_width() <= self.spare.w
        more = [] if has_spare else [target]
        # Where the way to the next page stands among the choices, its word must fit there too.
        among = {
            n: each
            for n, each in heights.items()
            if n == 1 or has_spare or self._more.compact_width() <= share(room.w, n, gap)
        }
        plan = arranged(heights, reach, most, gap, more)
        if plan.each < len(offered):
            plan = arranged(among, reach, most, gap, more)
        words = self._without_title(list(self._content.rows(room.w, room.h, gap)), slot)
        if more and plan.each == len(offered) and plan.height + gap + height_of(words, gap) > room.h:
            # The words need pages, and what turns them must be as low as the choices.
            plan = arranged({n: [*each, target] for n, each in among.items()}, reach, most, gap, more)
            self.add_widget(self._more)
        elif plan.each < len(offered):
            self.add_widget(self._more)
        first = self._page % -(-len(offered) // plan.each) * plan.each
        cells = choices[plan.columns][first : first + plan.each]
        for choice in cells:
            self.add_widget(choice)
        if has_spare:
            self._more.put(self.spare.cut_right(self._more.natural_width())[0])
        elif self._more.parent:
            cells = [*cells, self._more]
        high = plan.height
        if len(cells) <= plan.columns and any(map(_has_picture, cells)):
            high = max(high, min(high * (1 + GROWTH), room.h - gap - height_of(words, gap)))
        lower, room = room.cut_bottom(high, gap)
        self._put_cells(cells, plan.columns, lower, gap)
        return room

    def _by_columns(self, offered: list[Touchable], width: float, gap: float) -> dict[int, list[Touchable]]:
        """The choices for each number of columns in which no word is broken."""
        made = {
            n: [self._content.choice(one, share(width, n, gap)) for one in offered]
            for n in range(1, LOW_COLUMNS + 1)
        }
        return {
            n: choices
            for n, choices in made.items()
            if n == 1 or all(choice.least_width() <= share(width, n, gap) for choice in choices)
        }

    def _put_cells(self, cells: list[Touchable], columns: int, room: Rect, gap: float) -> None:
        """From the bottom of `room`; a single row has all of it."""
        width = share(room.w, columns, gap)
        heights = in_rows([self._content.height_of(cell, width) for cell in cells], columns)
        heights = heights if len(heights) > 1 else [room.h]
        block = room.cut_bottom(sum(heights) + gap * (len(heights) - 1))[0]
        for number, height in enumerate(heights):
            line, block = block.cut_top(height, gap)
            row = cells[number * columns : (number + 1) * columns]
            for cell, spot in zip(row, line.columns(columns, gap), strict=False):
                cell.put(spot if cell is not self._more else spot.cut_bottom(self.theme.mm(theme.TARGET_MM))[0])

    def leave(self) -> None:
        self._give_back()
        self.inner.leave()
        self._page, self._title, self._where = 0, None, None

    def _turn_page(self, intent: Intent) -> None:
        self._page += 1
        if self._where:
            self.put(*self._where)
        self.send(intent)

    def _without_title(self, rows: list[Row], slot: Rect) -> list[Row]:
        """The first text stands in the bar above, where that has room for it."""
        first = rows[0].widgets[0] if rows else None
        if not isinstance(first, Text) or first.natural_width() > slot.w:
            return rows
        first.put(slot)
        if self._heading:
            self.remove_widget(self._heading)
        self._heading = first
        self.add_widget(first)
        return rows[1:]

    def _put_row(self, row: Row, line: Rect, gap: float) -> None:
        spots = [line]
        if isinstance(row.widgets[0], Touchable):
            spots = line.columns(columns_in(self.theme, line.w, gap), gap)
        for widget, spot in zip(row.widgets, spots, strict=False):
            self.add_widget(widget)
            widget.put(spot)

    def _borrow(self, picture: Stage | PrinterPicture, spot: Rect) -> None:
        if picture.parent is None:
            return
        self._borrowed.append((picture, picture.parent))
        picture.parent.remove_widget(picture)
        self.add_widget(picture)
        picture.put(spot)

    def _give_back(self) -> None:
        """The screen must find its own widgets where they were when it shows something else."""
        for picture, owner in self._borrowed:
            self.remove_widget(picture)
            owner.add_widget(picture)
        self._borrowed = []


def _has_picture(widget: Widget) -> bool:
    return isinstance(widget, LargeChoice) and widget.has_picture

"""What one may look for: groups of buttons."""

from kiosk.presenters.search import SearchView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton
from kiosk.ui.widgets.text import Text

MOST_COLUMNS = 4


class SearchScreen(Screen[SearchView]):
    """Each group has its heading; a group that stands alone has it as the title."""

    @classmethod
    def is_low_itself(cls, _body: SearchView) -> bool:
        return False

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._headings: list[Text] = []
        self._groups: list[list[PushButton]] = []
        self._body: SearchView | None = None

    def show(self, body: SearchView) -> None:
        if body == self._body:
            return
        self._body = body
        self.clear_widgets()
        self._title.text = body.title
        self._headings = [Text(self.theme, theme.BODY_MM, bold=True) for _ in body.groups]
        for heading, group in zip(self._headings, body.groups, strict=True):
            heading.text = group.title if len(body.groups) > 1 else ""
        self._groups = [
            [PushButton(self.theme, choice, self.send) for choice in group.choices] for group in body.groups
        ]
        self.add(self._title)
        for heading, buttons in zip(self._headings, self._groups, strict=True):
            self.add(heading, *buttons)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm = self.theme.mm
        gap = mm(theme.TARGET_GAP_MM)
        if self._title.natural_width() <= slot.w:
            self._title.put(slot)
        else:
            room = self._title.put(room, "top").cut_top(mm(1))[1]
        headed = self._height(room.w, headed=True) <= room.h
        for heading, group in zip(self._headings, self._groups, strict=True):
            heading.opacity = float(headed)
            if heading.text and headed:
                room = heading.put(room, "top").cut_top(mm(0.5))[1]
            columns = self._columns(group, room.w)
            if len(self._groups) == 1:
                # A word before its icon: more columns than icons leave room for, rather than a row too many.
                most = max(1, int((room.h + gap) // (mm(theme.TARGET_MM) + gap)))
                columns = max(columns, -(-len(group) // most))
            rows = -(-len(group) // columns)
            block, room = room.cut_top(rows * mm(theme.TARGET_MM) + (rows - 1) * gap, mm(3))
            spots = [spot for row in block.rows(rows, gap) for spot in row.columns(columns, gap)]
            for button, spot in zip(group, spots, strict=False):
                button.put(spot)

    def _height(self, width: float, headed: bool) -> float:
        mm, gap = self.theme.mm, self.theme.mm(theme.TARGET_GAP_MM)
        height = 0.0
        for heading, group in zip(self._headings, self._groups, strict=True):
            rows = -(-len(group) // self._columns(group, width))
            height += rows * mm(theme.TARGET_MM) + (rows - 1) * gap + mm(3)
            height += heading.height_for(width) + mm(0.5) if headed and heading.text else 0.0
        return height - mm(3)

    def _columns(self, group: list[PushButton], width: float) -> int:
        """As many as the longest word leaves room for."""
        gap = self.theme.mm(theme.TARGET_GAP_MM)
        widest = max(button.natural_width() for button in group)
        return max(1, min(MOST_COLUMNS, len(group), int((width + gap) // (widest + gap))))

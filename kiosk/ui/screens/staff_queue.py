"""The queue as staff sees it: the visitors' rows, to be picked."""

from kivy.graphics import Color, Line

from kiosk.presenters.staff.people import FEW_ROWS, ROWS
from kiosk.presenters.staff.views import JobChoice, QueuePageView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.queue import Row
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, Touchable
from kiosk.ui.widgets.text import Text

MARK_MM = 1.4
"""The edge of what is picked: thick, so that it is not told by colour alone."""


class JobButton(Touchable):
    """A row that can be picked."""

    def __init__(self, theme_: Theme, number: int, choice: JobChoice, dispatch: Dispatch) -> None:
        super().__init__(choice.pick.name, lambda: dispatch(self._choice.pick.intent))
        self._theme = theme_
        self._row = Row(theme_, number)
        self.add_widget(self._row)
        with self.canvas.after:
            self._mark_colour = Color(*theme_.rgb(theme.ACTION), 0)
            self._mark = Line(width=theme_.mm(MARK_MM) / 2)
        self.show(choice)

    @property
    def label(self) -> str:
        ticket = self._choice.row.ticket
        return "\n".join(
            filter(None, (self._choice.row.title, self._choice.row.when, ticket.text if ticket else ""))
        )

    def show(self, choice: JobChoice) -> None:
        """Of one job."""
        self._choice = choice
        self._row.show(choice.row)
        self._mark_colour.a = float(choice.row.is_mine)

    def put(self, room: Rect) -> None:
        super().put(room)
        self._row.put(room)
        edge = self._theme.mm(MARK_MM) / 2
        inner = room.inset(edge)
        self._mark.rounded_rectangle = (*inner.pos, *inner.size, self._theme.mm(theme.RADIUS_MM))


class StaffQueueScreen(Screen[QueuePageView]):
    """One page of it."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._page = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, halign="right", name="page")
        self._empty = Text(theme_, theme.LEAD_MM, halign="center", name="empty")
        self._jobs: list[JobButton] = []

    def show(self, body: QueuePageView) -> None:
        self._title.text, self._page.text, self._empty.text = body.title, body.page, body.empty
        if [job.name for job in self._jobs] != [choice.pick.name for choice in body.jobs] or not self.children:
            self.clear_widgets()
            self._jobs = [JobButton(self.theme, n, choice, self.send) for n, choice in enumerate(body.jobs)]
            self.add(self._title, self._page, self._empty, *self._jobs)
        for button, choice in zip(self._jobs, body.jobs, strict=True):
            button.show(choice)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm = self.theme.mm
        page, title = slot.cut_right(self._page.natural_width() + 1, self.theme.gap)
        self._title.put(title)
        self._page.put(page)
        self._empty.put(room)
        if self.theme.is_low:
            room = room.cut_bottom(FEW_ROWS * mm(theme.TARGET_MM) + mm(theme.TARGET_GAP_MM))[0]
        most = FEW_ROWS if self.theme.is_small or self.theme.is_low else ROWS
        for job, spot in zip(self._jobs, room.rows(most, mm(theme.TARGET_GAP_MM)), strict=False):
            job.put(spot)

"""The queue: one row for each job, in its order."""

from kivy.uix.widget import Widget

from kiosk.domain.printing import FEW_QUEUE_ROWS, QUEUE_ROWS
from kiosk.presenters.queue import QueueView, RowView
from kiosk.presenters.views import Tone
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Icon, Text
from kiosk.ui.widgets.thumbnail import Thumbnail
from kiosk.ui.widgets.ticket import TicketBadge


class Row(Widget):
    """Place, picture, title and time; the ticket at the end."""

    def __init__(self, theme_: Theme, number: int) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        size = theme.BODY_MM if theme_.is_small else theme.LEAD_MM
        self._panel = Panel(theme_)
        self._place = Text(theme_, theme.TITLE_MM * 0.85, bold=True, halign="center")
        self._now = Icon(theme_, "printer-3d", 8)
        self._picture = Thumbnail(theme_)
        self._title = Text(theme_, size, bold=True, name=f"row-{number}")
        self._when = Text(theme_, theme.BODY_MM, name=f"row-{number}-when")
        self._ticket = TicketBadge(theme_)
        for part in (self._panel, self._place, self._now, self._picture, self._title, self._when, self._ticket):
            self.add_widget(part)

    def show(self, view: RowView) -> None:
        """Of one job."""
        ink, ground = theme.TONES[view.tone]
        self._panel.paint(ground, theme.ACTION if view.is_mine else theme.LINE)
        self._place.text = view.place
        self._now.opacity = float(not view.place)
        self._picture.show(view.picture)
        self._title.text, self._when.text = view.title, view.when
        for text in (self._place, self._title, self._when):
            text.paint(ink if view.tone is not Tone.PLAIN else theme.INK)
        self._ticket.show(view.ticket)

    def put(self, room: Rect) -> None:
        """Fill `room`."""
        mm = self._theme.mm
        self.pos, self.size = room.pos, room.size
        self._panel.put(room)
        inner = room.inset(mm(2), mm(1))
        place, inner = inner.cut_left(mm(12), mm(1))
        self._place.put(place)
        self._now.put(place)
        picture, inner = inner.cut_left(inner.h * 1.1, mm(2))
        self._picture.put(picture)
        ticket, words = inner.cut_right(self._ticket.natural_width(inner.h), mm(2))
        self._ticket.put(ticket)
        block = words.centred(words.w, self._title.height_for(words.w) + self._when.height_for(words.w))
        self._when.put(self._title.put(block, "top"), "top")


class QueueScreen(Screen[QueueView]):
    """One page of rows."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._page = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, halign="right", name="page")
        self._empty = Text(theme_, theme.LEAD_MM, halign="center", name="empty")
        self._rows = [Row(theme_, number) for number in range(QUEUE_ROWS)]
        self._shown = 0
        self.add(self._title, self._page, self._empty, *self._rows)

    def show(self, body: QueueView) -> None:
        self._title.text, self._page.text, self._empty.text = body.title, body.page, body.empty
        self._shown = len(body.rows)
        for number, row in enumerate(self._rows):
            row.opacity = float(number < self._shown)
            if number < self._shown:
                row.show(body.rows[number])

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        page, title = slot.cut_right(self._page.natural_width() + 1, self.theme.gap)
        self._title.put(title)
        self._page.put(page)
        self._empty.put(room)
        most = FEW_QUEUE_ROWS if self.theme.is_small else QUEUE_ROWS
        for row, spot in zip(self._rows, room.rows(max(most, self._shown), self.theme.mm(2)), strict=False):
            row.put(spot)

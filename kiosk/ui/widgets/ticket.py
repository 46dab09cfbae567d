"""A ticket: the animal's picture and its number."""

from kivy.uix.widget import Widget

from kiosk.presenters.tickets import TicketView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.text import Text
from kiosk.ui.widgets.thumbnail import Thumbnail


class TicketBadge(Widget):
    """The word under or beside the picture, as the room is."""

    def __init__(self, theme_: Theme, size_mm: float = theme.BODY_MM, name: str = "") -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._picture = Thumbnail(theme_)
        self._word = Text(theme_, size_mm, bold=True, name=name)
        self._shows = False
        for part in (self._picture, self._word):
            self.add_widget(part)

    def show(self, ticket: TicketView | None) -> None:
        """Another one; None hides it."""
        self._shows = ticket is not None
        self.opacity = float(self._shows)
        self._word.text = ticket.text if ticket else ""
        self._picture.show(ticket.picture if ticket and ticket.picture and ticket.picture.is_file() else None)

    @property
    def is_empty(self) -> bool:
        """There is no ticket."""
        return not self._shows

    def natural_width(self, height: float) -> float:
        """Beside each other in a row of that height."""
        return height + self._theme.mm(2) + self._word.natural_width() + 1 if self._shows else 0.0

    def put(self, room: Rect) -> None:
        """Picture on the left, its word beside it."""
        self.pos, self.size = room.pos, room.size
        picture, word = room.cut_left(min(room.h, room.w), self._theme.mm(2))
        self._picture.put(picture)
        self._word.put(Rect(word.x, word.y, max(1.0, word.w), word.h))

"""What the spool is called: the keyboard, and what was typed."""

from kiosk.domain.intents import PressKey
from kiosk.presenters.staff.views import NameView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.keyboard import Keyboard
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Text


class NameScreen(Screen[NameView]):
    """The field stands above the keys; in the upper bar where room is short."""

    @classmethod
    def is_large_itself(cls, body: NameView) -> bool:
        return True

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._field = Panel(theme_, theme.CARD, theme.ACTION)
        self._name = ""
        self._text = Text(theme_, theme.LEAD_MM, bold=True, name="typed")
        self._keyboard = Keyboard(theme_, lambda key: dispatch(PressKey(key)))
        self.add(self._title, self._field, self._text, self._keyboard)

    def show(self, body: NameView) -> None:
        self._title.text, self._name = body.title, body.text
        self._keyboard.show(body.page, body.capital, body.space, body.done)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm = self.theme.mm
        short = self.theme.is_small or self.theme.is_large
        self._title.opacity = float(not short)
        if short:
            field = slot.centred(slot.w, mm(theme.TARGET_MM))
            keys = room if self.theme.is_small else room.cut_bottom(self._keyboard.natural_height())[0]
        else:
            self._title.put(slot)
            keys, above = room.cut_bottom(self._keyboard.natural_height(), mm(3))
            field = above.cut_bottom(mm(theme.TARGET_MM))[0]
        self._keyboard.put(keys)
        self._field.put(field)
        inner = field.inset(mm(3), 0)
        self._text.text = self._text.end_of(self._name, inner.w)
        self._text.put(inner)

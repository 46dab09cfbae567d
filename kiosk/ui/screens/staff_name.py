"""What the spool is called: the keyboard, and what was typed."""

from kiosk.domain.events import PressKey
from kiosk.domain.keyboard import Special
from kiosk.presenters.staff.views import NameView
from kiosk.presenters.views import Action, Role
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton
from kiosk.ui.widgets.keyboard import ROWS, Keyboard
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Text

KEY_MM = 15.0


class NameScreen(Screen):
    """The field stands above the keys; on a small glass in the upper bar."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, name="title")
        self._field = Panel(theme_, theme.CARD, theme.ACTION)
        self._text = Text(theme_, theme.LEAD_MM, bold=True, name="typed")
        done = Action("key:done", "", "check", PressKey(Special.DONE.value), Role.PRIMARY)
        self._done = PushButton(theme_, done, dispatch)
        self._keyboard = Keyboard(theme_, lambda key: dispatch(PressKey(key)))
        self.add(self._title, self._field, self._text, self._keyboard)
        if not theme_.is_small:
            self.add(self._done)

    def show(self, body: NameView) -> None:
        self._title.text, self._text.text = body.title, body.text
        self._keyboard.show(body.page, body.capital, body.space, body.done)
        self._done.show(Action("key:done", body.done, "check", PressKey(Special.DONE.value), Role.PRIMARY))

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.gap
        if self.theme.is_small:
            self._title.opacity = 0.0
            self._field.put(slot)
            self._text.put(slot.inset(mm(2), 0))
            self._keyboard.put(room)
            return
        keys, above = room.cut_bottom(mm(KEY_MM * ROWS + 2 * (ROWS - 1)), mm(3))
        self._keyboard.put(keys)
        self._title.put(slot)
        line = above.cut_bottom(mm(15))[0]
        done, field = line.cut_right(self._done.natural_width(), gap)
        self._done.put(done)
        self._field.put(field)
        self._text.put(field.inset(mm(3), 0))

"""Something is wrong, and "does it stick?": large pictures beside each other."""

from kiosk.presenters.problem import ProblemView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.picture_choice import PictureChoice
from kiosk.ui.widgets.text import Text


class ProblemScreen(Screen[ProblemView]):
    """Two or three cards to point at."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        size = theme.LEAD_MM * 1.2 if theme_.is_small else theme.TITLE_MM
        self._title = Text(theme_, size, bold=True, name="title")
        self._words = Text(theme_, theme.BODY_MM if theme_.is_small else theme.LEAD_MM, name="explanation")
        self._choices: list[PictureChoice] = []
        self.add(self._title, self._words)

    def show(self, body: ProblemView) -> None:
        self._title.text, self._words.text = body.title, body.explanation
        if [choice.name for choice in self._choices] != [view.name for view in body.choices]:
            for old in self._choices:
                self.remove_widget(old)
            self._choices = [PictureChoice(self.theme, view, self.send) for view in body.choices]
            self.add(*self._choices)
        for choice, view in zip(self._choices, body.choices, strict=True):
            choice.show(view, body.toolpath, body.printer)

    def leave(self) -> None:
        for choice in self._choices:
            choice.release()

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.gap
        if self._title.natural_width() <= slot.w:
            self._title.put(slot)
        else:
            room = self._title.put(room, "top").cut_top(mm(1))[1]
        explains = not self.theme.is_small or len(self._choices) > 2
        self._words.opacity = float(explains)
        rest = self._words.put(room, "top").cut_top(mm(1.5 if self.theme.is_small else 3))[1] if explains else room
        for choice, spot in zip(self._choices, rest.columns(len(self._choices), gap), strict=True):
            choice.put(spot)

"""How was it? Three large faces, or a few reasons."""

from kiosk.presenters.feedback import FeedbackView
from kiosk.presenters.views import Action
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton, Touchable
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.text import Icon, Text

_TONES = {"rate:3": (theme.WELL, theme.WELL_GROUND), "rate:2": (theme.WAIT, theme.WAIT_GROUND)}
_ELSE = (theme.STOP, theme.STOP_GROUND)


class Smiley(Touchable):
    """A face with its word."""

    def __init__(self, theme_: Theme, action: Action, dispatch: Dispatch) -> None:
        super().__init__(action.name, lambda: dispatch(action.intent))
        self._theme, self._ink = theme_, _TONES.get(action.name, _ELSE)
        self._panel = Panel(theme_)
        self._icon = Icon(theme_, action.icon, 24 if theme_.is_small else 38, self._ink[0])
        self._word = Text(theme_, theme.LEAD_MM, bold=True, halign="center")
        self._word.text = action.text
        for part in (self._panel, self._icon, self._word):
            self.add_widget(part)
        self.bind(state=self._paint)
        self._paint()

    @property
    def label(self) -> str:
        return self._word.text

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        inner = room.inset(self._theme.mm(2))
        word, face = inner.cut_bottom(self._word.height_for(inner.w), self._theme.mm(1))
        self._word.put(word)
        self._icon.put(face)

    def _paint(self, *_: object) -> None:
        pressed = self.state == "down"
        self._panel.paint(theme.PRESSED if pressed else self._ink[1], self._ink[0])


class FeedbackScreen(Screen[FeedbackView]):
    """First the faces, then the reasons."""

    @classmethod
    def is_low_itself(cls, _body: FeedbackView) -> bool:
        return False

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        size = theme.LEAD_MM * 1.2 if theme_.is_small else theme.TITLE_MM
        self._title = Text(theme_, size, bold=True, halign="center", name="title")
        self._words = Text(
            theme_, theme.BODY_MM if theme_.is_small else theme.LEAD_MM, halign="center", name="explanation"
        )
        self._smileys: list[Smiley] = []
        self._reasons: list[PushButton] = []

    def show(self, body: FeedbackView) -> None:
        self.clear_widgets()
        self._title.text, self._words.text = body.title, body.explanation
        self._smileys = [Smiley(self.theme, action, self.send) for action in body.smileys]
        self._reasons = [PushButton(self.theme, action, self.send) for action in body.reasons]
        self.add(self._title, self._words, *self._smileys, *self._reasons)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.gap
        if self.theme.is_small and self._title.natural_width() <= slot.w:
            self._title.put(slot)
            rest = room
        else:
            rest = self._title.put(room.cut_top(mm(1))[1], "top").cut_top(mm(1))[1]
        self._words.opacity = float(not (self.theme.is_small and self._reasons))
        if self._words.opacity:
            rest = self._words.put(rest, "top").cut_top(gap / 2 if self.theme.is_small else gap)[1]
        if self._smileys:
            faces = rest.centred(min(rest.w, mm(60) * 3), min(rest.h, mm(62)))
            for smiley, spot in zip(self._smileys, faces.columns(3, gap), strict=True):
                smiley.put(spot)
            return
        between = mm(theme.TARGET_GAP_MM)
        rows = -(-len(self._reasons) // 2)
        height = min(mm(20), (rest.h - (rows - 1) * between) / max(1, rows))
        block = rest.cut_top(rows * height + (rows - 1) * between)[0]
        block = block.centred(min(block.w, mm(170)), block.h)
        spots = [spot for row in block.rows(rows, between) for spot in row.columns(2, gap)]
        for button, spot in zip(self._reasons, spots, strict=False):
            button.put(spot)

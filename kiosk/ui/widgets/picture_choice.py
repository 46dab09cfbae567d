"""A large picture to point at: what one sees, its word, and what will happen."""

from pathlib import Path

from kiosk.domain.world import JobToolpath
from kiosk.presenters.problem import ChoiceView, Shot
from kiosk.presenters.views import Action, Badge, Role, Tone
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, Touchable
from kiosk.ui.widgets.first_layer import FirstLayerStage
from kiosk.ui.widgets.panel import BadgeLine, Panel
from kiosk.ui.widgets.printer_picture import PrinterPicture
from kiosk.ui.widgets.text import Text

LEAST_PICTURE_MM = 20.0


class PictureChoice(Touchable):
    """A card. Made for one choice; `show` only follows whether it can be pressed."""

    def __init__(self, theme_: Theme, view: ChoiceView, dispatch: Dispatch) -> None:
        super().__init__(view.name, lambda: dispatch(self._view.intent))
        self._theme, self._view = theme_, view
        small = theme_.is_small
        self._panel = Panel(theme_)
        self._word = Text(theme_, theme.BODY_MM if small else theme.LEAD_MM, bold=True, halign="center")
        self._outcome = BadgeLine(theme_)
        self._stage = FirstLayerStage(theme_, view.shot) if view.shot is not Shot.PRINTER else None
        self._printer = PrinterPicture(theme_) if view.shot is Shot.PRINTER else None
        for part in (self._panel, self._stage or self._printer, self._word, self._outcome):
            self.add_widget(part)
        self.bind(state=self._paint)

    @property
    def label(self) -> str:
        return self._view.text

    @property
    def action(self) -> Action:
        role = Role.DANGER if self._view.tone is Tone.STOP else Role.PLAIN
        return Action(self._view.name, self._view.text, self._view.icon, self._view.intent, role)

    def show(self, view: ChoiceView, toolpath: JobToolpath | None, printer: Path | None) -> None:
        """The words of now, and the first layer of what is being printed."""
        self._view = view
        self.disabled = not view.enabled
        self._word.text = view.text
        self._word.paint(theme.TONES[view.tone][0])
        self._outcome.show(Badge(view.outcome, view.icon, view.tone))
        if self._stage:
            self._stage.show_layer(toolpath)
        if self._printer:
            self._printer.show(printer, view.icon, view.tone)
        self._paint()

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        mm = self._theme.mm
        inner = room.inset(mm(2.5))
        high, words = self._outcome.height_for(inner.w), self._word.height_for(inner.w)
        # Where there is little room, what is seen and its word matter more than what will happen.
        tells = inner.h - high - words - mm(3) >= mm(LEAST_PICTURE_MM)
        self._outcome.opacity = float(tells)
        outcome, inner = inner.cut_bottom(high if tells else 0, mm(1.5) if tells else 0)
        self._outcome.put(outcome)
        word, picture = inner.cut_bottom(words, mm(1.5))
        self._word.put(word)
        part = self._stage or self._printer
        if part:
            part.put(picture)

    def release(self) -> None:
        """Nobody sees it."""
        if self._stage:
            self._stage.release()

    def _paint(self, *_: object) -> None:
        pressed, danger = self.state == "down", self._view.tone is Tone.STOP
        edge = theme.STOP if danger else theme.SOFT_INK
        self._panel.paint(theme.PRESSED if pressed else theme.CARD, edge)

"""Is the plate empty? Two pictures say what is meant."""

from kivy.uix.widget import Widget

from catalogue.packs import PackError
from kiosk.presenters.plate import PlateView
from kiosk.presenters.views import Badge
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.model_stage import PlateStage
from kiosk.ui.widgets.panel import BadgeLine, Panel
from kiosk.ui.widgets.text import Text

LEAST_PICTURE_MM = 24.0
"""Lower pictures say nothing: then only what hinders is shown."""


class PlateScreen(Screen[PlateView]):
    """An empty plate, and one that is not."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._title = Text(theme_, theme.LEAD_MM if theme_.is_small else theme.TITLE_MM, bold=True, name="title")
        self._words = Text(theme_, theme.BODY_MM if theme_.is_small else theme.LEAD_MM, name="explanation")
        self._warnings = [BadgeLine(theme_, name=name) for name in ("warning", "warning-2", "warning-3")]
        self._cards = [Panel(theme_, theme.CARD, theme.LINE) for _ in range(2)]
        self._plates = [PlateStage(theme_, theme.CARD) for _ in range(2)]
        self._badges = [BadgeLine(theme_, theme.LEAD_MM, bold=True) for _ in range(2)]
        self.add(self._title, self._words, *self._warnings, *self._cards, *self._plates, *self._badges)

    def show(self, body: PlateView) -> None:
        self._title.text, self._words.text = body.title, body.explanation
        for line, warning in zip(self._warnings, (*body.warnings, None, None, None), strict=False):
            line.show(warning)
        for line, said in zip(self._badges, (body.good, body.bad), strict=True):
            line.show(Badge(said.text, said.icon, said.tone))
        if body.mesh:
            try:
                self._plates[1].leave(body.mesh)
            except PackError:
                self._badges[1].show(None)

    def leave(self) -> None:
        for plate in self._plates:
            plate.release()

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.gap
        rest = self._title.put(
            slot if self.theme.is_small else room, "top" if not self.theme.is_small else "middle"
        )
        rest = room if self.theme.is_small else rest.cut_top(mm(1))[1]
        rest = self._words.put(rest, "top").cut_top(gap / 2)[1]
        for line in self._warnings:
            if not line.is_empty:
                rest = line.put(rest).cut_top(gap / 2)[1]
        seen = rest.h >= mm(LEAST_PICTURE_MM)
        pictured: tuple[Widget, ...] = (*self._cards, *self._plates, *self._badges)
        for part in pictured:
            part.opacity = float(seen)
        for card, plate, badge, spot in zip(
            self._cards, self._plates, self._badges, rest.columns(2, gap), strict=True
        ):
            card.put(spot)
            inner = spot.inset(mm(2))
            words, picture = inner.cut_bottom(badge.height_for(inner.w), mm(1))
            badge.put(words)
            plate.put(picture)

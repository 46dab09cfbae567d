"""Nobody is there: a model turns on its plate."""

import logging
import math

from kivy.clock import Clock

from catalogue.packs import PackError
from kiosk.domain.intents import Wake
from kiosk.presenters.attract import AttractView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, Touchable
from kiosk.ui.widgets.camera import Camera
from kiosk.ui.widgets.model_stage import ModelStage
from kiosk.ui.widgets.panel import BadgeLine, Panel
from kiosk.ui.widgets.text import Icon, Text

log = logging.getLogger(__name__)

FRAMES_PER_S = 10
PERIOD_S, SWING_S, SWING_DEGREES = 60.0, 3.2, 75.0
"""It turns, then rests: a screen that moves all day costs power and calm."""


class AttractScreen(Screen[AttractView]):
    """The whole glass is one button: the first touch only wakes."""

    @classmethod
    def is_large_itself(cls, _body: AttractView) -> bool:
        return True

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        small = theme_.is_small
        self._stage = ModelStage(theme_, touchable=False)
        self._stage.look(Camera(yaw=30.0, pitch=-64.0))
        self._library = Text(theme_, theme.LEAD_MM, colour=theme.SOFT_INK)
        self._title = Text(theme_, theme.TITLE_MM if small else theme.DISPLAY_MM, bold=True)
        self._printer = BadgeLine(theme_, theme.BODY_MM if small else theme.LEAD_MM, name="printer")
        self._panel = Panel(theme_, theme.ACTION, theme.ACTION)
        self._hand = Icon(theme_, "hand-pointing-right", 9, theme.ON_ACTION)
        self._invitation = Text(theme_, theme.LEAD_MM, bold=True, colour=theme.ON_ACTION)
        self._touch = Touchable("wake", lambda: dispatch(Wake()))
        self.add(self._stage, self._library, self._title, self._printer)
        self.add(self._panel, self._hand, self._invitation, self._touch)
        self._phase_s = 0.0
        self._turning = Clock.create_trigger(self._turn, 1 / FRAMES_PER_S, interval=True)

    def show(self, body: AttractView) -> None:
        self._library.text = body.library
        self._title.text = body.title
        self._invitation.text = body.invitation
        self._printer.show(body.printer)
        try:
            self._stage.show(body.mesh)
        except PackError as error:
            log.error("nothing turns here: %s", error)
            self._stage.release()
        if not self.theme.is_still:
            self._turning()

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, large = self.theme.mm, self.theme.is_large
        self._touch.put(room)
        words, stage = room.cut_left(room.w * (0.58 if large else 0.46))
        crowded = large and self._printer.height_for(words.w) > room.h * 0.45
        self._stage.opacity = float(not crowded)
        self._stage.put(stage)
        if crowded:
            words = room
        words = words.inset(mm(0 if large else 4), mm(0 if large else 2))
        width = min(words.w, self._invitation.natural_width() + mm(9 + 2 + 12))
        height = max(mm(18), self._invitation.height_for(width - mm(9 + 3 + 10)) + mm(3))
        button, words = words.cut_bottom(height, mm(3))
        button, _rest = button.cut_left(width)
        self._panel.put(button)
        hand, invitation = button.inset(mm(5), 0).cut_left(mm(9), mm(3))
        self._hand.put(hand)
        self._invitation.put(invitation)
        gap = mm(2 if self.theme.is_small else 6)
        # Where not all of it fits, whether the printer is free matters most.
        state_height = self._printer.height_for(words.w)
        library_height = self._library.height_for(words.w)
        has_library = library_height + mm(2) + state_height <= words.h
        self._library.opacity = float(has_library)
        if has_library:
            library, words = words.cut_top(library_height, mm(2))
            self._library.put(library)
        title_height = self._title.height_for(words.w)
        has_title = title_height + gap + state_height <= words.h
        self._title.opacity = float(has_title)
        title_height = title_height + gap if has_title else 0.0
        block = words.centred(words.w, title_height + state_height)
        if has_title:
            title, block = block.cut_top(title_height - gap, gap)
            self._title.put(title)
        narrow, _rest = block.cut_left(min(block.w, self._printer.natural_width()))
        self._printer.put(narrow)

    def leave(self) -> None:
        self._turning.cancel()
        self._stage.release()

    def _turn(self, _dt: float) -> None:
        before = self._phase_s
        self._phase_s = (before + 1 / FRAMES_PER_S) % PERIOD_S
        degrees = _swung(self._phase_s) - _swung(before)
        if degrees > 0:
            self._stage.turn(degrees)


def _swung(phase_s: float) -> float:
    """How far it has turned in this period; slow at both ends."""
    share = min(1.0, phase_s / SWING_S)
    return SWING_DEGREES * (1 - math.cos(math.pi * share)) / 2

"""The one place for colours, sizes and spacing."""

from dataclasses import dataclass

from kiosk.config import Screen
from kiosk.domain.colour import Rgb, from_hex, mix, visible_on
from kiosk.presenters.views import Role, Tone
from kiosk.ui.fonts import Fonts

PAPER = from_hex("#FAF6EF")
CARD = from_hex("#FFFFFF")
INK = from_hex("#1D2730")
SOFT_INK = from_hex("#51606B")
LINE = from_hex("#D9D2C5")
ACTION = from_hex("#0F6B6E")
ACTION_PRESSED = from_hex("#0A4F52")
WELL, WELL_GROUND = from_hex("#22693B"), from_hex("#DDF1E2")
WAIT, WAIT_GROUND = from_hex("#8A5A00"), from_hex("#FFE7B3")
STOP, STOP_GROUND = from_hex("#B3261E"), from_hex("#FBE3E0")
NO_SPOOL = SOFT_INK
"""Worn while nobody has said which spool is loaded."""

TONES: dict[Tone, tuple[Rgb, Rgb]] = {
    Tone.PLAIN: (INK, CARD),
    Tone.WELL: (WELL, WELL_GROUND),
    Tone.WAIT: (WAIT, WAIT_GROUND),
    Tone.STOP: (STOP, STOP_GROUND),
}
"""Text and ground of each tone."""

GRID_MM = 2.0
GUTTER_MM = 4.0
RADIUS_MM = 3.0
TARGET_MM = 15.0
TARGET_GAP_MM = 2.0
CARD_MM = 40.0
BODY_MM, LEAD_MM, TITLE_MM, DISPLAY_MM = 4.2, 5.5, 8.0, 13.0
SMALL_HEIGHT_MM = 110.0
"""A screen lower than this (7 inch) has room for one thing less."""

TURN_S = 0.2
"""Motion that shows cause."""


@dataclass(frozen=True)
class Paint:
    """A button's colours."""

    ground: Rgb
    pressed: Rgb
    text: Rgb
    border: Rgb


BUTTONS: dict[Role, Paint] = {
    Role.PRIMARY: Paint(ACTION, ACTION_PRESSED, CARD, ACTION),
    Role.PLAIN: Paint(CARD, LINE, INK, SOFT_INK),
    Role.DANGER: Paint(CARD, STOP_GROUND, STOP, STOP),
}
DISABLED = Paint(from_hex("#ECE6DB"), from_hex("#ECE6DB"), SOFT_INK, LINE)


class Theme:
    """Millimetres in pixels of this screen, fonts, and the spool's colour."""

    def __init__(self, screen: Screen, fonts: Fonts) -> None:
        self.fonts = fonts
        self._px_per_mm = screen.px_per_mm
        self.is_small = screen.height_px / screen.px_per_mm < SMALL_HEIGHT_MM
        self.spool = NO_SPOOL

    def mm(self, length: float) -> float:
        """Whole pixels of a length in mm."""
        return float(round(length * self._px_per_mm))

    def wear(self, colour: str) -> bool:
        """Take on the spool's colour, moved until it can be seen on paper. True when that changes anything."""
        spool = visible_on(from_hex(colour), PAPER)
        changed, self.spool = spool != self.spool, spool
        return changed

    @property
    def spool_tint(self) -> Rgb:
        """A breath of the spool on paper."""
        return mix(PAPER, self.spool, 0.14)

    @property
    def gap(self) -> float:
        """Between things, in pixels."""
        return self.mm(GUTTER_MM)

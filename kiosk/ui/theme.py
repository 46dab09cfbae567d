"""The one place for colours, sizes and spacing.

A colour is a token: what it is for. `Theme.rgb` says which colour that is in the contrast that is worn. Text is
sized through `Theme.text`, which knows the large mode. Both change only when the whole glass is drawn anew.
"""

import copy
import enum
from dataclasses import dataclass

from kiosk.config import Screen
from kiosk.domain.colour import Rgb, from_hex, mix, visible_on
from kiosk.domain.modes import Contrast, Modes
from kiosk.presenters.views import Role, Tone
from kiosk.ui.fonts import Fonts


class Token(enum.Enum):
    """What a colour is for."""

    PAPER = enum.auto()
    CARD = enum.auto()
    INK = enum.auto()
    SOFT_INK = enum.auto()
    LINE = enum.auto()
    PRESSED = enum.auto()
    ACTION = enum.auto()
    ACTION_PRESSED = enum.auto()
    ON_ACTION = enum.auto()
    WELL = enum.auto()
    WELL_GROUND = enum.auto()
    WAIT = enum.auto()
    WAIT_GROUND = enum.auto()
    STOP = enum.auto()
    STOP_GROUND = enum.auto()
    DISABLED = enum.auto()


Colour = Token | Rgb
"""A token, or a colour as it is (the spool's)."""

PAPER, CARD, INK, SOFT_INK = Token.PAPER, Token.CARD, Token.INK, Token.SOFT_INK
LINE, PRESSED = Token.LINE, Token.PRESSED
ACTION, ACTION_PRESSED, ON_ACTION = Token.ACTION, Token.ACTION_PRESSED, Token.ON_ACTION
WELL, WELL_GROUND = Token.WELL, Token.WELL_GROUND
WAIT, WAIT_GROUND = Token.WAIT, Token.WAIT_GROUND
STOP, STOP_GROUND = Token.STOP, Token.STOP_GROUND

_NORMAL: dict[Token, Rgb] = {
    Token.PAPER: from_hex("#FAF6EF"),
    Token.CARD: from_hex("#FFFFFF"),
    Token.INK: from_hex("#1D2730"),
    Token.SOFT_INK: from_hex("#51606B"),
    Token.LINE: from_hex("#D9D2C5"),
    Token.PRESSED: from_hex("#D9D2C5"),
    Token.ACTION: from_hex("#0F6B6E"),
    Token.ACTION_PRESSED: from_hex("#0A4F52"),
    Token.ON_ACTION: from_hex("#FFFFFF"),
    Token.WELL: from_hex("#22693B"),
    Token.WELL_GROUND: from_hex("#DDF1E2"),
    Token.WAIT: from_hex("#8A5A00"),
    Token.WAIT_GROUND: from_hex("#FFE7B3"),
    Token.STOP: from_hex("#B3261E"),
    Token.STOP_GROUND: from_hex("#FBE3E0"),
    Token.DISABLED: from_hex("#ECE6DB"),
}
_LIGHT: dict[Token, Rgb] = _NORMAL | {
    Token.SOFT_INK: from_hex("#36434D"),
    Token.LINE: from_hex("#8D8575"),
    Token.ACTION: from_hex("#0A4F52"),
    Token.ACTION_PRESSED: from_hex("#06383A"),
    Token.WELL: from_hex("#15472A"),
    Token.WAIT: from_hex("#5C3B00"),
    Token.STOP: from_hex("#8A1A14"),
}
_NIGHT: dict[Token, Rgb] = {
    Token.PAPER: from_hex("#14202A"),
    Token.CARD: from_hex("#1C2B37"),
    Token.INK: from_hex("#FAF6EF"),
    Token.SOFT_INK: from_hex("#B9C4CC"),
    Token.LINE: from_hex("#7A8892"),
    Token.PRESSED: from_hex("#33444F"),
    Token.ACTION: from_hex("#7FD1CF"),
    Token.ACTION_PRESSED: from_hex("#B4E6E5"),
    Token.ON_ACTION: from_hex("#14202A"),
    Token.WELL: from_hex("#A4E3B6"),
    Token.WELL_GROUND: from_hex("#173423"),
    Token.WAIT: from_hex("#FFD98A"),
    Token.WAIT_GROUND: from_hex("#3A2B08"),
    Token.STOP: from_hex("#FFC2BC"),
    Token.STOP_GROUND: from_hex("#45150F"),
    Token.DISABLED: from_hex("#22313D"),
}
PALETTES = {Contrast.NORMAL: _NORMAL, Contrast.LIGHT: _LIGHT, Contrast.NIGHT: _NIGHT}


TONES: dict[Tone, tuple[Token, Token]] = {
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
LARGE_MM = 9.2
"""Least size of a letter in large mode: Atkinson's capitals are 0.668 of it, 6.1 mm."""
LINE_HEIGHT = 1.3
SMALL_HEIGHT_MM = 110.0
"""A screen lower than this (7 inch) has room for one thing less."""
LOW_REACH_MM = 134.0
"""Half of a glass of this height holds the keyboard. A lower one is within reach as a whole."""

TURN_S = 0.2
"""Motion that shows cause."""


@dataclass(frozen=True)
class Paint:
    """A button's colours."""

    ground: Token
    pressed: Token
    text: Token
    border: Token


BUTTONS: dict[Role, Paint] = {
    Role.PRIMARY: Paint(ACTION, ACTION_PRESSED, ON_ACTION, ACTION),
    Role.PLAIN: Paint(CARD, PRESSED, INK, SOFT_INK),
    Role.DANGER: Paint(CARD, STOP_GROUND, STOP, STOP),
}
DISABLED = Paint(Token.DISABLED, Token.DISABLED, SOFT_INK, LINE)


class Theme:
    """Millimetres in pixels of this screen, fonts, the spool's colour, and the modes that a visitor chose."""

    def __init__(self, screen: Screen, fonts: Fonts) -> None:
        self.fonts = fonts
        self._px_per_mm = screen.px_per_mm
        self.is_small = screen.height_px / screen.px_per_mm < SMALL_HEIGHT_MM
        self.has_low_reach = screen.height_px / screen.px_per_mm >= LOW_REACH_MM
        self._spool_hex: str | None = None
        self.spool: Rgb
        self._dress(Modes(), False)

    def mm(self, length: float) -> float:
        """Whole pixels of a length in mm."""
        return float(round(length * self._px_per_mm))

    def text(self, size_mm: float) -> float:
        """Pixels of letters of that size; in large mode never under LARGE_MM."""
        return self.mm(self.letters_mm(size_mm))

    def letters_mm(self, size_mm: float) -> float:
        """The size of such letters in the mode that is worn."""
        return max(size_mm, LARGE_MM) if self.is_large else size_mm

    def line(self, size_mm: float) -> float:
        """How high one line of such letters is, in pixels."""
        return float(round(self.text(size_mm) * LINE_HEIGHT))

    def rgb(self, colour: Colour) -> Rgb:
        """The colour of a token in the contrast that is worn."""
        return self._palette[colour] if isinstance(colour, Token) else colour

    def dress(self, modes: Modes, rtl: bool) -> bool:
        """Other modes, or another reading direction. True when everything must be drawn anew."""
        if (modes, rtl) == (self.modes, self.is_rtl):
            return False
        self._dress(modes, rtl)
        return True

    def ordinary(self) -> "Theme":
        """The same, in letters of ordinary size."""
        twin = copy.copy(self)
        twin.is_large = False
        return twin

    def wear(self, colour: str) -> bool:
        """Take on the spool's colour, moved until it can be seen on paper. True when that changes anything."""
        before = self.spool
        self._spool_hex = colour
        self.spool = self._visible_spool()
        return self.spool != before

    @property
    def turn_s(self) -> float:
        """How long a motion lasts; none where nothing must move."""
        return 0.0 if self.is_still else TURN_S

    @property
    def spool_tint(self) -> Rgb:
        """A breath of the spool on paper."""
        return mix(self.rgb(PAPER), self.spool, 0.14)

    @property
    def gap(self) -> float:
        """Between things, in pixels."""
        return self.mm(GUTTER_MM)

    def _dress(self, modes: Modes, rtl: bool) -> None:
        self.modes, self.is_rtl = modes, rtl
        self.is_large, self.is_still = modes.large, modes.still
        self.is_low = modes.low and self.has_low_reach
        self._palette = PALETTES[modes.contrast]
        self.spool = self._visible_spool()

    def _visible_spool(self) -> Rgb:
        worn = from_hex(self._spool_hex) if self._spool_hex else self.rgb(SOFT_INK)
        return visible_on(worn, self.rgb(PAPER))

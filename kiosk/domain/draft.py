"""What a visitor makes of a card, until it is a piece that can be printed."""

import enum
from dataclasses import dataclass

from kiosk.domain.piece import Piece


class KeyPage(enum.Enum):
    """What the keyboard shows."""

    LETTERS = "letters"
    ACCENTS = "accents"
    DIGITS = "digits"
    SYMBOLS = "symbols"


class TextProblem(enum.Enum):
    """Why a typed text cannot be made: the slicing worker's codes, and two of the kiosk's own."""

    EMPTY = "text_empty"
    TOO_LONG = "text_too_long"
    NOT_HERE = "not_here"
    LETTERS_MISSING = "letters_missing"
    DOES_NOT_FIT = "does_not_fit"
    SLICER_MISSING = "slicer_missing"
    SLICING_FAILED = "slicing_failed"
    DISK_FULL = "disk_full"
    WORKER_FAILED = "worker_failed"


@dataclass(frozen=True)
class Trouble:
    """A problem with the typed text; `letters` are those that cannot be made."""

    problem: TextProblem
    letters: str = ""


class Step(enum.Enum):
    """What the slicing worker does now."""

    SHAPE = "shape"
    SLICING = "slicing"
    CHECKING = "checking"
    PICTURES = "pictures"


@dataclass(frozen=True)
class Making:
    """A personal model is being sliced."""

    progress: float = 0.0
    step: Step = Step.SHAPE


@dataclass(frozen=True)
class Draft:
    """What the visitor makes of a card. `wish` is the number of what was asked of the worker last:
    answers to others are dropped.
    `choices` are (parameter, option). `shape` shows what is wished now, `made` can be printed."""

    card: str
    text: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    page: KeyPage = KeyPage.LETTERS
    capital: bool = True
    typing: bool = True
    wish: int = 0
    shape: Piece | None = None
    making: Making | None = None
    made: Piece | None = None
    trouble: Trouble | None = None

"""One visitor: where they are and what they asked, as frozen data."""

import enum
from dataclasses import dataclass, field

from catalogue.cards import Level, Theme
from kiosk.domain.draft import Draft
from kiosk.domain.modes import Modes
from kiosk.domain.networks import WifiVisit
from kiosk.domain.staff import Desk, PinPad

FIRST_LANGUAGE = "nl"


class Place(enum.Enum):
    """Where the visitor is. JOB is the printer's own place: its face follows the job's state."""

    ATTRACT = "attract"
    COLLECTION = "collection"
    SEARCH = "search"
    MODEL = "model"
    MAKE = "make"
    PLATE = "plate"
    JOB = "job"
    PROBLEM = "problem"
    QUEUE = "queue"
    FEEDBACK = "feedback"
    PIN = "pin"
    STAFF = "staff"
    WIFI = "wifi"


class Sheet(enum.Enum):
    """What may lie over the screen."""

    LANGUAGE = "language"
    HELP = "help"
    ACCESS = "access"
    CALL = "call"
    GIVE_UP = "give_up"
    PRACTICE = "practice"


class Notice(enum.Enum):
    """What became of something the visitor asked, when it needs a word."""

    QUEUED = "queued"
    FOR_STAFF = "for_staff"
    TOO_LATE = "too_late"
    CALL_FAILED = "call_failed"
    THANKS = "thanks"
    REFUSED = "refused"
    DISK_FULL = "disk_full"
    OUT_OF_ORDER = "out_of_order"
    PRINTER_AWAY = "printer_away"
    NOT_NOW = "not_now"
    BRIDGE_AWAY = "bridge_away"
    FILES_GONE = "files_gone"
    NO_VOICE = "no_voice"
    NO_PRACTICE = "no_practice"


class Span(enum.Enum):
    """How long a visitor has."""

    QUICK = "quick"
    BEFORE_CLOSING = "before_closing"


Filter = Theme | Level | Span
"""What a visitor looks for in the collection."""


class Aspect(enum.Enum):
    """How a model is looked at."""

    TURN = "turn"
    SIZE = "size"
    LAYERS = "layers"


@dataclass(frozen=True)
class Rating:
    """How the print of `job` was; `smiley` is 1 (bad) to 3 (good), None: not said yet."""

    job: str
    smiley: int | None = None


@dataclass(frozen=True)
class Session:
    """One visitor: forgotten as a whole when nobody touches the screen any more.

    `page` is the collection's, `step` that of the screen that is open. `mine` is the job that was just put in the
    queue. `listened`: reading aloud was asked for, be it silent again since. `found`: who stands here has seen the
    mark of this device. Only `wishes` lives on: it numbers what was asked of the slicing worker, so that an answer
    to the visitor before is never taken for one to this.
    """

    place: Place = Place.ATTRACT
    language: str = FIRST_LANGUAGE
    modes: Modes = field(default_factory=Modes)
    listens: bool = False
    listened: bool = False
    reading: bool = False
    sheet: Sheet | None = None
    notice: Notice | None = None
    page: int = 0
    step: int = 0
    card: str | None = None
    looking_for: Filter | None = None
    aspect: Aspect = Aspect.TURN
    layer: int | None = None
    draft: Draft | None = None
    rating: Rating | None = None
    pin: PinPad | None = None
    staff: Desk | None = None
    wifi: WifiVisit | None = None
    mine: str | None = None
    checked_later: bool = False
    found: bool = False
    wishes: int = 0
    asking: bool = False
    touched_s: float = 0.0

    @property
    def is_at_turn(self) -> bool:
        """The plate is asked about for the job whose turn it is, and not for what was just chosen."""
        return self.place is Place.PLATE and self.card is None

"""Everything that the screen is drawn from, as frozen data."""

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from catalogue.cards import Card, Entry, Level, PrintFacts, Theme
from catalogue.packs import ToolpathPack
from firmware_bridge.contract import Info, Job, Request, Role, Spool, State, Telemetry
from kiosk.domain.cooling import Sample
from kiosk.domain.modes import Modes

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


class Sheet(enum.Enum):
    """What may lie over the screen."""

    LANGUAGE = "language"
    HELP = "help"
    ACCESS = "access"
    CALL = "call"


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
class Piece:
    """A built model: one of the collection, or the visitor's own. Paths of the entry are relative to `folder`."""

    entry: Entry
    folder: Path

    @property
    def card(self) -> Card:
        """What it is a model of."""
        return self.entry.card

    @property
    def picture(self) -> Path:
        """Light and shade, white on transparent."""
        return self.folder / self.entry.picture

    @property
    def mesh(self) -> Path:
        """A MeshPack."""
        return self.folder / self.entry.mesh

    def print_for(self, info: Info | None) -> PrintFacts | None:
        """How it prints on the printer that stands here, if it was made for that."""
        return self.entry.prints.get(info.profile) if info else None


class KeyPage(enum.Enum):
    """What the keyboard shows."""

    LETTERS = "letters"
    ACCENTS = "accents"
    DIGITS = "digits"


class TextProblem(enum.Enum):
    """Why a typed text cannot be made: the slicing worker's codes, and two of the kiosk's own."""

    EMPTY = "text_empty"
    TOO_LONG = "text_too_long"
    NOT_HERE = "not_here"
    LETTERS_MISSING = "letters_missing"
    DOES_NOT_FIT = "does_not_fit"
    SLICER_MISSING = "slicer_missing"
    SLICING_FAILED = "slicing_failed"
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


@dataclass(frozen=True)
class Rating:
    """How the print of `job` was; `smiley` is 1 (bad) to 3 (good), None: not said yet."""

    job: str
    smiley: int | None = None


@dataclass(frozen=True)
class PinPad:
    """Somebody of the library types a PIN for `wish`, or to come in (None). `wrong`: the last one was not right,
    and `tries_left` may follow at once; no PIN is looked at before `waits_until_s` of the uptime."""

    wish: Request | None = None
    digits: str = ""
    wrong: bool = False
    tries_left: int = 0
    waits_until_s: float = 0.0


class StaffPage(enum.Enum):
    """What staff looks at."""

    MENU = "menu"
    QUEUE = "queue"
    CALL = "call"
    HEAT = "heat"
    MOVE = "move"
    FILAMENT = "filament"
    SPOOL = "spool"
    MATERIAL = "material"
    COLOUR = "colour"
    NAME = "name"
    ORDER = "order"
    LINK = "link"
    LOG = "log"
    PROTECTION = "protection"


@dataclass(frozen=True)
class Desk:
    """Staff at the kiosk, in `role` until `ends_at_s` of the uptime: then the bridge wants the PIN again.

    `job` is picked in the queue, `step_mm` is how far one touch moves the head, `spool` is what is being put in
    and `typing` its name. No touch does anything before `clean_until_s`.
    """

    role: Role
    ends_at_s: float
    page: StaffPage = StaffPage.MENU
    job: str | None = None
    step_mm: float = 10.0
    spool: Spool | None = None
    typing: Draft | None = None
    log: tuple[str, ...] = ()
    clean_until_s: float | None = None


@dataclass(frozen=True)
class Session:
    """One visitor: forgotten as a whole when nobody touches the screen any more.

    `page` is the collection's, `step` that of the screen that is open. `mine` is the job that was just put in the
    queue. Only `wishes` lives on: it numbers what was asked of the
    slicing worker, so that an answer to the visitor before is never taken for one to this.
    """

    place: Place = Place.ATTRACT
    language: str = FIRST_LANGUAGE
    modes: Modes = field(default_factory=Modes)
    listens: bool = False
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
    mine: str | None = None
    checked_later: bool = False
    wishes: int = 0
    asking: bool = False
    touched_s: float = 0.0


@dataclass(frozen=True, eq=False)
class JobToolpath:
    """The toolpath of the job on the plate; `pack` is None when there is none."""

    job: str
    pack: ToolpathPack | None


@dataclass(frozen=True)
class World:
    """What is outside: the collection, and the printer as the bridge tells it (`state` None: no bridge).

    `now` is the local time on the clock, `uptime_s` never jumps; `state` came at `state_at_s` of it. `is_roomy`:
    the keyboard fits beside what is made with it. `has_low_reach`: the glass is so high that controls can be put
    low. `pictures` is the folder of those that are no card's. `refused_words` the library does not print.
    """

    now: datetime
    uptime_s: float = 0.0
    pieces: tuple[Piece, ...] = ()
    pictures: Path | None = None
    cards_per_page: int = 6
    is_roomy: bool = True
    has_low_reach: bool = True
    refused_words: frozenset[str] = frozenset()
    info: Info | None = None
    state: State | None = None
    state_at_s: float = 0.0
    telemetry: Telemetry | None = None
    cooling_since: Sample | None = None
    toolpath: JobToolpath | None = None

    def picture(self, name: str) -> Path | None:
        """A picture that is no card's."""
        return self.pictures / f"{name}.png" if self.pictures else None

    def piece(self, card: str | None) -> Piece | None:
        """The collection's model of that card."""
        return next((piece for piece in self.pieces if piece.card.id == card), None)

    @property
    def clock_trusted(self) -> bool:
        """Clock times may be shown; else durations."""
        return self.state is None or self.state.clock_trusted

    @property
    def closes_in_s(self) -> float | None:
        """Until the library closes, now; None where there are no hours, or the clock is not trusted."""
        if self.state is None or self.state.closes_in_s is None:
            return None
        return max(0.0, self.state.closes_in_s - (self.uptime_s - self.state_at_s))


@dataclass(frozen=True)
class Model:
    """The whole."""

    world: World
    session: Session = field(default_factory=Session)

    def with_session(self, **changes: object) -> "Model":
        """The same world, the session changed."""
        return replace(self, session=replace(self.session, **changes))  # type: ignore[arg-type]

    def with_world(self, **changes: object) -> "Model":
        """The same session, the world changed."""
        return replace(self, world=replace(self.world, **changes))  # type: ignore[arg-type]

    @property
    def chosen(self) -> Piece | None:
        """What the visitor would print: their own version where it is made, else the collection's."""
        draft = self.session.draft
        if draft and draft.card == self.session.card and draft.made:
            return draft.made
        return self.world.piece(self.session.card)

    @property
    def is_personal(self) -> bool:
        """The chosen piece is the visitor's own."""
        draft = self.session.draft
        return bool(draft and draft.card == self.session.card and draft.made)


def jobs(world: World) -> tuple[Job, ...]:
    """Every job that the bridge has: the one on the plate, those in the queue, those that staff looks at first."""
    if world.state is None:
        return ()
    return tuple(filter(None, (world.state.job, *world.state.queue, *world.state.for_staff)))

"""What the staff's pages are made of."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.draft import KeyPage
from kiosk.presenters.queue import RowView
from kiosk.presenters.views import Action, Badge, Heat, Tone


@dataclass(frozen=True)
class Tile:
    """A large button; `colour` (#RRGGBB) shows a filament."""

    action: Action
    colour: str = ""


@dataclass(frozen=True)
class Sign:
    """The printer's picture with an icon on it."""

    printer: Path | None
    icon: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class PageView:
    """Lines say what is so and why something is off, the most important one first. `tiles` stand in rows of
    `columns`; None keeps a place free. `is_map`: they stand as in the room, whichever way one reads. `facts` are
    (what, how much)."""

    title: str
    lines: tuple[Badge, ...] = ()
    tiles: tuple[Tile | None, ...] = ()
    columns: int = 4
    is_map: bool = False
    heats: tuple[Heat, ...] = ()
    sign: Sign | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class JobChoice:
    """A job of the queue, to pick."""

    row: RowView
    pick: Action


@dataclass(frozen=True)
class QueuePageView:
    """One page of the queue."""

    title: str
    jobs: tuple[JobChoice, ...]
    empty: str
    page: str


@dataclass(frozen=True)
class NameView:
    """What the spool is called, and the keyboard."""

    title: str
    text: str
    page: KeyPage
    capital: bool
    space: str
    done: str


@dataclass(frozen=True)
class LogView:
    """The newest lines, oldest first; `skip` pages of them are passed from the end."""

    title: str
    lines: tuple[str, ...]
    empty: str
    skip: int


@dataclass(frozen=True)
class CleanView:
    """Nothing can be pressed. `left` counts down."""

    title: str
    words: str
    left: str
    share: float

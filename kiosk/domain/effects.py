"""What the reducer wants done; the application does it."""

from dataclasses import dataclass

from firmware_bridge.contract import Request
from kiosk.domain.model import Piece


@dataclass(frozen=True)
class Ask:
    """A request to the bridge; `piece` holds the files of a submitted job."""

    request: Request
    piece: Piece | None = None


@dataclass(frozen=True)
class FetchToolpath:
    """Of a job that the bridge has."""

    job: str


@dataclass(frozen=True)
class WarmWorker:
    """The keyboard opens: a worker will be needed soon."""


@dataclass(frozen=True)
class Make:
    """Have a personal model made: only its shape, or all of it."""

    wish: int
    card: str
    values: tuple[tuple[str, str], ...]
    shape_only: bool


@dataclass(frozen=True)
class StopWorker:
    """Whatever it makes is no longer wanted."""


@dataclass(frozen=True)
class Forget:
    """Erase everything that was made of what the visitor typed."""


@dataclass(frozen=True)
class Read:
    """Aloud, what is on the screen."""


@dataclass(frozen=True)
class Hush:
    """Stop reading."""


Effect = Ask | FetchToolpath | WarmWorker | Make | StopWorker | Forget | Read | Hush

"""What the world tells: the clock, the bridge, the slicing worker, the voice."""

from datetime import datetime

from msgspec import Struct

from firmware_bridge.contract import (
    Call,
    ErrorCode,
    Info,
    Job,
    LogTail,
    PinRefusal,
    Request,
    Session,
    State,
    Telemetry,
    TooLate,
)
from kiosk.domain.draft import Step, TextProblem
from kiosk.domain.networks import JoinStep, Network, WifiTrouble
from kiosk.domain.piece import Piece
from kiosk.domain.setup import Setup
from kiosk.domain.world import JobToolpath


class News(Struct, frozen=True):
    """Something happened; what follows are its kinds."""


class Tick(News, frozen=True):
    """A second passed."""

    now: datetime
    uptime_s: float


class RoomChanged(News, frozen=True):
    """What fits on the glass, in the modes that are worn now."""

    cards_per_page: int
    is_roomy: bool


class ReadingEnded(News, frozen=True):
    """Everything was read. `has_voice` False: there is no voice for this language, or nothing to hear it with."""

    has_voice: bool = True


class SetupSeen(News, frozen=True):
    """How far this kiosk has been set up."""

    setup: Setup


class NetworksFound(News, frozen=True):
    """The Wi-Fi that there is."""

    networks: tuple[Network, ...]


class JoinProgress(News, frozen=True):
    """A network is being joined."""

    step: JoinStep


class WifiEnded(News, frozen=True):
    """Joined (`trouble` None), or why not; also why there is no list."""

    trouble: WifiTrouble | None


class BridgeUp(News, frozen=True):
    """The bridge answered."""

    info: Info
    state: State


class BridgeDown(News, frozen=True):
    """There is no bridge, or it went away."""


class InfoCame(News, frozen=True):
    """Another spool, another name."""

    info: Info


class StateCame(News, frozen=True):
    """The bridge's whole snapshot."""

    state: State


class TelemetryCame(News, frozen=True):
    """Temperatures and progress."""

    telemetry: Telemetry


class ToolpathCame(News, frozen=True):
    """The toolpath of a job, or that it has none."""

    toolpath: JobToolpath


class Accepted(News, frozen=True):
    """The bridge did what was asked. `answer` None: there is nothing to say."""

    request: Request
    answer: Job | Call | Session | State | Info | LogTail | None = None


class Refused(News, frozen=True):
    """The bridge did not. `code` None: the bridge is away; a file of ours: FileNotFound is `files_gone`."""

    request: Request
    code: ErrorCode | None
    files_gone: bool = False
    why: PinRefusal | TooLate | None = None


class PracticeReady(News, frozen=True):
    """The bridge with the simulated printer answers."""


class PracticeEnded(News, frozen=True):
    """It ended by itself, or never began."""


class MakingProgress(News, frozen=True):
    """The slicing worker is under way."""

    wish: int
    progress: float
    step: Step


class ShapeMade(News, frozen=True):
    """A preview of what is typed."""

    wish: int
    piece: Piece


class PieceMade(News, frozen=True):
    """The visitor's own version can be printed."""

    wish: int
    piece: Piece


class MakingFailed(News, frozen=True):
    """The worker could not."""

    wish: int
    problem: TextProblem
    letters: str = ""

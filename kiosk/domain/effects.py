"""What the reducer wants done; the application does it."""

from msgspec import Struct

from firmware_bridge.contract import Info, Request
from kiosk.domain.piece import Piece


class Effect(Struct, frozen=True):
    """What follows are its kinds."""


class Ask(Effect, frozen=True):
    """A request to the bridge; `piece` holds the files of a submitted job."""

    request: Request
    piece: Piece | None = None


class FetchToolpath(Effect, frozen=True):
    """Of a job that the bridge has."""

    job: str


class WarmWorker(Effect, frozen=True):
    """The keyboard opens: a worker will be needed soon."""


class Make(Effect, frozen=True):
    """Have a personal model made: only its shape, or all of it."""

    wish: int
    card: str
    values: tuple[tuple[str, str], ...]
    shape_only: bool


class StopWorker(Effect, frozen=True):
    """Whatever it makes is no longer wanted."""


class Forget(Effect, frozen=True):
    """Erase everything that was made of what the visitor typed."""


class Read(Effect, frozen=True):
    """Aloud, what is on the screen."""


class Chime(Effect, frozen=True):
    """Be heard: somebody looks for this device."""


class Hush(Effect, frozen=True):
    """Stop reading."""


class FindNetworks(Effect, frozen=True):
    """Ask the set-up service which Wi-Fi there is; `pin` where it takes a technician."""

    pin: str


class JoinNetwork(Effect, frozen=True):
    """Ask it to join that one."""

    network: str
    password: str
    pin: str


class StartPractice(Effect, frozen=True):
    """Start a bridge with a simulated printer that is like `real`; the screen still speaks to the real one."""

    real: Info


class EnterPractice(Effect, frozen=True):
    """From now on the screen speaks to that bridge, and to no other."""


class LeavePractice(Effect, frozen=True):
    """End it; the screen speaks to the printer's own bridge."""

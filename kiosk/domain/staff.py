"""Staff at the kiosk: their PIN, and what they look at."""

import enum
from dataclasses import dataclass, field

from firmware_bridge.contract import Request, Role, Spool
from kiosk.domain.draft import Draft


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
    HEALTH = "health"
    LINK = "link"
    LOG = "log"
    PROTECTION = "protection"
    PRACTICE = "practice"


@dataclass(frozen=True)
class Desk:
    """Staff at the kiosk, in `role` until `ends_at_s` of the uptime: then the bridge wants the PIN again.

    `job` is picked in the queue, `step_mm` is how far one touch moves the head, `spool` is what is being put in
    and `typing` its name. No touch does anything before `clean_until_s`. `prepares`: an exercise is about
    to begin. `pin` let them in: the set-up service wants it too before it touches the network.
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
    prepares: bool = False
    pin: str = field(default="", repr=False)

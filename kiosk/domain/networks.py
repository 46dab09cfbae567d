"""Wi-Fi as the set-up service tells it, and a visit to the screens that choose one."""

import enum
from dataclasses import dataclass, field

from msgspec import Struct

from kiosk.domain.draft import KeyPage


class Access(enum.Enum):
    """What it takes to join. The last three cannot be joined from the screen."""

    OPEN = "open"
    PASSWORD = "password"
    ENTERPRISE = "enterprise"
    OUTDATED = "outdated"
    HIDDEN = "hidden"


class Network(Struct, frozen=True):
    """`name` can be drawn whatever was sent; `strength` is in per cent."""

    id: str
    name: str
    strength: int
    access: Access


class JoinStep(enum.Enum):
    """How far joining is."""

    CONNECTING = "connecting"
    CHECKING = "checking"
    ADDRESS = "address"


class WifiTrouble(enum.Enum):
    """Why not. PORTAL: joined, but it wants somebody to agree on a web page. AWAY: the service does not answer."""

    WRONG_PASSWORD = "wrong_password"
    NO_ADDRESS = "no_address"
    OUT_OF_REACH = "out_of_reach"
    PORTAL = "portal"
    NO_CARD = "no_card"
    NOT_ALLOWED = "not_allowed"
    FAILED = "failed"
    AWAY = "away"


class Stage(enum.Enum):
    """Which of its screens is on the glass."""

    LIST = "list"
    PASSWORD = "password"
    JOINING = "joining"
    ENDED = "ended"


@dataclass(frozen=True)
class WifiVisit:
    """`networks` None: they are being looked for. `pin`: the technician's, where it takes one. `trouble` None
    where it has ENDED: joined. `is_short`: that can be no password yet."""

    stage: Stage = Stage.LIST
    networks: tuple[Network, ...] | None = None
    chosen: Network | None = None
    password: str = field(default="", repr=False)
    page: KeyPage = KeyPage.LETTERS
    capital: bool = False
    shown: bool = False
    is_short: bool = False
    step: JoinStep = JoinStep.CONNECTING
    trouble: WifiTrouble | None = None
    pin: str = field(default="", repr=False)

"""How far this kiosk has been set up, in the set-up service's own words (Dutch, as all texts here)."""

import enum

from msgspec import Struct


class Mark(enum.Enum):
    """Green, red, or not yet to be known."""

    GOOD = "good"
    BAD = "bad"
    WAITING = "waiting"


class WifiChoice(enum.Enum):
    """Whether Wi-Fi can be chosen: where no cable gives a network; by anybody, or with a technician's PIN."""

    NO = "no"
    FREE = "free"
    PIN = "pin"


class SetupCheck(Struct, frozen=True):
    """One line: what it is about, how it is, and what to do where it is bad. `values` stand in `said`."""

    what: str
    title: str
    tick: Mark
    said: str
    remedy: str = ""
    values: dict[str, str] = {}


class Setup(Struct, frozen=True):
    """`is_set_up`: enrolled, and something was printed: visitors may come."""

    is_set_up: bool
    checks: tuple[SetupCheck, ...] = ()
    wifi: WifiChoice = WifiChoice.NO

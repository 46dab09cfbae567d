"""When a new version comes, and whether it may stay. Pure."""

import enum
from dataclasses import dataclass
from typing import Final

START_S: Final = 120.0
"""So long bridge and touchscreen may take to come up with a new version."""
MOST_RESTARTS: Final = 2


class Choice(enum.Enum):
    """What becomes of the version that the repository offers."""

    NOTHING_NEW = "nothing newer is offered"
    WITHDRAWN = "the version that is offered was not well here before"
    NO_WAY_BACK = "the package of the version that runs now cannot be had: there would be no way back"
    BUSY = "the kiosk is in use, or does not answer"
    UPGRADE = "it is installed"


@dataclass(frozen=True)
class Offer:
    """`is_newer`: by dpkg's own order of versions. `way_back`: the package of the present version is here."""

    version: str
    is_newer: bool
    withdrawn: tuple[str, ...]
    way_back: bool
    is_idle: bool


def choose(offer: Offer) -> Choice:
    """The first reason that speaks against it, else UPGRADE."""
    if not offer.is_newer:
        return Choice.NOTHING_NEW
    if offer.version in offer.withdrawn:
        return Choice.WITHDRAWN
    if not offer.way_back:
        return Choice.NO_WAY_BACK
    return Choice.UPGRADE if offer.is_idle else Choice.BUSY


class Verdict(enum.Enum):
    """On a version that has just been started."""

    WATCHING = "watching"
    WELL = "well"
    ILL = "ill"


@dataclass(frozen=True)
class Look:
    """One look at the kiosk. `software`: what its bridge says that it is, "" without an answer. `restarts`: of
    bridge and touchscreen by themselves, since they were started."""

    at_s: float
    units_up: bool
    gave_up: bool
    software: str
    restarts: int


class Watch:
    """Well is what runs for `well_s` without a break, in the version that it should be."""

    def __init__(self, version: str, well_s: float, began_s: float) -> None:
        self._version = version
        self._well_s = well_s
        self._began_s = began_s
        self._up_since_s: float | None = None

    def see(self, look: Look) -> Verdict:
        """The verdict after this look too."""
        if look.gave_up or look.restarts > MOST_RESTARTS:
            return Verdict.ILL
        if not (look.units_up and look.software == self._version):
            self._up_since_s = None
            late = look.at_s - self._began_s > START_S + self._well_s
            return Verdict.ILL if late else Verdict.WATCHING
        if self._up_since_s is None:
            self._up_since_s = look.at_s
        return Verdict.WELL if look.at_s - self._up_since_s >= self._well_s else Verdict.WATCHING

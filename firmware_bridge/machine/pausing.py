"""One pause: let the moves end, see that the head is where it should be, park, wait, come back exactly. Pure."""

import enum
from dataclasses import dataclass, replace
from typing import Final

from firmware_bridge.contract import Origin
from firmware_bridge.gcode.read import Modal
from firmware_bridge.machine import parking, place
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.machine.heating import Heater
from firmware_bridge.machine.interface import Heating, Paused

HEATING_EVERY_S: Final = 1.0
COOL_IN_PAUSE_S: Final = 600.0
"""A nozzle that waits hot for longer cooks its filament and drips."""


class Stay(enum.Enum):
    """What the head does while the job waits."""

    PARKED = "parked"
    WHERE_IT_IS = "where_it_is"
    """The firmware has moved it already, or waits for somebody there."""


@dataclass
class Hold:
    """Whether the job is to wait, who wants it, and whether it is to wait cold.

    `is_parked`: we have moved the head away.
    """

    by: Origin | None = None
    stay: Stay = Stay.PARKED
    is_cold: bool = False
    is_parked: bool = False

    @property
    def is_on(self) -> bool:
        """Somebody wants it to wait."""
        return self.by is not None

    def begin(self, by: Origin, stay: Stay) -> None:
        """Wait at the next opportunity; a hold that is on stays whose it is."""
        if self.by is None:
            self.by, self.stay, self.is_cold = by, stay, False

    def cool_down(self) -> None:
        """Nozzle and bed off, until it goes on."""
        self.is_cold = self.is_on

    def end(self) -> None:
        """Go on."""
        self.by = None


def pause(console: Console, hold: Hold, modal: Modal, job: str) -> Procedure[None]:
    """From the last move before it to the first after it. `modal`: where the stream has led.

    Raises Ruined.
    """
    parks = hold.stay is Stay.PARKED
    if not parks:
        # What the firmware waits for may be what the moves before it wait for, too.
        _tell(console, hold, job)
    yield from console.until_done(wait_for_moves=modal.homed)
    if parks:
        modal = yield from place.verified(console, modal)
        modal = as_hot_as_it_is(console, modal)
        console.say(*parking.away(modal, console.profile))
        hold.is_parked = True
        yield from console.until_done(wait_for_moves=modal.homed)
        _tell(console, hold, job)
    yield from _wait(console, hold, job)
    if not parks:
        at = (yield from place.ask(console)) if modal.homed else None
        if at is None or not place.differences(modal, at):
            return
        # The firmware has left it at its own parking place: back, but no filament was drawn in by us.
        modal = replace(place.anchored(modal, at), nozzle_c=0.0)
    console.say(*parking.back(modal, console.profile))
    hold.is_parked = False
    yield from console.until_done(wait_for_moves=modal.homed)
    yield from place.verified(console, modal)


def until_hot(console: Console, hold: Hold, job: str, heater: Heater, from_above: bool = False) -> Procedure[bool]:
    """Wait for one heater, and say how long it takes; False when a hold came first. Raises Ruined."""
    said_at = 0.0
    while console.has_lines or not heater.has_settled(console.now, from_above):
        if hold.is_on:
            return False
        if not console.has_lines and console.now - said_at >= HEATING_EVERY_S:
            said_at = console.now
            console.emit(Heating(job, heater.remaining_s()))
        yield
        console.check_heaters()
    return True


def _wait(console: Console, hold: Hold, job: str) -> Procedure[None]:
    """Until it may go on and is as hot as it was; somebody may change their mind while it heats up again."""
    nozzle_c, bed_c = console.nozzle.target_c, console.bed.target_c
    while True:
        yield from _while_held(console, hold)
        if console.nozzle.target_c != nozzle_c or console.bed.target_c != bed_c:
            console.heat(nozzle_c=nozzle_c, bed_c=bed_c)
        for heater in (console.bed, console.nozzle):
            if heater.target_c > 0.0:
                yield from until_hot(console, hold, job, heater)
        if not hold.is_on:
            return
        _tell(console, hold, job)


def _while_held(console: Console, hold: Hold) -> Procedure[None]:
    began = console.now
    while hold.is_on:
        if console.nozzle.target_c > 0.0 and (hold.is_cold or console.now - began > COOL_IN_PAUSE_S):
            console.heat(nozzle_c=0.0)
        if hold.is_cold and console.bed.target_c > 0.0:
            console.heat(bed_c=0.0)
        yield
        console.check_heaters()


def _tell(console: Console, hold: Hold, job: str) -> None:
    if hold.by is not None:
        console.emit(Paused(job, hold.by))


def as_hot_as_it_is(console: Console, modal: Modal) -> Modal:
    """The state with what the nozzle has of the heat that was asked for: cold filament does not move."""
    return replace(modal, nozzle_c=min(modal.nozzle_c, console.temperatures.nozzle_c or 0.0))

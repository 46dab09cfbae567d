"""What the printer's state means for a visitor: which job matters, and may this be printed now."""

import enum

from firmware_bridge.contract import Fault, Job, JobState, PrinterState
from kiosk.domain.model import Model, Piece, Place, World, jobs

_HOLDS_PLATE = frozenset({JobState.HEATING, JobState.PRINTING, JobState.PAUSED, JobState.COOLING, JobState.READY})
_LEFT_ON_PLATE = frozenset({JobState.CANCELLED, JobState.FAILED, JobState.INTERRUPTED})


class Obstacle(enum.Enum):
    """Why nothing can be printed now."""

    BRIDGE_AWAY = "bridge_away"
    OUT_OF_ORDER = "out_of_order"
    PRINTER_FAULT = "printer_fault"
    PRINTER_AWAY = "printer_away"
    ATTENTION = "attention"
    NOT_FOR_THIS_PRINTER = "not_for_this_printer"


def plate_job(world: World) -> Job | None:
    """The job that the printer works on or that may still lie on the plate."""
    job = world.state.job if world.state else None
    if job is None:
        return None
    left = job.state in _LEFT_ON_PLATE and job.started_ms is not None
    return job if job.state in _HOLDS_PLATE or left else None


def waiting_job(world: World) -> Job | None:
    """The job whose turn it is, once somebody has looked at the plate."""
    return next((job for job in jobs(world) if job.state is JobState.WAITING_FOR_PLATE), None)


def is_busy(world: World) -> bool:
    """A new job would have to wait for another."""
    job = plate_job(world)
    return bool((job and job.state in _HOLDS_PLATE) or waiting_job(world))


def queue_ahead(world: World) -> int:
    """How many jobs come first."""
    return sum(job.state in _HOLDS_PLATE or not job.state.is_over for job in jobs(world))


def printer_fault(world: World) -> Fault | None:
    """What the printer itself suffers from."""
    return world.state.printer.fault if world.state else None


def obstacle(world: World, piece: Piece | None) -> Obstacle | None:
    """Why `piece` cannot be printed now; None: it can, or it can be queued. `piece` None: of the printer alone."""
    state = world.state
    if state is None:
        return Obstacle.BRIDGE_AWAY
    if state.out_of_order:
        return Obstacle.OUT_OF_ORDER
    if state.printer.fault:
        return Obstacle.PRINTER_FAULT
    if not state.printer.connected:
        return Obstacle.PRINTER_AWAY
    if state.printer.state is PrinterState.ERROR:
        return Obstacle.PRINTER_FAULT
    if state.printer.state is PrinterState.ATTENTION and not is_busy(world):
        return Obstacle.ATTENTION
    if piece is not None and piece.print_for(world.info) is None:
        return Obstacle.NOT_FOR_THIS_PRINTER
    return None


def resting_place(world: World) -> Place:
    """What the screen shows when nobody is there."""
    if plate_job(world):
        return Place.JOB
    return Place.PLATE if waiting_job(world) else Place.ATTRACT


def settle(model: Model) -> Model:
    """The session at a place that still exists, after the printer's state changed."""
    session, world = model.session, model.world
    rest = resting_place(world)
    if session.place is Place.ATTRACT and rest is not Place.ATTRACT:
        return model.with_session(place=rest, card=None)
    at_turn = session.place is Place.PLATE and session.card is None and not session.asking
    if at_turn and not waiting_job(world):
        return model.with_session(place=rest)
    if session.place is Place.JOB and world.state is not None and not plate_job(world):
        return model.with_session(place=rest, sheet=None)
    return model

"""What the printer's state means for a visitor: which job matters, and may this be printed now."""

import enum

from catalogue.cards import PrintFacts
from firmware_bridge.contract import Fault, Job, JobState, PrinterState
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.session import Place
from kiosk.domain.times import CHANGE_S, COOLING_S, PREPARE_S, longest_s
from kiosk.domain.world import World, jobs

QUEUE_ROWS, FEW_QUEUE_ROWS = 4, 3
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
    OTHER_SPOOL = "other_spool"
    TOO_LATE = "too_late"


def plate_job(world: World) -> Job | None:
    """The job that the printer works on or that may still lie on the plate."""
    job = world.state.job if world.state else None
    if job is None:
        return None
    left = job.state in _LEFT_ON_PLATE and job.started_ms is not None
    return job if job.state in _HOLDS_PLATE or left else None


def is_on_printer(world: World) -> bool:
    """Something is being printed: it can go wrong."""
    job = plate_job(world)
    return job is not None and job.state.is_on_printer


def waiting_job(world: World) -> Job | None:
    """The job whose turn it is, once somebody has looked at the plate."""
    return next((job for job in jobs(world) if job.state is JobState.WAITING_FOR_PLATE), None)


def is_busy(world: World) -> bool:
    """A new job would have to wait for another."""
    job = plate_job(world)
    return bool((job and job.state in _HOLDS_PLATE) or waiting_job(world))


def queue(world: World) -> tuple[Job, ...]:
    """What is on the plate and what waits, in its order."""
    return tuple(job for job in jobs(world) if job is plate_job(world) or not job.state.is_over)


def queue_pages(model: Model) -> int:
    """How many pages the queue has; at least one."""
    return max(1, -(-len(queue(model.world)) // queue_rows(model.world)))


def queue_rows(world: World) -> int:
    """As many as fit on a page."""
    return QUEUE_ROWS if world.is_roomy else FEW_QUEUE_ROWS


def queue_ahead(world: World) -> int:
    """How many jobs come first."""
    return sum(job.state in _HOLDS_PLATE or not job.state.is_over for job in jobs(world))


def printer_fault(world: World) -> Fault | None:
    """What the printer itself suffers from."""
    return world.state.printer.fault if world.state else None


def obstacle(world: World, piece: Piece | None) -> Obstacle | None:
    """Why `piece` cannot be printed now; None: it can, or it can be queued. `piece` None: of the printer alone."""
    return next(iter(obstacles(world, piece)), None)


def obstacles(world: World, piece: Piece | None) -> tuple[Obstacle, ...]:
    """All of it: what the printer suffers from, and what stands against this piece."""
    own = own_obstacle(world, piece) if piece else None
    return tuple(filter(None, (_of_printer(world), own)))


def _of_printer(world: World) -> Obstacle | None:
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
    return None


def own_obstacle(world: World, piece: Piece) -> Obstacle | None:
    """Why this piece cannot be printed here now, be the printer as well as it may. No bridge: nobody knows yet."""
    if world.info is None or world.state is None:
        return None
    facts = piece.print_for(world.info)
    if facts is None:
        return Obstacle.NOT_FOR_THIS_PRINTER
    if facts.material and facts.material != world.info.spool.material:
        return Obstacle.OTHER_SPOOL
    return None if ends_before_closing(world, facts) else Obstacle.TOO_LATE


def ends_before_closing(world: World, facts: PrintFacts) -> bool:
    """Even when it takes long, what comes first included. Without opening hours there is no closing."""
    closes_in_s = world.closes_in_s
    return closes_in_s is None or wait_s(world) + longest_s(facts.estimate_s) <= closes_in_s


def wait_s(world: World) -> float:
    """Until the printer is free for a new job, as far as anybody knows."""
    return sum(left_s(world, job) + CHANGE_S for job in jobs(world) if not job.state.is_over)


def left_s(world: World, job: Job) -> float:
    """Of a job until it is ready, cooling included; what waits needs all of its time."""
    if job.state is JobState.READY:
        return 0.0
    if job.state is JobState.COOLING:
        return COOLING_S
    return remaining_s(world, job) + COOLING_S


def remaining_s(world: World, job: Job) -> float:
    """Of its printing, heating included."""
    if not job.state.is_on_printer:
        return job.estimate_s + PREPARE_S[0]
    telemetry = world.telemetry
    progress = telemetry.progress if telemetry else None
    rest_s = progress.remaining_s if progress and progress.remaining_s is not None else job.estimate_s
    if job.state is not JobState.HEATING:
        return rest_s
    heating_s = telemetry.heating_remaining_s if telemetry else None
    return rest_s + (PREPARE_S[0] if heating_s is None else heating_s)


def turn_left_s(world: World) -> float | None:
    """How long the plate still waits for the job whose turn it is; None when it is nobody's."""
    if world.state is None or world.state.turn_left_s is None:
        return None
    return max(0.0, world.state.turn_left_s - (world.uptime_s - world.state_at_s))


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
    if session.is_at_turn and not session.asking and not waiting_job(world):
        return model.with_session(place=rest)
    if session.place in (Place.JOB, Place.PROBLEM) and world.state is not None and not plate_job(world):
        return model.with_session(place=rest, sheet=None)
    if session.place is Place.PROBLEM and not is_on_printer(world):
        return model.with_session(place=Place.JOB)
    return model

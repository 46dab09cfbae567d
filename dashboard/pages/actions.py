"""What staff may ask of a kiosk just now. Pure. The bridge decides; this leaves out what cannot be.

A pause that was begun at the kiosk, by the printer or by a fault is ended there; so no button offers it here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import CommandName, Job, JobState, Origin, State

C = CommandName
_CAN_PAUSE: Final = frozenset({JobState.HEATING, JobState.PRINTING})


@dataclass(frozen=True)
class Action:
    """`job` where it is about one."""

    name: CommandName
    job: Job | None = None


def possible(state: State | None) -> tuple[Action, ...]:
    """In the order in which they are offered."""
    return tuple(_possible(state)) if state is not None else ()


def find(state: State | None, name: str, job: str) -> Action | None:
    """The one that a request names, None where it is not possible (any more)."""
    fits = (a for a in possible(state) if a.name.value == name and (a.job.id if a.job else "") == job)
    return next(fits, None)


def _possible(state: State) -> Iterable[Action]:
    plate = state.job
    if plate is not None and plate.state.is_on_printer:
        if plate.state in _CAN_PAUSE:
            yield Action(C.PAUSE, plate)
        if plate.state is JobState.PAUSED and plate.paused_by is Origin.REGION:
            yield Action(C.RESUME, plate)
        yield Action(C.CANCEL, plate)
    for job in state.for_staff:
        yield Action(C.APPROVE, job)
        yield Action(C.REFUSE, job)
    for job in state.queue:
        yield Action(C.CANCEL, job)
    if state.call is not None:
        if state.call.taken_by is None:
            yield Action(C.TAKE_CALL)
        yield Action(C.CLEAR_CALL)
    yield Action(C.OUT_OF_ORDER)
    yield Action(C.IDENTIFY)

"""The jobs of one printer as a value: the plate, the queue, and which step of a job may follow which. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec import Struct
from msgspec.structs import replace as with_fields

from firmware_bridge.contract import ErrorCode, Job, JobState, Ticket

_S = JobState
TRANSITIONS: Final[dict[JobState, frozenset[JobState]]] = {
    _S.SUBMITTED: frozenset({_S.WAITING_FOR_STAFF, _S.QUEUED, _S.CANCELLED}),
    _S.WAITING_FOR_STAFF: frozenset({_S.QUEUED, _S.CANCELLED, _S.EXPIRED}),
    # A queued job expires when it was kept too long without ever getting its turn (a printer that stays away).
    _S.QUEUED: frozenset({_S.WAITING_FOR_PLATE, _S.CANCELLED, _S.EXPIRED}),
    # Back to queued when its turn was missed and the next one goes first, or staff lets another one go first.
    _S.WAITING_FOR_PLATE: frozenset({_S.HEATING, _S.QUEUED, _S.CANCELLED, _S.EXPIRED}),
    _S.HEATING: frozenset({_S.PRINTING, _S.PAUSED, _S.COOLING, _S.CANCELLED, _S.FAILED, _S.INTERRUPTED}),
    # Heating again: M109 in the middle of a file.
    _S.PRINTING: frozenset({_S.HEATING, _S.PAUSED, _S.COOLING, _S.CANCELLED, _S.FAILED, _S.INTERRUPTED}),
    # A pause cools the nozzle after a while, so that resuming may begin with heating.
    _S.PAUSED: frozenset({_S.HEATING, _S.PRINTING, _S.COOLING, _S.CANCELLED, _S.FAILED, _S.INTERRUPTED}),
    _S.COOLING: frozenset({_S.READY}),
    _S.READY: frozenset({_S.COLLECTED}),
    _S.COLLECTED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.FAILED: frozenset(),
    _S.INTERRUPTED: frozenset(),
    _S.EXPIRED: frozenset(),
}


class RefusedError(Exception):
    """What was asked does not fit the moment; `code`, the message and `data` go to the asker."""

    def __init__(self, code: ErrorCode, message: str, data: Struct | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


@dataclass(frozen=True)
class Waiting:
    """A job in the queue. `turn_s`: the monotonic second at which its turn began, None when it has none."""

    job: Job
    missed_turns: int = 0
    turn_s: float | None = None


@dataclass(frozen=True)
class Board:
    """`plate`: the last started job, see contract.State. `queue`: those that wait, in order.

    `for_staff`: those that staff has not let in yet, in the order of their coming.
    """

    plate: Job | None = None
    queue: tuple[Waiting, ...] = ()
    for_staff: tuple[Job, ...] = ()

    def find(self, job_id: str) -> Job | None:
        """The job of that id, if it is on the board."""
        return next((job for job in self._jobs if job.id == job_id), None)

    @property
    def job_ids(self) -> frozenset[str]:
        """Ids of all jobs on the board."""
        return frozenset(job.id for job in self._jobs)

    @property
    def tickets(self) -> frozenset[Ticket]:
        """Tickets that visitors may still hold."""
        return frozenset(job.ticket for job in self._jobs if job.ticket is not None)

    @property
    def _jobs(self) -> tuple[Job, ...]:
        on_plate = (self.plate,) if self.plate is not None else ()
        return (*on_plate, *(waiting.job for waiting in self.queue), *self.for_staff)

    @property
    def running(self) -> Job | None:
        """The job that the printer works on."""
        return self.plate if self.plate is not None and self.plate.state.is_on_printer else None


@dataclass(frozen=True)
class Step:
    """The board after a change, and the jobs that changed, in the order in which it happened."""

    board: Board
    changed: tuple[Job, ...] = ()

    def then(self, change: "Callable[[Board], Step]") -> "Step":
        """Apply another change after this one."""
        following = change(self.board)
        return Step(following.board, self.changed + following.changed)


def moved(job: Job, state: JobState, **fields: object) -> Job:
    """The job in another state. ValueError when the table has no such step: a mistake in the caller."""
    if state not in TRANSITIONS[job.state]:
        raise ValueError(f"a job does not go from {job.state.value} to {state.value}")
    return with_fields(job, state=state, **fields)


def need(board: Board, job_id: str) -> Job:
    """The job, or RefusedError with NO_SUCH_JOB."""
    job = board.find(job_id)
    if job is None:
        raise RefusedError(ErrorCode.NO_SUCH_JOB, "there is no such job here (any more)")
    return job

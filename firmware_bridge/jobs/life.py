"""The life of a job, the plate and the queue: pure values and functions, no clock, no I/O.

A `Board` is all jobs that are not over (and the last started one, as long as its remains may lie on the plate).
Every function returns a `Step`: the next board and the jobs that changed. What does not fit the moment raises
`RefusedError`. Nothing starts until a person has said, for that job, that the plate is empty.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from msgspec.structs import replace as with_fields

from firmware_bridge.contract import ErrorCode, Fault, FaultCode, Job, JobState, Origin

TURN_S: Final = 600.0
"""How long the plate waits for the visitor whose turn it is."""
MAX_TURNS: Final = 2
MAX_QUEUE: Final = 20

_S = JobState
TRANSITIONS: Final[dict[JobState, frozenset[JobState]]] = {
    _S.SUBMITTED: frozenset({_S.QUEUED, _S.CANCELLED}),
    # A queued job expires when it was kept too long without ever getting its turn (a printer that stays away).
    _S.QUEUED: frozenset({_S.WAITING_FOR_PLATE, _S.CANCELLED, _S.EXPIRED}),
    # Back to queued when its turn was missed and the next one goes first.
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
    """What was asked does not fit the moment; `code` and the message go to the asker."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Waiting:
    """A job in the queue. `turn_s`: the monotonic second at which its turn began, None when it has none."""

    job: Job
    missed_turns: int = 0
    turn_s: float | None = None


@dataclass(frozen=True)
class Board:
    """`plate`: the last started job, see contract.State. `queue`: those that wait, in order."""

    plate: Job | None = None
    queue: tuple[Waiting, ...] = ()

    def find(self, job_id: str) -> Job | None:
        """The job of that id, if it is on the board."""
        return next((job for job in self._jobs if job.id == job_id), None)

    @property
    def job_ids(self) -> frozenset[str]:
        """Ids of all jobs on the board."""
        return frozenset(job.id for job in self._jobs)

    @property
    def _jobs(self) -> tuple[Job, ...]:
        on_plate = (self.plate,) if self.plate is not None else ()
        return (*on_plate, *(waiting.job for waiting in self.queue))

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


# --- the queue -----------------------------------------------------------------------------------


def submit(board: Board, job: Job, now_s: float) -> Step:
    """Put a vetted job at the end of the queue; it may be its turn at once."""
    if len(board.queue) >= MAX_QUEUE:
        raise RefusedError(ErrorCode.NOT_NOW, f"{MAX_QUEUE} jobs wait already; try again when some are printed")
    queued = moved(job, JobState.QUEUED)
    step = Step(replace(board, queue=(*board.queue, Waiting(queued))), (queued,))
    return step.then(lambda b: give_turn(b, now_s))


def give_turn(board: Board, now_s: float) -> Step:
    """The head of the queue gets the plate offered when nothing runs, cools or is ready on it."""
    if not board.queue or board.queue[0].turn_s is not None or _plate_is_taken(board):
        return Step(board)
    head, *rest = board.queue
    offered = head.job if head.job.state is _S.WAITING_FOR_PLATE else moved(head.job, _S.WAITING_FOR_PLATE)
    queue = (replace(head, job=offered, turn_s=now_s), *rest)
    return Step(replace(board, queue=queue), (offered,) if offered is not head.job else ())


def _plate_is_taken(board: Board) -> bool:
    return board.plate is not None and not board.plate.state.is_over


def pass_turn(board: Board, now_s: float, now_ms: int) -> Step:
    """Nobody came within TURN_S: the next goes first; at the second time the job expires."""
    if not board.queue or board.queue[0].turn_s is None or now_s - board.queue[0].turn_s < TURN_S:
        return Step(board)
    head, *rest = board.queue
    if head.missed_turns + 1 >= MAX_TURNS:
        expired = moved(head.job, _S.EXPIRED, ended_ms=now_ms)
        return Step(replace(board, queue=tuple(rest)), (expired,)).then(lambda b: give_turn(b, now_s))
    missed = Waiting(moved(head.job, _S.QUEUED), head.missed_turns + 1)
    queue = (*rest[:1], missed, *rest[1:])
    return Step(replace(board, queue=queue), (missed.job,)).then(lambda b: give_turn(b, now_s))


def hold_turn(board: Board, now_s: float) -> Board:
    """The clock of a turn stands still while the printer could not start anyway."""
    if not board.queue or board.queue[0].turn_s is None:
        return board
    head, *rest = board.queue
    return replace(board, queue=(replace(head, turn_s=now_s), *rest))


def drop_old(board: Board, before_ms: int, now_s: float, now_ms: int) -> Step:
    """Jobs that were submitted before that moment and still wait expire."""
    old = tuple(moved(w.job, _S.EXPIRED, ended_ms=now_ms) for w in board.queue if w.job.submitted_ms < before_ms)
    queue = tuple(w for w in board.queue if w.job.submitted_ms >= before_ms)
    return Step(replace(board, queue=queue), old).then(lambda b: give_turn(b, now_s))


# --- the plate -----------------------------------------------------------------------------------


def start(board: Board, job_id: str, *, plate_is_empty: bool, now_ms: int) -> Step:
    """Put the head of the queue on the printer. What ended badly before it has left the plate by that word."""
    job = need(board, job_id)
    if job.state is not _S.WAITING_FOR_PLATE:
        raise RefusedError(ErrorCode.NOT_NOW, f"it is not the turn of this job: it is {job.state.value}")
    if not plate_is_empty:
        raise RefusedError(ErrorCode.NOT_NOW, "somebody has to look and say that the plate is empty")
    heating = moved(job, _S.HEATING, started_ms=now_ms)
    return Step(Board(plate=heating, queue=board.queue[1:]), (heating,))


def printer_moved(board: Board, job_id: str, state: JobState, paused_by: Origin | None = None) -> Step:
    """The printer heats, prints or pauses. What is not news, or not about the job on it, changes nothing."""
    job = board.running
    if job is None or job.id != job_id or (job.state is state and job.paused_by is paused_by):
        return Step(board)
    if job.state is state:
        return _on_plate(board, with_fields(job, paused_by=paused_by))
    return _on_plate(board, moved(job, state, paused_by=paused_by))


def printer_ended(
    board: Board,
    job_id: str,
    state: JobState,
    *,
    by: Origin,
    fault: Fault | None,
    printed_s: float,
    now_ms: int,
    now_s: float,
) -> Step:
    """The job has left the wire: COOLING when it is done, else CANCELLED, FAILED or INTERRUPTED."""
    job = board.running
    if job is None or job.id != job_id:
        return Step(board)
    ended = moved(
        job, state, ended_ms=now_ms, ended_by=by, fault=fault, printed_s=round(printed_s, 1), paused_by=None
    )
    return _on_plate(board, ended).then(lambda b: give_turn(b, now_s))


def cooled(board: Board) -> Step:
    """Nozzle and bed are cold enough to touch."""
    if board.plate is None or board.plate.state is not _S.COOLING:
        return Step(board)
    return _on_plate(board, moved(board.plate, _S.READY))


def collect(board: Board, job_id: str, now_s: float) -> Step:
    """The plate was cleared."""
    job = need(board, job_id)
    if job is not board.plate or not (job.state is _S.READY or job.state.is_over):
        raise RefusedError(ErrorCode.NOT_NOW, f"there is nothing to collect yet: the job is {job.state.value}")
    changed = () if job.state.is_over else (moved(job, _S.COLLECTED),)
    return Step(replace(board, plate=None), changed).then(lambda b: give_turn(b, now_s))


def _on_plate(board: Board, job: Job) -> Step:
    return Step(replace(board, plate=job), (job,))


# --- what a person may ask -----------------------------------------------------------------------


def need(board: Board, job_id: str) -> Job:
    """The job, or RefusedError with NO_SUCH_JOB."""
    job = board.find(job_id)
    if job is None:
        raise RefusedError(ErrorCode.NO_SUCH_JOB, "there is no such job here (any more)")
    return job


def check_pause(board: Board, job_id: str) -> Job:
    """The job, when it can be paused."""
    job = need(board, job_id)
    if job.state not in (_S.HEATING, _S.PRINTING):
        raise RefusedError(ErrorCode.NOT_NOW, f"only a running print can be paused: the job is {job.state.value}")
    return job


def check_resume(board: Board, job_id: str, by: Origin) -> Job:
    """The job, when it can be resumed by that side: the region only ends its own pauses."""
    job = need(board, job_id)
    if job.state is not _S.PAUSED:
        raise RefusedError(ErrorCode.NOT_NOW, f"only a paused print can go on: the job is {job.state.value}")
    if by is Origin.REGION and job.paused_by is not Origin.REGION:
        raise RefusedError(ErrorCode.NOT_NOW, "this pause was not begun from the region: it ends at the kiosk")
    return job


def cancel_waiting(board: Board, job_id: str, by: Origin, *, now_ms: int, now_s: float) -> Step:
    """Take a job out of the queue."""
    job = need(board, job_id)
    cancelled = moved(job, _S.CANCELLED, ended_ms=now_ms, ended_by=by)
    queue = tuple(w for w in board.queue if w.job.id != job_id)
    return Step(replace(board, queue=queue), (cancelled,)).then(lambda b: give_turn(b, now_s))


# --- after a restart -----------------------------------------------------------------------------


def restored(board: Board, now_ms: int, now_s: float) -> Step:
    """The board as a new process finds it: what was on the printer was cut off; all others stay."""
    job = board.running
    if job is None:
        return give_turn(board, now_s)
    fault = Fault(code=FaultCode.BRIDGE_STOPPED, detail="the bridge was stopped in the middle of the print")
    return printer_ended(
        board,
        job.id,
        _S.INTERRUPTED,
        by=Origin.FAULT,
        fault=fault,
        printed_s=job.printed_s,
        now_ms=now_ms,
        now_s=now_s,
    )

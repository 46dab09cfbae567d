"""The life of a job from its start: pure values and functions, no clock, no I/O.

A `Board` is all jobs that are not over (and the last started one, as long as its remains may lie on the plate).
Every function returns a `Step`: the next board and the jobs that changed. What does not fit the moment raises
`RefusedError`. Nothing starts until a person has said, for that job, that the plate is empty.
"""

from dataclasses import replace

from msgspec.structs import replace as with_fields

from firmware_bridge.contract import ErrorCode, Fault, FaultCode, Job, JobState, Origin
from firmware_bridge.jobs.board import Board, RefusedError, Step, moved, need
from firmware_bridge.jobs.turns import give_turn

_S = JobState


def start(board: Board, job_id: str, *, plate_is_empty: bool, now_ms: int) -> Step:
    """Put the head of the queue on the printer. What ended badly before it has left the plate by that word."""
    job = need(board, job_id)
    if job.state is not _S.WAITING_FOR_PLATE:
        raise RefusedError(ErrorCode.NOT_NOW, f"it is not the turn of this job: it is {job.state.value}")
    if not plate_is_empty:
        raise RefusedError(ErrorCode.NOT_NOW, "somebody has to look and say that the plate is empty")
    heating = moved(job, _S.HEATING, started_ms=now_ms)
    return Step(replace(board, plate=heating, queue=board.queue[1:]), (heating,))


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


def printed_so_far(board: Board, printed_s: float) -> Step:
    """What is known of a running job should it be cut off; nobody needs to be told."""
    job = board.running
    if job is None:
        return Step(board)
    return _on_plate(board, with_fields(job, printed_s=round(printed_s, 1)))


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


def with_note(board: Board, job_id: str, **fields: object) -> Step:
    """The job on the plate with something that people said of it; its state stays."""
    job = need(board, job_id)
    if job is not board.plate:
        raise RefusedError(ErrorCode.NOT_NOW, f"it has not been printed: it is {job.state.value}")
    return _on_plate(board, with_fields(job, **fields))


# --- what a person may ask -----------------------------------------------------------------------


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

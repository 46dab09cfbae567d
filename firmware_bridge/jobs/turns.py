"""The queue: who may come in, whose turn it is, and what becomes of those who do not come. Pure."""

from dataclasses import replace
from typing import Final

from firmware_bridge.contract import ErrorCode, Job, JobState, Origin
from firmware_bridge.jobs.board import Board, RefusedError, Step, Waiting, moved, need

TURN_S: Final = 600.0
"""How long the plate waits for the visitor whose turn it is."""
MAX_TURNS: Final = 2
MAX_QUEUE: Final = 20

_S = JobState


def submit(board: Board, job: Job, now_s: float, *, needs_staff: bool = False) -> Step:
    """Put a vetted job at the end of the queue (it may be its turn at once), or before staff who lets it in."""
    if len(board.queue) + len(board.for_staff) >= MAX_QUEUE:
        raise RefusedError(ErrorCode.NOT_NOW, f"{MAX_QUEUE} jobs wait already; try again when some are printed")
    if needs_staff:
        waiting = moved(job, _S.WAITING_FOR_STAFF)
        return Step(replace(board, for_staff=(*board.for_staff, waiting)), (waiting,))
    return _line_up(board, job, now_s)


def _line_up(board: Board, job: Job, now_s: float) -> Step:
    queued = moved(job, _S.QUEUED)
    step = Step(replace(board, queue=(*board.queue, Waiting(queued))), (queued,))
    return step.then(lambda b: give_turn(b, now_s))


def approve(board: Board, job_id: str, now_s: float) -> Step:
    """Let a job in, at the end of the queue."""
    job = need_for_staff(board, job_id)
    return _line_up(_without(board, job_id), job, now_s)


def need_for_staff(board: Board, job_id: str) -> Job:
    """The job, when it waits for staff."""
    job = need(board, job_id)
    if job.state is not _S.WAITING_FOR_STAFF:
        raise RefusedError(ErrorCode.NOT_NOW, f"it does not wait for staff: it is {job.state.value}")
    return job


def put_first(board: Board, job_id: str, now_s: float) -> Step:
    """A queued job goes before all others; the one whose turn it was waits again and has missed nothing."""
    job = need(board, job_id)
    if job.state is not _S.QUEUED:
        raise RefusedError(ErrorCode.NOT_NOW, f"it does not wait in the queue: it is {job.state.value}")
    first = next(w for w in board.queue if w.job.id == job_id)
    others = tuple(_without_turn(w) for w in board.queue if w is not first)
    put_back = tuple(
        after.job
        for before, after in zip((w for w in board.queue if w is not first), others, strict=True)
        if after.job is not before.job
    )
    return Step(replace(board, queue=(first, *others)), put_back).then(lambda b: give_turn(b, now_s))


def _without_turn(waiting: Waiting) -> Waiting:
    if waiting.turn_s is None:
        return waiting
    return replace(waiting, job=moved(waiting.job, _S.QUEUED), turn_s=None)


def turn_left_s(board: Board, now_s: float) -> float | None:
    """How long the plate still waits for the visitor whose turn it is; None when it is nobody's."""
    if not board.queue or board.queue[0].turn_s is None:
        return None
    return max(0.0, board.queue[0].turn_s + TURN_S - now_s)


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


def restart_turn(board: Board, now_s: float) -> Board:
    """The whole of a turn begins anew: while the printer could not start anyway, or somebody needs longer."""
    if not board.queue or board.queue[0].turn_s is None:
        return board
    head, *rest = board.queue
    return replace(board, queue=(replace(head, turn_s=now_s), *rest))


def drop_old(board: Board, before_ms: int, now_s: float, now_ms: int) -> Step:
    """Jobs that were submitted before that moment and still wait expire."""
    waiting = (*(w.job for w in board.queue), *board.for_staff)
    old = tuple(moved(job, _S.EXPIRED, ended_ms=now_ms) for job in waiting if job.submitted_ms < before_ms)
    for job in old:
        board = _without(board, job.id)
    return Step(board, old).then(lambda b: give_turn(b, now_s))


def cancel_waiting(board: Board, job_id: str, by: Origin, *, now_ms: int, now_s: float) -> Step:
    """Take a job out of the queue, or refuse one that waits for staff."""
    job = need(board, job_id)
    cancelled = moved(job, _S.CANCELLED, ended_ms=now_ms, ended_by=by)
    return Step(_without(board, job_id), (cancelled,)).then(lambda b: give_turn(b, now_s))


def _without(board: Board, job_id: str) -> Board:
    return replace(
        board,
        queue=tuple(w for w in board.queue if w.job.id != job_id),
        for_staff=tuple(job for job in board.for_staff if job.id != job_id),
    )

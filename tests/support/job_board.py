"""Jobs on the board, as pure values."""

from firmware_bridge.contract import Job, JobState
from firmware_bridge.jobs import turns
from firmware_bridge.jobs.board import Board


def a_job(name: str, submitted_ms: int = 0) -> Job:
    return Job(
        id=name,
        card="ring",
        personal=False,
        state=JobState.SUBMITTED,
        estimate_s=600,
        grams=2,
        layers=10,
        submitted_ms=submitted_ms,
    )


def board_with(*names: str, for_staff: tuple[str, ...] = ()) -> Board:
    board = Board()
    for name in names:
        board = turns.submit(board, a_job(name), 0).board
    for name in for_staff:
        board = turns.submit(board, a_job(name), 0, needs_staff=True).board
    return board

"""Who is let in, who goes first, how long a turn lasts."""

import pytest
from support.job_board import a_job, board_with

from firmware_bridge.contract import ErrorCode, JobState, Origin
from firmware_bridge.jobs import life, turns
from firmware_bridge.jobs.board import Board, RefusedError

S = JobState


def queue_of(board: Board) -> list[tuple[str, JobState]]:
    return [(waiting.job.id, waiting.job.state) for waiting in board.queue]


def test_a_job_that_waits_for_staff_is_in_nobodys_way() -> None:
    board = board_with("b", for_staff=("a",))
    assert [(job.id, job.state) for job in board.for_staff] == [("a", S.WAITING_FOR_STAFF)]
    assert queue_of(board) == [("b", S.WAITING_FOR_PLATE)]
    assert board.job_ids == {"a", "b"}
    with pytest.raises(RefusedError):
        life.start(board, "a", plate_is_empty=True, now_ms=0)


def test_approved_it_goes_to_the_end_of_the_queue() -> None:
    step = turns.approve(board_with("b", for_staff=("a", "c")), "a", 5)
    assert queue_of(step.board) == [("b", S.WAITING_FOR_PLATE), ("a", S.QUEUED)]
    assert [job.id for job in step.board.for_staff] == ["c"]
    alone = turns.approve(board_with(for_staff=("a",)), "a", 5)
    assert [job.state for job in alone.changed] == [S.QUEUED, S.WAITING_FOR_PLATE]
    with pytest.raises(RefusedError) as refused:
        turns.approve(alone.board, "a", 5)
    assert refused.value.code is ErrorCode.NOT_NOW


def test_refused_it_is_cancelled_and_gone() -> None:
    step = turns.cancel_waiting(board_with(for_staff=("a",)), "a", Origin.REGION, now_ms=7, now_s=0)
    assert step.board == Board()
    assert [(job.state, job.ended_by, job.ended_ms) for job in step.changed] == [(S.CANCELLED, Origin.REGION, 7)]


def test_old_ones_expire_before_staff_too() -> None:
    step = turns.drop_old(board_with("b", for_staff=("a",)), before_ms=1, now_s=0, now_ms=9)
    assert step.board == Board()
    assert {(job.id, job.state) for job in step.changed} == {("a", S.EXPIRED), ("b", S.EXPIRED)}


def test_both_count_for_the_longest_queue() -> None:
    board = board_with("x", for_staff=tuple(str(n) for n in range(turns.MAX_QUEUE - 1)))
    for needs_staff in (True, False):
        with pytest.raises(RefusedError):
            turns.submit(board, a_job("one too many"), 0, needs_staff=needs_staff)


def test_staff_lets_one_go_first() -> None:
    board = turns.pass_turn(board_with("a", "b", "c"), turns.TURN_S, 0).board
    assert queue_of(board) == [("b", S.WAITING_FOR_PLATE), ("a", S.QUEUED), ("c", S.QUEUED)]
    step = turns.put_first(board, "c", now_s=700)
    assert queue_of(step.board) == [("c", S.WAITING_FOR_PLATE), ("b", S.QUEUED), ("a", S.QUEUED)]
    assert [(job.id, job.state) for job in step.changed] == [("b", S.QUEUED), ("c", S.WAITING_FOR_PLATE)]
    assert [waiting.missed_turns for waiting in step.board.queue] == [0, 0, 1]
    with pytest.raises(RefusedError, match="waiting_for_plate"):
        turns.put_first(step.board, "c", now_s=700)


def test_first_in_the_queue_is_not_first_on_a_plate_that_is_taken() -> None:
    board = life.start(board_with("a", "b", "c"), "a", plate_is_empty=True, now_ms=0).board
    step = turns.put_first(board, "c", now_s=1)
    assert queue_of(step.board) == [("c", S.QUEUED), ("b", S.QUEUED)]


def test_starting_leaves_those_before_staff_alone() -> None:
    board = life.start(board_with("b", for_staff=("a",)), "b", plate_is_empty=True, now_ms=0).board
    assert [job.id for job in board.for_staff] == ["a"]


def test_how_long_the_plate_waits() -> None:
    board = board_with("a", "b")
    assert turns.turn_left_s(board, 0) == turns.TURN_S
    assert turns.turn_left_s(board, 599) == 1
    assert turns.turn_left_s(board, 601) == 0
    assert turns.turn_left_s(Board(), 0) is None
    printing = life.start(board, "a", plate_is_empty=True, now_ms=0).board
    assert turns.turn_left_s(printing, 0) is None

"""The life of a job, the plate and the queue, as pure values."""

from itertools import pairwise

import pytest
from support.job_board import a_job, board_with

from firmware_bridge.contract import ErrorCode, Fault, FaultCode, JobState, Origin
from firmware_bridge.jobs import life, turns
from firmware_bridge.jobs.board import TRANSITIONS, Board, RefusedError, Step, moved
from firmware_bridge.jobs.turns import TURN_S

S = JobState


def started(board: Board) -> Board:
    return life.start(board, board.queue[0].job.id, plate_is_empty=True, now_ms=5).board


def ended(board: Board, state: JobState = S.COOLING, fault: Fault | None = None) -> Step:
    assert board.plate is not None
    return life.printer_ended(
        board, board.plate.id, state, by=Origin.PRINTER, fault=fault, printed_s=61.04, now_ms=9, now_s=100
    )


def queue_of(board: Board) -> list[tuple[str, JobState]]:
    return [(waiting.job.id, waiting.job.state) for waiting in board.queue]


def test_every_state_is_reached_and_what_is_over_stays_so() -> None:
    assert set(TRANSITIONS) == set(JobState)
    assert set().union(*TRANSITIONS.values()) == set(JobState) - {S.SUBMITTED}
    assert {state for state, following in TRANSITIONS.items() if not following} == {s for s in S if s.is_over}


def test_heaters_may_be_on_only_between_start_and_end() -> None:
    """No way leads onto the printer but by START from its turn; none back but by an end."""
    ways_on = {(a, b) for a, following in TRANSITIONS.items() for b in following}
    assert {a for a, b in ways_on if b.is_on_printer and not a.is_on_printer} == {S.WAITING_FOR_PLATE}


def test_a_step_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="submitted to printing"):
        moved(a_job("a"), S.PRINTING)


def test_only_the_head_of_the_queue_has_a_turn() -> None:
    assert queue_of(board_with("a", "b")) == [("a", S.WAITING_FOR_PLATE), ("b", S.QUEUED)]


def test_nothing_starts_without_the_word_about_the_plate() -> None:
    with pytest.raises(RefusedError) as refused:
        life.start(board_with("a"), "a", plate_is_empty=False, now_ms=0)
    assert refused.value.code is ErrorCode.NOT_NOW


def test_nobody_jumps_the_queue() -> None:
    with pytest.raises(RefusedError):
        life.start(board_with("a", "b"), "b", plate_is_empty=True, now_ms=0)


def test_while_one_prints_cools_or_lies_ready_nobody_has_a_turn() -> None:
    board = started(board_with("a", "b"))
    assert queue_of(board) == [("b", S.QUEUED)]
    cooling = ended(board).board
    ready = life.cooled(cooling).board
    assert queue_of(ready) == queue_of(cooling) == [("b", S.QUEUED)]
    with pytest.raises(RefusedError):
        life.collect(cooling, "a", now_s=0)
    collected = life.collect(ready, "a", now_s=0)
    assert [(job.id, job.state) for job in collected.changed] == [("a", S.COLLECTED), ("b", S.WAITING_FOR_PLATE)]
    assert collected.board.plate is None


@pytest.mark.parametrize("state", [S.CANCELLED, S.FAILED, S.INTERRUPTED])
def test_after_a_bad_end_the_next_start_speaks_for_the_plate(state: JobState) -> None:
    step = ended(started(board_with("a", "b")), state, Fault(code=FaultCode.THERMAL))
    assert step.board.plate is not None
    assert (step.board.plate.id, step.board.plate.state) == ("a", state)
    assert queue_of(step.board) == [("b", S.WAITING_FOR_PLATE)]
    following = started(step.board)
    assert following.plate is not None
    assert (following.plate.id, following.plate.state) == ("b", S.HEATING)


def test_clearing_the_plate_after_a_bad_end_does_not_make_it_a_success() -> None:
    failed = ended(started(board_with("a")), S.FAILED).board
    step = life.collect(failed, "a", now_s=0)
    assert step.changed == ()
    assert step.board == Board()


def test_times_and_faults_are_kept() -> None:
    board = started(board_with("a"))
    (job,) = ended(board, S.FAILED, Fault(code=FaultCode.PRINTER_RESET)).changed
    assert (job.started_ms, job.ended_ms, job.printed_s) == (5, 9, 61.0)
    assert job.fault == Fault(code=FaultCode.PRINTER_RESET)
    assert job.ended_by is Origin.PRINTER


def test_a_turn_that_is_missed_goes_to_the_next_and_the_second_time_the_job_expires() -> None:
    board = board_with("a", "b")
    assert turns.pass_turn(board, TURN_S - 1, 0).changed == ()
    board = turns.pass_turn(board, TURN_S, 0).board
    assert queue_of(board) == [("b", S.WAITING_FOR_PLATE), ("a", S.QUEUED)]
    board = turns.pass_turn(board, 2 * TURN_S, 0).board
    assert queue_of(board) == [("a", S.WAITING_FOR_PLATE), ("b", S.QUEUED)]
    step = turns.pass_turn(board, 3 * TURN_S, 77)
    assert [(job.id, job.state) for job in step.changed] == [("a", S.EXPIRED), ("b", S.WAITING_FOR_PLATE)]
    assert step.changed[0].ended_ms == 77
    step = turns.pass_turn(step.board, 4 * TURN_S, 88)
    assert [job.state for job in step.changed] == [S.EXPIRED]
    assert step.board == Board()


def test_the_only_job_gets_a_second_turn_of_its_own() -> None:
    step = turns.pass_turn(board_with("a"), TURN_S, 0)
    assert queue_of(step.board) == [("a", S.WAITING_FOR_PLATE)]
    assert turns.pass_turn(step.board, 1.5 * TURN_S, 0).changed == ()


def test_a_turn_stands_still_while_the_printer_is_away() -> None:
    board = turns.restart_turn(board_with("a"), now_s=5000)
    assert turns.pass_turn(board, 5000 + TURN_S - 1, 0).changed == ()


def test_what_waits_for_a_week_expires() -> None:
    board = Board()
    for name, submitted_ms in (("old", 10), ("new", 20)):
        board = turns.submit(board, a_job(name, submitted_ms), 0).board
    step = turns.drop_old(board, before_ms=15, now_s=0, now_ms=99)
    assert [(job.id, job.state) for job in step.changed] == [("old", S.EXPIRED), ("new", S.WAITING_FOR_PLATE)]


def test_the_queue_has_an_end() -> None:
    board = board_with(*(str(n) for n in range(turns.MAX_QUEUE)))
    with pytest.raises(RefusedError) as refused:
        turns.submit(board, a_job("one too many"), 0)
    assert refused.value.code is ErrorCode.NOT_NOW


def test_cancelling_a_waiting_job_passes_its_turn_on() -> None:
    step = turns.cancel_waiting(board_with("a", "b"), "a", Origin.KIOSK, now_ms=3, now_s=0)
    assert [(job.id, job.state) for job in step.changed] == [("a", S.CANCELLED), ("b", S.WAITING_FOR_PLATE)]
    assert step.changed[0].ended_by is Origin.KIOSK


def paused(by: Origin) -> Board:
    board = life.printer_moved(started(board_with("a")), "a", S.PRINTING).board
    return life.printer_moved(board, "a", S.PAUSED, by).board


@pytest.mark.parametrize(("begun", "may"), [(o, o is Origin.REGION) for o in Origin])
def test_the_region_ends_only_its_own_pauses(begun: Origin, may: bool) -> None:
    board = paused(begun)
    assert life.check_resume(board, "a", Origin.KIOSK).paused_by is begun
    if may:
        assert life.check_resume(board, "a", Origin.REGION)
        return
    with pytest.raises(RefusedError):
        life.check_resume(board, "a", Origin.REGION)


def test_going_on_forgets_who_paused() -> None:
    heating = life.printer_moved(paused(Origin.FAULT), "a", S.HEATING)
    assert heating.changed[0].paused_by is None


def test_news_of_another_job_or_no_news_changes_nothing() -> None:
    board = started(board_with("a"))
    assert life.printer_moved(board, "other", S.PRINTING) == Step(board)
    assert life.printer_moved(board, "a", S.HEATING) == Step(board)
    over = ended(board, S.CANCELLED).board
    assert life.printer_moved(over, "a", S.PRINTING) == Step(over)
    assert ended(over, S.FAILED) == Step(over)


def test_unknown_jobs_are_named_so() -> None:
    for verb in (
        lambda: life.start(Board(), "x", plate_is_empty=True, now_ms=0),
        lambda: life.collect(Board(), "x", now_s=0),
        lambda: turns.cancel_waiting(Board(), "x", Origin.KIOSK, now_ms=0, now_s=0),
        lambda: life.check_pause(Board(), "x"),
    ):
        with pytest.raises(RefusedError) as refused:
            verb()
        assert refused.value.code is ErrorCode.NO_SUCH_JOB


@pytest.mark.parametrize("state", [S.HEATING, S.PRINTING, S.PAUSED])
def test_what_was_on_the_printer_is_interrupted_by_a_restart(state: JobState) -> None:
    board = started(board_with("a", "b"))
    board = life.printer_moved(board, "a", state, Origin.KIOSK if state is S.PAUSED else None).board
    step = life.restored(board, now_ms=50, now_s=0)
    assert [(job.id, job.state) for job in step.changed] == [("a", S.INTERRUPTED), ("b", S.WAITING_FOR_PLATE)]
    assert step.changed[0].fault is not None
    assert step.changed[0].fault.code is FaultCode.BRIDGE_STOPPED


@pytest.mark.parametrize("state", [S.COOLING, S.READY])
def test_what_was_done_stays_done_after_a_restart(state: JobState) -> None:
    board = ended(started(board_with("a", "b"))).board
    if state is S.READY:
        board = life.cooled(board).board
    assert life.restored(board, now_ms=50, now_s=0) == Step(board)


def test_a_whole_life_follows_the_table() -> None:
    board = started(board_with("a"))
    seen = [S.SUBMITTED, S.QUEUED, S.WAITING_FOR_PLATE, S.HEATING]
    for state, by in ((S.PRINTING, None), (S.PAUSED, Origin.KIOSK), (S.HEATING, None), (S.PRINTING, None)):
        step = life.printer_moved(board, "a", state, by)
        board = step.board
        seen += [job.state for job in step.changed]
    for step in (ended(board), life.cooled(ended(board).board)):
        seen += [job.state for job in step.changed]
    assert seen[-2:] == [S.COOLING, S.READY]
    assert all(after in TRANSITIONS[before] for before, after in pairwise(seen))

"""Opening hours, and what closing asks for."""

from datetime import date, datetime

import pytest

from firmware_bridge.contract import Job, JobState
from firmware_bridge.service.opening import (
    AtClosing,
    Closing,
    ClosingStep,
    Opening,
    Today,
    at_closing,
    closes_in_s,
    read_day,
    read_hours,
    today,
)

TUESDAY = date(2026, 3, 3)
WEEK = Opening(
    (
        (),
        read_day(("13:30-18:00", "10:00-12:30")),
        read_day(("10:00-12:30",)),
        (),
        (),
        read_day(("9:30-12:30",)),
        (),
    ),
    frozenset({date(2026, 3, 4)}),
)


def ms(day: date, clock: str) -> int:
    return round(datetime.fromisoformat(f"{day} {clock}").timestamp() * 1000)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("10:00", Today(True, closes_ms=ms(TUESDAY, "12:30"))),
        ("12:29:59", Today(True, closes_ms=ms(TUESDAY, "12:30"))),
        ("12:30", Today(False, opens_ms=ms(TUESDAY, "13:30"))),
        ("17:00", Today(True, closes_ms=ms(TUESDAY, "18:00"))),
        # The day after is a closed date, Thursday and Friday have no hours.
        ("18:00", Today(False, opens_ms=ms(date(2026, 3, 7), "09:30"))),
        ("03:00", Today(False, opens_ms=ms(TUESDAY, "10:00"))),
    ],
)
def test_how_it_stands_on_a_tuesday(clock: str, expected: Today) -> None:
    assert today(WEEK, ms(TUESDAY, clock)) == expected


def test_a_library_that_never_opens_says_no_time() -> None:
    assert today(Opening(((),) * 7), ms(TUESDAY, "12:00")) == Today(False)


def test_how_long_it_stays_open() -> None:
    now_ms = ms(TUESDAY, "12:00")
    assert closes_in_s(today(WEEK, now_ms), now_ms) == 1800
    assert closes_in_s(today(WEEK, ms(TUESDAY, "13:00")), ms(TUESDAY, "13:00")) == 0
    assert closes_in_s(None, now_ms) is None


@pytest.mark.parametrize(
    "text", ["", "10-12", "10:00", "25:00-26:00", "12:00-10:00", "10:00-10:00", "10:60-11:00"]
)
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_hours(text)


def test_hours_that_overlap() -> None:
    with pytest.raises(ValueError, match="overlap"):
        read_day(("10:00-12:30", "12:00-18:00"))


OPEN, SHUT = Today(True, closes_ms=1), Today(False, opens_ms=2)


def job(state: JobState, name: str = "a") -> Job:
    return Job(id=name, card="ring", personal=False, state=state, estimate_s=60, grams=1, layers=1, submitted_ms=0)


def follow(policy: AtClosing, *moments: tuple[Today | None, Job | None]) -> list[ClosingStep | None]:
    closing, steps = Closing(), []
    for day, running in moments:
        closing, step = at_closing(closing, day, policy, running)
        steps.append(step)
    return steps


PRINTS, HEATS, WAITS = job(JobState.PRINTING), job(JobState.HEATING), job(JobState.PAUSED)


def test_a_pause_is_cooled_once_when_it_closes_and_again_after_another_one() -> None:
    moments = ((OPEN, WAITS), (SHUT, WAITS), (SHUT, WAITS), (SHUT, PRINTS), (SHUT, WAITS), (OPEN, WAITS))
    assert follow(AtClosing.FINISH, *moments) == [None, ClosingStep.COOL, None, None, ClosingStep.COOL, None]


def test_a_print_may_finish_where_the_library_says_so() -> None:
    assert follow(AtClosing.FINISH, (OPEN, PRINTS), (SHUT, PRINTS), (SHUT, None)) == [None, None, None]


def test_or_it_is_paused_until_it_stands_still_and_then_cools() -> None:
    moments = ((OPEN, HEATS), (SHUT, HEATS), (SHUT, PRINTS), (SHUT, WAITS), (SHUT, WAITS))
    pause, cool = ClosingStep.PAUSE, ClosingStep.COOL
    assert follow(AtClosing.PAUSE, *moments) == [None, pause, pause, cool, None]


def test_staff_that_stays_longer_goes_on_and_begins_anew() -> None:
    moments = (
        (OPEN, PRINTS),
        (SHUT, PRINTS),
        (SHUT, WAITS),
        (SHUT, PRINTS),
        (SHUT, None),
        (SHUT, job(JobState.HEATING, "b")),
    )
    assert follow(AtClosing.PAUSE, *moments)[3:] == [None, None, None]


def test_rules_wait_while_nobody_knows_the_time() -> None:
    assert follow(AtClosing.PAUSE, (OPEN, PRINTS), (None, PRINTS), (SHUT, PRINTS)) == [None, None, None]

"""Who is told of what and when, without a database and without a clock."""

import pytest

from dashboard.alerts.policy import (
    NOT_LISTENING,
    NOT_REPORTING,
    SETTLE_MS,
    Due,
    Notice,
    Person,
    Quiet,
    Trouble,
    due,
    review,
)

MINUTE = 60_000
NOON = 12 * 60
NIGHT = 23 * 60
DEINZE = Person(1, "noor@example.org", "nl", frozenset({"deinze"}))
REGION = Person(2, "an@example.org", "fr", None)
SLEEPER = Person(3, "bo@example.org", "nl", frozenset({"deinze"}), Quiet(22 * 60, 7 * 60))
FAULT = Trouble("deinze", "printer_fault", 1_000)
ELSEWHERE = Trouble("eeklo", "printer_fault", 1_000)


class Story:
    """What a person gets as time goes on; every letter is taken at once."""

    def __init__(self, *people: Person) -> None:
        self.people = people
        self.notices: list[Notice] = []
        self.letters: list[tuple[int, str, str]] = []

    def at(self, now_ms: int, *troubles: Trouble, minute: int = NOON) -> None:
        self.notices = review(self.people, troubles, self.notices, now_ms)
        for person in self.people:
            to_say = due(person, self.notices, now_ms, minute)
            self.letters += [(person.id, "new", n.kiosk) for n in to_say.new]
            self.letters += [(person.id, "over", n.kiosk) for n in to_say.over]
            self.notices = [
                Notice(n.person, n.kiosk, n.what, n.since_ms, n.detail, n.told_ms or now_ms, n.gone_ms)
                if n in to_say.new
                else n
                for n in self.notices
                if n not in to_say.over
            ]

    def got(self, person: Person) -> list[str]:
        return [what for who, what, _ in self.letters if who == person.id]


def test_an_operator_is_told_of_the_own_library_and_the_admin_of_all() -> None:
    story = Story(DEINZE, REGION)
    story.at(2_000, FAULT, ELSEWHERE)
    assert sorted(story.letters) == [(1, "new", "deinze"), (2, "new", "deinze"), (2, "new", "eeklo")]


def test_one_trouble_is_told_once_and_once_more_when_it_is_over() -> None:
    story = Story(DEINZE)
    for minutes in range(600):
        story.at(minutes * MINUTE, FAULT)
    assert story.got(DEINZE) == ["new"]
    for minutes in range(600, 610):
        story.at(minutes * MINUTE)
    assert story.got(DEINZE) == ["new", "over"]
    assert story.notices == []


def test_the_next_trouble_is_another_one() -> None:
    story = Story(DEINZE)
    for now_ms in (0, 10 * MINUTE):
        story.at(now_ms + 1_000, FAULT)
        story.at(now_ms + MINUTE)
        story.at(now_ms + MINUTE + SETTLE_MS)
    assert story.got(DEINZE) == ["new", "over", "new", "over"]


def test_what_comes_and_goes_within_moments_is_one_trouble() -> None:
    story = Story(DEINZE)
    for now_ms in range(0, 20 * MINUTE, 20_000):
        story.at(now_ms, *([FAULT] if now_ms % 40_000 == 0 else []))
    assert story.got(DEINZE) == ["new"]


def test_quiet_hours_keep_back_and_tell_afterwards_what_still_waits() -> None:
    story = Story(SLEEPER)
    passing = Trouble("deinze", "attention", 1_000)
    story.at(2_000, FAULT, passing, minute=NIGHT)
    story.at(3_000, FAULT, minute=NIGHT)
    story.at(3_000 + 2 * SETTLE_MS, FAULT, minute=6 * 60 + 59)
    assert story.letters == []
    story.at(4_000 + 2 * SETTLE_MS, FAULT, minute=7 * 60)
    assert story.letters == [(3, "new", "deinze")]
    assert [notice.what for notice in story.notices] == ["printer_fault"]


def test_its_end_waits_for_the_morning_too() -> None:
    story = Story(SLEEPER)
    story.at(0, FAULT)
    story.at(1_000, minute=NIGHT)
    story.at(1_000 + SETTLE_MS, minute=NIGHT)
    assert story.got(SLEEPER) == ["new"]
    story.at(2_000 + SETTLE_MS, minute=8 * 60)
    assert story.got(SLEEPER) == ["new", "over"]


@pytest.mark.parametrize(
    ("quiet", "minute", "holds"),
    [
        (Quiet(22 * 60, 7 * 60), 22 * 60, True),
        (Quiet(22 * 60, 7 * 60), 0, True),
        (Quiet(22 * 60, 7 * 60), 7 * 60, False),
        (Quiet(12 * 60, 13 * 60), 12 * 60 + 59, True),
        (Quiet(12 * 60, 13 * 60), 13 * 60, False),
        (Quiet(12 * 60, 13 * 60), 0, False),
    ],
)
def test_quiet_hours_may_go_over_midnight(quiet: Quiet, minute: int, holds: bool) -> None:
    assert quiet.holds(minute) is holds


@pytest.mark.parametrize(("what", "minutes"), [("printer_missing", 10), (NOT_REPORTING, 5), (NOT_LISTENING, 5)])
def test_what_often_passes_is_told_when_it_has_lasted(what: str, minutes: int) -> None:
    story = Story(REGION)
    trouble = Trouble("" if what == NOT_LISTENING else "deinze", what, 0)
    story.at(minutes * MINUTE - 1, trouble)
    assert story.letters == []
    story.at(minutes * MINUTE, trouble)
    assert story.got(REGION) == ["new"]


def test_a_kiosk_whose_clock_is_ahead_is_heard_all_the_same() -> None:
    story = Story(REGION)
    story.at(0, Trouble("deinze", "printer_missing", 1_000 * MINUTE))
    assert story.got(REGION) == ["new"]


def test_that_the_region_is_deaf_is_for_who_has_the_whole_of_it() -> None:
    story = Story(DEINZE, REGION)
    story.at(10 * MINUTE, Trouble("", NOT_LISTENING, 0))
    assert story.letters == [(2, "new", "")]


def test_a_call_that_somebody_takes_is_told_to_nobody_more() -> None:
    open_call, taken = (Trouble("deinze", "call", 0, "help", in_hand=in_hand) for in_hand in (False, True))
    story = Story(SLEEPER, DEINZE)
    story.at(0, open_call, minute=NIGHT)
    story.at(1_000, taken, minute=8 * 60)
    assert story.got(SLEEPER) == []
    assert story.got(DEINZE) == ["new"]
    story.at(2_000)
    story.at(2_000 + SETTLE_MS)
    assert story.got(DEINZE) == ["new", "over"]


def test_who_wants_no_mail_any_more_or_has_another_post_gets_none() -> None:
    story = Story(DEINZE)
    story.at(0, FAULT)
    story.people = (Person(1, "noor@example.org", "nl", frozenset({"eeklo"})),)
    story.at(MINUTE)
    assert story.notices == []
    assert story.got(DEINZE) == ["new"]


def test_nothing_is_due_where_nothing_is() -> None:
    assert not Due()
    assert not due(DEINZE, [], 0, NOON)

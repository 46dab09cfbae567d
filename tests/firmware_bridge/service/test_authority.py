"""The least role of every method, and how long a role lasts."""

from typing import get_args

import pytest

from firmware_bridge import contract
from firmware_bridge.contract import ErrorCode, Job, JobState, NotAllowed, Request, Role, TooLate
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.service import policy
from firmware_bridge.service.authority import LEAST_ROLE, SESSION_S, Sessions, check
from firmware_bridge.service.policy import Policy


def test_every_method_has_its_role_in_the_table() -> None:
    assert set(LEAST_ROLE) == set(get_args(Request))


def test_each_role_may_what_those_before_may() -> None:
    roles = list(Role)
    for n, role in enumerate(roles):
        assert [role.covers(other) for other in roles] == [True] * (n + 1) + [False] * (len(roles) - n - 1)


@pytest.mark.parametrize(
    ("ask", "needed"),
    [
        (contract.Cool(), Role.COACH),
        (contract.QueueFirst(job="a"), Role.COACH),
        (contract.Preheat(nozzle_c=200), Role.STAFF),
        (contract.Jog(axis=contract.Axis.Z, mm=1), Role.STAFF),
        (contract.GetLog(), Role.TECHNICIAN),
    ],
)
def test_less_than_needed_is_refused_and_says_what_is_needed(ask: Request, needed: Role) -> None:
    for role in Role:
        if role.covers(needed):
            check(role, ask)
        else:
            with pytest.raises(RefusedError) as refused:
                check(role, ask)
            assert refused.value.code is ErrorCode.NOT_ALLOWED
            assert refused.value.data == NotAllowed(needed=needed)


def test_danger_and_help_need_no_role() -> None:
    for ask in (contract.Pause, contract.CallStaff, contract.Collect, contract.Unlock):
        assert LEAST_ROLE[ask] is Role.VISITOR


def test_a_role_lasts_two_minutes_at_most_and_belongs_to_one_client() -> None:
    sessions = Sessions()
    sessions.open(1, Role.STAFF, now_s=100)
    assert (sessions.role(1, 219.9), sessions.role(2, 101)) == (Role.STAFF, Role.VISITOR)
    assert sessions.role(1, 100 + SESSION_S) is Role.VISITOR
    assert SESSION_S <= 120
    sessions.open(1, Role.COACH, now_s=300)
    sessions.close(1)
    assert sessions.role(1, 301) is Role.VISITOR


def a_job(state: JobState) -> Job:
    return Job(id="a", card="ring", personal=False, state=state, estimate_s=60, grams=1, layers=1, submitted_ms=0)


@pytest.mark.parametrize(
    ("state", "visitor_cancel_s", "waits_s", "may"),
    [
        (JobState.PRINTING, 120, 119, True),
        (JobState.PRINTING, 120, 120, False),
        (JobState.HEATING, 0, 0, False),
        (JobState.QUEUED, 120, 121, False),
        (JobState.QUEUED, 120, 5, True),
        (JobState.PAUSED, 120, float("inf"), False),
        (JobState.WAITING_FOR_PLATE, 0, 500, True),
    ],
)
def test_who_may_cancel(state: JobState, visitor_cancel_s: float, waits_s: float, may: bool) -> None:
    rules, job = Policy(visitor_cancel_s=visitor_cancel_s), a_job(state)
    policy.check_cancel(rules, Role.COACH, job, waits_s=waits_s)
    if may:
        policy.check_cancel(rules, Role.VISITOR, job, waits_s=waits_s)
    else:
        with pytest.raises(RefusedError) as refused:
            policy.check_cancel(rules, Role.VISITOR, job, waits_s=waits_s)
        assert refused.value.data == NotAllowed(needed=Role.COACH)


def test_what_cannot_end_before_closing_is_not_begun() -> None:
    rules = Policy(closing_margin_s=600)
    policy.check_start(rules, Role.VISITOR, estimate_s=1200, closes_in_s=1800)
    policy.check_start(rules, Role.VISITOR, estimate_s=1e6, closes_in_s=None)
    policy.check_start(rules, Role.COACH, estimate_s=1200, closes_in_s=0)
    with pytest.raises(RefusedError) as refused:
        policy.check_start(rules, Role.VISITOR, estimate_s=1201, closes_in_s=1800)
    assert refused.value.code is ErrorCode.TOO_LATE
    assert refused.value.data == TooLate(needs_s=1801, closes_in_s=1800)

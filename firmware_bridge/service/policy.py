"""What a library leaves to its visitors, and what it keeps for staff. Pure."""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import ErrorCode, Job, JobState, Role, TooLate
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.service.authority import need_role
from firmware_bridge.service.opening import AtClosing

OVERRIDES: Final = Role.COACH
"""Who may do what the policy keeps from visitors."""


@dataclass(frozen=True)
class Policy:
    """The library's choices; see config.SHOULD_BE."""

    approval: bool = False
    visitor_cancel_s: float = 120.0
    at_closing: AtClosing = AtClosing.FINISH
    closing_margin_s: float = 900.0
    trust_clock: bool = False


def check_cancel(policy: Policy, role: Role, job: Job, *, waits_s: float) -> None:
    """`waits_s`: since its submission or, of a running one, its start. Raises RefusedError with NOT_ALLOWED."""
    if job.state is JobState.WAITING_FOR_PLATE:
        return  # who stands at the plate decides whether to begin at all
    if waits_s >= policy.visitor_cancel_s:
        need_role(role, OVERRIDES, "cancelling this print now")


def needed_s(policy: Policy, estimate_s: float) -> float:
    """From the start of a print until the library may close: heating, cooling and an honest margin included."""
    return estimate_s + policy.closing_margin_s


def check_start(policy: Policy, role: Role, estimate_s: float, closes_in_s: float | None) -> None:
    """Raises RefusedError with TOO_LATE for a print that cannot end before the library closes."""
    if closes_in_s is None or role.covers(OVERRIDES):
        return
    needs_s = needed_s(policy, estimate_s)
    if needs_s > closes_in_s:
        raise RefusedError(
            ErrorCode.TOO_LATE,
            f"the print needs {needs_s / 60:.0f} min and the library closes in {closes_in_s / 60:.0f} min",
            TooLate(needs_s=round(needs_s, 1), closes_in_s=round(closes_in_s, 1)),
        )

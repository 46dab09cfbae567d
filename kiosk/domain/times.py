"""Promises about time: ranges that can be kept, and clock times."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

PREPARE_S = (120.0, 300.0)
"""Heating and levelling, before the first layer: least and most."""
SLOWER, RUNNING_SLOWER = 1.15, 1.06
"""A real print takes up to this much longer than the slicer thinks, and than the pace of the print itself says."""
STEP_MIN = 5
COOLING_S, CHANGE_S = 300.0, 120.0
"""From the last layer until it can be taken off; from there until the next one begins."""


@dataclass(frozen=True)
class Range:
    """Ready between these two."""

    earliest: datetime
    latest: datetime


def ready_between(now: datetime, estimate_s: float) -> Range:
    """Of a print that is started now; both on whole five minutes, never the same."""
    earliest = _floor(now + timedelta(seconds=estimate_s + PREPARE_S[0]))
    latest = _ceil(now + timedelta(seconds=estimate_s * SLOWER + PREPARE_S[1]))
    return Range(earliest, max(latest, earliest + timedelta(minutes=STEP_MIN)))


def longest_s(estimate_s: float) -> float:
    """What a print may take, everything included."""
    return estimate_s * SLOWER + PREPARE_S[1]


def ready_in(estimate_s: float) -> tuple[float, float]:
    """Seconds, least and most, of a print that is started now."""
    return estimate_s + PREPARE_S[0], longest_s(estimate_s)


def ready_while_running(now: datetime, remaining_s: float) -> Range:
    """Of a print that runs: to the minute when it is near, to five when it is not."""
    step = 1 if remaining_s < 10 * 60 else STEP_MIN
    earliest = _floor(now + timedelta(seconds=remaining_s), step)
    latest = _ceil(now + timedelta(seconds=remaining_s * RUNNING_SLOWER), step)
    return Range(earliest, max(latest, earliest + timedelta(minutes=step)))


def ready_about(now: datetime, remaining_s: float) -> datetime:
    """One moment of it, where there is no room for two."""
    return ready_while_running(now, remaining_s).latest


def whole_minutes(seconds: float) -> int:
    """At least one, rounded up."""
    return max(1, math.ceil(seconds / 60))


def _floor(moment: datetime, step_min: int = STEP_MIN) -> datetime:
    return moment.replace(minute=moment.minute - moment.minute % step_min, second=0, microsecond=0)


def _ceil(moment: datetime, step_min: int = STEP_MIN) -> datetime:
    floor = _floor(moment, step_min)
    return floor if floor == moment else floor + timedelta(minutes=step_min)

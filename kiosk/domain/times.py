"""Promises about time: ranges that can be kept, and clock times."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

PREPARE_S = (120.0, 300.0)
"""Heating and levelling, before the first layer: least and most."""
SLOWER = 1.15
"""A real print takes up to this much longer than the slicer thinks."""
STEP_MIN = 5


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


def ready_about(now: datetime, remaining_s: float) -> datetime:
    """Of a print that runs: to the minute when it is near, to five when it is not."""
    step = 1 if remaining_s < 10 * 60 else STEP_MIN
    return _ceil(now + timedelta(seconds=remaining_s), step)


def whole_minutes(seconds: float) -> int:
    """At least one, rounded up."""
    return max(1, math.ceil(seconds / 60))


def _floor(moment: datetime, step_min: int = STEP_MIN) -> datetime:
    return moment.replace(minute=moment.minute - moment.minute % step_min, second=0, microsecond=0)


def _ceil(moment: datetime, step_min: int = STEP_MIN) -> datetime:
    floor = _floor(moment, step_min)
    return floor if floor == moment else floor + timedelta(minutes=step_min)

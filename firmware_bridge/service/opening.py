"""The library's opening hours, and what they mean for a print. Pure; local time, as people read it off a clock."""

import enum
import itertools
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from firmware_bridge.contract import Job, JobState

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOK_AHEAD_DAYS: Final = 60
_HOURS: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


@dataclass(frozen=True, order=True)
class Hours:
    """One stretch of a day."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Opening:
    """`week`: seven days from Monday, each a tuple of stretches in their order. `closed`: dates without any."""

    week: tuple[tuple[Hours, ...], ...]
    closed: frozenset[date] = frozenset()


def read_hours(text: str) -> Hours:
    """Of "10:00-12:30". Raises ValueError."""
    found = _HOURS.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ValueError(f'{text!r} is not like "10:00-12:30"')
    opens_h, opens_m, closes_h, closes_m = (int(number) for number in found.groups())
    hours = Hours(time(opens_h, opens_m), time(closes_h, closes_m))
    if hours.opens >= hours.closes:
        raise ValueError(f"{text!r} closes before it opens")
    return hours


def read_day(texts: tuple[str, ...]) -> tuple[Hours, ...]:
    """Of a day's stretches, in any order. Raises ValueError."""
    day = tuple(sorted(read_hours(text) for text in texts))
    if any(before.closes > after.opens for before, after in itertools.pairwise(day)):
        raise ValueError("two of them overlap")
    return day


@dataclass(frozen=True)
class Today:
    """`closes_ms`: the end of the present stretch. `opens_ms`: the beginning of the next one, while closed."""

    is_open: bool
    closes_ms: int | None = None
    opens_ms: int | None = None


def today(opening: Opening, now_ms: int) -> Today:
    """How it stands at this moment."""
    now = datetime.fromtimestamp(now_ms / 1000)
    for hours in _hours_of(opening, now.date()):
        if hours.opens <= now.time() < hours.closes:
            return Today(True, closes_ms=_ms(now.date(), hours.closes))
    for days in range(LOOK_AHEAD_DAYS):
        day = now.date() + timedelta(days=days)
        for hours in _hours_of(opening, day):
            if datetime.combine(day, hours.opens) > now:
                return Today(False, opens_ms=_ms(day, hours.opens))
    return Today(False)


def _hours_of(opening: Opening, day: date) -> tuple[Hours, ...]:
    return () if day in opening.closed else opening.week[day.weekday()]


def _ms(day: date, at: time) -> int:
    return round(datetime.combine(day, at).timestamp() * 1000)


def closes_in_s(day: Today | None, now_ms: int) -> float | None:
    """How long the library stays open: 0 while it is closed; None without opening hours that count."""
    if day is None:
        return None
    return max(0.0, (day.closes_ms - now_ms) / 1000) if day.closes_ms is not None else 0.0


# --- what closing asks for ---------------------------------------------------------------------------


class AtClosing(enum.Enum):
    """What becomes of a running print when the library closes."""

    FINISH = "finish"
    PAUSE = "pause"


class ClosingStep(enum.Enum):
    """What the printer is to do."""

    PAUSE = "pause"
    COOL = "cool"


@dataclass(frozen=True)
class Closing:
    """How far this closing time was dealt with.

    `to_pause`: the job that ran when the library closed, until it stands still; what somebody starts or resumes
    afterwards is theirs. `cooled`: the paused job whose heaters were switched off.
    """

    was_open: bool = False
    to_pause: str | None = None
    cooled: str | None = None


def at_closing(
    before: Closing, day: Today | None, policy: AtClosing, job: Job | None
) -> tuple[Closing, ClosingStep | None]:
    """What to do about the job on the printer, at this moment."""
    if day is None or day.is_open:
        return Closing(was_open=day is not None), None
    if job is None:
        return Closing(), None
    if job.state is JobState.PAUSED:
        step = None if before.cooled == job.id else ClosingStep.COOL
        return Closing(cooled=job.id), step
    to_pause = before.to_pause
    if before.was_open and policy is AtClosing.PAUSE:
        to_pause = job.id
    return Closing(to_pause=to_pause), ClosingStep.PAUSE if to_pause == job.id else None

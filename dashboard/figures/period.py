"""A period of whole days by the region's clock, and what it means in milliseconds. Pure but for the time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

MOST_DAYS: Final = 3 * 366
FIRST_YEAR: Final = 2020
LAST_YEAR: Final = 2199
_EPOCH: Final = date(1970, 1, 1)


class PeriodError(ValueError):
    """It cannot be shown; the message is one of `words.PERIOD_TROUBLE`."""


@dataclass(frozen=True)
class Period:
    """From the first day up to and including the last."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Raises PeriodError."""
        if not FIRST_YEAR <= self.first.year <= self.last.year <= LAST_YEAR:
            raise PeriodError("order" if self.first > self.last else "years")
        if self.first > self.last:
            raise PeriodError("order")
        if (self.last - self.first).days >= MOST_DAYS:
            raise PeriodError("long")

    @property
    def from_ms(self) -> int:
        """The first moment of it."""
        return _midnight_ms(self.first)

    @property
    def until_ms(self) -> int:
        """The first moment after it."""
        return _midnight_ms(self.last + timedelta(days=1))

    def weeks(self) -> list[date]:
        """The Mondays of all weeks that it touches."""
        first = monday(self.first)
        return [first + timedelta(weeks=n) for n in range((monday(self.last) - first).days // 7 + 1)]

    def offsets(self) -> list[tuple[int, int]]:
        """How much the region's clock is ahead of UTC, in ms, each with the moment from which it holds."""
        changes = [(self.from_ms, _offset_ms(self.first))]
        for day in _days(self.first, self.last):
            offset = _offset_ms(day + timedelta(days=1))
            if offset != changes[-1][1]:  # it changes in the night, hours before anybody prints
                changes.append((_midnight_ms(day + timedelta(days=1)), offset))
        return changes


def year_of(year: int) -> Period:
    """The whole of it. Raises PeriodError."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError("years")
    return Period(date(year, 1, 1), date(year, 12, 31))


def last_weeks(count: int, today: date) -> Period:
    """So many weeks, of which this one is the last."""
    return Period(monday(today) - timedelta(weeks=count - 1), today)


def monday(day: date) -> date:
    """Of its week."""
    return day - timedelta(days=day.weekday())


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


def day_of_number(number: int) -> date:
    """The other way round."""
    return _EPOCH + timedelta(days=number)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _local(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _midnight_ms(day: date) -> int:
    return int(_local(day).timestamp() * 1000)


def _offset_ms(day: date) -> int:
    offset = _local(day).utcoffset()
    return int(offset.total_seconds() * 1000) if offset else 0

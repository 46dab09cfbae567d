"""Numbers and moments as people read them, in the language of the page. What makes no sense shows as a dash."""

from datetime import UTC, date, datetime
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

NOTHING: Final = "–"
_FIRST_MS: Final = 946_684_800_000  # 2000
_LAST_MS: Final = 7_258_118_400_000  # 2200


def moment(ms: int | None) -> datetime | None:
    """Local wall clock; None for what no clock can mean."""
    if ms is None or not _FIRST_MS <= ms <= _LAST_MS:
        return None
    return timezone.localtime(datetime.fromtimestamp(ms / 1000, UTC))


def clock(ms: int | None) -> str:
    """The time of day."""
    at = moment(ms)
    if at is None:
        return NOTHING
    return _("%(hour)s.%(minute)s uur") % {"hour": at.hour, "minute": f"{at.minute:02d}"}


def when(ms: int | None) -> str:
    """The time of day, with the day where it is not today."""
    at = moment(ms)
    if at is None:
        return NOTHING
    if at.date() == timezone.localdate():
        return clock(ms)
    year = " Y" if at.year != timezone.localdate().year else ""
    day = pgettext("weekday, day and month in the letters of the date filter", "D j b")
    return f"{formats.date_format(at, day + year)}, {clock(ms)}"


def iso(ms: int | None) -> str:
    """For programs: ISO 8601 with the offset of the region's clock, '' for what no clock can mean."""
    at = moment(ms)
    return at.isoformat(timespec="seconds") if at else ""


def day(at: date) -> str:
    """A day with its year."""
    return formats.date_format(at, pgettext("day, month and year in the letters of the date filter", "j b Y"))


def duration(seconds: float | None) -> str:
    """Hours and minutes, rounded up to whole minutes."""
    if seconds is None or not 0 <= seconds < 365 * 24 * 3600:
        return NOTHING
    hours, minutes = divmod(-int(-seconds // 60), 60)
    if hours:
        return _("%(hours)d u %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    return ngettext("%(minutes)d min", "%(minutes)d min", minutes) % {"minutes": minutes}


def number(value: float | None, decimals: int = 0) -> str:
    """With the decimal mark of the language."""
    if value is None or not -1e9 < value < 1e9:
        return NOTHING
    return formats.number_format(round(value, decimals), decimal_pos=decimals, force_grouping=True)


def celsius(value: float | None) -> str:
    """Whole degrees."""
    return f"{number(value)} °C" if value is not None else NOTHING


def percent(share: float | None) -> str:
    """A share from 0 to 1."""
    return f"{number(100 * share)} %" if share is not None else NOTHING

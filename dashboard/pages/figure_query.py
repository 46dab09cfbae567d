"""What the address asks of the figures: a period, a library, a measure. What makes no sense is said."""

import contextlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.figures import counting
from dashboard.figures.period import FIRST_YEAR, Period, PeriodError, last_weeks, year_of

WEEKS: Final = 12
TROUBLE: Final = {
    "order": _("De eerste dag komt na de laatste. Kies ze opnieuw."),
    "years": _("Kies dagen vanaf 2020."),
    "long": _("Kies een periode van hoogstens drie jaar."),
    "date": _("Dat is geen datum. Schrijf ze als jaar-maand-dag, zoals 2026-03-31."),
    "library": _("Die bibliotheek is er niet. Kies er een uit de lijst."),
}


@dataclass(frozen=True)
class Query:
    """`library` '' for the whole region; `chosen` has its kiosks by library. `trouble`: why it is not as asked."""

    period: Period
    library: str
    libraries: tuple[str, ...]
    chosen: dict[str, list[str]]
    trouble: Any = None

    def library_of(self, kiosk: str) -> str:
        """Its name; the kiosk's own where it is none of the chosen."""
        return next((name for name, kiosks in self.chosen.items() if kiosk in kiosks), kiosk)

    def address(self, **changed: str) -> str:
        """The same question as a query string, but for what is changed."""
        asked = {
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "library": self.library,
        }
        return urlencode({key: value for key, value in (asked | changed).items() if value})


def read(fields: QueryDict) -> Query:
    """Of `from`, `to` and `library`; the last weeks of the whole region where nothing is asked."""
    period, trouble = _period(fields.get("from", ""), fields.get("to", ""))
    return _of(period, fields.get("library", ""), trouble)


def read_year(fields: QueryDict) -> Query:
    """Of `year` and `library`; the year that is running where none is asked."""
    asked = fields.get("year", "") or str(_today().year)
    try:
        return _of(year_of(int(asked) if asked.isascii() and asked.isdigit() else 0), fields.get("library", ""))
    except PeriodError:
        return _of(year_of(_today().year), fields.get("library", ""), TROUBLE["years"])


def presets() -> list[tuple[Any, Period]]:
    """Periods that are asked for often."""
    today = _today()
    month = today.replace(day=1)
    month_before = month - timedelta(days=1)
    return [
        (_("Laatste 12 weken"), last_weeks(WEEKS, today)),
        (_("Deze maand"), Period(month, today)),
        (_("Vorige maand"), Period(month_before.replace(day=1), month_before)),
        (_("Dit jaar"), Period(today.replace(month=1, day=1), today)),
        (_("Vorig jaar"), year_of(today.year - 1)),
    ]


def this_year() -> Period:
    """The one that is running."""
    return year_of(_today().year)


def years() -> list[int]:
    """That a yearly page can be asked of."""
    return list(range(_today().year, max(FIRST_YEAR, _today().year - 5) - 1, -1))


def _today() -> date:
    return timezone.localdate()


def _of(period: Period, library: str, trouble: Any = None) -> Query:
    libraries = counting.libraries()
    is_known = not library or library in libraries
    return Query(
        period=period,
        library=library if is_known else "",
        libraries=tuple(libraries),
        chosen={library: libraries[library]} if library and is_known else libraries,
        trouble=trouble or (None if is_known else TROUBLE["library"]),
    )


def _period(first: str, last: str) -> tuple[Period, Any]:
    usual = last_weeks(WEEKS, _today())
    days = [usual.first, usual.last]
    for n, text in enumerate((first, last)):
        if not text:
            continue
        with contextlib.suppress(ValueError):
            days[n] = date.fromisoformat(text)
            continue
        return usual, TROUBLE["date"]
    try:
        return Period(*days), None
    except PeriodError as error:
        return usual, TROUBLE[str(error)]

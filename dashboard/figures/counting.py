"""Jobs of a period, counted by the database. Every question goes through the index `job_figures` alone.

That index begins with the kiosk, so each question names its kiosks: a database then needs no table beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import BigIntegerField, Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Least, NullIf

from dashboard import models
from dashboard.figures.period import Period, day_of_number, monday
from dashboard.figures.tally import STOPPED, SUCCEEDED, Tally

DAY_MS: Final = 86_400_000
_GOOD: Final = [state.value for state in SUCCEEDED]
_STOPPED: Final = [state.value for state in STOPPED]
_BEGUN: Final = Q(started_ms__isnull=False)
_USED: Final = F("grams") * Least(Value(1.0), F("printed_s") / NullIf(F("estimate_s"), Value(0.0)))
_SUMS: Final[dict[str, Any]] = {
    "all": Count("kiosk_id"),
    "begun": Count("started_ms"),
    "succeeded": Count("started_ms", filter=Q(state__in=_GOOD)),
    "stopped": Count("started_ms", filter=Q(state__in=_STOPPED)),
    "own": Count("started_ms", filter=Q(personal=True)),
    "seconds": Coalesce(Sum("printed_s"), Value(0.0)),
    "good_grams": Coalesce(Sum("grams", filter=_BEGUN & Q(state__in=_GOOD)), Value(0.0)),
    "lost_grams": Coalesce(Sum(_USED, filter=_BEGUN & ~Q(state__in=_GOOD), output_field=FloatField()), Value(0.0)),
}


def libraries() -> dict[str, list[str]]:
    """Its kiosks by the name of each library; a kiosk that has not said its library stands for itself."""
    found: dict[str, list[str]] = defaultdict(list)
    for kiosk, library in models.Kiosk.objects.order_by("id").values_list("id", "library"):
        found[library or kiosk].append(kiosk)
    return dict(sorted(found.items()))


def by_library(period: Period, chosen: dict[str, list[str]]) -> dict[str, Tally]:
    """Of each chosen library, also of those where nothing was printed."""
    by_kiosk = dict(_grouped(_finished(period, _kiosks(chosen)), "kiosk_id"))
    return {
        library: sum((by_kiosk.get(kiosk, Tally()) for kiosk in kiosks), Tally())
        for library, kiosks in chosen.items()
    }


def by_card(period: Period, chosen: dict[str, list[str]]) -> dict[str, Tally]:
    """Of each model that anybody asked for."""
    return dict(_grouped(_finished(period, _kiosks(chosen)), "card"))


def by_week(period: Period, chosen: dict[str, list[str]]) -> dict[date, Tally]:
    """By Monday, of every week that the period touches, also of those in which nothing was printed."""
    weeks = dict.fromkeys(period.weeks(), Tally())
    rows = _finished(period, _kiosks(chosen)).annotate(day=_local_day(period))
    for day, tally in _grouped(rows, "day"):
        weeks[monday(day_of_number(day))] += tally
    return weeks


def cards_printed(period: Period, chosen: dict[str, list[str]]) -> int:
    """How many models were begun at least once."""
    return _finished(period, _kiosks(chosen)).filter(_BEGUN).values("card").distinct().count()


def printer_days(period: Period, chosen: dict[str, list[str]]) -> int:
    """On how many days each printer had a print that began, of all printers together."""
    rows = _finished(period, _kiosks(chosen)).filter(_BEGUN).annotate(day=_local_day(period))
    return rows.values("kiosk_id", "day").distinct().count()


def _kiosks(chosen: dict[str, list[str]]) -> list[str]:
    return sorted(kiosk for kiosks in chosen.values() for kiosk in kiosks)


def _finished(period: Period, kiosks: Sequence[str]) -> QuerySet[models.Job]:
    return models.Job.objects.filter(
        kiosk__in=kiosks, finished_ms__gte=period.from_ms, finished_ms__lt=period.until_ms
    )


def _local_day(period: Period) -> Any:
    """Days since 1970 by the region's clock: whole numbers alone, so that any database does it alike."""
    first, *later = period.offsets()
    cases = [When(finished_ms__gte=at, then=Value(offset)) for at, offset in reversed(later)]
    offset = Case(*cases, default=Value(first[1]), output_field=BigIntegerField()) if cases else Value(first[1])
    return (F("finished_ms") + offset) / Value(DAY_MS)


def _grouped(rows: QuerySet[models.Job], key: str) -> Iterable[tuple[Any, Tally]]:
    for row in rows.values(key).annotate(**_SUMS).order_by():
        begun, good, stopped = row["begun"], row["succeeded"], row["stopped"]
        yield (
            row[key],
            Tally(
                succeeded=good,
                stopped=stopped,
                failed=begun - good - stopped,
                unbegun=row["all"] - begun,
                own=row["own"],
                seconds=row["seconds"],
                grams=row["good_grams"],
                lost_grams=row["lost_grams"],
            ),
        )

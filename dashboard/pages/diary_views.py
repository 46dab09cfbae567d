"""The diary of troubles: a page and a CSV."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from dashboard.figures import diary, spreadsheet
from dashboard.figures.columns import LIBRARY, Column
from dashboard.figures.diary import Trouble
from dashboard.pages import figure_query, formats
from dashboard.pages.diary_words import Entry, entry
from dashboard.pages.downloads import UNUSABLE, long_csv_answer, refused
from dashboard.pages.figure_query import Query

TROUBLES_A_PAGE: Final = 30
AT_ONCE: Final = 200
"""Troubles of the CSV that are read together."""
COLUMNS: Final = (
    Column("since", _("Sinds"), _("datum en uur"), _("Wanneer het begon, in de tijd van de regio (ISO 8601).")),
    Column("until", _("Tot"), _("datum en uur"), _("Wanneer het voorbij was. Leeg zolang het duurt.")),
    Column("minutes", _("Minuten"), _("minuten"), _("Hoe lang het duurde. Leeg zolang het duurt.")),
    LIBRARY,
    Column("kiosk", _("Kiosk"), _("tekst"), _("De vaste naam van de kiosk.")),
    Column("alert", _("Alarm"), _("code"), _("De soort alarm, zoals de kiosk ze noemt.")),
    Column(
        "fault", _("Storing"), _("code"), _("De storing erachter, zoals de kiosk ze noemt. Leeg zonder storing.")
    ),
    Column("model", _("Model"), _("tekst"), _("Het model dat geprint werd. Leeg als er geen print bij hoorde.")),
    Column("solved", _("Opgelost door"), _("tekst"), _("Wat er het laatst gedaan werd voor het voorbij was.")),
)


def faults(request: HttpRequest) -> HttpResponse:
    """What is open first, then what ended in the period, the newest first."""
    query = figure_query.read(request.GET)
    ended = Paginator(diary.ended(query.period, _named(query)), TROUBLES_A_PAGE)
    page = ended.get_page(request.GET.get("page"))
    still_open = diary.still_open(query.period, _kiosks(query)) if page.number == 1 else []
    troubles = [*still_open, *diary.told(page)]
    context = {
        "query": query,
        "page": page,
        "entries": [(one, query.library_of(one.kiosk)) for one in _entries(troubles, diary.cards(troubles))],
        "csv": f"faults.csv?{query.address()}",
        "address": query.address(),
    }
    return render(request, "dashboard/diary.html", context, status=UNUSABLE if query.trouble else 200)


def faults_csv(request: HttpRequest) -> HttpResponseBase:
    """All that ended in the period and what is open, the newest first."""
    query = figure_query.read(request.GET)
    if query.trouble:
        return refused(query.trouble)
    name = f"maakhoek-faults-{query.period.first}-{query.period.last}.csv"
    header = [column.name for column in COLUMNS]
    return long_csv_answer(name, spreadsheet.lines(header, _rows(query)))


def _rows(query: Query) -> Iterator[tuple[object, ...]]:
    """Of the CSV, as they are read."""
    yield from _rows_of(diary.still_open(query.period, _kiosks(query)), query)
    ended = diary.ended(query.period, _named(query)).iterator(AT_ONCE)
    while some := list(islice(ended, AT_ONCE)):
        yield from _rows_of(diary.told(some), query)


def _rows_of(troubles: Sequence[Trouble], query: Query) -> Iterator[tuple[object, ...]]:
    cards = diary.cards(troubles)
    for trouble, told in zip(troubles, _entries(troubles, cards), strict=True):
        yield (
            formats.iso(trouble.alert.since_ms),
            formats.iso(trouble.until_ms),
            _minutes(trouble),
            query.library_of(trouble.kiosk),
            trouble.kiosk,
            trouble.alert.code.value,
            trouble.alert.fault.code.value if trouble.alert.fault else "",
            cards.get((trouble.kiosk, trouble.alert.job or ""), ""),
            told.solved,
        )


def _entries(troubles: Sequence[Trouble], cards: dict[tuple[str, str], str]) -> list[Entry]:
    return [entry(trouble, cards.get((trouble.kiosk, trouble.alert.job or ""), "")) for trouble in troubles]


def _minutes(trouble: Trouble) -> float | None:
    if trouble.until_ms is None:
        return None
    return round(max(0, trouble.until_ms - trouble.alert.since_ms) / 60_000, 1)


def _kiosks(query: Query) -> list[str]:
    return [kiosk for ids in query.chosen.values() for kiosk in ids]


def _named(query: Query) -> list[str] | None:
    """None for the whole region: the database then needs no list."""
    return _kiosks(query) if query.library else None

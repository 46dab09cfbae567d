"""The yearly page under the eight headings, to print and as CSV."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.figures import spreadsheet
from dashboard.figures import year as yearly
from dashboard.figures.columns import BY_NAME, LIBRARY, Column
from dashboard.figures.tally import Tally
from dashboard.figures.year import HEADINGS, Heading, Line
from dashboard.pages import figure_query, formats
from dashboard.pages.downloads import UNUSABLE, csv_answer, refused
from dashboard.pages.figure_query import Query

BY_LIBRARY = tuple(BY_NAME[name] for name in ("prints_begun", "succeeded", "own_versions", "hours", "grams"))


@dataclass(frozen=True)
class Shown:
    """A line with its number as people read it; '' where it is filled in by hand."""

    line: Line
    value: str


def year(request: HttpRequest) -> HttpResponse:
    """Counts only; what the machine does not know is an empty line."""
    query = figure_query.read_year(request.GET)
    counted = _count(query)
    context = {
        "query": query,
        "year": query.period.first.year,
        "years": figure_query.years(),
        "headings": [(heading, _shown(heading, counted)) for heading in HEADINGS],
        "columns": BY_LIBRARY,
        "libraries": [(name, _numbers(tally)) for name, tally in counted.by_library.items()],
        "total": _numbers(sum(counted.by_library.values(), Tally())),
        "csv": f"year.csv?{query.address(year=str(query.period.first.year))}",
        "is_running": query.period == figure_query.this_year(),
    }
    return render(request, "dashboard/year.html", context, status=UNUSABLE if query.trouble else 200)


def year_csv(request: HttpRequest) -> HttpResponse:
    """One row for each line; lines by hand have no value."""
    query = figure_query.read_year(request.GET)
    if query.trouble:
        return refused(query.trouble)
    counted = _count(query)
    rows = (
        (
            query.period.first.year,
            query.library or _("De hele regio"),
            heading.id,
            line.name,
            _rounded(line, counted.values.get(line.name)),
            str(line.unit),
            "hand" if line.is_by_hand else "machine",
            str(line.title),
        )
        for heading in HEADINGS
        for line in heading.lines
    )
    content = spreadsheet.table([column.name for column in columns()], rows)
    return csv_answer(f"maakhoek-year-{query.period.first.year}.csv", content)


def columns() -> tuple[Column, ...]:
    """Of that file."""
    return (
        Column("year", "", _("getal"), _("Het kalenderjaar.")),
        LIBRARY,
        Column("heading", "", _("code"), _("Een van de acht rubrieken van het jaarblad.")),
        Column("figure", "", _("code"), _("Welk cijfer het is; hieronder staat wat elk betekent.")),
        Column("value", "", _("getal"), _("Het cijfer. Leeg wat je zelf moet invullen.")),
        Column("unit", "", _("tekst"), _("De eenheid van het cijfer.")),
        Column("source", "", _("code"), _("“machine”: geteld. “hand”: zelf in te vullen.")),
        Column("title", "", _("tekst"), _("Het cijfer in woorden.")),
    )


def _count(query: Query) -> yearly.Year:
    return yearly.count(query.period, query.chosen, is_whole_region=not query.library)


def _shown(heading: Heading, counted: yearly.Year) -> list[Shown]:
    return [
        Shown(line, "" if line.is_by_hand else _said(line, counted.values.get(line.name)))
        for line in heading.lines
    ]


def _decimals(line: Line) -> int:
    return BY_NAME[line.name].decimals if line.name in BY_NAME else 0


def _said(line: Line, value: float | None) -> str:
    return formats.number(value, _decimals(line))


def _rounded(line: Line, value: float | None) -> float | int | None:
    return round(value, _decimals(line)) if isinstance(value, float) else value


def _numbers(tally: Tally) -> list[str]:
    return [formats.number(column.read(tally), column.decimals) for column in BY_LIBRARY]

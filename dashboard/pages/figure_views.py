"""History and figures: the pages and their CSV. Everybody who may see printers may see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.figures import columns, counting, spreadsheet
from dashboard.figures.columns import FIGURES, LIBRARY, MODEL, WEEK, Column
from dashboard.figures.tally import Tally
from dashboard.figures.year import HEADINGS
from dashboard.pages import diary_views, figure_charts, figure_query, formats, words, year_views
from dashboard.pages.downloads import UNUSABLE, csv_answer, refused
from dashboard.pages.figure_charts import MEASURES, Chart
from dashboard.pages.figure_query import Query


@dataclass(frozen=True)
class Table:
    """One way to look at the period: its drawing and all its numbers, and where its CSV is."""

    id: str
    title: Any
    key: Column
    chart: Chart
    rows: list[tuple[str, list[str]]]
    total: list[str]
    csv: str


def figures(request: HttpRequest) -> HttpResponse:
    """Prints, hours, grams and success by week, by library and by model."""
    query = figure_query.read(request.GET)
    measure = MEASURES.get(request.GET.get("measure", ""), MEASURES["prints"])
    by_week, by_library, by_card = (_counted(query, by) for by in ("week", "library", "model"))
    by_model = [(words.model_name(card), tally) for card, tally in by_card.items()]
    total = sum(by_library.values(), Tally())
    context = {
        "query": query,
        "measure": measure,
        "measures": [(one, query.address(measure=one.id)) for one in MEASURES.values()],
        "presets": _presets(query, measure.id),
        "total": total,
        "tables": [
            _table(
                "week",
                _("Per week"),
                WEEK,
                [(formats.day(monday), tally) for monday, tally in by_week.items()],
                figure_charts.weeks(by_week, measure),
                query,
            ),
            *(
                [
                    _table(
                        "library",
                        _("Per bibliotheek"),
                        LIBRARY,
                        by_library.items(),
                        figure_charts.ranked("libraries", _("Per bibliotheek"), by_library.items(), measure),
                        query,
                    )
                ]
                if len(query.chosen) > 1
                else []
            ),
            _table(
                "model",
                _("Per model"),
                MODEL,
                sorted(by_model, key=lambda pair: -pair[1].begun),
                figure_charts.ranked("models", _("Per model"), by_model, measure),
                query,
            ),
        ],
        "columns": FIGURES,
    }
    return render(request, "dashboard/figures.html", context, status=UNUSABLE if query.trouble else 200)


def figures_csv(request: HttpRequest, by: str) -> HttpResponse:
    """One of the three tables, every number as it was counted."""
    key = {"week": WEEK, "library": LIBRARY, "model": MODEL}.get(by)
    if key is None:
        raise Http404(by)
    query = figure_query.read(request.GET)
    if query.trouble:
        return refused(query.trouble)
    counted = _counted(query, by)
    header = [key.name, *(figure.name for figure in FIGURES)]
    rows = ([str(name), *map(_rounded, FIGURES, [tally] * len(FIGURES))] for name, tally in counted.items())
    name = f"maakhoek-{by}-{query.period.first}-{query.period.last}.csv"
    return csv_answer(name, spreadsheet.table(header, rows))


def dictionary(request: HttpRequest) -> HttpResponse:
    """What each column means."""
    return render(request, "dashboard/dictionary.html", {"groups": dictionary_groups()})


def dictionary_csv(request: HttpRequest) -> HttpResponse:
    """The same, to keep beside the numbers."""
    header = (_("bestand"), _("kolom"), _("eenheid"), _("betekenis"))
    rows = [
        (str(title), column.name, str(column.unit), str(column.meaning))
        for title, group in dictionary_groups()
        for column in group
    ]
    return csv_answer("maakhoek-dictionary.csv", spreadsheet.table(header, rows))


def dictionary_groups() -> list[tuple[Any, tuple[Column, ...]]]:
    """The columns of each file."""
    lines = tuple(line for heading in HEADINGS for line in heading.lines if line.name not in columns.BY_NAME)
    return [
        (_("Per week, per bibliotheek, per model"), (WEEK, LIBRARY, MODEL, *FIGURES)),
        (_("Storingen"), diary_views.COLUMNS),
        (_("Jaarblad"), year_views.columns()),
        (_("Cijfers van het jaarblad"), lines),
    ]


def _counted(query: Query, by: str) -> dict[Any, Tally]:
    count: dict[str, Callable[..., dict[Any, Tally]]]
    count = {"week": counting.by_week, "library": counting.by_library, "model": counting.by_card}
    return count[by](query.period, query.chosen)


def _presets(query: Query, measure: str) -> list[tuple[Any, str, bool]]:
    def address(first: date, last: date) -> str:
        return query.address(**{"from": first.isoformat(), "to": last.isoformat(), "measure": measure})

    return [
        (name, address(period.first, period.last), period == query.period)
        for name, period in figure_query.presets()
    ]


def _table(
    by: str, title: str, key: Column, rows: Iterable[tuple[str, Tally]], chart: Chart, query: Query
) -> Table:
    rows = list(rows)
    total = sum((tally for _name, tally in rows), Tally())
    shown = [(name, _said(tally)) for name, tally in rows]
    return Table(by, title, key, chart, shown, _said(total), f"{by}.csv?{query.address()}")


def _said(tally: Tally) -> list[str]:
    return [
        formats.NOTHING if (value := figure.read(tally)) is None else formats.number(value, figure.decimals)
        for figure in FIGURES
    ]


def _rounded(figure: columns.Figure, tally: Tally) -> columns.Value:
    value = figure.read(tally)
    return round(value, figure.decimals) if isinstance(value, float) else value

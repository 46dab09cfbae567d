"""The drawings of the figures: one measure by week, by library and by model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dashboard.figures.tally import Tally
from dashboard.pages import bars, formats
from dashboard.pages.bars import Bar, Bars

MOST_ROWS: Final = 12
"""A drawing shows so many; the table has them all."""


@dataclass(frozen=True)
class Part:
    """One colour of a bar. `read` gives None where there is nothing to measure."""

    name: Any
    read: Callable[[Tally], float | None]


@dataclass(frozen=True)
class Measure:
    """What is drawn. `axis` with its unit."""

    id: str
    title: Any
    axis: Any
    parts: tuple[Part, ...]
    said: Callable[[float], str]
    least_top: float = 5.0


@dataclass(frozen=True)
class Chart:
    """`about` says to who cannot see it what it is; `left_out`: how many more there are."""

    id: str
    about: Any
    axis: Any
    foot: Any
    drawings: list[tuple[str, Bars]]
    left_out: int = 0
    has_gaps: bool = False


MEASURES: Final = {
    measure.id: measure
    for measure in (
        Measure(
            "prints",
            _("Prints"),
            _("Begonnen prints"),
            (
                Part(_("Gelukt"), lambda tally: tally.succeeded),
                Part(_("Gestopt"), lambda tally: tally.stopped),
                Part(_("Mislukt"), lambda tally: tally.failed),
            ),
            formats.number,
        ),
        Measure(
            "hours",
            _("Uren"),
            _("Uren geprint"),
            (Part("", lambda t: t.hours),),
            lambda v: f"{formats.number(v)} u",
        ),
        Measure(
            "grams",
            _("Gram"),
            _("Gram van gelukte prints"),
            (Part("", lambda t: t.grams),),
            lambda v: f"{formats.number(v)} g",
        ),
        Measure(
            "success",
            _("Slaagkans"),
            _("Slaagkans (%)"),
            (Part("", lambda t: None if t.success is None else 100 * t.success),),
            lambda v: f"{formats.number(v)} %",
            100.0,
        ),
    )
}


def weeks(by_week: dict[Any, Tally], measure: Measure) -> Chart:
    """One standing bar for each week."""
    drawn = [_bar(f"{monday.day}/{monday.month}", tally, measure) for monday, tally in by_week.items()]
    frames = (("wide", bars.STANDING_WIDE), ("narrow", bars.STANDING_NARROW))
    drawings = [(size, bars.standing(drawn, frame, measure.least_top)) for size, frame in frames]
    has_gaps = any(bar.is_gap for bar in drawn)
    foot = _("Week die begint op (dag/maand)")
    return Chart("weeks", _("Per week"), measure.axis, foot, drawings, has_gaps=has_gaps)


def ranked(chart: str, about: Any, by_name: Iterable[tuple[str, Tally]], measure: Measure) -> Chart:
    """One lying bar for each, the longest first."""
    drawn = [_bar(name, tally, measure) for name, tally in by_name if tally.begun]
    drawn.sort(key=lambda bar: (bar.is_gap, -bar.length, bar.label))
    shown = drawn[:MOST_ROWS]
    drawings = [(size, bars.lying(shown, size, measure.least_top)) for size in ("wide", "narrow")]
    left_out, has_gaps = len(drawn) - len(shown), any(bar.is_gap for bar in shown)
    return Chart(chart, about, measure.axis, measure.axis, drawings, left_out, has_gaps)


def _bar(label: str, tally: Tally, measure: Measure) -> Bar:
    parts = tuple(value for part in measure.parts if (value := part.read(tally)) is not None)
    return Bar(label, parts, measure.said(sum(parts)) if parts else bars.GAP)

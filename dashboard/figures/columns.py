"""The columns of the figures: their names in a CSV, their unit and meaning, and how they are read off a tally.

Names are for programs and stay as they are; units and meanings are for people and are translated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dashboard.figures.tally import Tally

Value = int | float | str | None


@dataclass(frozen=True)
class Column:
    """`title` in a table, `unit` and `meaning` in the dictionary."""

    name: str
    title: Any
    unit: Any
    meaning: Any


@dataclass(frozen=True)
class Figure(Column):
    """A column of numbers. `decimals` in a CSV and in a table."""

    read: Callable[[Tally], int | float | None]
    decimals: int = 0


LIBRARY: Final = Column(
    "library", _("Bibliotheek"), _("tekst"), _("De bibliotheek zoals haar kiosken zich noemen, anders de kiosk.")
)
MODEL: Final = Column("model", _("Model"), _("tekst"), _("Het model uit de collectie, met zijn vaste naam."))
WEEK: Final = Column(
    "week", _("Week van"), _("datum"), _("De maandag waarop de week begint, als jaar-maand-dag (ISO 8601).")
)
FIGURES: Final = (
    Figure(
        "prints_begun",
        _("Begonnen"),
        _("aantal"),
        _("Prints die begonnen zijn en intussen voorbij zijn: gelukt, gestopt en mislukt samen."),
        lambda tally: tally.begun,
    ),
    Figure("succeeded", _("Gelukt"), _("aantal"), _("Prints die helemaal klaar zijn."), lambda t: t.succeeded),
    Figure(
        "stopped",
        _("Gestopt"),
        _("aantal"),
        _("Prints die iemand zelf stopte, aan de kiosk of vanuit het dashboard."),
        lambda tally: tally.stopped,
    ),
    Figure(
        "failed",
        _("Mislukt"),
        _("aantal"),
        _("Prints die door een storing of een stroomonderbreking niet klaar zijn geraakt."),
        lambda tally: tally.failed,
    ),
    Figure(
        "success_percent",
        _("Slaagkans"),
        "%",
        _("Gelukt, gedeeld door gelukt en mislukt samen. Wie zelf stopte, telt niet mee. Leeg als er niets is."),
        lambda tally: None if tally.success is None else 100 * tally.success,
        1,
    ),
    Figure(
        "not_begun",
        _("Niet begonnen"),
        _("aantal"),
        _("Gevraagde prints die nooit begonnen: uit de rij gehaald, geweigerd of vervallen."),
        lambda tally: tally.unbegun,
    ),
    Figure(
        "own_versions",
        _("Eigen versie"),
        _("aantal"),
        _("Begonnen prints van een model dat de bezoeker zelf aanpaste."),
        lambda tally: tally.own,
    ),
    Figure(
        "hours",
        _("Uren"),
        _("uur"),
        _("Tijd dat er echt geprint werd, ook van prints die niet klaar raakten. Zonder opwarmen en pauzes."),
        lambda tally: tally.hours,
        1,
    ),
    Figure(
        "grams",
        _("Gram"),
        _("gram"),
        _("Materiaal van de gelukte prints, zoals de slicer het berekende. Er is niets gewogen."),
        lambda tally: tally.grams,
        1,
    ),
    Figure(
        "grams_lost",
        _("Gram verloren"),
        _("gram"),
        _("Schatting: materiaal van gestopte en mislukte prints, naar de tijd dat ze duurden."),
        lambda tally: tally.lost_grams,
        1,
    ),
)
BY_NAME: Final = {figure.name: figure for figure in FIGURES}

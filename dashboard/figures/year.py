"""The yearly page: what a machine can count of a year, under the eight headings of Flemish libraries.

The headings are those of the Kennisportaal and BIOS for public libraries. What no machine knows is a line to fill
in by hand; nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dashboard import models
from dashboard.figures import counting, diary
from dashboard.figures.columns import BY_NAME, Column
from dashboard.figures.period import Period
from dashboard.figures.tally import Tally
from firmware_bridge.contract import EventType


@dataclass(frozen=True)
class Line(Column):
    """One figure; `is_by_hand`: the machine does not know it."""

    is_by_hand: bool = False


@dataclass(frozen=True)
class Heading:
    """`note` where something has to be said of all its lines."""

    id: str
    title: Any
    lines: tuple[Line, ...]
    note: Any = ""


def _counted(name: str) -> Line:
    figure = BY_NAME[name]
    return Line(name, figure.title, figure.unit, figure.meaning)


def _by_hand(name: str, title: Any, unit: Any) -> Line:
    return Line(name, title, unit, _("Vul zelf in: de machine weet dit niet."), is_by_hand=True)


_NUMBER: Final = _("aantal")
_EURO: Final = _("euro")
_HOURS: Final = _("uur")
HEADINGS: Final = (
    Heading(
        "reach",
        _("Publieksbereik"),
        (
            Line(
                "prints_asked",
                _("Gevraagde prints"),
                _NUMBER,
                _("Begonnen en niet begonnen prints samen. Eén bezoeker kan meer dan één print vragen."),
            ),
            _counted("prints_begun"),
            _counted("succeeded"),
            Line(
                "opinions", _("Meningen"), _NUMBER, _("Keren dat een bezoeker aan de kiosk zei hoe de print was.")
            ),
            _by_hand("visitors", _("Bezoekers die kwamen printen"), _NUMBER),
        ),
    ),
    Heading(
        "offer",
        _("Aanbod"),
        (
            Line("printers", _("Printers"), _NUMBER, _("Kiosken met een printer die ooit van zich lieten horen.")),
            Line(
                "models", _("Verschillende modellen"), _NUMBER, _("Modellen die minstens één keer begonnen zijn.")
            ),
            _counted("hours"),
            _by_hand("opening_hours", _("Uren dat de printer open stond voor het publiek"), _HOURS),
        ),
    ),
    Heading(
        "education",
        _("Cultuureducatieve werking"),
        (
            _counted("own_versions"),
            _by_hand("workshops", _("Workshops met de printer"), _NUMBER),
            _by_hand("participants", _("Deelnemers aan workshops"), _NUMBER),
            _by_hand("classes", _("Klassen op bezoek"), _NUMBER),
        ),
    ),
    Heading(
        "meeting",
        _("Plek voor ontmoeting"),
        (
            Line(
                "printer_days",
                _("Printerdagen"),
                _("dagen"),
                _("Dagen waarop een printer minstens één print afmaakte of stopte, van alle printers samen."),
            ),
            _by_hand("gatherings", _("Open momenten rond de printer"), _NUMBER),
            _by_hand("volunteers", _("Vrijwilligers"), _NUMBER),
        ),
    ),
    Heading(
        "groups",
        _("Werken met doelgroepen"),
        (
            _by_hand("children", _("Kinderen en jongeren"), _NUMBER),
            _by_hand("seniors", _("Ouderen"), _NUMBER),
            _by_hand("newcomers", _("Anderstaligen"), _NUMBER),
            _by_hand("partners", _("Partners (scholen, verenigingen)"), _NUMBER),
        ),
        _("De kiosk vraagt niemand wie hij is. Hier valt dus niets te tellen."),
    ),
    Heading(
        "access",
        _("Toegankelijkheid"),
        (
            Line("calls", _("Hulp gevraagd"), _NUMBER, _("Keren dat een bezoeker aan de kiosk hulp riep.")),
            _by_hand("assisted", _("Bezoekers die begeleid werden"), _NUMBER),
        ),
    ),
    Heading(
        "profession",
        _("Professionalisering"),
        (
            Line(
                "faults", _("Opgeloste storingen en oproepen"), _NUMBER, _("Alarmen die dit jaar voorbijgingen.")
            ),
            Line(
                "fault_minutes",
                _("Middelste duur"),
                _("minuten"),
                _("De helft van de storingen en oproepen was sneller voorbij."),
            ),
            Line(
                "unlocked",
                _("Personeel aan de kiosk"),
                _NUMBER,
                _("Keren dat personeel of een begeleider zich met een pincode aanmeldde."),
            ),
            Line("commands", _("Opdrachten van op afstand"), _NUMBER, _("Opdrachten vanuit dit dashboard.")),
            _by_hand("staff_hours", _("Uren van personeel"), _HOURS),
            _by_hand("training_hours", _("Uren opleiding"), _HOURS),
        ),
    ),
    Heading(
        "money",
        _("Financiële info"),
        (
            _counted("grams"),
            _counted("grams_lost"),
            _by_hand("filament_cost", _("Kost van filament"), _EURO),
            _by_hand("repair_cost", _("Kost van onderdelen en onderhoud"), _EURO),
            _by_hand("income", _("Inkomsten uit prints"), _EURO),
        ),
    ),
)


@dataclass(frozen=True)
class Year:
    """`values` by the name of the line; None: nothing to say."""

    values: dict[str, float | int | None]
    by_library: dict[str, Tally]


def count(period: Period, chosen: dict[str, list[str]], *, is_whole_region: bool) -> Year:
    """Counts of that period; `is_whole_region` spares the database a list of all kiosks."""
    by_library = counting.by_library(period, chosen)
    total = sum(by_library.values(), Tally())
    kiosks = None if is_whole_region else [kiosk for ids in chosen.values() for kiosk in ids]
    ended = diary.summed_up(period, kiosks)
    commands = models.Command.objects.filter(asked_ms__gte=period.from_ms, asked_ms__lt=period.until_ms)
    values: dict[str, float | int | None] = {
        name: BY_NAME[name].read(total)
        for name in ("prints_begun", "succeeded", "hours", "own_versions", "grams", "grams_lost")
    }
    values |= {
        "prints_asked": total.begun + total.unbegun,
        "opinions": _events(EventType.FEEDBACK, period, kiosks),
        "printers": sum(map(len, chosen.values())),
        "models": counting.cards_printed(period, chosen),
        "printer_days": counting.printer_days(period, chosen),
        "calls": _events(EventType.CALL, period, kiosks, '"step":"called"'),
        "faults": ended.count,
        "fault_minutes": None if ended.median_s is None else ended.median_s / 60,
        "unlocked": _events(EventType.STAFF, period, kiosks, '"act":"staff.unlock"'),
        "commands": (commands if kiosks is None else commands.filter(kiosk__in=kiosks)).count(),
    }
    return Year(values, by_library)


def _events(kind: EventType, period: Period, kiosks: Sequence[str] | None, saying: str = "") -> int:
    """Rows of the journals; `saying`: a piece of their JSON as the recorder writes it."""
    rows = models.Event.objects.filter(type=kind.value, ts_ms__gte=period.from_ms, ts_ms__lt=period.until_ms)
    rows = rows if kiosks is None else rows.filter(kiosk__in=kiosks)
    return (rows.filter(payload__contains=saying) if saying else rows).count()

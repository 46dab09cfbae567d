"""One printer's plots: temperatures, progress, and how healthy the wire to the printer is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.pages import formats, plot, readings
from dashboard.pages.plot import Frame, Line, Plot, Quantity


@dataclass(frozen=True)
class Kind:
    """`axis` is the title of the vertical axis, with its unit; `curves` the name of each line that carries one."""

    quantity: Quantity
    axis: Any
    about: Any
    curves: dict[str, Any]
    value: Callable[[float], str]
    frames: tuple[Frame, Frame]


@dataclass(frozen=True)
class Drawing:
    """`size` is `wide` or `narrow`; `lines` with the text at their end."""

    size: str
    plot: Plot
    lines: list[tuple[Line, str]]


@dataclass(frozen=True)
class Chart:
    """One for a wide screen and one for a phone; the style sheet shows the one that fits."""

    axis: Any
    about: Any
    drawings: list[Drawing]


_LOW: Final = (plot.WIDE_LOW, plot.NARROW_LOW)
KINDS: Final = {
    "temperatures": Kind(
        plot.TEMPERATURE,
        _("Temperatuur (°C)"),
        _("Temperatuur van nozzle en bed in graden Celsius"),
        {"nozzle": _("Nozzle"), "bed": _("Bed")},
        formats.celsius,
        (plot.WIDE, plot.NARROW),
    ),
    "progress": Kind(
        plot.PROGRESS,
        _("Gedaan (%)"),
        _("Hoeveel procent van de print gedaan is"),
        {"done": _("Gedaan")},
        lambda value: f"{formats.number(value)} %",
        _LOW,
    ),
    "rate": Kind(
        plot.RATE,
        _("Regels per seconde"),
        _("Regels per seconde naar de printer"),
        {"lines_per_s": _("Regels")},
        lambda value: f"{formats.number(value)}/s",
        _LOW,
    ),
    "round_trip": Kind(
        plot.ROUND_TRIP,
        _("Antwoordtijd (ms)"),
        _("Antwoordtijd van de printer in milliseconden: de middelste en de traagste 1 %"),
        {"round_trip_p50": _("Helft"), "round_trip_p99": _("Traag")},
        lambda value: f"{formats.number(value)} ms",
        _LOW,
    ),
}


def charts(kiosk: str, minutes: int, now_ms: int) -> dict[str, Chart]:
    """All of a kiosk, over the last `minutes`."""
    from_ms = now_ms - minutes * 60_000
    drawings: dict[str, list[Drawing]] = {name: [] for name in KINDS}
    for i, size in enumerate(("wide", "narrow")):
        frame = (plot.WIDE, plot.NARROW)[i]
        piece_ms = max(2_000, int((now_ms - from_ms) * 2 / (frame.right_edge - frame.left)))
        samples = readings.samples(kiosk, from_ms, now_ms, piece_ms)
        for name, kind in KINDS.items():
            drawn = plot.draw(samples, from_ms, now_ms, kind.frames[i], _local, kind.quantity)
            drawings[name].append(Drawing(size, drawn, [(line, _label(kind, line, size)) for line in drawn.lines]))
    return {name: Chart(kind.axis, kind.about, drawings[name]) for name, kind in KINDS.items()}


def _label(kind: Kind, line: Line, size: str) -> str:
    name = kind.curves.get(line.name)
    if name is None:
        return ""
    value = kind.value(line.last)
    return f"{name} {value}" if size == "wide" else value


def _local(at_ms: int) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(at_ms / 1000, UTC))

"""The pieces of a page that change by themselves: rendered once for the page, again for its stream."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dashboard.pages import formats, readings
from dashboard.pages.choice import Choice, Judged
from dashboard.pages.status import Ears, verdict
from dashboard.pages.tiles import summary, tile


@dataclass(frozen=True)
class Parts:
    """HTML by element id. `order`: the children of a container, by its id."""

    html: dict[str, str]
    order: dict[str, list[str]] = field(default_factory=dict)


def now_ms() -> int:
    """The region's clock."""
    return time.time_ns() // 1_000_000


def grid(choice: Choice) -> Parts:
    """The notice, the counts and a tile per printer."""
    ears, now = readings.ears(), now_ms()
    judged = choice.of_library(_judged(ears, now))
    shown = choice.arranged(judged)
    html = {
        "notice": notice(ears, now),
        "summary": render_to_string("dashboard/summary.html", {"counts": summary(judged, choice)}),
        "nothing": render_to_string("dashboard/nothing.html", {"is_hidden": bool(shown) or not judged}),
    }
    return _with_tiles(html, shown, "dashboard/tile.html")


def wall(choice: Choice) -> Parts:
    """The same from across the room: no links, and when this was true."""
    ears, now = readings.ears(), now_ms()
    judged = choice.of_library(_judged(ears, now))
    html = {
        "notice": notice(ears, now),
        "summary": render_to_string("dashboard/wall_summary.html", {"counts": summary(judged, choice)}),
        "updated": render_to_string("dashboard/updated.html", {"now_ms": now}),
    }
    return _with_tiles(html, choice.arranged(judged), "dashboard/wall_tile.html")


def notice(ears: Ears, now: int) -> str:
    """Where the trouble is ours, it is said once and on top."""
    text = ""
    if not ears.recorder_runs(now):
        text = _("De recorder van de regio draait niet. Wat hier staat, is oud.")
    elif not ears.connected:
        since = {"time": formats.when(ears.since_ms)}
        text = _("De recorder bereikt de broker niet, sinds %(time)s. Wat hier staat, is oud.") % since
    return render_to_string("dashboard/notice.html", {"text": text})


def _judged(ears: Ears, now: int) -> list[Judged]:
    return [(verdict(known, ears, now), known) for known in readings.all_known()]


def _with_tiles(html: dict[str, str], shown: Iterable[Judged], template: str) -> Parts:
    shown_tiles = [tile(known, judgement) for judgement, known in shown]
    html |= {f"tile-{t.id}": render_to_string(template, {"tile": t}) for t in shown_tiles}
    return Parts(html, {"tiles": [f"tile-{t.id}" for t in shown_tiles]})

"""The pieces of a page that change by themselves: rendered once for the page, again for its stream."""

import functools
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboard.pages import formats, readings
from dashboard.pages.choice import Choice, Judged
from dashboard.pages.status import Ears, verdict
from dashboard.pages.tiles import Tile, summary, tile
from dashboard.templatetags.pages import age

AGE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a tile's HTML where its age goes."""
TILES_KEPT: Final = 5_000


@dataclass(frozen=True)
class Parts:
    """HTML by element id. `order`: the children of a container, by its id.

    `heard_ms`: whose HTML has AGE in it, and since when that age counts. It changes far more often than the rest.
    """

    html: dict[str, str]
    order: dict[str, list[str]] = field(default_factory=dict)
    heard_ms: dict[str, int | None] = field(default_factory=dict)

    def in_order(self, container: str) -> list[SafeString]:
        """Its children, with their ages."""
        return [aged(self.html[name], self.heard_ms.get(name)) for name in self.order[container]]


def aged(html: str, heard_ms: int | None) -> SafeString:
    """With the age in its place, where it has one. `html`: rendered."""
    return mark_safe(html.replace(AGE, age(heard_ms)) if AGE in html else html)


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
    tiles = {f"tile-{known.kiosk}": tile(known, judgement) for judgement, known in shown}
    language = get_language() or ""
    html |= {name: rendered_tile(template, language, one) for name, one in tiles.items()}
    return Parts(html, {"tiles": list(tiles)}, {name: one.seen_ms for name, one in tiles.items()})


@functools.lru_cache(TILES_KEPT)
def rendered_tile(template: str, _language: str, tile: Tile) -> str:
    """The same for all who look, whatever they chose, until something else than its age changes."""
    return render_to_string(template, {"tile": tile, "age": AGE})

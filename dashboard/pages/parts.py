"""The pieces of a page that change by themselves: rendered once for the page, again for its stream."""

import time
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dashboard.pages import formats, readings
from dashboard.pages.status import Ears
from dashboard.pages.tiles import summary, tiles


@dataclass(frozen=True)
class Parts:
    """HTML by element id. `order`: the children of a container, by its id."""

    html: dict[str, str]
    order: dict[str, list[str]] = field(default_factory=dict)


def now_ms() -> int:
    """The region's clock."""
    return time.time_ns() // 1_000_000


def grid() -> Parts:
    """The notice, the counts and a tile per printer."""
    ears, now = readings.ears(), now_ms()
    shown = tiles(readings.all_known(), ears, now)
    html = {
        "notice": notice(ears, now),
        "summary": render_to_string("dashboard/summary.html", {"counts": summary(shown)}),
    }
    html |= {f"tile-{t.id}": render_to_string("dashboard/tile.html", {"tile": t}) for t in shown}
    return Parts(html, {"tiles": [f"tile-{t.id}" for t in shown]})


def notice(ears: Ears, now: int) -> str:
    """Where the trouble is ours, it is said once and on top."""
    text = ""
    if not ears.recorder_runs(now):
        text = _("De recorder van de regio draait niet. Wat hier staat, is oud.")
    elif not ears.connected:
        since = {"time": formats.when(ears.since_ms)}
        text = _("De recorder bereikt de broker niet, sinds %(time)s. Wat hier staat, is oud.") % since
    return render_to_string("dashboard/notice.html", {"text": text})

"""One printer's page, in the pieces that change by themselves."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.template.loader import render_to_string
from django.utils import timezone

from dashboard import models
from dashboard.pages import plot, readings, words
from dashboard.pages.parts import Parts, notice, now_ms
from dashboard.pages.status import Condition, Known, OpenAlert, verdict
from dashboard.pages.tiles import bar, model, tile
from firmware_bridge.contract import Event, EventType, Job, JobState

EVENTS_SHOWN: Final = 12


@dataclass(frozen=True)
class Line:
    """One row of a list: when, what, and more about it."""

    at_ms: int
    what: Any
    detail: str = ""


def printer(kiosk: str, minutes: int) -> Parts | None:
    """The whole page, the plot over the last `minutes` (of words.SPANS); None where there is no such kiosk."""
    known = readings.known(kiosk)
    if known is None:
        return None
    ears, now = readings.ears(), now_ms()
    judgement = verdict(known, ears, now)
    job = judgement.job
    about = {"known": known, "tile": tile(known, judgement), "verdict": judgement}
    contexts: dict[str, dict[str, Any]] = {
        "answers": about,
        "job": about
        | {
            "model": model(job) if job else "",
            "state": words.JOB_STATES[job.state] if job else None,
            "why": _why(job) if job else "",
            "bar": bar(known, judgement.done),
            "progress": known.telemetry.progress if known.telemetry and judgement.done is not None else None,
        },
        "alerts": {"alerts": [_alert(alert) for alert in known.alerts]},
        "temperatures": about | {"plots": _plots(known, minutes, now), "span": words.SPANS[minutes]},
        "events": {"events": _events(kiosk)},
        "device": about,
    }
    html = {name: render_to_string(f"dashboard/printer_{name}.html", values) for name, values in contexts.items()}
    return Parts({"notice": notice(ears, now)} | html)


def _plots(known: Known, minutes: int, now: int) -> list[tuple[str, plot.Plot]]:
    """One for a wide screen and one for a phone; the style sheet shows the one that fits."""
    from_ms = now - minutes * 60_000
    drawn = []
    for name, frame in (("wide", plot.WIDE), ("narrow", plot.NARROW)):
        piece_ms = max(2_000, int((now - from_ms) * 2 / (frame.right_edge - frame.left)))
        samples = readings.samples(known.kiosk, from_ms, now, piece_ms)
        drawn.append((name, plot.draw(samples, from_ms, now, frame, _local)))
    return drawn


def _local(at_ms: int) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(at_ms / 1000, UTC))


def _alert(alert: OpenAlert) -> Line:
    what = words.ALERTS[alert.code] if alert.code else words.CONDITIONS[Condition.ALERT].text
    said = [str(words.FAULTS[alert.fault])] if alert.fault else []
    return Line(alert.since_ms, what, " ".join([*said, alert.detail]).strip())


def _why(job: Job) -> str:
    by = job.paused_by if job.state is JobState.PAUSED else job.ended_by
    return words.why(job.state, by, job.fault.code if job.fault else None)


def _events(kiosk: str) -> list[Line]:
    rows = models.Event.objects.filter(kiosk=kiosk).order_by("-id")[:EVENTS_SHOWN]
    return [_event(row) for row in rows]


def _event(row: models.Event) -> Line:
    with contextlib.suppress(msgspec.MsgspecError):
        event = msgspec.json.decode(row.payload, type=Event)
        if event.type is EventType.JOB_CHANGED and event.job:
            return Line(
                row.ts_ms, f"{model(event.job)}: {words.JOB_STATES[event.job.state].text}", _why(event.job)
            )
        return Line(row.ts_ms, words.EVENTS[event.type], words.alert_name(event.data.get("code")))
    return Line(row.ts_ms, row.type)

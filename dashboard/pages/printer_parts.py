"""One printer's page, in the pieces that change by themselves."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.template.loader import render_to_string

from dashboard import models
from dashboard.pages import readings, words
from dashboard.pages.charts import charts
from dashboard.pages.offers import latest_commands, offers, told, waiting
from dashboard.pages.parts import Parts, notice, now_ms
from dashboard.pages.status import Condition, OpenAlert, Reach, verdict
from dashboard.pages.tiles import bar, model, tile
from firmware_bridge.contract import AlertCode, Event, EventType, Job, JobState

EVENTS_SHOWN: Final = 12


@dataclass(frozen=True)
class Line:
    """One row of a list: when, what, and more about it."""

    at_ms: int
    what: Any
    detail: str = ""
    remedy: Any = ""


def printer(kiosk: str, minutes: int, *, with_actions: bool) -> Parts | None:
    """The whole page, plots over the last `minutes` (of words.SPANS); None where there is no such kiosk.

    `with_actions`: for who may ask something of it.
    """
    known = readings.known(kiosk)
    if known is None:
        return None
    ears, now = readings.ears(), now_ms()
    judgement = verdict(known, ears, now)
    job = judgement.job
    about = {"known": known, "tile": tile(known, judgement), "verdict": judgement}
    drawn = about | {"charts": charts(kiosk, minutes, now), "span": words.SPANS[minutes]}
    is_reached = judgement.reach is Reach.ONLINE
    may_be_asked = offers(known) if with_actions and is_reached else []
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
        "commands": {
            "actions": [offer for offer in may_be_asked if not offer.is_in_queue],
            "blocked": with_actions and not is_reached,
            "commands": latest_commands(kiosk, now),
        },
        "queue": {"waiting": waiting(known, may_be_asked)},
        "temperatures": drawn,
        "progress": drawn,
        "link": drawn,
        "events": {"known": known, "events": _events(kiosk)},
        "device": about,
    }
    html = {name: render_to_string(f"dashboard/printer_{name}.html", values) for name, values in contexts.items()}
    return Parts({"notice": notice(ears, now)} | html)


def _alert(alert: OpenAlert) -> Line:
    what = words.ALERTS[alert.code] if alert.code else words.CONDITIONS[Condition.ALERT].text
    said = [str(words.FAULTS[alert.fault])] if alert.fault else []
    remedy = words.REMEDIES[alert.code] if alert.code else ""
    detail = _DETAILS.get(alert.code, str)(alert.detail)
    return Line(alert.since_ms, what, " ".join([*said, detail]).strip(), remedy)


_DETAILS: Final[dict[AlertCode | None, Callable[[str], str]]] = {
    AlertCode.CALL: words.call_reason,
    AlertCode.HEALTH: words.health,
}


def _why(job: Job) -> str:
    by = job.paused_by if job.state is JobState.PAUSED else job.ended_by
    return words.why(job.state, by, job.fault.code if job.fault else None)


def _events(kiosk: str) -> list[Line]:
    rows = models.Event.objects.filter(kiosk=kiosk).order_by("-id")[:EVENTS_SHOWN]
    return [event_line(row) for row in rows]


def event_line(row: models.Event) -> Line:
    """One row of the journal in words; the type as it came where this version has none for it."""
    with contextlib.suppress(msgspec.MsgspecError):
        event = msgspec.json.decode(row.payload, type=Event)
        if event.type is EventType.JOB_CHANGED and event.job:
            what = f"{model(event.job)}: {words.JOB_STATES[event.job.state].text}"
            return Line(row.ts_ms, what, _why(event.job))
        if event.type is EventType.COMMAND:
            return Line(row.ts_ms, words.EVENTS[event.type], told(event.data))
        return Line(row.ts_ms, words.EVENTS[event.type], words.alert_name(event.data.get("code")))
    return Line(row.ts_ms, row.type)

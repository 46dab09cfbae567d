"""Troubles and what was done about them, out of the journals: an alarm's end carries its beginning."""

import contextlib
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec
from django.db.models import QuerySet

from dashboard import models
from dashboard.figures.period import Period
from firmware_bridge.contract import Alert, Event, EventType

MOST_STEPS: Final = 3
_LOOK_BACK: Final = 80
_LOOK_ON: Final = 4
_SAME_MOMENT_MS: Final = 2_000
"""What ended an alarm may be written a row behind its end."""
_STEPS: Final = tuple(
    kind.value
    for kind in (
        *(EventType.STAFF, EventType.COMMAND, EventType.CALL, EventType.JOB_CHANGED),
        *(EventType.PRINTER_CONNECTED, EventType.BRIDGE_STARTED),
    )
)
T = TypeVar("T")


@dataclass(frozen=True)
class Trouble:
    """One alarm. `until_ms` None: nobody has solved it yet. `steps`: what was done while it was open, in order."""

    kiosk: str
    alert: Alert
    until_ms: int | None = None
    steps: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Ended:
    """Alarms that ended in a period. `median_s`: half of them lasted shorter; None without any."""

    count: int
    median_s: float | None


class _Body(msgspec.Struct):
    data: dict[str, object]


class _Since(msgspec.Struct):
    since_ms: int


class _Lasted(msgspec.Struct):
    data: _Since


def ended(period: Period, kiosks: Sequence[str] | None) -> QuerySet[models.Event]:
    """The rows of alarms that ended, the newest first; `kiosks` None: of all."""
    rows = models.Event.objects.filter(
        type=EventType.ALERT_CLEARED.value, ts_ms__gte=period.from_ms, ts_ms__lt=period.until_ms
    )
    return (rows if kiosks is None else rows.filter(kiosk__in=kiosks)).order_by("-ts_ms")


def still_open(period: Period, kiosks: Sequence[str]) -> list[Trouble]:
    """That began before the period's end, the newest first."""
    rows = models.Alert.objects.filter(kiosk__in=kiosks, cleared_ms=None, since_ms__lt=period.until_ms)
    found = []
    for row in rows.order_by("-since_ms"):
        fault = {"code": row.fault} if row.fault else None
        alert = _converted(
            {
                "id": row.alert,
                "code": row.code,
                "severity": row.severity,
                "since_ms": row.since_ms,
                "job": row.job or None,
                "fault": fault,
                "detail": row.detail,
            },
            Alert,
        )
        if alert is not None:
            found.append(Trouble(row.kiosk_id, alert))
    return found


def told(rows: Iterable[models.Event]) -> list[Trouble]:
    """Those rows with what was done about each; one that this version cannot read is left out."""
    troubles = []
    for row in rows:
        body = _decoded(row.payload, _Body)
        alert = _converted(body.data, Alert) if body else None
        if alert is not None:
            troubles.append(Trouble(row.kiosk_id, alert, row.ts_ms, _steps(row, alert)))
    return troubles


def cards(troubles: Iterable[Trouble]) -> dict[tuple[str, str], str]:
    """The model of each trouble's job, by kiosk and job."""
    wanted = {(trouble.kiosk, trouble.alert.job) for trouble in troubles if trouble.alert.job}
    rows = models.Job.objects.filter(kiosk__in={k for k, _ in wanted}, job__in={j for _, j in wanted})
    return {(row.kiosk_id, row.job): row.card for row in rows}


def summed_up(period: Period, kiosks: Sequence[str] | None) -> Ended:
    """How many, and how long they lasted."""
    lasted = []
    for ts_ms, payload in ended(period, kiosks).order_by().values_list("ts_ms", "payload"):
        body = _decoded(payload, _Lasted)
        if body is not None:
            lasted.append(max(0.0, (ts_ms - body.data.since_ms) / 1000))
    return Ended(len(lasted), statistics.median(lasted) if lasted else None)


def _steps(row: models.Event, alert: Alert) -> tuple[Event, ...]:
    rows = models.Event.objects.filter(
        kiosk=row.kiosk_id,
        journal=row.journal,
        seq__gte=row.seq - _LOOK_BACK,
        seq__lte=row.seq + _LOOK_ON,
        type__in=_STEPS,
        ts_ms__gte=alert.since_ms,
        ts_ms__lte=row.ts_ms + _SAME_MOMENT_MS,
    ).order_by("-seq")
    found: list[Event] = []
    for step in rows:
        event = _decoded(step.payload, Event)
        if event is not None and _helps(event, alert):
            found.append(event)
    return tuple(reversed(found[:MOST_STEPS]))


def _helps(event: Event, alert: Alert) -> bool:
    """Whether it was done about the trouble: not a PIN, not what the trouble itself did to the job."""
    match event.type:
        case EventType.STAFF:
            return event.data.get("act") not in ("staff.unlock", "staff.lock", "wrong_pin")
        case EventType.COMMAND:
            return event.data.get("outcome") == "finished"
        case EventType.CALL:
            return event.data.get("step") in ("taken", "cleared")
        case EventType.JOB_CHANGED:
            is_the_trouble = event.ts_ms <= alert.since_ms + _SAME_MOMENT_MS
            return event.job is not None and event.job.id == alert.job and not is_the_trouble
    return True


def _decoded(text: str, kind: type[T]) -> T | None:
    with contextlib.suppress(msgspec.MsgspecError):
        return msgspec.json.decode(text, type=kind)
    return None


def _converted(values: object, kind: type[T]) -> T | None:
    with contextlib.suppress(msgspec.MsgspecError):
        return msgspec.convert(values, kind)
    return None

"""Rows to values: what the database holds of kiosks, as `status` and the pages take it."""

import contextlib
import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from django.db.models import Avg, F, Max, QuerySet

from dashboard import models
from dashboard.pages.plot import Sample
from dashboard.pages.status import Ears, Known, OpenAlert
from firmware_bridge.contract import AlertCode, FaultCode, Info, Severity, State, Telemetry

T = TypeVar("T")
Code = TypeVar("Code", bound=enum.Enum)


def ears() -> Ears:
    """Whether the recorder listens."""
    row = models.Listening.objects.first()
    return Ears(row.connected, row.since_ms, row.alive_ms) if row else Ears(False, 0, 0)


def changes() -> int:
    """Grows with every batch that the recorder wrote."""
    return models.Listening.objects.values_list("changes", flat=True).first() or 0


def all_known() -> list[Known]:
    """Every kiosk that ever spoke."""
    return _known(models.Kiosk.objects.all())


def known(kiosk: str) -> Known | None:
    """One kiosk, None where there is none of that id."""
    return next(iter(_known(models.Kiosk.objects.filter(pk=kiosk))), None)


def samples(kiosk: str, from_ms: int, to_ms: int, width_ms: int) -> list[Sample]:
    """Measurements, averaged over pieces of `width_ms` that have any, and the last one as it was measured.

    What is no longer there raw is there as one-minute means.
    """
    raw = models.Telemetry.objects.filter(kiosk=kiosk, received_ms__gte=from_ms, received_ms__lte=to_ms)
    minutes = models.TelemetryMinute.objects.filter(kiosk=kiosk, minute_ms__gte=from_ms, minute_ms__lte=to_ms)
    averages = [*_averages(minutes, "minute_ms", width_ms), *_averages(raw, "received_ms", width_ms)]
    last = raw.order_by("received_ms").last()
    return [*averages, _measured(last)] if last else averages


def _averages(rows: QuerySet[Any], moment: str, width_ms: int) -> Iterator[Sample]:
    pieces = (
        rows.annotate(piece=F(moment) / width_ms)
        .values("piece")
        .annotate(
            at=Avg(moment),
            nozzle=Avg("nozzle_c"),
            bed=Avg("bed_c"),
            nozzle_target=Max("nozzle_target_c"),
            bed_target=Max("bed_target_c"),
            done=Avg(F("done")) * 100.0,
            lines_per_s=Avg("lines_per_s"),
            round_trip_p50=Avg("round_trip_p50_ms"),
            round_trip_p99=Max("round_trip_p99_ms"),
        )
        .order_by("piece")
    )
    for piece in pieces:
        yield Sample(at_ms=int(piece.pop("at")), **_without(piece, "piece"))


def _without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}


def _measured(row: models.Telemetry) -> Sample:
    return Sample(
        at_ms=row.received_ms,
        nozzle=row.nozzle_c,
        bed=row.bed_c,
        nozzle_target=row.nozzle_target_c,
        bed_target=row.bed_target_c,
        done=None if row.done is None else row.done * 100.0,
        lines_per_s=row.lines_per_s,
        round_trip_p50=row.round_trip_p50_ms,
        round_trip_p99=row.round_trip_p99_ms,
    )


def _known(kiosks: Iterable[models.Kiosk]) -> list[Known]:
    rows = list(kiosks)
    alerts = defaultdict(list)
    open_alerts = models.Alert.objects.filter(kiosk__in=rows, cleared_ms=None) if rows else ()
    for alert in sorted(open_alerts, key=lambda a: a.since_ms):
        alerts[alert.kiosk_id].append(_alert(alert))
    return [_one(row, tuple(alerts[row.id])) for row in rows]


def _one(row: models.Kiosk, alerts: tuple[OpenAlert, ...]) -> Known:
    return Known(
        kiosk=row.id,
        library=row.library,
        online=row.online,
        online_since_ms=row.online_since_ms,
        online_reason=row.online_reason,
        info=_decoded(row.info, Info),
        state=_decoded(row.state, State),
        telemetry=_decoded(row.telemetry, Telemetry),
        telemetry_ms=row.telemetry_ms,
        seen_ms=row.seen_ms,
        alerts=alerts,
    )


def _alert(row: models.Alert) -> OpenAlert:
    return OpenAlert(
        code=_member(AlertCode, row.code),
        severity=_member(Severity, row.severity),
        since_ms=row.since_ms,
        fault=_member(FaultCode, row.fault),
        detail=row.detail,
    )


def _decoded(text: str, kind: type[T]) -> T | None:
    """None where there is nothing, or something of an older version that this one cannot read."""
    with contextlib.suppress(msgspec.MsgspecError):
        return msgspec.json.decode(text, type=kind)
    return None


def _member(kind: type[Code], value: str) -> Code | None:
    with contextlib.suppress(ValueError):
        return kind(value)
    return None

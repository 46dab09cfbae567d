"""Telemetry that grows old: raw for a week, as one-minute means for a year. Each run does a bounded piece of it.

Samples become minutes and are gone in one transaction: none counts twice, none is forgotten.
"""

import logging
from typing import Final

from django.db import transaction
from django.db.models import Avg, Count, F, Max

from dashboard.models import Telemetry, TelemetryMinute

log = logging.getLogger(__name__)

MINUTE_MS: Final = 60_000
RAW_MS: Final = 7 * 24 * 3600 * 1000
MINUTES_MS: Final = 365 * 24 * 3600 * 1000
BITE: Final = 10_000
"""Rows in one run; of samples at least one whole minute."""
_MEANS: Final = {
    "samples": Count("pk"),
    "nozzle_c": Avg("nozzle_c"),
    "nozzle_target_c": Max("nozzle_target_c"),
    "bed_c": Avg("bed_c"),
    "bed_target_c": Max("bed_target_c"),
    "done": Avg("done"),
    "lines_per_s": Avg("lines_per_s"),
    "resends": Max("resends"),
    "round_trip_p50_ms": Avg("round_trip_p50_ms"),
    "round_trip_p99_ms": Max("round_trip_p99_ms"),
}


def fold_until(oldest_ms: int, last_of_bite_ms: int, now_ms: int) -> int:
    """The end of the samples to fold, a full minute: what is old enough, and of that no more than a bite.

    `oldest_ms`: when the oldest sample was received; `last_of_bite_ms`: the last one of a bite from there. Not
    after `oldest_ms` where nothing is old enough.
    """
    bite = max(last_of_bite_ms // MINUTE_MS, oldest_ms // MINUTE_MS + 1)
    return min(bite, (now_ms - RAW_MS) // MINUTE_MS) * MINUTE_MS


def tidy(now_ms: int) -> int:
    """One run; how many rows it took away. Raises OperationalError where the database cannot be written."""
    with transaction.atomic():
        return _fold(now_ms) + _forget(now_ms - MINUTES_MS)


def _fold(now_ms: int) -> int:
    moments = Telemetry.objects.order_by("received_ms").values_list("received_ms", flat=True)
    oldest_ms = moments.first()
    if oldest_ms is None or oldest_ms >= now_ms - RAW_MS:
        return 0
    last_ms = next(iter(moments[BITE : BITE + 1]), now_ms)
    old = Telemetry.objects.filter(received_ms__lt=fold_until(oldest_ms, last_ms, now_ms))
    minute = F("received_ms") - F("received_ms") % MINUTE_MS
    means = old.annotate(minute_ms=minute).values("kiosk_id", "minute_ms").annotate(**_MEANS).order_by()
    TelemetryMinute.objects.bulk_create([TelemetryMinute(**row) for row in means], ignore_conflicts=True)
    count, _ = old.delete()
    if count:
        log.info("%d samples are minutes now", count)
    return count


def _forget(before_ms: int) -> int:
    old = (
        TelemetryMinute.objects.filter(minute_ms__lt=before_ms).order_by("minute_ms").values_list("pk", flat=True)
    )
    count, _ = TelemetryMinute.objects.filter(pk__in=list(old[:BITE])).delete()
    return count

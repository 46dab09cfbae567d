"""A year of a region, lived by the simulated fleet: its jobs and its troubles, without the waiting."""

import random
from datetime import UTC, datetime

import msgspec

from dashboard import models
from dashboard.fleet.libraries import kiosk_id, library
from dashboard.fleet.life import Life
from firmware_bridge.contract import EventType

TURN_MS = 300_000
HOURS_A_DAY = 8
DAYS_A_WEEK = 5
DAY_MS = 24 * 3_600_000
_KEPT = frozenset(EventType) - {EventType.JOB_CHANGED}


def live_a_year(year: int, kiosks: int, days: int = 365, faults: float = 0.15) -> None:
    """Rows as the recorder leaves them, of libraries that are open five days a week, eight hours a day.

    Every kiosk prints all day. The rows of the journal that tell of jobs' steps are left out: nothing counts them.
    """
    begin_ms = int(datetime(year, 1, 1, 9, tzinfo=UTC).timestamp() * 1000)
    for n in range(kiosks):
        row, _made = models.Kiosk.objects.get_or_create(id=kiosk_id(n), defaults={"library": library(n)})
        life = Life(f"{n:08d}", 1, random.Random(n), faults, begin_ms)
        for day in range(days):
            if day % 7 < DAYS_A_WEEK:
                for turn in range(HOURS_A_DAY * 3_600_000 // TURN_MS):
                    life.turn(begin_ms + day * DAY_MS + turn * TURN_MS)
        _keep(row, life)


def _keep(kiosk: models.Kiosk, life: Life) -> None:
    jobs = {row.job.id: row.job for row in life.rows if row.job is not None}
    ended = {row.job.id: row.ts_ms for row in life.rows if row.job is not None}
    models.Job.objects.bulk_create(
        models.Job(
            kiosk=kiosk,
            job=job.id,
            card=job.card,
            personal=job.personal,
            state=job.state.value,
            estimate_s=job.estimate_s,
            printed_s=job.printed_s,
            grams=job.grams,
            layers=job.layers,
            submitted_ms=job.submitted_ms,
            started_ms=job.started_ms,
            finished_ms=(job.ended_ms or ended[job.id]) if job.state.is_over else None,
            ended_by=job.ended_by.value if job.ended_by else "",
            fault=job.fault.code.value if job.fault else "",
        )
        for job in jobs.values()
    )
    models.Event.objects.bulk_create(
        models.Event(
            kiosk=kiosk,
            journal=row.journal,
            seq=row.seq,
            ts_ms=row.ts_ms,
            received_ms=row.ts_ms,
            type=row.type.value,
            job="",
            payload=msgspec.json.encode(row).decode(),
        )
        for row in life.rows
        if row.type in _KEPT
    )

"""Raw telemetry for a week, one-minute means for a year: none counted twice, none forgotten, in small pieces."""

import random
from itertools import pairwise
from statistics import fmean
from typing import Final

import pytest
from django.db import DatabaseError
from support.region_rows import kiosk_row

from dashboard.models import Telemetry, TelemetryMinute
from dashboard.pages import readings
from dashboard.recorder import retention
from dashboard.recorder.retention import MINUTE_MS, MINUTES_MS, RAW_MS, fold_until, tidy

pytestmark = pytest.mark.usefixtures("database")

NOW: Final = 1_900_000_000_000
OLD: Final = (NOW - RAW_MS) // MINUTE_MS * MINUTE_MS
"""From here on all is kept raw."""


@pytest.mark.parametrize(
    ("oldest", "last_of_bite", "until"),
    [
        (OLD - 10 * MINUTE_MS, OLD - 7 * MINUTE_MS + 5, OLD - 7 * MINUTE_MS),
        (OLD - 10 * MINUTE_MS + 1, OLD - 10 * MINUTE_MS + 2, OLD - 9 * MINUTE_MS),
        (OLD - 10 * MINUTE_MS, NOW, OLD),
        (OLD + 5, NOW, OLD),
    ],
    ids=["a bite", "at least a minute", "all that is old", "nothing"],
)
def test_whole_minutes_are_folded_and_no_more_than_a_bite(oldest: int, last_of_bite: int, until: int) -> None:
    assert fold_until(oldest, last_of_bite, NOW) == until


def _samples(count: int, minutes: int, seed: int = 1) -> list[Telemetry]:
    """Of two kiosks, around the edge of a week."""
    dice = random.Random(seed)
    moments = dice.sample(range(OLD - minutes * MINUTE_MS, OLD + minutes * MINUTE_MS), count)
    made = [
        Telemetry(
            kiosk_id=dice.choice(("deinze", "gent")),
            received_ms=at_ms,
            nozzle_c=dice.choice((None, dice.uniform(20, 215))),
            nozzle_target_c=dice.choice((0.0, 215.0)),
            done=dice.random(),
            lines_per_s=dice.uniform(0, 90),
            resends=n,
        )
        for n, at_ms in enumerate(moments)
    ]
    return Telemetry.objects.bulk_create(made)


def _mean(values: list[float | None]) -> float | None:
    measured = [value for value in values if value is not None]
    return fmean(measured) if measured else None


def test_minutes_are_the_means_of_their_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BITE", 40)
    kiosk_row("deinze"), kiosk_row("gent")
    samples = _samples(600, 90)
    while tidy(NOW):
        assert Telemetry.objects.count() + sum(TelemetryMinute.objects.values_list("samples", flat=True)) == 600
    assert not Telemetry.objects.filter(received_ms__lt=OLD).exists()
    assert Telemetry.objects.count() == sum(sample.received_ms >= OLD for sample in samples)
    by_minute: dict[tuple[str, int], list[Telemetry]] = {}
    for sample in samples:
        if sample.received_ms < OLD:
            minute_ms = sample.received_ms // MINUTE_MS * MINUTE_MS
            by_minute.setdefault((sample.kiosk_id, minute_ms), []).append(sample)
    rows = {(row.kiosk_id, row.minute_ms): row for row in TelemetryMinute.objects.all()}
    assert rows.keys() == by_minute.keys() and len(rows) > 60
    for key, row in rows.items():
        of = by_minute[key]
        assert row.samples == len(of)
        assert row.nozzle_c == pytest.approx(_mean([sample.nozzle_c for sample in of]))
        assert row.lines_per_s == pytest.approx(_mean([sample.lines_per_s for sample in of]))
        assert row.nozzle_target_c == max(sample.nozzle_target_c for sample in of)
        assert row.resends == max(sample.resends for sample in of)


def test_a_run_is_bounded_and_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BITE", 50)
    kiosk_row("deinze"), kiosk_row("gent")
    _samples(400, 120)
    assert 0 < tidy(NOW) <= 50
    before = Telemetry.objects.count()

    def killed(_before_ms: int) -> int:
        raise DatabaseError("gone")

    monkeypatch.setattr(retention, "_forget", killed)
    minutes = TelemetryMinute.objects.count()
    with pytest.raises(DatabaseError):
        tidy(NOW)
    assert (Telemetry.objects.count(), TelemetryMinute.objects.count()) == (before, minutes)


def test_minutes_stay_for_a_year() -> None:
    kiosk_row("deinze")
    edge = NOW - MINUTES_MS
    for minute_ms in (edge - MINUTE_MS, edge + MINUTE_MS):
        TelemetryMinute.objects.create(kiosk_id="deinze", minute_ms=minute_ms, samples=3, lines_per_s=1, resends=0)
    assert tidy(NOW) == 1
    assert TelemetryMinute.objects.get().minute_ms == edge + MINUTE_MS


def test_a_plot_goes_on_where_the_raw_samples_end() -> None:
    kiosk_row("deinze"), kiosk_row("gent")
    _samples(300, 60)
    span = ("deinze", OLD - 60 * MINUTE_MS, OLD + 60 * MINUTE_MS, 10 * MINUTE_MS)
    before = readings.samples(*span)
    while tidy(NOW):
        pass
    after = readings.samples(*span)
    assert len(after) in (len(before), len(before) + 1), "the piece in which the week ends is two"
    assert after[-1] == before[-1]
    assert after[0].at_ms - before[0].at_ms < MINUTE_MS
    assert max(b.at_ms - a.at_ms for a, b in pairwise(after)) < 12 * MINUTE_MS
    assert fmean(s.done for s in after) == pytest.approx(fmean(s.done for s in before), abs=5)

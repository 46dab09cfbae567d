"""The region's benchmark: what it says of its figures, and a small run of it on the real parts."""

from pathlib import Path

import pytest

from benchmarks.region import Plan, run
from benchmarks.region_load import Level, Load
from benchmarks.region_report import page

LEVEL = Level(1_000, 2.0)


def _load(**fields: object) -> Load:
    values = {
        "level": LEVEL,
        "seconds": 30.0,
        "connected": 1_000,
        "recorded": 500.0,
        "lag_p50_ms": 60.0,
        "lag_p99_ms": 300.0,
        "late_p99_ms": 20.0,
        "cpu": {"broker": 0.1, "recorder": 0.3, "web": 0.0},
        "memory_mb": {"broker": 40.0, "recorder": 60.0, "web": 60.0},
        "generators": (0.2, 0.3),
        "others": 0.1,
    }
    return Load(**(values | fields))


@pytest.mark.parametrize(
    ("fields", "broke"),
    [
        ({}, ""),
        ({"late_p99_ms": 300.0, "lag_p99_ms": 9_000.0}, "the generator"),
        ({"generators": (0.2, 0.95)}, "the generator"),
        ({"late_p99_ms": 300.0, "others": 1.2}, "the generator, while other programs took 1.2 cores"),
        ({"connected": 990}, "10 kiosks are not connected"),
        ({"lag_p99_ms": 2_001.0}, "the processors that all share"),
        (
            {"lag_p99_ms": 2_001.0, "others": 0.8},
            "the processors that all share, while other programs took 0.8 cores",
        ),
        ({"recorded": 470.0, "cpu": {"broker": 0.2, "recorder": 0.97, "web": 0.0}}, "the recorder"),
        ({"recorded": 470.0, "cpu": {"broker": 0.99, "recorder": 0.5, "web": 0.0}}, "the broker"),
    ],
)
def test_what_broke(fields: dict[str, object], broke: str) -> None:
    assert _load(**fields).broke == broke


def test_a_small_run_of_all_of_it(tmp_path: Path) -> None:
    said: list[str] = []
    figures = run(Plan(4, (0.5, 0.25), 3.0, 2, 1), tmp_path, said.append)
    first = figures.loads[0]
    assert first.connected == 4
    assert first.recorded == pytest.approx(first.level.offered, rel=0.5)
    assert 0 < first.lag_p50_ms <= first.lag_p99_ms < 60_000
    assert figures.pages.open_streams == 2 and figures.pages.live_ms and figures.pages.page_bytes > 1_000
    assert figures.storm.kiosks == 4 and figures.storm.settled_s >= figures.storm.connected_s
    assert figures.year.prints == 1_000 and figures.year.page_s > 0
    text = page(figures)
    assert "| 4 kiosks, one message in 0.5 s | 8 |" in text and "yearly page of 1 kiosks" in text
    assert len(said) >= 5

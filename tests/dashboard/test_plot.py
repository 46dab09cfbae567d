"""The drawing of temperatures: where lines and ticks are, and what is left out."""

import re
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from dashboard.pages.plot import NARROW, WIDE, Frame, Plot, Sample, draw

ZONE = ZoneInfo("Europe/Brussels")
END = int(datetime(2026, 11, 21, 15, 10, tzinfo=ZONE).timestamp() * 1000)
HOUR = 3_600_000


def _draw(samples: list[Sample], hours: int = 1, frame: Frame = WIDE) -> Plot:
    return draw(samples, END - hours * HOUR, END, frame, lambda ms: datetime.fromtimestamp(ms / 1000, ZONE))


def _steady(step_ms: int, minutes: int = 60) -> list[Sample]:
    count = minutes * 60_000 // step_ms
    return [Sample(END - (count - n) * step_ms, 210.0, 60.0, 215.0, 60.0) for n in range(count + 1)]


def _points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def test_lines_lie_where_the_axes_say() -> None:
    plot = _draw(_steady(10_000))
    nozzle = next(line for line in plot.lines if line.name == "nozzle")
    points = _points(nozzle.path)
    assert points[0][0] == WIDE.left and points[-1][0] == WIDE.right_edge
    by_label = {tick.label: tick.at for tick in plot.levels}
    assert list(by_label) == ["0", "50", "100", "150", "200", "250"]
    assert by_label["0"] == WIDE.bottom_edge and by_label["250"] == WIDE.top
    assert points[0][1] == pytest.approx(by_label["200"] - 0.2 * (by_label["200"] - by_label["250"]), abs=0.1)


def test_ticks_are_round_times_of_the_wall_clock_and_not_too_many() -> None:
    assert [tick.label for tick in _draw([], 1, NARROW).times] == ["14:15", "14:30", "14:45", "15:00"]
    assert [tick.label for tick in _draw([], 168).times] == [f"{day}/11" for day in range(15, 22)]
    for hours in (1, 6, 24, 168):
        for frame in (WIDE, NARROW):
            places = [tick.at for tick in _draw([], hours, frame).times]
            assert all(b - a >= 34 for a, b in pairwise(places))
            assert all(frame.left <= at <= frame.right_edge for at in places)


def test_silence_breaks_a_line_and_one_sample_is_a_dot() -> None:
    early = [Sample(END - 50 * 60_000 + n * 2_000, 200.0, None, None, None) for n in range(5)]
    late = [Sample(END - 60_000, 180.0, None, None, None)]
    (nozzle,) = _draw(early + late).lines
    assert nozzle.path.count("M") == 2
    assert nozzle.path.endswith("h0")


def test_a_target_of_nought_and_what_no_sensor_measures_is_left_out() -> None:
    samples = [
        Sample(END - 4_000, 20.0, 1e300, 0.0, None),
        Sample(END - 2_000, 21.0, -1e9, 0.0, None),
    ]
    assert [line.name for line in _draw(samples).lines] == ["nozzle"]


def test_names_do_not_cover_each_other() -> None:
    plot = _draw([Sample(END - 1_000, 24.0, 23.0, None, None)])
    heights = sorted(line.label_y for line in plot.lines)
    assert heights[1] - heights[0] >= 16
    assert heights[1] <= WIDE.bottom_edge


def test_without_samples_the_axes_stand() -> None:
    plot = _draw([])
    assert plot.lines == () and plot.times and plot.levels

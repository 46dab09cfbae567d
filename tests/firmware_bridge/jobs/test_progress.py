"""The time that is left: honest, at the pace of this print, without jumps."""

from itertools import pairwise
from pathlib import Path

import pytest
from support.gcode import write_tower

from firmware_bridge.gcode.plan import plan_file
from firmware_bridge.jobs.inspection import POINTS, inspect, sample
from firmware_bridge.jobs.progress import Course, Timeline

# 10 commands of start code, then 1000 commands of one second each, on 10 layers.
PLAN = Timeline(
    lines=1010,
    at_line=(0, 10, 510, 1010),
    at_s=(0.0, 10.0, 510.0, 1010.0),
    layer_lines=tuple(range(11, 1010, 100)),
)


def test_layers_and_times_between_the_points() -> None:
    assert [PLAN.layer(line) for line in (0, 10, 11, 110, 111, 1010)] == [0, 0, 1, 1, 2, 10]
    assert [PLAN.elapsed_s(line) for line in (0, 5, 10, 260, 1010, 5000)] == [
        0.0,
        5.0,
        10.0,
        260.0,
        1010.0,
        1010.0,
    ]


def course_at(pace: float, lines: range, start_code_s: float = 10.0) -> list[float]:
    """What is promised at each of these lines, when a planned second takes `pace` real ones."""
    course = Course(PLAN)
    course.run(0.0)
    found = []
    for line in lines:
        now_s = start_code_s + (line - 10) * pace
        remaining = course.progress(line, now_s).remaining_s
        assert remaining is not None
        found.append(remaining)
    return found


@pytest.mark.parametrize("pace", [1.0, 1.3, 0.05])
def test_it_finds_the_pace_of_this_print(pace: float) -> None:
    promised = course_at(pace, range(11, 1011))
    assert promised[499] == pytest.approx(500 * pace, abs=50)
    assert promised[949] == pytest.approx(50 * pace, abs=5)


def test_it_bends_and_does_not_jump() -> None:
    """A print that is a third slower than planned: the promised end moves by seconds, never by minutes."""
    promised = course_at(1.33, range(11, 1011))
    ends = [10 + (line - 10) * 1.33 + left for line, left in zip(range(11, 1011), promised, strict=True)]
    assert max(abs(b - a) for a, b in pairwise(ends)) < 7
    assert promised[0] == pytest.approx(1000, rel=0.02)


def test_a_long_levelling_before_the_first_layer_does_not_frighten() -> None:
    assert course_at(1.0, range(11, 40), start_code_s=180.0)[0] == pytest.approx(1000, rel=0.01)


def test_heating_and_pauses_do_not_count() -> None:
    course = Course(PLAN)
    course.run(100.0)
    course.hold(130.0)
    course.hold(500.0)
    course.run(1000.0)
    course.run(1005.0)
    assert course.printed_s(1010.0) == 40.0


def test_the_end_is_the_end() -> None:
    course = Course(PLAN)
    course.run(0.0)
    last = course.progress(1010, 1200.0)
    assert (last.done, last.remaining_s, last.layer, last.layers) == (1.0, 0.0, 10, 10)


def test_a_sampled_plan_says_nearly_what_the_plan_says(tmp_path: Path) -> None:
    path = write_tower(tmp_path / "tower.gcode", layers=100, rounds=20)
    plan = plan_file(path)
    timeline = sample(plan)
    assert len(timeline.at_line) <= POINTS + 1
    assert timeline.lines == plan.lines
    assert timeline.total_s == pytest.approx(plan.estimate_s, abs=0.01)
    for line in range(0, plan.lines + 1, 37):
        assert timeline.elapsed_s(line) == pytest.approx(plan.elapsed_s(line), abs=2)
        assert timeline.layer(line) == plan.layer_at(line)


def test_an_inspection_plans_what_passes_and_says_what_does_not(tmp_path: Path) -> None:
    path = write_tower(tmp_path / "tower.gcode")
    assert inspect(path, "prusa-mk3s").timeline is not None
    path.write_text(path.read_text().replace("M104 S0\n", ""))
    refusal = inspect(path, "prusa-mk3s").refusal
    assert refusal is not None
    assert refusal.code == "ends_hot"

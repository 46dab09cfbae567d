"""What the kiosk's figures say of the goals."""

from dataclasses import asdict

import pytest

from benchmarks.drivers.loop_turns import Turn
from benchmarks.kiosk_visits import judged


def a_turn(passed_s: float) -> dict[str, object]:
    return asdict(Turn("a card is pressed", passed_s, 0.01, 0.02, 0.005, 0.0, 0.01, 0.01, passed_s - 0.02))


GOOD = {
    "attract_cpu": 0.04,
    "idle_cpu": 0.02,
    "tap_to_model_s": [0.08, 0.12],
    "tap_to_model_cpu_s": [0.06, 0.07],
    "frames_per_s": 31.0,
    "frame_cpu_s": 0.02,
    "memory_mib": [250.0, 255.0, 252.0],
    "touch_s": [0.05] * 199 + [0.9],
    "touch_cpu_s": [0.03] * 200,
    "longest": [a_turn(0.04), a_turn(0.03)],
    "heaviest": [a_turn(0.03)],
}


def kept(**changes: object) -> list[bool]:
    return [goal.kept for goal in judged({**GOOD, **changes}, visits=100).goals]


def test_all_are_kept_and_one_slow_touch_of_two_hundred_is_no_p99() -> None:
    assert kept() == [True] * 6


@pytest.mark.parametrize(
    ("changes", "which"),
    [
        ({"tap_to_model_s": [0.08, 0.2]}, 0),
        ({"frames_per_s": 29.9}, 1),
        ({"longest": [a_turn(0.06), a_turn(0.03)]}, 2),
        ({"touch_s": [0.05] * 190 + [0.2] * 10}, 3),
        ({"idle_cpu": 0.06}, 4),
        ({"attract_cpu": 0.06}, 4),
        ({"memory_mib": [250.0, 261.0, 252.0]}, 5),
        ({"memory_mib": [301.0, 302.0]}, 5),
    ],
)
def test_each_goal_can_be_missed(changes: dict[str, object], which: int) -> None:
    assert kept(**changes) == [number != which for number in range(6)]


def test_a_turn_that_only_waited_is_told_apart_from_one_that_worked() -> None:
    waited = a_turn(0.3) | {"step": "nobody touches it", "queued_s": 0.28}
    page = judged({**GOOD, "longest": [waited]}, visits=100).markdown()
    row = next(line for line in page.splitlines() if "nobody touches it" in line)
    assert [cell.strip() for cell in row.split("|")[2:6]] == ["300", "20", "10", "280"]

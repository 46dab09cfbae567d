"""What the figures are judged by: a goal that cannot be missed would say nothing."""

from dataclasses import replace

import msgspec
import pytest

from benchmarks.goals import goals, table
from benchmarks.measuring import Run
from benchmarks.printer import Counts
from benchmarks.settings import (
    NOISY_WIRE,
    OUR_DAEMON,
    OUR_DAEMON_ON_SLOW_DISK,
    OURS,
    PACED,
    UNLIMITED,
    WIRES,
    Setting,
)
from benchmarks.streaming import Figures, Place

COUNTS = Counts(
    moves=1001,
    moves_crc=0,
    refused=0,
    overflowed_bytes=0,
    corrupted_bytes=0,
    runs_dry=0,
    starved_p50_us=0.0,
    starved_p99_us=0.0,
    starved_longest_us=0.0,
)


def run_of(lines_per_s: float, cpu_us: float = 10.0, counts: Counts = COUNTS, exact: bool = True) -> Run:
    """A thousand lines of 38 bytes."""
    return Run(
        lines=1000,
        seconds=1000 / lines_per_s,
        useful_bytes=38_000,
        later_seconds=0.0,
        later_bytes=0,
        cpu_s=cpu_us * 1e-6 * 1000,
        memory_mb=20.0,
        counts=counts,
        exact=exact,
        complete=True,
        slow_syncs=0,
        realtime=True,
    )


def figures(*runs: tuple[Setting, str, Run]) -> Figures:
    found = Figures()
    for setting, host, run in runs:
        found.runs.setdefault(Place(setting.name, False, host), []).append(run)
    return found


def kept(found: Figures, part: str) -> bool:
    """Whether the one goal whose text has that part was."""
    (goal,) = [g for each in goals(found).values() for g in each if part in g.text]
    return goal.kept


@pytest.mark.parametrize(("ours", "is_kept"), [(10_001, True), (9_999, False)])
def test_ten_times_octoprint(ours: float, is_kept: bool) -> None:
    found = figures((UNLIMITED, OURS, run_of(ours)), (UNLIMITED, "octoprint", run_of(1000)))
    assert kept(found, "10 times") is is_kept


@pytest.mark.parametrize(("ours", "is_kept"), [(9.9, True), (10.1, False)])
def test_a_tenth_of_octoprints_cpu(ours: float, is_kept: bool) -> None:
    peer = run_of(1000, cpu_us=100.0)
    found = figures((UNLIMITED, OUR_DAEMON, run_of(1000, ours)), (UNLIMITED, "octoprint", peer))
    assert kept(found, "CPU a line") is is_kept


@pytest.mark.parametrize(("lines_per_s", "is_kept"), [(300, True), (296, False)])
def test_the_share_of_a_wire(lines_per_s: float, is_kept: bool) -> None:
    # 11,520 bytes a second carry 303.2 lines of 38 bytes.
    assert kept(figures((WIRES[0], OURS, run_of(lines_per_s))), "98% of the wire") is is_kept


@pytest.mark.parametrize(("lines_per_s", "is_kept"), [(525, True), (515, False)])
def test_with_much_latency_the_receive_buffer_is_the_limit(lines_per_s: float, is_kept: bool) -> None:
    # Three lines fit; a line, its ok and the latency take 1.52 + 0.12 + 4 ms: 531.9 lines a second.
    found = figures((WIRES[3], OURS, run_of(lines_per_s)))
    assert kept(found, "98% of what 127 bytes in flight allow") is is_kept


@pytest.mark.parametrize(("noisy", "is_kept"), [(260, True), (255, False)])
def test_noise_is_compared_with_the_same_wire_without(noisy: float, is_kept: bool) -> None:
    found = figures((WIRES[0], OURS, run_of(295)), (NOISY_WIRE, OURS, run_of(noisy)))
    assert kept(found, "under 15% slower") is is_kept


@pytest.mark.parametrize(("slow", "is_kept"), [(9_600, True), (9_000, False)])
def test_a_slow_disk_changes_nothing(slow: float, is_kept: bool) -> None:
    found = figures((UNLIMITED, OUR_DAEMON, run_of(10_000)), (UNLIMITED, OUR_DAEMON_ON_SLOW_DISK, run_of(slow)))
    assert kept(found, "slower than maakhoek-daemon") is is_kept


@pytest.mark.parametrize("dry", [0, 1])
def test_the_planner_is_never_empty(dry: int) -> None:
    counts = msgspec.structs.replace(COUNTS, runs_dry=dry)
    assert kept(figures((PACED, OURS, run_of(300, counts=counts))), "never empty") is (dry == 0)


def test_one_print_that_is_not_exact_is_enough() -> None:
    good = run_of(1000)
    bad = replace(good, exact=False)
    assert kept(figures((UNLIMITED, OURS, good)), "exact")
    assert not kept(figures((UNLIMITED, OURS, good), (UNLIMITED, OURS, bad)), "exact")


def test_one_byte_that_overflowed_is_enough() -> None:
    counts = msgspec.structs.replace(COUNTS, overflowed_bytes=1)
    assert kept(figures((UNLIMITED, OURS, run_of(1000))), "overflowed")
    assert not kept(figures((UNLIMITED, OURS, run_of(1000, counts=counts))), "overflowed")


def test_the_page_has_a_row_for_each_goal_and_a_column_for_each_of_our_hosts() -> None:
    runs = [(UNLIMITED, OURS, run_of(9_000)), (UNLIMITED, OUR_DAEMON, run_of(11_000))]
    rows = table(figures(*runs, (UNLIMITED, "octoprint", run_of(1000))))
    assert rows[0] == "|  | maakhoek | maakhoek-daemon |"
    assert "| `unlimited`: 10 times the lines/s of octoprint | **9.0** | 11.0 |" in rows

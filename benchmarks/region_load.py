"""Kiosks that report at a steady pace, and what that costs; and all of them coming back at once."""

import math
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec

from benchmarks.region_fleet import Second
from benchmarks.region_stack import PARTS, Stack, line_of, module, seconds_until, talking

GENERATORS: Final = 2
SETTLED_S: Final = 120.0
LAG_P99_S: Final = 2.0
LATE_P99_S: Final = 0.25
"""A generator whose turns come later than this is itself what broke."""
FULL_CORE: Final = 0.9


@dataclass(frozen=True)
class Level:
    """So many kiosks, each with one message in so many seconds."""

    kiosks: int
    pace_s: float

    @property
    def offered(self) -> float:
        """Messages a second."""
        return self.kiosks / self.pace_s

    @property
    def name(self) -> str:
        """For a table."""
        return f"{self.kiosks:,} kiosks, one message in {self.pace_s:g} s"


@dataclass(frozen=True)
class Load:
    """What a level came to. CPU in cores, memory in MiB, by part."""

    level: Level
    seconds: float
    connected: int
    recorded: float
    lag_p50_ms: float
    lag_p99_ms: float
    late_p99_ms: float
    cpu: dict[str, float]
    memory_mb: dict[str, float]

    def cost_us(self, part: str) -> float:
        """Microseconds of processor for a recorded message: what a busy machine does not change much."""
        return self.cpu[part] / self.recorded * 1e6 if self.recorded else math.inf

    @property
    def broke(self) -> str:
        """What gave way first, '' where nothing did."""
        if self.late_p99_ms > 1000 * LATE_P99_S:
            return "the generator"
        if self.connected < self.level.kiosks:
            return f"{self.level.kiosks - self.connected} kiosks are not connected"
        if self.lag_p99_ms > 1000 * LAG_P99_S or self.recorded < 0.95 * self.level.offered:
            busiest = max(("broker", "recorder"), key=lambda part: self.cpu[part])
            return f"the {busiest}" if self.cpu[busiest] > FULL_CORE else "the processors that all share"
        return ""


@dataclass
class Generators:
    """The processes that speak for the kiosks."""

    processes: list["subprocess.Popen[str]"] = field(default_factory=list)

    def pace(self, pace_s: float) -> None:
        """From now on."""
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write(f"{pace_s}\n")
            process.stdin.flush()

    def second(self) -> list[Second]:
        """The next line of each."""
        return [msgspec.json.decode(line_of(process), type=Second) for process in self.processes]

    def connected(self) -> int:
        """As they say in their next lines."""
        return sum(one.connected for one in self.second())


@contextmanager
def generators(made: Stack, kiosks: int, pace_s: float) -> Iterator[Generators]:
    """Begun; ended at the end."""
    with ExitStack() as processes:
        found = Generators()
        for n in range(GENERATORS):
            first, last = (kiosks * one // GENERATORS for one in (n, n + 1))
            options = {
                "first": first,
                "kiosks": last - first,
                "port": made.settings.port,
                "pki": made.settings.pki,
            }
            command = module("region_fleet", **options, pace=pace_s)
            found.processes.append(processes.enter_context(talking(command)))
        yield found


def measure(made: Stack, fleet: Generators, level: Level, seconds: float) -> Load:
    """At that pace, after some seconds to get into it."""
    fleet.pace(level.pace_s)
    for _ in range(3):
        fleet.second()
    begin, cpu, before = time.monotonic(), made.cpu_s(), _recorded(made)
    lags: list[int] = []
    late: list[int] = []
    connected = 0
    while time.monotonic() - begin < seconds:
        said = fleet.second()
        lags += [lag for one in said for lag in one.lags_ms]
        late += [ms for one in said for ms in one.late_ms]
        connected = sum(one.connected for one in said)
    passed, after = time.monotonic() - begin, made.cpu_s()
    return Load(
        level=level,
        seconds=passed,
        connected=connected,
        recorded=(_recorded(made) - before) / passed,
        lag_p50_ms=_percentile(lags, 0.5),
        lag_p99_ms=_percentile(lags, 0.99),
        late_p99_ms=_percentile(late, 0.99),
        cpu={part: (after[part] - cpu[part]) / passed for part in PARTS},
        memory_mb=made.memory_mb(),
    )


def _recorded(made: Stack) -> int:
    """By the numbers of the newest rows: nothing is deleted in the time of a run."""
    tables = ("dashboard_event", "dashboard_telemetry")
    return sum(made.count(f"SELECT max(id) FROM {table}") for table in tables)


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))]) if ordered else float("inf")


@dataclass(frozen=True)
class Storm:
    """After the broker was killed and came back: until all kiosks were there, and until the lag was as before.

    Infinite: not within SETTLED_S.
    """

    kiosks: int
    connected_s: float
    settled_s: float


def is_settled(fleet: Generators) -> bool:
    """What was said in the last second was recorded within moments: nothing waits from before."""
    said = fleet.second()
    lags = [lag for one in said for lag in one.lags_ms]
    return bool(lags) and _percentile(lags, 0.99) < 1000 * LAG_P99_S


def storm(made: Stack, fleet: Generators, kiosks: int) -> Storm:
    """Kill the broker, let all notice, start it again."""
    made.kill("broker")
    seconds_until(lambda: fleet.connected() == 0, SETTLED_S)
    made.start("broker")
    begin = time.monotonic()
    connected_s = seconds_until(lambda: fleet.connected() >= kiosks, SETTLED_S)
    settled_s = seconds_until(lambda: is_settled(fleet), SETTLED_S)
    return Storm(kiosks, connected_s, math.inf if settled_s == math.inf else time.monotonic() - begin)

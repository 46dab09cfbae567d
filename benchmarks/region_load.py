"""Kiosks that report at a steady pace, and what that costs; and all of them coming back at once."""

import math
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec

from benchmarks.process_tree import tree_usage
from benchmarks.region_fleet import Second
from benchmarks.region_stack import Stack, busy_s, line_of, module, talking

GENERATORS: Final = 4
"""Processes: one of them alone would wait for each handshake, and for Python's lock."""
SETTLED_S: Final = 120.0
LAG_P99_S: Final = 2.0
LATE_P99_S: Final = 0.25
"""A generator whose turns come later than this is itself what broke."""
FULL_CORE: Final = 0.9
OTHERS: Final = 0.25
"""Cores. Where programs that are no part of the run take more, what broke may be theirs."""


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
    """What a level came to. CPU in cores, memory in MiB, by part.

    `generators`: cores of each of them. `others`: cores that programs took which are no part of this run.
    """

    level: Level
    seconds: float
    connected: int
    recorded: float
    lag_p50_ms: float
    lag_p99_ms: float
    late_p99_ms: float
    cpu: dict[str, float]
    memory_mb: dict[str, float]
    generators: tuple[float, ...]
    others: float

    def cost_us(self, part: str) -> float:
        """Microseconds of processor for a recorded message: what a busy machine does not change much."""
        return self.cpu[part] / self.recorded * 1e6 if self.recorded else math.inf

    @property
    def broke(self) -> str:
        """What gave way first, '' where nothing did."""
        if self.late_p99_ms > 1000 * LATE_P99_S or max(self.generators) > FULL_CORE:
            return f"the generator{self._beside_others}"
        if self.connected < self.level.kiosks:
            return f"{self.level.kiosks - self.connected} kiosks are not connected"
        if self.lag_p99_ms > 1000 * LAG_P99_S or self.recorded < 0.95 * self.level.offered:
            busiest = max(("broker", "recorder"), key=lambda part: self.cpu[part])
            part = f"the {busiest}" if self.cpu[busiest] > FULL_CORE else "the processors that all share"
            return part + self._beside_others
        return ""

    @property
    def _beside_others(self) -> str:
        if self.others <= OTHERS:
            return ""
        return f", while other programs took {self.others:.1f} cores"


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

    def cpu_s(self) -> list[float]:
        """Of each, since its start."""
        return [tree_usage(process.pid).cpu_s for process in self.processes]

    def seconds_until(self, ready: Callable[[], bool]) -> float:
        """Asked with each of their lines, one a second; infinite where it was not within SETTLED_S."""
        begin = time.monotonic()
        while not ready():
            if time.monotonic() - begin > SETTLED_S:
                return math.inf
        return time.monotonic() - begin


@dataclass(frozen=True)
class _Clocks:
    """Seconds of processor at one moment."""

    at_s: float
    parts: dict[str, float]
    generators: list[float]
    all_programs: float

    @classmethod
    def read(cls, made: Stack, fleet: Generators) -> "_Clocks":
        """Now."""
        return cls(time.monotonic(), made.cpu_s(), fleet.cpu_s(), busy_s())

    def cores_until(self, now: "_Clocks") -> tuple[dict[str, float], tuple[float, ...], float]:
        """By part, by generator, and of programs that are neither."""
        passed = now.at_s - self.at_s
        parts = {part: (now.parts[part] - had) / passed for part, had in self.parts.items()}
        ours = tuple(
            (after - before) / passed for before, after in zip(self.generators, now.generators, strict=True)
        )
        everything = (now.all_programs - self.all_programs) / passed
        return parts, ours, max(0.0, everything - sum(parts.values()) - sum(ours))


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
    begin, before = _Clocks.read(made, fleet), _recorded(made)
    lags: list[int] = []
    late: list[int] = []
    connected = 0
    while time.monotonic() - begin.at_s < seconds:
        said = fleet.second()
        lags += [lag for one in said for lag in one.lags_ms]
        late += [ms for one in said for ms in one.late_ms]
        connected = sum(one.connected for one in said)
    end = _Clocks.read(made, fleet)
    passed = end.at_s - begin.at_s
    cpu, ours, others = begin.cores_until(end)
    return Load(
        level=level,
        seconds=passed,
        connected=connected,
        recorded=(_recorded(made) - before) / passed,
        lag_p50_ms=_percentile(lags, 0.5),
        lag_p99_ms=_percentile(lags, 0.99),
        late_p99_ms=_percentile(late, 0.99),
        cpu=cpu,
        memory_mb=made.memory_mb(),
        generators=ours,
        others=others,
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

    Infinite: not within SETTLED_S. CPU in seconds of processor until then; `others`: in cores, as of a Load.
    """

    kiosks: int
    connected_s: float
    settled_s: float
    cpu_s: dict[str, float]
    others: float


def seconds(value: float) -> str:
    """For people; infinite: it was waited for in vain."""
    return f"after {value:.1f} s" if math.isfinite(value) else f"not within {SETTLED_S:.0f} s"


def is_settled(fleet: Generators) -> bool:
    """What was said in the last second was recorded within moments: nothing waits from before."""
    said = fleet.second()
    lags = [lag for one in said for lag in one.lags_ms]
    return bool(lags) and _percentile(lags, 0.99) < 1000 * LAG_P99_S


def storm(made: Stack, fleet: Generators, kiosks: int) -> Storm:
    """Kill the broker, let all notice, start it again."""
    made.kill("broker")
    fleet.seconds_until(lambda: fleet.connected() == 0)
    made.start("broker")
    begin = _Clocks.read(made, fleet)
    connected_s = fleet.seconds_until(lambda: fleet.connected() >= kiosks)
    settled_s = fleet.seconds_until(lambda: is_settled(fleet))
    end = _Clocks.read(made, fleet)
    passed = end.at_s - begin.at_s
    cores, ours, others = begin.cores_until(end)
    cpu_s = {part: value * passed for part, value in (cores | {"generators": sum(ours)}).items()}
    return Storm(kiosks, connected_s, math.inf if settled_s == math.inf else passed, cpu_s, others)

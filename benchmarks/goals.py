"""What was promised of streaming, and what the figures say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.hosts import OCTOPRINT_ENGINE, OCTOPRINT_SERVER, PRINTCORE
from benchmarks.measuring import Run
from benchmarks.report import Goal, grid
from benchmarks.settings import (
    CLEAN_OF,
    NOISY,
    NOISY_WIRE,
    OUR_DAEMON,
    OUR_DAEMON_ON_SLOW_DISK,
    OURS,
    PACED,
    ROOMY,
    RX_BUFFER_BYTES,
    SETTINGS,
    UNLIMITED,
    WIRES,
    Setting,
)
from benchmarks.streaming import Figures

TIMES_A_PEER: Final = {OCTOPRINT_ENGINE: 10.0, OCTOPRINT_SERVER: 10.0, PRINTCORE: 40.0}
CPU_OF_A_PEER: Final = {OCTOPRINT_ENGINE: 0.1, OCTOPRINT_SERVER: 0.1}
WIRE_SHARE: Final = 0.98
MOST_LINES: Final = 4
OUR_HOSTS: Final = (OURS, OUR_DAEMON, OUR_DAEMON_ON_SLOW_DISK)
SLOWER_BY_NOISE: Final = 0.15
SLOWER_BY_DISK: Final = 0.05
"""What counts as nothing: two runs of the same differ by more."""


@dataclass(frozen=True)
class Ours:
    """One of our hosts, alone or beside the kiosk."""

    figures: Figures
    host: str
    beside_kiosk: bool

    @property
    def name(self) -> str:
        """For a table."""
        return self.host + (", beside the kiosk" if self.beside_kiosk else "")

    def runs(self, setting: Setting) -> Sequence[Run]:
        """Its own."""
        return self.figures.of(setting, self.host, self.beside_kiosk)

    def peers(self, setting: Setting, peer: str) -> Sequence[Run]:
        """Another host's, in the same place."""
        return self.figures.of(setting, peer, self.beside_kiosk)

    def goals(self) -> Iterator[Goal]:
        """Those that this run can tell of."""
        for setting in (UNLIMITED, ROOMY):
            yield from self._beside_peers(setting)
        for setting in WIRES:
            yield from self._wire(setting)
        for setting in (NOISY_WIRE, NOISY):
            clean = next(s for s in SETTINGS if s.name == CLEAN_OF[setting.name])
            text = f"`{setting.name}`: under {SLOWER_BY_NOISE:.0%} slower than `{clean.name}`"
            yield from _slower(text, self.runs(clean), self.runs(setting), SLOWER_BY_NOISE)
        if self.host == OUR_DAEMON_ON_SLOW_DISK:
            text = f"`{UNLIMITED.name}`: under {SLOWER_BY_DISK:.0%} slower than {OUR_DAEMON}"
            yield from _slower(text, self.peers(UNLIMITED, OUR_DAEMON), self.runs(UNLIMITED), SLOWER_BY_DISK)
        yield from self._fed(PACED)
        yield from self._sound()

    def _beside_peers(self, setting: Setting) -> Iterator[Goal]:
        for peer, times in TIMES_A_PEER.items():
            if found := [a.lines_per_s / b.lines_per_s for a, b in self._pairs(setting, peer)]:
                text = f"`{setting.name}`: {times:.0f} times the lines/s of {peer}"
                yield Goal(text, f"{median(found):.1f}", median(found) >= times)
        for peer, share in CPU_OF_A_PEER.items():
            if found := [a.cpu_us_per_line / b.cpu_us_per_line for a, b in self._pairs(setting, peer)]:
                text = f"`{setting.name}`: {share:g} of {peer}'s CPU a line"
                yield Goal(text, f"{median(found):.3f}", median(found) <= share)

    def _pairs(self, setting: Setting, peer: str) -> list[tuple[Run, Run]]:
        """Of the same rounds."""
        return list(zip(self.runs(setting), self.peers(setting, peer), strict=False))

    def _wire(self, setting: Setting) -> Iterator[Goal]:
        shares = [
            run.wire_share(setting.baud)
            / run.allowed_share(setting.baud, setting.latency_ms, setting.window_bytes, MOST_LINES)
            for run in self.runs(setting)
        ]
        if shares:
            limit = "the wire" if setting.latency_ms <= 1 else f"what {RX_BUFFER_BYTES - 1} bytes in flight allow"
            share = median(shares)
            yield Goal(f"`{setting.name}`: {WIRE_SHARE:.0%} of {limit}", f"{share:.1%}", share >= WIRE_SHARE)

    def _fed(self, setting: Setting) -> Iterator[Goal]:
        if runs := self.runs(setting):
            dry, lines = sum(r.counts.runs_dry for r in runs), sum(r.lines for r in runs)
            text = f"`{setting.name}`: the planner is never empty while lines remain"
            yield Goal(text, f"{dry} times in {lines:,} lines", dry == 0)

    def _sound(self) -> Iterator[Goal]:
        runs = [run for setting in SETTINGS for run in self.runs(setting)]
        if runs:
            exact, overflowed = sum(run.exact for run in runs), sum(run.counts.overflowed_bytes for run in runs)
            yield Goal("every print exact", f"{exact} of {len(runs)}", exact == len(runs))
            yield Goal("nothing overflowed", f"{overflowed} bytes", overflowed == 0)


def _slower(text: str, before: Sequence[Run], after: Sequence[Run], most: float) -> Iterator[Goal]:
    """By how much, round by round."""
    if found := [b.lines_per_s / a.lines_per_s - 1 for b, a in zip(before, after, strict=False)]:
        yield Goal(text, f"{median(found):.1%}", median(found) < most)


def goals(figures: Figures) -> dict[str, list[Goal]]:
    """By the name of our host, alone and beside the kiosk."""
    ours = [Ours(figures, host, beside) for beside in (False, True) for host in OUR_HOSTS]
    return {one.name: found for one in ours if (found := list(one.goals()))}


def table(figures: Figures) -> list[str]:
    """One row for each goal, one column for each of our hosts; what was not kept is bold."""
    by_host = goals(figures)
    texts = dict.fromkeys(goal.text for found in by_host.values() for goal in found)
    cells = {
        (name, g.text): g.measured if g.kept else f"**{g.measured}**" for name, f in by_host.items() for g in f
    }
    return grid(["", *by_host], [[text, *(cells.get((name, text), "") for name in by_host)] for text in texts])

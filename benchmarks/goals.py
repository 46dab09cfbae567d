"""What was promised of streaming, and what the figures say."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from benchmarks.hosts import OCTOPRINT_ENGINE, OCTOPRINT_SERVER, PRINTCORE
from benchmarks.measuring import Run
from benchmarks.report import Goal
from benchmarks.settings import (
    CLEAN_OF,
    NOISY,
    NOISY_WIRE,
    OUR_DAEMON,
    OURS,
    PACED,
    PACED_SLOW_DISK,
    ROOMY,
    RX_BUFFER_BYTES,
    SETTINGS,
    SLOW_DISK,
    UNLIMITED,
    WIRES,
    Setting,
)
from benchmarks.streaming import Figures

TIMES_A_PEER: Final = {OCTOPRINT_ENGINE: 10.0, OCTOPRINT_SERVER: 10.0, PRINTCORE: 40.0}
CPU_OF_OCTOPRINT: Final = 0.1
WIRE_SHARE: Final = 0.98
MOST_LINES: Final = 4
SLOWER_BY_NOISE: Final = 0.15
SLOWER_BY_DISK: Final = 0.05
"""What counts as nothing: two runs of the same differ by more."""


def goals(figures: Figures) -> list[Goal]:
    """Those that this run can tell of, alone and beside the kiosk."""
    found: list[Goal] = []
    for beside_kiosk in (False, True):
        for ours in (OURS, OUR_DAEMON):
            about = f"{ours}{', beside the kiosk' if beside_kiosk else ''}"
            for setting in (UNLIMITED, ROOMY):
                found += _beside_peers(figures, setting, ours, about, beside_kiosk)
            for setting in WIRES:
                found += _wire(figures.of(setting, ours, beside_kiosk), setting, about)
            for setting in (NOISY_WIRE, NOISY):
                found += _compared(figures, setting, ours, about, beside_kiosk, SLOWER_BY_NOISE)
            found += _compared(figures, SLOW_DISK, ours, about, beside_kiosk, SLOWER_BY_DISK)
            for setting in (PACED, PACED_SLOW_DISK):
                found += _fed(figures.of(setting, ours, beside_kiosk), setting, about)
    return [*found, *_exact(figures)]


def ratios(above: Sequence[Run], below: Sequence[Run], cpu: bool = False) -> list[float]:
    """Speeds, or CPU a line, of one divided by the other's, round by round."""
    if cpu:
        return [a.cpu_us_per_line / b.cpu_us_per_line for a, b in zip(above, below, strict=False)]
    return [a.lines_per_s / b.lines_per_s for a, b in zip(above, below, strict=False)]


def _beside_peers(figures: Figures, setting: Setting, ours: str, about: str, beside_kiosk: bool) -> list[Goal]:
    found = []
    own = figures.of(setting, ours, beside_kiosk)
    for peer, times in TIMES_A_PEER.items():
        if own and (theirs := figures.of(setting, peer, beside_kiosk)):
            measured = median(ratios(own, theirs))
            text = f"{about}, {setting.name}: {times:.0f} times the lines/s of {peer}"
            found.append(Goal(text, f"{measured:.1f}", measured >= times))
    for peer in (OCTOPRINT_ENGINE, OCTOPRINT_SERVER):
        if own and (theirs := figures.of(setting, peer, beside_kiosk)):
            measured = median(ratios(own, theirs, cpu=True))
            text = f"{about}, {setting.name}: a tenth of {peer}'s CPU a line"
            found.append(Goal(text, f"{measured:.3f}", measured <= CPU_OF_OCTOPRINT))
    return found


def _wire(runs: Sequence[Run], setting: Setting, about: str) -> list[Goal]:
    if not runs:
        return []
    of_allowed = median(
        r.wire_share(setting.baud)
        / r.allowed_share(setting.baud, setting.latency_ms, setting.window_bytes, MOST_LINES)
        for r in runs
    )
    limit = "the wire" if setting.latency_ms <= 1 else f"what {RX_BUFFER_BYTES - 1} bytes in flight allow"
    overflowed = sum(r.counts.overflowed_bytes for r in runs)
    where = f"{about}, {setting.name}"
    return [
        Goal(f"{where}: {WIRE_SHARE:.0%} of {limit}", f"{of_allowed:.1%}", of_allowed >= WIRE_SHARE),
        Goal(f"{where}: nothing overflowed", f"{overflowed} bytes", overflowed == 0),
    ]


def _compared(
    figures: Figures, setting: Setting, ours: str, about: str, beside_kiosk: bool, most: float
) -> list[Goal]:
    """Slower than the same without the trouble, by how much."""
    clean = next(s for s in SETTINGS if s.name == CLEAN_OF[setting.name])
    found = ratios(figures.of(clean, ours, beside_kiosk), figures.of(setting, ours, beside_kiosk))
    if not found:
        return []
    slower = median(found) - 1
    return [Goal(f"{about}, {setting.name}: under {most:.0%} slower", f"{slower:.1%}", slower < most)]


def _fed(runs: Sequence[Run], setting: Setting, about: str) -> list[Goal]:
    if not runs:
        return []
    dry = sum(r.counts.runs_dry for r in runs)
    lines = sum(r.lines for r in runs)
    text = f"{about}, {setting.name}: the planner is never empty while lines remain"
    return [Goal(text, f"{dry} times in {lines:,} lines", dry == 0)]


def _exact(figures: Figures) -> list[Goal]:
    ours = [run for place, runs in figures.runs.items() if place.host in (OURS, OUR_DAEMON) for run in runs]
    exact = sum(run.exact for run in ours)
    return [Goal("every print of ours exact", f"{exact} of {len(ours)}", exact == len(ours))] if ours else []

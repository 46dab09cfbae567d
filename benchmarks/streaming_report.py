"""The figures of streaming as a page and as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec

from benchmarks.goals import MOST_LINES, goals, table
from benchmarks.measuring import Run, host_nice, priority
from benchmarks.printer import PRIORITY
from benchmarks.report import facts, grid, load
from benchmarks.settings import OURS, SETTINGS, Setting
from benchmarks.streaming import Figures, Plan

READING: Final = "## Reading"
HEADS: Final = (
    *("", "lines/s", "ours is … times", "CPU µs a line", "memory MB", "wire", "wire, later half"),
    *("starved p50 ms", "p99 ms", "runs dry", "resends", "overflowed bytes", "exact"),
)


def page(plan: Plan, figures: Figures, where: Mapping[str, str], reading: str) -> str:
    """As Markdown; `reading` is what a person wrote below it."""
    lines = ["# Streaming, beside the peers", "", *facts({**where, **_conditions(plan, figures)}), ""]
    lines += ["What the words mean: [docs/benchmarks.md](../docs/benchmarks.md).", ""]
    lines += ["## Goals", "", "Bold is what was not kept.", "", *table(figures), ""]
    for setting in plan.settings:
        lines += _section(figures, setting)
    if figures.left_out:
        lines += ["## Left out", "", *[f"- {reason}" for reason in figures.left_out], ""]
    return "\n".join([*lines, reading.strip() or READING, ""])


def reading_of(path: Path) -> str:
    """What a person wrote on the page that is to be replaced."""
    text = path.read_text() if path.exists() else ""
    return text[text.index(READING) :] if READING in text else ""


def as_json(figures: Figures, where: Mapping[str, str]) -> str:
    """All runs, for programs."""
    runs = [
        {**place._asdict(), "round": turn, **asdict(run), "counts": msgspec.to_builtins(run.counts)}
        for place, each in figures.runs.items()
        for turn, run in enumerate(each)
    ]
    content: dict[str, Any] = {
        "where": dict(where),
        "runs": runs,
        "kiosk_processors": figures.kiosk_processors,
        "goals": {name: [asdict(goal) for goal in each] for name, each in goals(figures).items()},
        "left_out": figures.left_out,
    }
    return json.dumps(content, indent=1) + "\n"


def _conditions(plan: Plan, figures: Figures) -> dict[str, str]:
    file, used = plan.file, [p for each in figures.kiosk_processors.values() for p in each]
    nice = (
        f"Nice {host_nice()}, the printer {PRIORITY}"
        if priority(host_nice())
        else "as others: no right to be preferred"
    )
    realtime = {run.realtime for place, each in figures.runs.items() for run in each if _baud_of(place.setting)}
    return {
        "load at the end": load(),
        "file": f"{file.origin}, {file.commands:,} commands, {file.bytes_per_command:.1f} bytes each, "
        f"SHA-256 {file.sha256[:12]}, profile {file.profile}",
        "hosts": "; ".join(f"{host.name}: {host.what}" for host in plan.hosts),
        "priority of all hosts": nice,
        "printer on a wire": "SCHED_FIFO" if realtime == {True} else "no right to SCHED_FIFO: less exact",
        "kiosk": f"used {min(used):.2f} to {max(used):.2f} processors while it drew" if used else "none",
    }


def _baud_of(setting: str) -> int:
    return next(s.baud for s in SETTINGS if s.name == setting)


def _section(figures: Figures, setting: Setting) -> list[str]:
    lines = [f"## {setting.title}", "", f"`{setting.name}`, {setting.most_s:g} s at most. Fast printer:"]
    lines += [f"`{' '.join(setting.printer_options(1))}`.", ""]
    for beside_kiosk in (False, True):
        runs = {
            place.host: each
            for place, each in figures.runs.items()
            if (place.setting, place.beside_kiosk) == (setting.name, beside_kiosk)
        }
        if runs:
            lines += ["Beside the kiosk:" if beside_kiosk else "Alone:", ""]
            lines += [*grid(HEADS, [_row(name, each, runs.get(OURS), setting) for name, each in runs.items()]), ""]
    return lines


def _row(name: str, runs: Sequence[Run], ours: Sequence[Run] | None, setting: Setting) -> list[str]:
    def middle(figure: Callable[[Run], float]) -> float:
        return median(figure(run) for run in runs)

    def total(figure: Callable[[Run], int]) -> str:
        return f"{sum(figure(run) for run in runs):,}"

    times = median(a.lines_per_s / b.lines_per_s for a, b in zip(ours or runs, runs, strict=False))
    baud, allowed = setting.baud, setting.latency_ms > 1
    share = f"{middle(lambda r: r.wire_share(baud)):.1%}" if baud else ""
    if allowed:
        limit = middle(lambda r: r.allowed_share(baud, setting.latency_ms, setting.window_bytes, MOST_LINES))
        share += f" of {limit:.1%}"
    return [
        name + (f", {syncs} slow syncs" if (syncs := sum(run.slow_syncs for run in runs)) else ""),
        _spread([run.lines_per_s for run in runs]),
        f"{times:.1f}" if ours and name != OURS else "",
        f"{middle(lambda r: r.cpu_us_per_line):.1f}",
        f"{max(run.memory_mb for run in runs):.0f}",
        share,
        f"{middle(lambda r: r.later_wire_share(baud)):.1%}" if baud else "",
        f"{middle(lambda r: r.counts.starved_p50_us) / 1e3:.2f}",
        f"{middle(lambda r: r.counts.starved_p99_us) / 1e3:.2f}",
        total(lambda r: r.counts.runs_dry) if setting.paced else "",
        total(lambda r: r.counts.refused),
        total(lambda r: r.counts.overflowed_bytes),
        "yes" if all(run.exact for run in runs) else "**no**",
    ]


def _spread(values: Sequence[float]) -> str:
    middle = f"{median(values):,.0f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):,.0f}–{max(values):,.0f})"

"""Figures as Markdown: tables, goals, and where they were measured."""

import datetime
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.hosts import ROOT

Values = Mapping[str, Sequence[float]]
"""Row -> one figure per round."""


@dataclass(frozen=True)
class Goal:
    """A number that was promised, and whether this run kept it."""

    text: str
    measured: str
    kept: bool


@dataclass(frozen=True)
class Table:
    """One figure of one or several things."""

    title: str
    unit: str
    values: Values
    digits: int = 0

    def lines(self) -> list[str]:
        """As Markdown."""
        rows = []
        for name, values in self.values.items():
            figures = (min(values), median(values), max(values))
            rows.append([name, *(f"{figure:,.{self.digits}f}" for figure in figures)])
        return [f"**{self.title}** ({self.unit})", "", *grid(["", "minimum", "median", "maximum"], rows)]


@dataclass(frozen=True)
class Listing:
    """A table whose rows are what happened."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def lines(self) -> list[str]:
        """As Markdown."""
        return [f"**{self.title}**", "", *grid(self.heads, self.rows)]


@dataclass(frozen=True)
class Result:
    """What one benchmark leaves. `facts` tell what was measured with."""

    title: str
    facts: Mapping[str, str]
    tables: Sequence[Table | Listing] = ()
    goals: Sequence[Goal] = ()

    def markdown(self) -> str:
        """The section of this benchmark."""
        lines = [f"## {self.title}", "", *facts(self.facts)]
        for table in self.tables:
            lines += ["", *table.lines()]
        if self.goals:
            lines += ["", "| goal | measured | |", "|---|---|---|"]
            lines += [f"| {g.text} | {g.measured} | {'kept' if g.kept else '**not kept**'} |" for g in self.goals]
        return "\n".join(lines) + "\n"


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table; all but the first column are figures."""
    line = "|---|" + "---:|" * (len(heads) - 1)
    return [f"| {' | '.join(heads)} |", line, *[f"| {' | '.join(row)} |" for row in rows]]


def facts(items: Mapping[str, str]) -> list[str]:
    """A list of what was measured with."""
    return [f"- {name}: {value}" for name, value in items.items()]


def machine() -> dict[str, str]:
    """Where, when and what: a figure without them says nothing."""
    processors = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith(("model name", "Model"))
    ]
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        "commit": _commit(),
        "machine": f"{os.cpu_count()} × {processors[0] if processors else platform.machine()}",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "load": load() + " (1, 5, 15 minutes, at the beginning)",
    }


def load() -> str:
    """The load averages."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True)
        return done.stdout.strip()

    try:
        commit, changed = git("rev-parse", "--short", "HEAD"), git("status", "--porcelain", "--untracked-files=no")
    except FileNotFoundError:
        return "unknown"
    return (commit or "unknown") + (" with changes" if changed else "")

"""Figures as tables: minimum, median and maximum of all runs, and ratios within each round."""

import datetime
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

Values = Mapping[str, Sequence[float]]
"""Row -> one figure per round; the figures of one position come from one round."""


@dataclass(frozen=True)
class Goal:
    """A number that was promised, and whether this run kept it."""

    text: str
    measured: str
    kept: bool


@dataclass(frozen=True)
class Table:
    """One figure of one or several hosts. With `baseline`, the others are also shown as ratios to it."""

    title: str
    unit: str
    values: Values
    digits: int = 0
    baseline: str = ""

    def lines(self) -> list[str]:
        """As Markdown."""
        ratio_heads = f" {self.baseline} is … times this (median; from, to) |" if self.baseline else ""
        rows = [
            f"**{self.title}** ({self.unit})",
            "",
            f"| | minimum | median | maximum |{ratio_heads}",
            "|---|---:|---:|---:|" + ("---:|" if self.baseline else ""),
        ]
        for name, values in self.values.items():
            figures = (min(values), median(values), max(values))
            cells = " | ".join(f"{figure:,.{self.digits}f}" for figure in figures)
            rows.append(f"| {name} | {cells} |" + (f" {self._ratio_cell(name)} |" if self.baseline else ""))
        return rows

    def _ratio_cell(self, name: str) -> str:
        if name == self.baseline:
            return ""
        all_ratios = ratios(self.values, self.baseline, name)
        return f"{median(all_ratios):.3g} ({min(all_ratios):.3g}, {max(all_ratios):.3g})"


def ratios(values: Values, above: str, below: str) -> list[float]:
    """`above` divided by `below`, round by round."""
    return [a / b for a, b in zip(values[above], values[below], strict=True)]


@dataclass(frozen=True)
class Result:
    """What one benchmark leaves. `facts` tell what was measured with; `notes` what a reader must know."""

    name: str
    title: str
    facts: Mapping[str, str]
    tables: Sequence[Table] = ()
    goals: Sequence[Goal] = ()
    notes: Sequence[str] = field(default=())

    def markdown(self) -> str:
        """The section of this benchmark."""
        lines = [f"## {self.title}", ""]
        lines += [f"- {name}: {value}" for name, value in self.facts.items()]
        for table in self.tables:
            lines += ["", *table.lines()]
        if self.goals:
            lines += ["", "| goal | measured | |", "|---|---|---|"]
            lines += [f"| {g.text} | {g.measured} | {'kept' if g.kept else 'not kept'} |" for g in self.goals]
        if self.notes:
            lines += ["", *[f"- {note}" for note in self.notes]]
        return "\n".join(lines) + "\n"


def machine() -> dict[str, str]:
    """Where and when: a figure without them says nothing."""
    processors = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith(("model name", "Model"))
    ]
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        "machine": f"{os.cpu_count()} × {processors[0] if processors else platform.machine()}",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()) + " (1, 5, 15 minutes, at the beginning)",
    }


INDEX: Final = "index.md"
RESULTS: Final = "results.json"


def write(
    folder: Path,
    where: Mapping[str, str],
    results: Sequence[Result],
    left_out: Sequence[str],
    json_file: Path | None,
) -> None:
    """Leave the figures as Markdown and as JSON (also in `json_file` where given)."""
    folder.mkdir(parents=True, exist_ok=True)
    head = ["# Benchmarks", "", *[f"- {name}: {value}" for name, value in where.items()], ""]
    tail = ["", "## Left out", "", *[f"- {reason}" for reason in left_out], ""] if left_out else []
    sections = [result.markdown() for result in results]
    (folder / INDEX).write_text("\n".join([*head, *sections, *tail]))
    figures = {
        "where": dict(where),
        "results": [asdict(result) for result in results],
        "left_out": list(left_out),
    }
    content = json.dumps(figures, indent=1)
    for path in filter(None, (folder / RESULTS, json_file)):
        path.write_text(content + "\n")

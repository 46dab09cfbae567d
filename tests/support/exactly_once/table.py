"""Fault by firmware: how often each has really happened, in the terminal's summary."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

PROPERTY = "exactly once"


def table(reports: Iterable[Any]) -> list[str]:
    """The lines of the table out of pytest's reports; none where the tests were not run."""
    cells = [value for report in reports for name, value in report.user_properties if name == PROPERTY]
    if not cells:
        return []
    kinds = list(dict.fromkeys(cell["kind"] for cell in cells))
    faults: dict[str, dict[str, str]] = defaultdict(dict)
    sums: dict[str, dict[str, int]] = {kind: defaultdict(int) for kind in kinds}
    for cell in cells:
        faults[cell["fault"]][cell["kind"]] = str(cell["fired"])
        for name in ("examples", "done", "failed", "unseen", "needless"):
            sums[cell["kind"]][name] += cell[name]
    width = max(len(kind) for kind in kinds) + 2
    lines = [" " * 24 + "".join(f"{kind:>{width}}" for kind in kinds)]
    for fault, row in faults.items():
        lines.append(f"{fault:24}" + "".join(f"{row.get(kind, '-'):>{width}}" for kind in kinds))
    for name in ("examples", "done", "failed", "needless", "unseen"):
        lines.append(f"{_WORDS[name]:24}" + "".join(f"{sums[kind][name]:>{width}}" for kind in kinds))
    total = sum(sums[kind]["examples"] for kind in kinds)
    return [*lines, f"{total} examples; a cell: in how many its fault has happened; -: it cannot happen there"]


_WORDS = {
    "examples": "examples",
    "done": "  done",
    "failed": "  failed, with a reason",
    "needless": "    of one fault alone",
    "unseen": "  beyond its checks",
}

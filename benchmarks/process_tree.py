"""What a process costs, seen from outside: the same yardstick for every host."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_PARENT, _CPU_TICKS = 1, slice(11, 15)


@dataclass(frozen=True)
class Usage:
    """CPU of a process, its living descendants and its ended children; the memory of the largest."""

    cpu_s: float
    memory_mb: float


def tree_usage(root: int) -> Usage:
    """Since the process was started."""
    stats = {int(p.name): _stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit()}
    ticks = 0
    memory_mb = 0.0
    family = [root]
    while family:
        pid = family.pop()
        fields = stats.get(pid)
        if fields is None:
            continue
        ticks += sum(map(int, fields[_CPU_TICKS]))
        memory_mb = max(memory_mb, _memory_mb(pid))
        family += [child for child, other in stats.items() if other is not None and int(other[_PARENT]) == pid]
    return Usage(ticks / _TICKS_PER_S, memory_mb)


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from `state` on; None when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None


def _memory_mb(pid: int) -> float:
    """The most that it has had in memory; wait4's figure would count what it was forked from."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0

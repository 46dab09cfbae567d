"""What a process costs, seen from outside: the same yardstick for every host."""

import os
from pathlib import Path
from typing import Final

_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from `state` on; None when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None


def tree_cpu_s(root: int) -> float:
    """CPU seconds, user and system, of a process, its living descendants and its ended children."""
    stats = {int(p.name): _stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit()}
    total_ticks = 0
    family = [root]
    while family:
        pid = family.pop()
        fields = stats.get(pid)
        if fields is None:
            continue
        total_ticks += sum(int(ticks) for ticks in fields[11:15])
        family += [child for child, other in stats.items() if other is not None and int(other[1]) == pid]
    return total_ticks / _TICKS_PER_S

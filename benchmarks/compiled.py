"""The parts in C: the fast printer, and the slow disk. Built when their sources are newer."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
BUILT: Final = HERE.parent / "build" / "bench"
FLAGS: Final = ("-O2", "-Wall", "-Wextra", "-Werror")


class CompilerError(Exception):
    """There is no C compiler, or it refused; the message says what to do or what it said."""


def fast_printer() -> Path:
    """The program `benchmarks/fast_printer`. Raises CompilerError."""
    folder = HERE / "fast_printer"
    return _built(
        BUILT / "fast-printer", sorted(folder.glob("*.c")), sorted(folder.glob("*.h")), ("-lutil", "-lm")
    )


def slow_sync() -> Path:
    """The library for LD_PRELOAD under which fsync takes long. Raises CompilerError."""
    return _built(BUILT / "slow-sync.so", [HERE / "shims" / "slow_sync.c"], [], ("-shared", "-fPIC", "-ldl"))


def _built(target: Path, sources: Sequence[Path], headers: Sequence[Path], options: Sequence[str]) -> Path:
    newest = max(p.stat().st_mtime_ns for p in (*sources, *headers))
    if target.exists() and target.stat().st_mtime_ns > newest:
        return target
    compiler = shutil.which("cc")
    if compiler is None:
        raise CompilerError("there is no C compiler `cc`: install the Debian packages 'gcc' and 'libc6-dev'")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Under another name first: two who build at once must not see half a program.
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    command = [compiler, *FLAGS, "-o", str(fresh), *map(str, sources), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CompilerError(f"{target.name} cannot be built: {done.stderr.strip()}")
    fresh.rename(target)
    return target

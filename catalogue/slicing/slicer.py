"""The real PrusaSlicer, run on one STL file: progress as it goes, a time limit, and errors that say what to do."""

import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from catalogue.slicing.errors import DoesNotFitError, SlicerMissingError, SlicingError

PROGRAM = "prusa-slicer"
TIME_LIMIT_S = 300.0

_PROGRESS = re.compile(r"^(\d{1,3}) => ")

ProgressHandler = Callable[[float], None]


def find_slicer() -> Path:
    """Where PrusaSlicer is. Raises SlicerMissingError, naming the package."""
    path = shutil.which(PROGRAM)
    if path is None:
        raise SlicerMissingError(f"'{PROGRAM}' is missing: install the Debian package 'prusa-slicer'")
    return Path(path)


def slicer_identity() -> str:
    """Changes whenever another PrusaSlicer is installed; costs no start of it. Raises SlicerMissingError."""
    stat = find_slicer().resolve().stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def manifold(stl: Path) -> bool:
    """What PrusaSlicer itself says of the mesh: it would slice one with holes as well, and say nothing.

    Raises SlicerMissingError, SlicingError where the file cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="slicing-") as scratch:
        command = [str(find_slicer()), "--datadir", scratch, "--info", str(stl)]
        output, code = _run(command, lambda done: None, TIME_LIMIT_S)
    if code != 0:
        raise SlicingError(f"PrusaSlicer cannot read the mesh: {_last_words(output)}")
    return "manifold = yes" in output


def slice_mesh(
    stl: Path,
    flat: str,
    gcode: Path,
    on_progress: ProgressHandler = lambda done: None,
    time_limit_s: float = TIME_LIMIT_S,
) -> None:
    """Slice `stl` with the presets of `flat` (bundle.flatten) into `gcode`. Progress goes from 0 to 1.

    Raises SlicerMissingError, DoesNotFitError, SlicingError. An exit code of 0 proves little with PrusaSlicer:
    check what it wrote (slicing.checks).
    """
    program = find_slicer()
    with tempfile.TemporaryDirectory(prefix="slicing-") as scratch:
        presets = Path(scratch) / "flat.ini"
        presets.write_text(flat, encoding="utf-8")
        command = [program, "--export-gcode", "--datadir", scratch, "--load", presets, "--output", gcode, stl]
        output, code = _run([str(part) for part in command], on_progress, time_limit_s)
    if code is None:
        raise SlicingError(f"PrusaSlicer was stopped after {time_limit_s:g} s: simplify the model")
    if "could not fit" in output or "outside of the print volume" in output:
        raise DoesNotFitError("the model does not fit on the printer's bed: make it smaller")
    if "No layers were detected" in output:
        raise SlicingError("PrusaSlicer found no layers: the model is empty or far too small")
    if code != 0 or not gcode.is_file():
        raise SlicingError(f"PrusaSlicer ended with exit code {code}: {_last_words(output)}")


def _run(command: list[str], on_progress: ProgressHandler, time_limit_s: float) -> tuple[str, int | None]:
    """All output and the exit code; None where the time limit ended it."""
    timed_out = threading.Event()
    said: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:

        def stop() -> None:
            timed_out.set()
            process.kill()

        timer = threading.Timer(time_limit_s, stop)
        timer.start()
        try:
            furthest = 0.0
            for line in process.stdout or ():
                said.append(line)
                if match := _PROGRESS.match(line):
                    furthest = max(furthest, int(match[1]) / 100)
                    on_progress(furthest)
        except BaseException:
            process.kill()
            raise
        finally:
            timer.cancel()
    return "".join(said), None if timed_out.is_set() else process.returncode


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip() and "[trace]" not in line]
    return lines[-1] if lines else "it said nothing"

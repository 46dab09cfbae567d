"""The kiosk at work: models opened and turned, touches beside a print, memory after many visits, idle."""

import contextlib
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.busy_kiosk import THREADS
from benchmarks.hosts import ROOT
from benchmarks.report import Goal, Result, Table
from benchmarks.virtual_screen import CONFIG, HEIGHT_PX, WIDTH_PX, KioskError, virtual_screen

PATIENCE_S: Final = 30.0
BRIDGE: Final = """\
kiosk = "bench"
library = "Bibliotheek"
profile = "prusa-mk3s"
port = "{folder}/printer"
data = "{folder}/data"
socket = "{folder}/bridge.sock"
[spool]
material = "PLA"
colour = "#E4572E"
"""
TAP_MS, FRAMES_PER_S, STALL_MS, TOUCH_MS, IDLE_SHARE, MEMORY_MIB = 150.0, 30.0, 50.0, 100.0, 0.05, 300.0
FLAT_MIB: Final = 10.0
LEAST: Final = 20
"""Visits: the first ten only warm up."""


def run(collection: Path, scratch: Path, visits: int, say: Callable[[str], None]) -> Result:
    """One kiosk, a bridge and a simulated printer. Raises KioskError."""
    folder = scratch / "visits"
    folder.mkdir()
    with virtual_screen(folder) as (_screen, environment), _bridge(folder):
        say(f"  {visits} visits …")
        figures = _drive(folder, collection, environment, visits)
    return judged(figures, visits)


def judged(figures: Mapping[str, Any], visits: int) -> Result:
    """The driver's figures as tables and goals."""
    taps = [1000 * tap for tap in figures["tap_to_model_s"]]
    touches = [1000 * touch for touch in figures["touch_s"]]
    stall_ms, p99_ms = 1000 * figures["stall_s"], _p99(touches)
    first_mib, last_mib = figures["memory_mib"][0], figures["memory_mib"][-1]
    fps, idle = figures["frames_per_s"], figures["idle_cpu"]
    return Result(
        title="The kiosk at work",
        facts={
            "screen": f"Xvfb, {WIDTH_PX} × {HEIGHT_PX}, software GL on one processor (LP_NUM_THREADS={THREADS})",
            "touches": "given to Kivy inside the process; timed until the next frame is on the glass",
            "beside it": "a bridge that streams to a simulated printer, on the same processors",
            "visits": str(visits),
        },
        tables=(
            Table("Tap on a card to its model, opened for the first time", "ms", {"kiosk": taps}),
            Table("Touch to the next frame, while a job prints", "ms", {"kiosk": touches}),
            Table("While a finger turns a model", "frames/s", {"kiosk": [fps]}, digits=1),
            Table("The same", "ms of processor a frame", {"kiosk": [1000 * figures["cpu_per_frame_s"]]}, digits=1),
            Table(
                "Nobody touches it",
                "% of a processor",
                {"attract, where a model turns": [100 * figures["attract_cpu"]], "collection": [100 * idle]},
                digits=1,
            ),
            Table("Resident memory, from the tenth visit to the last", "MiB", {"kiosk": figures["memory_mib"]}),
        ),
        goals=(
            Goal(f"tap to model {TAP_MS:.0f} ms", f"{max(taps):.0f} ms at most", max(taps) <= TAP_MS),
            Goal(f"{FRAMES_PER_S:.0f} frames/s turning it", f"{fps:.1f}", fps >= FRAMES_PER_S),
            Goal(f"no turn of the loop over {STALL_MS:.0f} ms", f"{stall_ms:.0f} ms", stall_ms <= STALL_MS),
            Goal(f"touch p99 under {TOUCH_MS:.0f} ms", f"{p99_ms:.0f} ms", p99_ms < TOUCH_MS),
            Goal(
                f"idle under {100 * IDLE_SHARE:.0f} % of a core, where nothing moves",
                f"{100 * idle:.1f} %",
                idle < IDLE_SHARE,
            ),
            Goal(
                f"memory under {MEMORY_MIB:.0f} MiB, and flat to {FLAT_MIB:.0f}",
                f"{last_mib:.0f} MiB, {last_mib - first_mib:+.0f}",
                last_mib < MEMORY_MIB and last_mib - first_mib < FLAT_MIB,
            ),
        ),
    )


def _drive(folder: Path, collection: Path, environment: dict[str, str], visits: int) -> dict[str, Any]:
    config = folder / "kiosk.toml"
    values = {"folder": folder, "collection": collection, "python": sys.executable}
    config.write_text(CONFIG.format(**values, width=WIDTH_PX, height=HEIGHT_PX))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.drivers.kiosk_driver", config, str(visits)],
        env={**environment, "LP_NUM_THREADS": THREADS},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise KioskError(f"the kiosk ended with exit code {done.returncode}: {done.stderr.strip()[-600:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextmanager
def _bridge(folder: Path) -> Iterator[None]:
    """With its printer, in their own folder."""
    config = folder / "bridge.toml"
    config.write_text(BRIDGE.format(folder=folder))
    printer = ("simulate", "--link", str(folder / "printer"), "--speed", "1", "--profile", "prusa-mk3s")
    heat = ("--log", str(folder / "executed.log"))
    with (
        _process(folder, (*printer, *heat), folder / "printer"),
        _process(folder, ("run", "--config", str(config)), folder / "bridge.sock"),
    ):
        yield


@contextmanager
def _process(folder: Path, arguments: Sequence[str], appears: Path) -> Iterator[None]:
    with (folder / f"{arguments[0]}.log").open("wb") as log:
        command = [sys.executable, "-m", "firmware_bridge", *arguments]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, env=dict(os.environ))
    try:
        deadline_s = time.monotonic() + PATIENCE_S
        while not appears.exists():
            if process.poll() is not None or time.monotonic() > deadline_s:
                raise KioskError(f"`{arguments[0]}` did not start: {(folder / f'{arguments[0]}.log').read_text()}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            process.kill()
            process.wait()


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]

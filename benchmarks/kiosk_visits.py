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
from benchmarks.drivers.kiosk_driver import WARM
from benchmarks.hosts import ROOT
from benchmarks.report import Goal, Listing, Result, Table
from benchmarks.virtual_screen import CONFIG, HEIGHT_PX, WIDTH_PX, KioskError, virtual_screen

PATIENCE_S: Final = 30.0
LOOK_S: Final = 0.05
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
LEAST: Final = 2 * WARM
"""Visits."""
_TIMES: Final = ("tap_to_model_s", "tap_to_model_cpu_s", "touch_s", "touch_cpu_s")
_SHOWN: Final = 5
_PARTS: Final = {
    "passed": "passed_s",
    "processor": "cpu_s",
    "of it the loop's": "own_cpu_s",
    "queued": "queued_s",
    "collector": "collecting_s",
    "finger": "finger_s",
    "clock": "clock_s",
    "drawing": "drawing_s",
}
"""What `loop_turns.Turn` knows, in ms."""


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
    ms = {name: [1000 * value for value in figures[name]] for name in figures if name in _TIMES}
    memory = figures["memory_mib"]
    grown_mib = max(memory) - memory[0]
    fps, attract, idle = figures["frames_per_s"], figures["attract_cpu"], figures["idle_cpu"]
    longest, heaviest = figures["longest"], figures["heaviest"]
    tap_ms, turn_ms, p99_ms = max(ms["tap_to_model_s"]), 1000 * longest[0]["passed_s"], _p99(ms["touch_s"])
    return Result(
        title="The kiosk at work",
        facts={
            "screen": f"Xvfb, {WIDTH_PX} × {HEIGHT_PX}, software GL on one processor (LP_NUM_THREADS={THREADS})",
            "touches": "given to Kivy inside the process; timed from the last turn's end until the frame is there",
            "beside it": "a bridge that streams to a simulated printer, on the same processors",
            "visits": str(visits),
            "a turn's time": "*processor* is that of all threads; *queued* is how long loop or rasteriser waited "
            "for a processor that others had; *finger*, *clock* and *drawing* part what passed",
        },
        tables=(
            _both("Tap on a card to its model, opened for the first time", ms, "tap_to_model"),
            _both("Touch to the next frame, while a job prints", ms, "touch"),
            _turns("The turns of the loop that took longest, in ms", longest),
            _turns("The turns of the loop that worked most, in ms", heaviest),
            Table("While a finger turns a model of 90,000 triangles", "frames/s", {"kiosk": [fps]}, digits=1),
            Table("The same", "ms of processor a frame", {"kiosk": [1000 * figures["frame_cpu_s"]]}, digits=1),
            Table(
                "Nobody touches it",
                "% of a processor",
                {"attract, where a model turns": [100 * attract], "collection": [100 * idle]},
                digits=1,
            ),
            Table(f"Resident memory, from visit {WARM} to the last", "MiB", {"kiosk": memory}),
        ),
        goals=(
            Goal(f"tap to model {TAP_MS:.0f} ms", f"{tap_ms:.0f} ms at most", tap_ms <= TAP_MS),
            Goal(f"{FRAMES_PER_S:.0f} frames/s turning it", f"{fps:.1f}", fps >= FRAMES_PER_S),
            Goal(f"no turn of the loop over {STALL_MS:.0f} ms", f"{turn_ms:.0f} ms", turn_ms <= STALL_MS),
            Goal(f"touch p99 under {TOUCH_MS:.0f} ms", f"{p99_ms:.0f} ms", p99_ms < TOUCH_MS),
            Goal(
                f"idle under {100 * IDLE_SHARE:.0f} % of a core, also where a model turns",
                f"{100 * max(attract, idle):.1f} %",
                max(attract, idle) < IDLE_SHARE,
            ),
            Goal(
                f"memory under {MEMORY_MIB:.0f} MiB, and flat to {FLAT_MIB:.0f}",
                f"{max(memory):.0f} MiB, {grown_mib:+.0f}",
                max(memory) < MEMORY_MIB and grown_mib < FLAT_MIB,
            ),
        ),
    )


def _both(title: str, ms: Mapping[str, list[float]], name: str) -> Table:
    """What passed, and what the processor did in it."""
    return Table(title, "ms", {"passed": ms[f"{name}_s"], "of processor": ms[f"{name}_cpu_s"]})


def _turns(title: str, turns: Sequence[Mapping[str, Any]]) -> Listing:
    rows = [[turn["step"], *(f"{1000 * turn[part]:.0f}" for part in _PARTS.values())] for turn in turns[:_SHOWN]]
    return Listing(title, ["what was on", *_PARTS], rows)


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
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_S)
            if process.poll() is not None or time.monotonic() > deadline_s:
                raise KioskError(f"`{arguments[0]}` did not start: {(folder / f'{arguments[0]}.log').read_text()}")
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

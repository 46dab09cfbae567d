"""From the start of the kiosk's process to its first picture, seen in the virtual screen's own memory."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.process_tree import tree_usage
from benchmarks.report import Goal, Result, Table
from benchmarks.virtual_screen import (
    HEIGHT_PX,
    WIDTH_PX,
    KioskError,
    VirtualScreen,
    kiosk_process,
    last_words,
    virtual_screen,
)

PATIENCE_S: Final = 60.0
GOAL_S: Final = 1.5


def run(collection: Path, scratch: Path, rounds: int, say: Callable[[str], None]) -> Result:
    """Start it so often. Raises KioskError where it cannot be started here."""
    times, worked = [], []
    for turn in range(rounds):
        folder = scratch / f"kiosk-{turn}"
        folder.mkdir()
        passed_s, cpu_s = _start(folder, collection)
        times.append(passed_s)
        worked.append(cpu_s)
        say(f"  round {turn + 1} of {rounds}: {passed_s:.2f} s, {cpu_s:.2f} s of processor")
    slowest = max(times)
    return Result(
        title="The kiosk, from process start to its first picture",
        facts={
            "screen": f"Xvfb, {WIDTH_PX} × {HEIGHT_PX}, software GL",
            "measured": "until half of the screen is no longer black; no bridge runs beside it",
            "rounds": str(rounds),
        },
        tables=(
            Table("Process start to first picture", "s", {"passed": times, "of processor": worked}, digits=2),
        ),
        goals=(Goal(f"{GOAL_S} s, every time", f"{slowest:.2f} s at most", slowest <= GOAL_S),),
    )


def _start(folder: Path, collection: Path) -> tuple[float, float]:
    """Seconds that passed, and seconds of processor."""
    with virtual_screen(folder) as (screen, environment):
        begin_s = time.monotonic()
        with kiosk_process(folder, collection, environment) as kiosk:
            return _until_painted(screen, kiosk, begin_s, folder), tree_usage(kiosk.pid).cpu_s


def _until_painted(screen: VirtualScreen, kiosk: subprocess.Popen[bytes], begin_s: float, folder: Path) -> float:
    while screen.painted() < 0.5:
        if kiosk.poll() is not None:
            raise KioskError(f"the kiosk ended with exit code {kiosk.returncode}: {last_words(folder)}")
        if time.monotonic() - begin_s > PATIENCE_S:
            raise KioskError(f"nothing on the screen after {PATIENCE_S:.0f} s")
        time.sleep(0.005)
    return time.monotonic() - begin_s

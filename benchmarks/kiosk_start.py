"""From the start of the kiosk's process to its first picture, seen in the virtual screen's own memory."""

import mmap
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.hosts import ROOT
from benchmarks.options import Options
from benchmarks.report import Goal, Result, Table

WIDTH_PX: Final = 1280
HEIGHT_PX: Final = 800
BYTES_PER_PIXEL: Final = 4
SAMPLES: Final = 500
"""Pixels that are looked at, spread over the whole screen."""
PATIENCE_S: Final = 60.0
GOAL_S: Final = 1.5
CONFIG: Final = """\
bridge = "{folder}/bridge.sock"
collection = "{collection}"
session = "{folder}/session"
worker = ["{python}", "-m", "catalogue", "worker"]
[screen]
width_px = {width}
height_px = {height}
diagonal_inch = 10.1
fullscreen = false
"""


class KioskError(Exception):
    """The kiosk could not be measured; the message says why."""


class VirtualScreen:
    """What Xvfb shows, read from its memory: the kiosk is not asked and not disturbed."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        # An XWD header: its own size first, the number of colours (12 bytes each) as the twentieth word.
        words = struct.unpack(">25I", memory[:100])
        pixels = words[0] + words[19] * 12
        step = WIDTH_PX * HEIGHT_PX // SAMPLES
        self._offsets = [pixels + i * step * BYTES_PER_PIXEL for i in range(SAMPLES)]

    def painted(self) -> float:
        """The share of the screen that is no longer black."""
        return sum(any(self._memory[o : o + 3]) for o in self._offsets) / SAMPLES


@contextmanager
def virtual_screen(folder: Path) -> Iterator[tuple[VirtualScreen, dict[str, str]]]:
    """A black screen and the environment to use it."""
    server_program = shutil.which("Xvfb")
    if server_program is None:
        raise KioskError("'Xvfb' is missing: install the Debian package 'xvfb'")
    read, write = os.pipe()
    screen = f"{WIDTH_PX}x{HEIGHT_PX}x24"
    server = subprocess.Popen(
        [server_program, "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp", "-fbdir", folder],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        with (
            (folder / "Xvfb_screen0").open("rb") as file,
            mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory,
        ):
            yield VirtualScreen(memory), {**os.environ, "DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait(10)


def run(options: Options) -> list[Result]:
    """One result, or none where the kiosk cannot be started here."""
    if not (options.collection / "collection.json").exists():
        options.leave_out("the kiosk: there is no collection; `make collection` builds it")
        return []
    try:
        times = [_start(options, turn) for turn in range(options.runs)]
    except KioskError as error:
        options.leave_out(error)
        return []
    slowest = max(times)
    return [
        Result(
            name="kiosk_start",
            title="The kiosk, from process start to its first picture",
            facts={
                "screen": f"Xvfb, {WIDTH_PX} × {HEIGHT_PX}, software GL",
                "measured": "until half of the screen is no longer black; no bridge runs beside it",
                "rounds": str(options.runs),
            },
            tables=(Table("Process start to first picture", "s", {"kiosk": times}, digits=2),),
            goals=(Goal(f"{GOAL_S} s, every time", f"{slowest:.2f} s at most", slowest <= GOAL_S),),
        )
    ]


def _start(options: Options, turn: int) -> float:
    folder = options.scratch / f"kiosk-{turn}"
    folder.mkdir()
    config = folder / "kiosk.toml"
    values = {"folder": folder, "collection": options.collection, "python": sys.executable}
    config.write_text(CONFIG.format(**values, width=WIDTH_PX, height=HEIGHT_PX))
    log = folder / "kiosk.log"
    with virtual_screen(folder) as (screen, environment), log.open("wb") as output:
        begin_s = time.monotonic()
        kiosk = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "--config", config],
            env=environment,
            stdout=output,
            stderr=output,
            cwd=ROOT,
        )
        try:
            seconds = _until_painted(screen, kiosk, begin_s, log)
        finally:
            kiosk.terminate()
            try:
                kiosk.wait(10)
            except subprocess.TimeoutExpired:
                kiosk.kill()
                kiosk.wait()
    options.say(f"  round {turn + 1} of {options.runs}: {seconds:.2f} s")
    return seconds


def _until_painted(screen: VirtualScreen, kiosk: subprocess.Popen[bytes], begin_s: float, log: Path) -> float:
    while screen.painted() < 0.5:
        if kiosk.poll() is not None:
            words = " / ".join(log.read_text(errors="replace").strip().splitlines()[-3:])
            raise KioskError(f"the kiosk ended with exit code {kiosk.returncode}: {words}")
        if time.monotonic() - begin_s > PATIENCE_S:
            raise KioskError(f"nothing on the screen after {PATIENCE_S:.0f} s")
        time.sleep(0.005)
    return time.monotonic() - begin_s

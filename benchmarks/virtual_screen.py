"""A screen without a monitor, and the kiosk on it."""

import mmap
import os
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.hosts import ROOT

WIDTH_PX: Final = 1280
HEIGHT_PX: Final = 800
BYTES_PER_PIXEL: Final = 4
SAMPLES: Final = 500
"""Pixels that are looked at, spread over the whole screen."""
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
    """The kiosk could not be shown; the message says why."""


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
    """A black screen and the environment to use it. Raises KioskError."""
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
        start_new_session=True,
    )
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        with (
            (folder / "Xvfb_screen0").open("rb") as file,
            mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory,
        ):
            yield VirtualScreen(memory), {**os.environ, "DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11"}
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def kiosk_process(
    folder: Path, collection: Path, environment: Mapping[str, str], arguments: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """The kiosk, alone with the collection: no bridge runs beside it. Its log is `folder`/kiosk.log."""
    config = folder / "kiosk.toml"
    values = {"folder": folder, "collection": collection, "python": sys.executable}
    config.write_text(CONFIG.format(**values, width=WIDTH_PX, height=HEIGHT_PX))
    with (folder / "kiosk.log").open("wb") as output:
        kiosk = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "--config", config, *arguments],
            env=dict(environment),
            stdout=output,
            stderr=output,
            cwd=ROOT,
            start_new_session=True,
        )
    try:
        yield kiosk
    finally:
        if kiosk.poll() is None:
            os.killpg(kiosk.pid, signal.SIGTERM)
            try:
                kiosk.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(kiosk.pid, signal.SIGKILL)
                kiosk.wait()


def last_words(folder: Path) -> str:
    """Of the kiosk that runs, or ran, in that folder."""
    return " / ".join((folder / "kiosk.log").read_text(errors="replace").strip().splitlines()[-3:])

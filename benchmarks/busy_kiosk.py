"""A kiosk that draws as fast as it can: a finger turns a model without end, on a virtual screen."""

import contextlib
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.process_tree import tree_usage
from benchmarks.virtual_screen import KioskError, kiosk_process, last_words, virtual_screen

THREADS: Final = "1"
"""LP_NUM_THREADS: software GL draws on one processor, as on the appliance."""
PATIENCE_S: Final = 30.0
LOOK_S: Final = 0.2
STEP_S: Final = 0.012
"""Between two places of the finger: more often than a frame is drawn."""
STEPS: Final = 200
TOWARDS_MODEL: Final = ("still-here", "close", "wake", "card:")
"""What to press until a model is on the screen, by the beginning of its name."""


class BusyKiosk:
    """Stopped (SIGSTOP) except inside `drawing`."""

    def __init__(
        self, process: subprocess.Popen[bytes], folder: Path, environment: Mapping[str, str], finger: str
    ) -> None:
        self._process = process
        self._folder = folder
        self._environment = environment
        self._finger = finger

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """It turns a model meanwhile. Raises KioskError."""
        os.killpg(self._process.pid, signal.SIGCONT)
        try:
            x, y, radius = self._until_a_model_is_there()
            with self._turning(x, y, radius):
                yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGSTOP)

    def cpu_s(self) -> float:
        """What it has used until now."""
        return tree_usage(self._process.pid).cpu_s

    def _until_a_model_is_there(self) -> tuple[int, int, int]:
        """Centre and radius of where it can be turned, in pixels."""
        deadline_s = time.monotonic() + PATIENCE_S
        widgets: dict[str, dict[str, Any]] = {}
        while time.monotonic() < deadline_s:
            if self._process.poll() is not None:
                raise KioskError(f"the kiosk ended: {last_words(self._folder)}")
            widgets = self._look()
            if view := widgets.get("model-view"):
                return (*_centre(view), round(min(view["width"], view["height"]) / 4))
            self._press_one_of(widgets)
            time.sleep(LOOK_S)
        there = ", ".join(widgets) or "nothing"
        raise KioskError(f"the kiosk showed no model within {PATIENCE_S:.0f} s; on its screen: {there}")

    def _look(self) -> dict[str, dict[str, Any]]:
        """What can be pressed, by name; nothing while it does not answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE_S)
            if connection.connect_ex(str(_inspection(self._folder))):
                return {}
            connection.sendall(b"look\n")
            answer = json.loads(connection.makefile("rb").readline())
        return {widget["name"]: widget for widget in answer["widgets"] if widget["enabled"]}

    def _press_one_of(self, widgets: dict[str, dict[str, Any]]) -> None:
        for prefix in TOWARDS_MODEL:
            for name, widget in widgets.items():
                if name.startswith(prefix):
                    x, y = _centre(widget)
                    place = ("mousemove", str(x), str(y), "sleep", "0.05")
                    press = ("mousedown", "1", "sleep", "0.08", "mouseup", "1")
                    subprocess.run([self._finger, *place, *press], env=dict(self._environment), check=True)
                    return

    @contextmanager
    def _turning(self, x: int, y: int, radius: int) -> Iterator[None]:
        steps = ["mousemove", str(x + radius), str(y), "mousedown", "1"]
        for i in range(STEPS):
            angle = 4 * math.pi * i / STEPS
            place = (round(x + radius * math.cos(angle)), round(y + radius * math.sin(angle)))
            steps += ["mousemove", *map(str, place), "sleep", str(STEP_S)]
        steps += ["mouseup", "1"]
        command = ["sh", "-c", 'while "$0" "$@"; do :; done', self._finger, *steps]
        finger = subprocess.Popen(command, env=dict(self._environment), start_new_session=True)
        try:
            yield
        finally:
            os.killpg(finger.pid, signal.SIGKILL)
            finger.wait()
            subprocess.run([self._finger, "mouseup", "1"], env=dict(self._environment), check=True)


@contextmanager
def busy_kiosk(folder: Path, collection: Path) -> Iterator[BusyKiosk]:
    """Start it, and stop it until it shall draw. Raises KioskError."""
    finger = shutil.which("xdotool")
    if finger is None:
        raise KioskError("'xdotool' is missing: install the Debian package 'xdotool'")
    if not (collection / "collection.json").exists():
        raise KioskError("there is no collection for the kiosk; `make collection` builds it")
    folder.mkdir()
    arguments = ("--inspect", str(_inspection(folder)))
    with (
        virtual_screen(folder) as (_screen, environment),
        kiosk_process(folder, collection, {**environment, "LP_NUM_THREADS": THREADS}, arguments) as process,
    ):
        kiosk = BusyKiosk(process, folder, environment, finger)
        try:
            with kiosk.drawing():
                pass
            yield kiosk
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)


def _inspection(folder: Path) -> Path:
    return folder / "inspect.sock"


def _centre(widget: dict[str, Any]) -> tuple[int, int]:
    return round(widget["x"] + widget["width"] / 2), round(widget["y"] + widget["height"] / 2)

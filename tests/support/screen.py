"""A screen without a monitor, and a finger on it: Xvfb, and X events sent by xdotool."""

import ctypes
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.programs import program
from support.waiting import until

# Shorter presses were lost on the way through X and SDL.
PRESS_S = 0.08
REST_S = 5.0


@contextmanager
def xvfb(folder: Path, width_px: int = 1280, height_px: int = 800) -> Iterator[dict[str, str]]:
    """A virtual screen; yields the environment that programs need to use it."""
    read, write = os.pipe()
    command = [program("Xvfb"), "-displayfd", str(write), "-screen", "0", f"{width_px}x{height_px}x24"]
    with (folder / "xvfb.log").open("wb") as log:
        server = subprocess.Popen([*command, "-nolisten", "tcp"], pass_fds=(write,), stdout=log, stderr=log)
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        assert number, f"Xvfb did not start: {(folder / 'xvfb.log').read_text()}"
        # The driver is named because tests of the kiosk in this process choose another, for want of a screen.
        yield {"DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11"}
    finally:
        server.terminate()
        server.wait(10)


def close_windows(display: dict[str, str]) -> None:
    """What a window manager's close button does: each window is asked (WM_DELETE_WINDOW)."""
    environment = {**os.environ, **display}
    command = [program("xdotool"), "search", "--onlyvisible", "--class", "python"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    server = ctypes.c_void_p(x11.XOpenDisplay(display["DISPLAY"].encode()))
    protocols, delete = (x11.XInternAtom(server, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    for window in map(int, found.stdout.split()):
        data = (ctypes.c_long * 5)(delete)
        message = _ClientMessage(type=33, window=window, message_type=protocols, format=32, data=data)
        x11.XSendEvent(server, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(message))
    x11.XCloseDisplay(server)


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent, as large as any XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 12),
    )


@dataclass(frozen=True)
class Widget:
    """Something on the kiosk's screen, in pixels from the top left."""

    name: str
    text: str
    x: float
    y: float
    width: float
    height: float
    enabled: bool
    settled: bool

    @property
    def centre(self) -> tuple[int, int]:
        """Where a finger goes."""
        return round(self.x + self.width / 2), round(self.y + self.height / 2)


@dataclass(frozen=True)
class View:
    """What the kiosk says is on its screen."""

    screen: str
    language: str
    widgets: tuple[Widget, ...]

    def find(self, pattern: str) -> Widget | None:
        """The first enabled widget whose whole name matches the regular expression."""
        return next((w for w in self.widgets if w.enabled and re.fullmatch(pattern, w.name)), None)

    @property
    def is_settled(self) -> bool:
        """All models stand still, and sharply."""
        return all(w.settled for w in self.widgets)

    @property
    def words(self) -> str:
        """All texts, for looking whether something is said."""
        return "\n".join(w.text for w in self.widgets)


class Finger:
    """Presses what a visitor would see. The kiosk's inspection socket only tells where things are."""

    def __init__(self, environment: dict[str, str], inspect_socket: Path) -> None:
        self._environment = {**os.environ, **environment}
        self._inspect_socket = inspect_socket

    def look(self) -> View:
        """What is on the screen now."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self._inspect_socket))
            connection.sendall(b"look\n")
            answer: dict[str, Any] = json.loads(connection.makefile("rb").readline())
        fields = Widget.__dataclass_fields__
        widgets = tuple(Widget(**{k: v for k, v in w.items() if k in fields}) for w in answer["widgets"])
        return View(answer["screen"], answer["language"], widgets)

    def wait_for(self, screen: str, timeout_s: float = 30) -> View:
        """Until that screen is shown."""
        return until(lambda: self._if_on(screen), timeout_s, f"screen '{screen}'; on {self.look().screen}", 0.1)

    def press(self, pattern: str, timeout_s: float = 15) -> None:
        """Press the widget of that name once it is there and stands still."""
        x, y = until(lambda: self._settled(pattern), timeout_s, f"'{pattern}' to press", 0.05)
        self.press_at(x, y)

    def press_at(self, x: int, y: int) -> None:
        """Press that pixel."""
        self._xdotool("mousemove", str(x), str(y), "sleep", "0.05", "mousedown", "1")
        time.sleep(PRESS_S)
        self._xdotool("mouseup", "1")

    def put_down(self, x: int, y: int) -> None:
        """On that pixel, and stay there."""
        self._xdotool("mousemove", str(x), str(y), "sleep", "0.05", "mousedown", "1")

    def lift(self) -> None:
        """Let go."""
        self._xdotool("mouseup", "1")

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 12) -> None:
        """Slide from one pixel to another."""
        self._xdotool("mousemove", *map(str, start), "sleep", "0.05", "mousedown", "1")
        for i in range(1, steps + 1):
            x = round(start[0] + (end[0] - start[0]) * i / steps)
            y = round(start[1] + (end[1] - start[1]) * i / steps)
            self._xdotool("mousemove", str(x), str(y), "sleep", "0.03")
        self._xdotool("mouseup", "1")

    def type(self, text: str) -> None:
        """Type on the kiosk's own keyboard, which makes the first letter a capital by itself."""
        for letter in text.lower():
            self.press(f"key:{re.escape(letter)}")

    def picture(self, path: Path) -> None:
        """The whole screen as a PNG, when it has come to rest; what never rests is taken as it moves."""
        deadline = time.monotonic() + REST_S
        before, now = b"", self._shot()
        while (before != now or not self.look().is_settled) and time.monotonic() < deadline:
            before, now = now, self._shot()
        path.write_bytes(now)

    def _shot(self) -> bytes:
        # Without dates in the file, so that two pictures of the same thing are the same.
        command = [program("import"), "-window", "root", "-define", "png:exclude-chunks=date,time", "png:-"]
        return subprocess.run(command, env=self._environment, check=True, capture_output=True).stdout

    def _if_on(self, screen: str) -> View | None:
        view = self.look()
        return view if view.screen == screen else None

    def _settled(self, pattern: str) -> tuple[int, int] | None:
        before = self.look().find(pattern)
        after = self.look().find(pattern) if before else None
        return after.centre if before and after and before.centre == after.centre else None

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run([program("xdotool"), *arguments], env=self._environment, check=True)

"""`python -m benchmarks.drivers.kiosk_driver CONFIG VISITS`: a kiosk that is touched from inside, and timed.

The application and its loop are the real ones, on the real collection, with a bridge beside it; only the finger
is made up. A touch is timed from where Kivy gets it until the loop has put the next frame on the glass. One line
of JSON tells the figures: seconds, MiB, frames a second.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from kiosk.config import read_config

PATIENCE_S: Final = 60.0
FRAMES: Final = 300
TOUCHES: Final = 200
IDLE_S: Final = 20.0


class Kiosk:
    """The running application. `stalls` are how long each turn of its loop took, in seconds."""

    def __init__(self, config: Path) -> None:
        read = read_config(config)
        from kiosk.ui import environment

        environment.prepare(read.screen)
        from kivy.base import EventLoop
        from kivy.core.window import Window

        from kiosk.ui.app import KioskApp
        from kiosk.ui.fonts import find_fonts
        from kiosk.ui.theme import Theme

        self.app = KioskApp(read, Theme(read.screen, find_fonts()))
        self._loop, self._window = EventLoop, Window
        self.stalls: list[float] = []
        self.app._run_prepare()

    def turn(self) -> None:
        """One turn of the loop: clock, input, a frame where something changed."""
        begin_s = time.perf_counter()
        self._loop.idle()
        self.stalls.append(time.perf_counter() - begin_s)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Turn until it is so. Raises TimeoutError."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"not within {PATIENCE_S:.0f} s: {what}; on '{self.screen}'")
            self.turn()

    @property
    def screen(self) -> str:
        """Its name."""
        view = self.app.surface.view
        return view.screen if view else ""

    def place(self, name: str) -> tuple[float, float] | None:
        """The middle of what can be pressed by that beginning of its name, origin bottom left."""
        for widget in self.app.snapshot()["widgets"]:
            if widget["name"].startswith(name) and widget["enabled"]:
                x = widget["x"] + widget["width"] / 2
                return x, self._window.height - widget["y"] - widget["height"] / 2
        return None

    def press(self, name: str) -> float:
        """Down and up; seconds from the lifting of the finger to the next frame."""
        self.until(lambda: self.place(name), f"'{name}' to press")
        finger = self.finger(name)
        finger.touch_down()
        self.turn()
        begin_s = time.perf_counter()
        finger.touch_up()
        self.turn()
        return time.perf_counter() - begin_s

    def finger(self, name: str) -> Any:
        """One over that."""
        from kivy.tests.common import UnitTestTouch

        place = self.place(name)
        if place is None:
            raise LookupError(f"nothing to press is called '{name}'; on '{self.screen}'")
        return UnitTestTouch(*place)


def main() -> None:
    """Touch it, and say what it took."""
    config, visits = Path(sys.argv[1]), int(sys.argv[2])
    kiosk = Kiosk(config)
    kiosk.until(lambda: (s := kiosk.app.model.world.state) and s.printer.connected, "the printer")
    figures = {
        "attract_cpu": _attract(kiosk),
        "idle_cpu": _collection(kiosk),
        "tap_to_model_s": _models(kiosk),
        **_turning(kiosk),
        "memory_mib": _visits(kiosk, visits),
        "touch_s": _touches_beside_a_print(kiosk),
        "stall_s": max(kiosk.stalls),
    }
    kiosk.app.on_stop()
    print(json.dumps(figures))


def _attract(kiosk: Kiosk) -> float:
    """The share of one processor where a model turns and rests."""
    kiosk.until(lambda: kiosk.screen == "attract", "attract")
    return _idle(kiosk)


def _collection(kiosk: Kiosk) -> float:
    """The same where nothing moves."""
    kiosk.press("wake")
    kiosk.until(lambda: kiosk.screen == "collection", "the collection")
    return _idle(kiosk)


def _idle(kiosk: Kiosk) -> float:
    begin_s, begin_cpu_s = time.monotonic(), time.process_time()
    while time.monotonic() - begin_s < IDLE_S:
        kiosk.turn()
    kiosk.stalls.clear()
    return (time.process_time() - begin_cpu_s) / (time.monotonic() - begin_s)


def _models(kiosk: Kiosk) -> list[float]:
    """Of every card on the first page, opened for the first time."""
    names = [w["name"] for w in kiosk.app.snapshot()["widgets"] if w["name"].startswith("card:")]
    taps = []
    for name in names:
        taps.append(kiosk.press(name))
        if kiosk.screen != "model":
            raise LookupError(f"'{name}' led to '{kiosk.screen}'")
        kiosk.press("home")
        kiosk.until(lambda: kiosk.place(names[0]), "the collection")
    return taps


def _turning(kiosk: Kiosk) -> dict[str, float]:
    """A finger that turns the first model."""
    kiosk.press("card:")
    kiosk.until(lambda: kiosk.place("model-view"), "a model")
    for _ in range(30):
        kiosk.turn()
    finger = kiosk.finger("model-view")
    finger.touch_down()
    x, y = finger.x, finger.y
    begin_s, begin_cpu_s = time.monotonic(), time.process_time()
    for frame in range(FRAMES):
        finger.touch_move(x + (frame % 100) * 2 - 100, y + frame % 30)
        kiosk.turn()
    passed_s, cpu_s = time.monotonic() - begin_s, time.process_time() - begin_cpu_s
    finger.touch_up()
    kiosk.press("home")
    return {"frames_per_s": FRAMES / passed_s, "cpu_per_frame_s": cpu_s / FRAMES}


def _visits(kiosk: Kiosk, count: int) -> list[float]:
    """Resident memory after the first ten visits and after all: in, a model, its size and layers, home."""
    memory = []
    for visit in range(count):
        kiosk.press("card:")
        kiosk.press("look:size")
        kiosk.press("look:layers")
        kiosk.press("home")
        if visit in (9, count - 1):
            memory.append(_resident_mib())
    return memory


def _touches_beside_a_print(kiosk: Kiosk) -> list[float]:
    """To the print and back to the collection, while the bridge streams."""
    kiosk.press("card:")
    kiosk.press("print")
    kiosk.press("plate-empty")
    kiosk.until(lambda: kiosk.screen == "watch", "the print")
    kiosk.until(lambda: (t := kiosk.app.model.world.telemetry) and t.progress and t.progress.line, "lines")
    touches = []
    for _ in range(TOUCHES // 2):
        touches.append(kiosk.press("home"))
        touches.append(kiosk.press("watch"))
    return touches


def _resident_mib() -> float:
    words = Path("/proc/self/statm").read_text().split()
    return int(words[1]) * 4096 / 2**20


if __name__ == "__main__":
    main()

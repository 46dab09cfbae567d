"""`python -m benchmarks.drivers.kiosk_driver CONFIG VISITS`: a kiosk that is touched from inside, and timed.

The application and its loop are the real ones, on the real collection, with a bridge beside it; only the finger
is made up. A touch is timed from the end of the last turn of the loop until its own frame is on the glass. One
line of JSON tells the figures: seconds, MiB, frames a second. What passed on a busy machine says little; what the
processor did says more.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.drivers.loop_turns import Turn, TurnMeter
from kiosk.config import read_config

PATIENCE_S: Final = 60.0
FRAMES: Final = 300
TOUCHES: Final = 200
IDLE_S: Final = 60.0
"""As long as the attract screen's model takes to turn and to rest."""
WARM: Final = 30
"""Visits after which every card of the page was opened a few times."""
WORST: Final = 20
"""Turns that are told of."""
HEAVIEST: Final = "card:bibkat"
"""Of 90,000 triangles."""


class Kiosk:
    """The running application. `meter` knows what each turn of its loop took."""

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
        self._window = Window
        self.app._run_prepare()
        self.meter = TurnMeter(EventLoop, Window)
        self._step, self._turns_of_step = "start", 0

    def turn(self, touch: Callable[[], None] | None = None) -> Turn:
        """One turn of the loop: clock, input (that touch), a frame where something changed."""
        step = f"{self._step}, turn {self._turns_of_step} of it, on {self.screen}"
        self._turns_of_step += 1
        return self.meter.measured(step, touch)

    def begin(self, step: str) -> None:
        """What the following turns belong to."""
        self._step, self._turns_of_step = step, 0

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

    def press(self, name: str) -> Turn:
        """Down and up; what passes from the lifting of the finger to the next frame."""
        self.until(lambda: self.place(name), f"'{name}' to press")
        finger = self.finger(name)
        self.begin(f"{name} is pressed")
        self.turn(finger.touch_down)
        return self.turn(finger.touch_up)

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
    kiosk.meter.turns.clear()
    figures: dict[str, object] = {"attract_cpu": _attract(kiosk), "idle_cpu": _collection(kiosk)}
    taps = _models(kiosk)
    figures |= _turning(kiosk) | {"memory_mib": _visits(kiosk, visits)}
    touches = _touches_beside_a_print(kiosk)
    for name, turns in (("tap_to_model", taps), ("touch", touches)):
        figures[f"{name}_s"] = [turn.passed_s for turn in turns]
        figures[f"{name}_cpu_s"] = [turn.cpu_s for turn in turns]
    figures |= kiosk.meter.worst(WORST)
    kiosk.app.on_stop()
    print(json.dumps(figures))


def _attract(kiosk: Kiosk) -> float:
    """The share of one processor where a model turns and rests."""
    kiosk.until(lambda: kiosk.screen == "attract", "attract")
    kiosk.begin("what the next visitor will see is made")
    kiosk.until(kiosk.app.make_ready, "that all of it is ready")
    return _idle(kiosk)


def _collection(kiosk: Kiosk) -> float:
    """The same where nothing moves."""
    kiosk.press("wake")
    kiosk.until(lambda: kiosk.screen == "collection", "the collection")
    return _idle(kiosk)


def _idle(kiosk: Kiosk) -> float:
    begin_s, begin_cpu_s = time.monotonic(), time.process_time()
    kiosk.begin("nobody touches it")
    while time.monotonic() - begin_s < IDLE_S:
        kiosk.turn()
    return (time.process_time() - begin_cpu_s) / (time.monotonic() - begin_s)


def _cards(kiosk: Kiosk) -> list[str]:
    """Of the first page."""
    return [w["name"] for w in kiosk.app.snapshot()["widgets"] if w["name"].startswith("card:")]


def _models(kiosk: Kiosk) -> list[Turn]:
    """Of every card on the first page, opened for the first time."""
    names = _cards(kiosk)
    taps = []
    for name in names:
        taps.append(kiosk.press(name))
        if kiosk.screen != "model":
            raise LookupError(f"'{name}' led to '{kiosk.screen}'")
        kiosk.press("home")
        kiosk.until(lambda: kiosk.place(names[0]), "the collection")
    return taps


def _turning(kiosk: Kiosk) -> dict[str, object]:
    """A finger that turns a model."""
    kiosk.press(HEAVIEST)
    kiosk.until(lambda: kiosk.place("model-view"), "a model")
    for _ in range(30):
        kiosk.turn()
    finger = kiosk.finger("model-view")
    kiosk.begin("a finger turns the model")
    kiosk.turn(finger.touch_down)
    x, y = finger.x, finger.y
    frames = []
    for frame in range(FRAMES):
        to = (x + (frame % 100) * 2 - 100, y + frame % 30)
        frames.append(kiosk.turn(lambda to=to: finger.touch_move(*to)))
    finger.touch_up()
    kiosk.press("home")
    return {
        "frames_per_s": len(frames) / sum(frame.passed_s for frame in frames),
        "frame_cpu_s": sum(frame.cpu_s for frame in frames) / len(frames),
    }


def _visits(kiosk: Kiosk, count: int) -> list[float]:
    """Resident memory after WARM visits and each tenth of them all: in, a model, its size and layers, home."""
    memory = []
    names = _cards(kiosk)
    for visit in range(1, count + 1):
        for name in (names[visit % len(names)], "look:size", "look:layers", "home"):
            kiosk.press(name)
        if visit == WARM or (visit > WARM and visit % (count // 10) == 0):
            memory.append(_resident_mib())
    return memory


def _touches_beside_a_print(kiosk: Kiosk) -> list[Turn]:
    """To the print and back to the collection, while the bridge streams."""
    kiosk.press("card:")
    kiosk.press("print")
    kiosk.press("plate-empty")
    kiosk.until(lambda: kiosk.screen == "watch", "the print")
    kiosk.until(lambda: (t := kiosk.app.model.world.telemetry) and t.progress and t.progress.line, "lines")
    return [kiosk.press(name) for _ in range(TOUCHES // 2) for name in ("home", "watch")]


def _resident_mib() -> float:
    words = Path("/proc/self/statm").read_text().split()
    return int(words[1]) * 4096 / 2**20


if __name__ == "__main__":
    main()

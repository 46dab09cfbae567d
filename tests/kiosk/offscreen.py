"""The kiosk's window without a screen: for tests that draw. One size a process, for Kivy has one window."""

import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.config import Config, Screen
from kiosk.domain.news import BridgeDown

SCREENS = {
    "10.1 inch wide": Screen(1280, 800, 10.1),
    "10.1 inch": Screen(1024, 600, 10.1),
    "7 inch": Screen(1024, 600, 7.0),
}


def prepare(screen: Screen) -> None:
    """Before anything of Kivy is imported."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from kiosk.ui import environment

    environment.prepare(screen)
    logging.getLogger("kivy").setLevel(logging.WARNING)


class Driver:
    """A running application, and fingers on it."""

    def __init__(self, app: Any) -> None:
        from kivy.base import EventLoop
        from kivy.core.window import Window

        self.app, self._loop, self.window = app, EventLoop, Window

    def frames(self, count: int = 3) -> None:
        """Let it draw."""
        for _ in range(count):
            self._loop.idle()

    def rest(self) -> None:
        """Draw until nothing that comes or goes is on its way any more."""
        from kivy.animation import Animation

        self.frames(1)
        self.until(lambda: not Animation._instances, "everything in its place")

    def until(self, condition: Callable[[], Any], what: str, timeout_s: float = 30.0) -> Any:
        """Draw until it is so; AssertionError naming `what` when it does not come."""
        deadline = time.monotonic() + timeout_s
        while not (value := condition()):
            assert time.monotonic() < deadline, f"not within {timeout_s:g} s: {what}; {self.words()}"
            self._loop.idle()
        return value

    def screen(self) -> str:
        """The screen's name."""
        return str(self.app.snapshot()["screen"])

    def on(self, screen: str, timeout_s: float = 30.0) -> None:
        """Until that screen is shown."""
        self.until(lambda: self.screen() == screen, f"the screen '{screen}'", timeout_s)
        self.frames()

    def widget(self, name: str) -> dict[str, Any] | None:
        """What can be pressed or read by that name."""
        return next((w for w in self.app.snapshot()["widgets"] if re.fullmatch(name, w["name"])), None)

    def words(self) -> str:
        """Everything that is said."""
        told = self.app.snapshot()
        return f"on {told['screen']}: " + " | ".join(w["text"] for w in told["widgets"] if w["text"])

    def press(self, name: str, timeout_s: float = 15.0) -> None:
        """With a finger, in the middle, once it can be pressed."""
        self.until(lambda: (self.widget(name) or {}).get("enabled"), f"'{name}' to press", timeout_s)
        found = self.widget(name)
        assert found
        x = found["x"] + found["width"] / 2
        self.touch(x, self.window.height - found["y"] - found["height"] / 2)

    def touch(self, x: float, y: float) -> None:
        """Down and up at a point, origin bottom left."""
        finger = self.finger(x, y)
        finger.touch_down()
        self.frames(2)
        finger.touch_up()
        self.frames(2)

    def finger(self, x: float, y: float) -> Any:
        """One that is moved by hand."""
        from kivy.tests.common import UnitTestTouch

        return UnitTestTouch(x, y)

    def picture(self, path: Path) -> Path:
        """What is on the glass, as a PNG."""
        self.frames(2)
        return Path(self.window.screenshot(str(path)))


@contextmanager
def kiosk(
    screen: Screen,
    folder: Path,
    collection: Path,
    bridge: Path | None = None,
    worker: Sequence[str] = ("sleep", "600"),
    clock: Callable[[], datetime] = datetime.now,
    uptime: Callable[[], float] = time.monotonic,
    practice: Sequence[str] = (),
) -> Iterator[Driver]:
    """The application in this process, started, and stopped at the end."""
    prepare(screen)
    from kivy.base import EventLoop
    from kivy.core.window import Window

    from kiosk.ui.app import KioskApp
    from kiosk.ui.fonts import find_fonts
    from kiosk.ui.theme import Theme

    config = Config(
        bridge=str(bridge or folder / "no.sock"),
        collection=str(collection),
        session=str(folder / "session"),
        worker=tuple(worker),
        screen=screen,
        practice=tuple(practice),
    )
    app = KioskApp(config, Theme(screen, find_fonts()), clock=clock, uptime=uptime)
    heard: list[Any] = []
    handle = app.handle
    app.handle = lambda event: (heard.append(type(event)), handle(event))
    app._run_prepare()
    EventLoop.idle()
    assert tuple(Window.size) == (screen.width_px, screen.height_px), f"the window is {Window.size}"
    driver = Driver(app)
    if bridge is None:
        # The bridge's thread says so once; a test that makes up a bridge must not hear it in the middle.
        driver.until(lambda: BridgeDown in heard, "no bridge")
    try:
        yield driver
    finally:
        app.on_stop()
        for child in list(Window.children):
            Window.remove_widget(child)

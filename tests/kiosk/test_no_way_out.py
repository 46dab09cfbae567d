"""Real X events on a real window: no key, no combination and no press leads out of the kiosk."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from offscreen import Driver
from support.programs import program, running
from support.screen import Finger, xvfb
from support.waiting import until

LONG_PRESS_S = 4.0
SHORTCUTS = (
    *("F1", "F2", "F5", "F8", "F10", "F11", "F12", "Escape", "Menu", "Super_L", "Print", "Pause", "Home"),
    *("alt+F4", "alt+Tab", "alt+F1", "ctrl+q", "ctrl+w", "ctrl+c", "ctrl+e", "ctrl+z", "ctrl+d", "ctrl+shift+t"),
    *("ctrl+alt+Delete", "ctrl+alt+BackSpace", "ctrl+alt+t", "ctrl+alt+F1", "ctrl+alt+F3", "ctrl+Escape"),
    *("super+l", "super+r", "alt+space", "shift+F10", "XF86PowerOff", "XF86Back"),
)


Started = tuple[Finger, Path, subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def kiosk_on_x(tmp_path_factory: pytest.TempPathFactory, collection: Path) -> Iterator[Started]:
    """A kiosk that fills a screen of X, as cage gives it one."""
    folder = tmp_path_factory.mktemp("x")
    config = folder / "kiosk.toml"
    config.write_text(
        f'bridge = "{folder}/no.sock"\ncollection = "{collection}"\nsession = "{folder}/session"\n'
        'worker = ["true"]\n[screen]\nwidth_px = 1280\nheight_px = 800\ndiagonal_inch = 10.1\nfullscreen = true\n'
    )
    with xvfb(folder) as environment:
        told, log = folder / "inspect", folder / "log"
        command = [sys.executable, "-m", "kiosk", "--config", config, "--inspect", told]
        home = folder / "home"
        home.mkdir()
        finger = Finger(environment, told)
        with running(command, log, env={**finger._environment, "HOME": str(home)}) as process:
            until(told.exists, 60, "the inspection socket")
            yield finger, folder, process
        assert "Traceback" not in log.read_text()
        assert not list(home.iterdir()), "nothing may be written into the home folder"


def names(finger: Finger) -> tuple[str, set[str]]:
    view = finger.look()
    return view.screen, {widget.name for widget in view.widgets}


def windows(finger: Finger) -> set[str]:
    found = subprocess.run(
        [program("xdotool"), "search", "--onlyvisible", "--name", ""],
        env=finger._environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return set(found.stdout.split())


def test_shortcuts_end_in_the_kiosk(kiosk_on_x: Started) -> None:
    finger, folder, process = kiosk_on_x
    wake(finger)
    before, open_windows = names(finger), windows(finger)
    finger.picture(folder / "before.png")
    for shortcut in SHORTCUTS:
        finger._xdotool("key", "--delay", "30", shortcut)
        assert process.poll() is None, f"{shortcut} ended the kiosk"
    finger._xdotool("type", "--delay", "15", "reboot; xterm & rm -rf / \\")
    # Space is the switch's own key: it moves the focus and presses nothing.
    assert names(finger) == before
    assert windows(finger) == open_windows


def test_two_real_keys_walk_to_a_model(kiosk_on_x: Started) -> None:
    finger, _folder, _process = kiosk_on_x
    wake(finger)
    finger._xdotool("mousemove", "640", "790")
    finger._xdotool("click", "1")
    finger._xdotool("key", "Tab", "sleep", "0.2", "key", "Return")
    finger.wait_for("model")
    finger.press("home")
    finger.wait_for("collection")


def test_long_presses_and_every_mouse_button_open_nothing(kiosk_on_x: Started) -> None:
    finger, _folder, process = kiosk_on_x
    wake(finger)
    before = names(finger)
    for x, y in ((3, 3), (1276, 3), (3, 796), (1276, 796), (640, 30)):
        finger._xdotool("mousemove", str(x), str(y), "mousedown", "1")
        time.sleep(LONG_PRESS_S if (x, y) == (3, 3) else 0.2)
        finger._xdotool("mouseup", "1")
        for button in ("2", "3", "4", "5", "8", "9"):
            finger._xdotool("click", button)
    finger._xdotool("click", "--repeat", "12", "--delay", "20", "1")
    assert process.poll() is None
    assert names(finger) == before


def wake(finger: Finger) -> None:
    if finger.look().screen == "attract":
        finger.press("wake")
    finger.wait_for("collection")


def test_many_fingers_at_once_are_only_touches(driver: Driver) -> None:
    driver.press("wake")
    fingers = [driver.finger(100 + 110 * i, 20) for i in range(10)]
    for finger in fingers:
        finger.touch_down()
    for step in range(6):
        for finger in fingers:
            finger.touch_move(finger.x, 20 + 20 * step)
    driver.frames()
    for finger in fingers:
        finger.touch_up()
    driver.frames()
    assert driver.screen() == "collection"
    assert len(driver.window.children) == 1


def test_a_window_manager_may_not_close_it_in_a_library(driver: Driver) -> None:
    import msgspec

    assert driver.window.dispatch("on_request_close") is not True, "on the workbench it may"
    app = driver.app
    screen = msgspec.structs.replace(app._config.screen, fullscreen=True)
    app._config = msgspec.structs.replace(app._config, screen=screen)
    assert driver.window.dispatch("on_request_close") is True

"""Fingers as they are: twice, too early, two at once, fifty a second. Nothing breaks, nothing happens twice."""

import logging
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from offscreen import SCREENS, Driver, kiosk
from support.bridge_process import bridge_process, simulated_printer
from worlds import INFO, job, state, telemetry

from firmware_bridge.contract import JobState
from kiosk.domain import intents, news
from kiosk.domain.effects import Ask

SCREEN = SCREENS["10.1 inch wide"]
TAPS, TAPS_A_STATE = 600, 40
"""At fifty a second a screen that draws sixty frames a second gets one a frame."""


class Complaints(logging.Handler):
    """What was logged with a traceback, or as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@pytest.fixture(autouse=True)
def no_complaints() -> Iterator[None]:
    """A traceback that the log swallowed fails the test."""
    ears = Complaints()
    logging.getLogger().addHandler(ears)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(ears)
    assert ears.heard == []


@pytest.fixture
def asked(driver: Driver) -> list[object]:
    """What the kiosk asks of the bridge, which is made up."""
    requests: list[object] = []
    do = driver.app._do

    def note(effect: object) -> None:
        if isinstance(effect, Ask):
            requests.append(effect.request)
        else:
            do(effect)

    driver.app._do = note
    driver.app.handle(news.BridgeUp(INFO, state()))
    return requests


def middle(driver: Driver, name: str) -> tuple[float, float]:
    found = driver.widget(name)
    assert found, name
    return found["x"] + found["width"] / 2, driver.window.height - found["y"] - found["height"] / 2


def test_a_double_tap_does_one_thing(driver: Driver, asked: list[object]) -> None:
    driver.press("wake")
    driver.press("card:toren-1")
    driver.press("print")
    driver.on("plate")
    x, y = middle(driver, "plate-empty")
    for _ in range(2):
        finger = driver.finger(x, y)
        finger.touch_down()
        finger.touch_up()
    driver.frames(3)
    assert len(asked) == 1


def test_a_double_tap_on_a_card_does_not_press_what_comes_under_it(driver: Driver, asked: list[object]) -> None:
    driver.press("wake")
    for name in ("card:toren-1", "card:toren-3", "card:toren-6"):
        x, y = middle(driver, name)
        driver.touch(x, y)
        driver.touch(x, y)
        driver.frames(3)
        assert driver.screen() in ("model", "make"), name
        assert asked == []
        driver.press("home")
        driver.on("collection")


def test_taps_while_it_loads_and_two_fingers_on_two_buttons(driver: Driver, asked: list[object]) -> None:
    driver.press("wake")
    x, y = middle(driver, "card:toren-6")
    finger = driver.finger(x, y)
    finger.touch_down()
    finger.touch_up()
    for _ in range(8):
        more = driver.finger(x + 5, y)
        more.touch_down()
        more.touch_up()
    driver.on("model")
    one, two = driver.finger(*middle(driver, "print")), driver.finger(*middle(driver, "back"))
    one.touch_down()
    two.touch_down()
    two.touch_up()
    one.touch_up()
    driver.frames(5)
    assert driver.screen() in ("collection", "plate")
    assert asked == []


def test_a_finger_that_slides_off_presses_nothing(driver: Driver, asked: list[object]) -> None:
    driver.press("wake")
    driver.press("card:toren-1")
    x, y = middle(driver, "print")
    finger = driver.finger(x, y)
    finger.touch_down()
    finger.touch_move(x, y + 300)
    finger.touch_up()
    driver.frames(3)
    assert driver.screen() == "model"


def test_the_language_changes_in_mid_print_and_the_print_does_not(driver: Driver, asked: list[object]) -> None:
    driver.app.handle(news.StateCame(state(job(JobState.PRINTING))))
    driver.app.handle(news.TelemetryCame(telemetry()))
    driver.on("watch")
    before = driver.widget("layer")
    for language in ("fr", "en", "de", "uk", "ar", "nl"):
        driver.press("language")
        while driver.widget(f"language:{language}") is None:
            driver.press("more")
        driver.press(f"language:{language}")
        driver.frames(3)
        assert driver.app.snapshot()["language"] == language
        assert driver.screen() == "watch"
    assert driver.widget("layer") == before
    assert {type(request).__name__ for request in asked} <= {"OpenPart"}


@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_taps_a_second_anywhere(driver: Driver, asked: list[object], seed: int) -> None:
    """A tap a frame, all over the glass, while the printer goes through its states."""
    chance = random.Random(seed)
    states = [state(), *(state(job(where)) for where in JobState if where.is_on_printer), state()]
    states += [state(job(where)) for where in (JobState.COOLING, JobState.READY, JobState.FAILED)]
    for tap in range(TAPS):
        if tap % TAPS_A_STATE == 0:
            driver.app.handle(news.StateCame(chance.choice(states)))
            driver.app.handle(news.TelemetryCame(telemetry(layer=chance.randint(0, 12), elapsed_s=200)))
        finger = driver.finger(chance.uniform(0, SCREEN.width_px), chance.uniform(0, SCREEN.height_px))
        finger.touch_down()
        finger.touch_up()
        driver.frames(1)
    driver.app.handle(news.StateCame(state()))
    driver.app.handle(intents.GoHome())
    driver.app.handle(intents.CloseSheet())
    driver.on("collection")


def test_without_any_bridge_everything_can_be_looked_at(driver: Driver) -> None:
    driver.press("wake")
    driver.press("search")
    driver.on("search")
    driver.press("look-for:all")
    driver.press("card:toren-1")
    driver.on("model")
    assert not (driver.widget("print") or {}).get("enabled")
    for name in ("look:size", "zoom-in", "zoom-out", "help"):
        driver.press(name)
        driver.frames(3)
    driver.press("call")
    driver.until(lambda: "We kunnen niemand roepen" in driver.words(), "the desk")
    driver.press("close")
    driver.press("home")
    driver.on("collection")


def test_the_slider_and_its_buttons_show_any_layer(driver: Driver, asked: list[object]) -> None:
    driver.press("wake")
    driver.press("card:toren-4")
    driver.press("look:layers")
    driver.until(lambda: driver.widget("fewer-layers"), "the slider")
    screen = driver.app.surface._screen
    driver.press("fewer-layers")
    first = driver.app.model.session.layer
    driver.press("more-layers")
    assert first and driver.app.model.session.layer > first
    track = screen._slider._track
    finger = driver.finger(track.x + 2, track.y + track.h / 2)
    finger.touch_down()
    finger.touch_move(track.x + track.w, track.y + track.h / 2)
    finger.touch_up()
    driver.frames(3)
    assert driver.app.model.session.layer == 250
    from kiosk.ui.widgets.meshes import TUBE_INDICES

    shown = sum(call.count for call in screen._print._part.calls) // TUBE_INDICES
    assert shown == 250 * 4


def test_it_plays_from_the_first_layer_to_the_last_and_stops(driver: Driver, asked: list[object]) -> None:
    driver.press("wake")
    driver.press("card:toren-1")
    driver.press("look:layers")
    screen = driver.app.surface._screen
    seen = []
    driver.until(lambda: seen.append(screen._slider._layer) or seen[-1] == 12, "the last layer", 20)
    assert seen == sorted(seen) and len(set(seen)) > 6
    driver.until(lambda: screen._print.is_settled, "the sharp picture")
    drawn = screen._print.scene.renders
    driver.frames(20)
    assert screen._print.scene.renders == drawn


def test_the_bridge_dies_under_a_finger_and_comes_back(tmp_path: Path, collection: Path) -> None:
    worker = (sys.executable, "-m", "catalogue", "worker")
    with (
        simulated_printer(tmp_path, 100.0) as printer,
        bridge_process(tmp_path, printer.port) as bridge,
        kiosk(SCREEN, tmp_path, collection, bridge.socket, worker) as driver,
    ):
        driver.until(lambda: driver.app.model.world.state, "the bridge")
        driver.until(lambda: driver.app.model.world.state.printer.connected, "the printer")
        driver.press("wake")
        driver.press("card:toren-1")
        driver.press("print")
        driver.on("plate")
        bridge.process.kill()
        driver.touch(*middle(driver, "plate-empty"))
        driver.until(lambda: driver.app.model.world.state is None, "no bridge")
        driver.frames(5)
        assert not driver.app.model.session.asking, "nobody waits for an answer that never comes"
        if driver.widget("close"):
            driver.press("close")
        assert driver.widget("remedy"), "a way out"
        with bridge_process(tmp_path, printer.port):
            driver.until(lambda: driver.app.model.world.state, "the bridge is back", 40)
            driver.until(lambda: driver.widget("plate-empty"), "it can go on", 60)

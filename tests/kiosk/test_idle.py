"""The question who is there, on the glass: a touch answers it and presses nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from offscreen import SCREENS, Driver, kiosk
from worlds import INFO, NOW, state

from kiosk.domain import news


class Hand:
    """A clock that is turned by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def driver(tmp_path: Path, collection: Path, hand: Hand) -> Iterator[Driver]:
    with kiosk(SCREENS["10.1 inch wide"], tmp_path, collection, clock=lambda: NOW, uptime=hand) as started:
        started.app.handle(news.BridgeUp(INFO, state()))
        started.frames()
        yield started


def wait(driver: Driver, hand: Hand, seconds: float) -> None:
    hand.now += seconds
    driver.app.tick()
    driver.frames()


def test_any_touch_stops_the_countdown_and_presses_nothing(driver: Driver, hand: Hand) -> None:
    driver.press("wake")
    driver.on("collection")
    tile = driver.widget("card:toren-1")
    wait(driver, hand, 95)
    assert "Ben je er nog?" in driver.words()
    driver.touch(tile["x"] + 20, driver.window.height - tile["y"] - 20)
    assert driver.screen() == "collection"
    assert "Ben je er nog?" not in driver.words()
    wait(driver, hand, 95)
    driver.press("still-here")
    assert driver.screen() == "collection"


def test_after_the_countdown_nothing_of_the_visitor_is_left(driver: Driver, hand: Hand, tmp_path: Path) -> None:
    driver.press("wake")
    driver.press("language")
    driver.press("language:fr")
    driver.press("card:sleutelhanger")
    driver.press("make-yours")
    driver.press("key:n")
    left = tmp_path / "session" / "1"
    driver.until(left.exists, "a folder of the session")
    wait(driver, hand, 95)
    wait(driver, hand, 30)
    assert driver.screen() == "attract"
    assert driver.app.snapshot()["language"] == "nl"
    assert driver.app.model.session.draft is None
    driver.until(lambda: not left.exists(), "the folder is erased")


def test_the_waking_touch_only_wakes(driver: Driver) -> None:
    tile_after_waking = (640, 400)
    driver.touch(*tile_after_waking)
    assert driver.screen() == "collection"


def test_fifty_quick_taps_on_a_card_open_it_once(driver: Driver) -> None:
    driver.press("wake")
    tile = driver.widget("card:toren-1")
    x, y = tile["x"] + 30, driver.window.height - tile["y"] - 30
    for _ in range(50):
        finger = driver.finger(x, y)
        finger.touch_down()
        finger.touch_up()
    driver.frames()
    assert driver.screen() == "model"


def test_keys_of_a_plugged_in_keyboard_do_nothing(driver: Driver) -> None:
    driver.press("wake")
    before = driver.app.snapshot()
    for key in (27, 282, 292, 97, 304, 319):  # Escape, F1, F11, a, Shift, Menu
        driver.window.dispatch("on_key_down", key, 0, None, [])
        driver.window.dispatch("on_keyboard", key, 0, None, [])
    driver.frames()
    assert driver.app.snapshot() == before
    assert len(driver.window.children) == 1

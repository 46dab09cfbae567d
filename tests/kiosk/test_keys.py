"""The whole way with a switch of two keys: what a key means, and where the focus is."""

from pathlib import Path

import numpy as np
import pytest
from offscreen import Driver
from PIL import Image

from kiosk.domain import intents
from kiosk.domain.modes import Contrast, Modes
from kiosk.ui.focus import Key, meaning

TAB, ENTER, SPACE, LEFT, ESCAPE, F1 = 9, 13, 32, 276, 27, 282


@pytest.mark.parametrize(
    ("code", "modifiers", "key"),
    [
        (TAB, [], Key.NEXT),
        (SPACE, [], Key.NEXT),
        (TAB, ["shift"], Key.PREVIOUS),
        (LEFT, [], Key.PREVIOUS),
        (ENTER, [], Key.CHOOSE),
        (TAB, ["alt"], None),
        (SPACE, ["ctrl"], None),
        (ENTER, ["meta"], None),
        (ESCAPE, [], None),
        (F1, [], None),
        (ord("q"), ["ctrl"], None),
    ],
)
def test_two_keys_mean_something_and_all_others_nothing(code: int, modifiers: list[str], key: Key | None) -> None:
    assert meaning(code, modifiers) is key


def strike(driver: Driver, code: int) -> None:
    driver.window.dispatch("on_key_down", code, 0, None, [])
    driver.window.dispatch("on_key_up", code, 0)
    driver.frames(1)


def go_to(driver: Driver, name: str, key: int = SPACE) -> None:
    for _ in range(80):
        strike(driver, key)
        if driver.app.surface._ring.target.name == name:
            return
    raise AssertionError(f"the next key never came to '{name}'")


@pytest.mark.parametrize("modes", [Modes(), Modes(large=True), Modes(low=True), Modes(large=True, low=True)])
def test_a_print_with_a_switch_of_two_keys(modes: Modes, awake: Driver) -> None:
    go_to(awake, "wake")
    strike(awake, ENTER)
    awake.on("collection")
    awake.app.handle(intents.ChooseModes(modes))
    go_to(awake, "card:toren-1")
    strike(awake, ENTER)
    awake.on("model")
    go_to(awake, "print")
    strike(awake, ENTER)
    awake.on("plate")
    go_to(awake, "plate-empty")
    assert awake.widget("plate-empty")["enabled"]


def test_a_name_with_a_switch_of_two_keys(awake: Driver) -> None:
    go_to(awake, "wake")
    strike(awake, ENTER)
    go_to(awake, "card:sleutelhanger")
    strike(awake, ENTER)
    go_to(awake, "make-yours")
    strike(awake, ENTER)
    awake.on("make")
    for letter in "no":
        go_to(awake, f"key:{letter}")
        strike(awake, ENTER)
    assert awake.app.model.session.draft.text == "No"


def test_a_held_key_counts_once_and_a_finger_hides_the_ring(awake: Driver) -> None:
    awake.press("wake")
    awake.window.dispatch("on_key_down", TAB, 0, None, [])
    first = awake.app.surface._ring.target.name
    for _ in range(20):
        awake.window.dispatch("on_key_down", TAB, 0, None, [])
    assert awake.app.surface._ring.target.name == first
    awake.window.dispatch("on_key_up", TAB, 0)
    awake.touch(5, 5)
    assert awake.app.surface._ring.opacity == 0


def test_the_ring_is_seen_on_every_ground(awake: Driver, tmp_path: Path) -> None:
    def grey(name: str) -> np.ndarray:
        return np.asarray(Image.open(awake.picture(tmp_path / name)).convert("L")).astype(int)

    awake.press("wake")
    for worn in Contrast:
        awake.app.handle(intents.ChooseModes(Modes(contrast=worn)))
        awake.frames()
        plain = grey("plain.png")
        strike(awake, TAB)
        ringed = grey("ringed.png")
        awake.app.surface.hide_focus()
        target = awake.widget("card:toren-1")
        changed = np.abs(ringed - plain) > 90
        assert changed.sum() > (target["width"] + target["height"]) * 2 * 4, worn

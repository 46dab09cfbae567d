"""The glass: what a turning model costs, what stays, and small pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from offscreen import Driver

MARK = (255, 0, 255)


def pixels(glass: Any) -> Any:
    width, height = (int(n) for n in glass._kept.size)
    return np.frombuffer(glass._kept.pixels, np.uint8).reshape(height, width, 4)[..., :3]


def mark_a_corner(glass: Any) -> None:
    """Bottom left, behind Kivy's back: it is there until all of the glass is drawn again."""
    from kivy.graphics.opengl import (
        GL_COLOR_BUFFER_BIT,
        GL_SCISSOR_TEST,
        glClear,
        glClearColor,
        glDisable,
        glEnable,
        glScissor,
    )

    glass._kept.bind()
    glEnable(GL_SCISSOR_TEST)
    glScissor(0, 0, 3, 3)
    glClearColor(*(part / 255 for part in MARK), 1)
    glClear(GL_COLOR_BUFFER_BIT)
    glDisable(GL_SCISSOR_TEST)
    glass._kept.release()
    assert is_marked(glass)


def is_marked(glass: Any) -> bool:
    return tuple(pixels(glass)[0, 0]) == MARK


@pytest.fixture
def stage(driver: Driver) -> Any:
    driver.press("wake")
    driver.press("card:toren-1")
    stage = driver.app.surface._screen._stage
    driver.until(lambda: stage.is_settled and stage.opacity == 1, "the model")
    driver.frames(10)
    return stage


def test_a_model_that_turns_is_drawn_in_its_own_room_alone(driver: Driver, stage: Any) -> None:
    glass = driver.app.surface
    before = pixels(glass).copy()
    mark_a_corner(glass)
    stage.turn(30)
    driver.frames(2)
    after = pixels(glass).copy()
    assert is_marked(glass)
    rows, columns = np.nonzero((after != before).any(axis=2))
    inside = (columns >= int(stage.x)) & (columns <= stage.right) & (rows >= int(stage.y)) & (rows <= stage.top)
    assert inside.sum() > 100
    assert ((rows < 3) & (columns < 3))[~inside].all()


def test_anything_else_that_changes_draws_all_of_it(driver: Driver, stage: Any) -> None:
    mark_a_corner(driver.app.surface)
    driver.press("zoom-in")
    driver.frames(2)
    assert not is_marked(driver.app.surface)


def test_the_sharp_picture_comes_in_steps_and_is_smoother(driver: Driver, stage: Any) -> None:
    def tones() -> int:
        width, height = (int(n) for n in stage.scene.fbo.size)
        rgb = np.frombuffer(stage.scene.fbo.pixels, np.uint8).reshape(height, width, 4)[..., :3]
        return len(np.unique(rgb.reshape(-1, 3), axis=0))

    stage.turn(1)
    driver.frames(1)
    plain = tones()
    driver.until(lambda: stage.is_settled, "the sharp picture")
    assert tones() > plain, "edges have tones between"


def test_a_small_picture_keeps_the_colour_of_what_can_be_seen() -> None:
    from kiosk.ui.widgets.thumbnail import _means

    picture = np.zeros((4, 4, 4), np.uint8)
    picture[:2, :2] = (200, 100, 50, 255)
    picture[0, 0] = (0, 0, 0, 0)
    small = _means(picture, 2)
    assert small.shape == (2, 2, 4)
    assert tuple(small[0, 0]) == (200, 100, 50, 191)
    assert tuple(small[1, 1]) == (0, 0, 0, 0)


def test_a_picture_that_is_gone_leaves_nothing(driver: Driver, tmp_path: Path) -> None:
    from kiosk.ui.widgets.thumbnail import Thumbnail

    thumbnail = Thumbnail(driver.app._theme)
    thumbnail.show(tmp_path / "none.png")
    assert thumbnail.texture is None and thumbnail.norm_image_size == (0, 0)


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5], ids=["empty", "its beginning", "half"])
def test_a_picture_that_is_damaged_leaves_nothing_and_the_screen_goes_on(
    kept: float, driver: Driver, tmp_path: Path, collection: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from kiosk.ui.widgets.panel import Picture
    from kiosk.ui.widgets.thumbnail import Thumbnail

    whole = next(collection.glob("*/picture.png")).read_bytes()
    damaged = tmp_path / "picture.png"
    damaged.write_bytes(whole[: int(kept * len(whole))])
    for picture in (Thumbnail(driver.app._theme), Picture(driver.app._theme)):
        picture.show(damaged)
        driver.frames()
        assert picture.texture is None and picture.norm_image_size == (0, 0)
    assert f"no picture: {damaged}" in caplog.text

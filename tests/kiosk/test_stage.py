"""3D in a real GL context: the shader compiles, the model is there in the spool's colour, fingers turn it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from offscreen import Driver
from pieces import tower
from worlds import INFO, job, state, telemetry

from catalogue.packs import MAX_CHUNK_INDICES, read_mesh, write_mesh
from firmware_bridge.contract import JobState
from kiosk.domain import intents, news
from kiosk.domain.world import JobToolpath


def pixels(stage: Any) -> Any:
    width, height = (int(n) for n in stage.scene.fbo.size)
    return np.frombuffer(stage.scene.fbo.pixels, np.uint8).reshape(height, width, 4)[..., :3].astype(int)


def coloured(stage: Any) -> float:
    """The share of pixels in the orange of the spool, light or in shade."""
    rgb = pixels(stage)
    return float(((rgb[..., 0] - rgb[..., 2]) > 60).mean())


def on_model(driver: Driver, card: str = "toren-1") -> Any:
    driver.app.handle(news.BridgeUp(INFO, state()))
    driver.app.handle(intents.Wake())
    driver.app.handle(intents.ChooseCard(card))
    driver.frames(4)
    return driver.app.surface._screen._stage


def centre(stage: Any) -> tuple[float, float]:
    return stage.center_x, stage.center_y


def test_the_model_stands_there_in_the_spools_colour(driver: Driver) -> None:
    assert 0.05 < coloured(on_model(driver)) < 0.9


def test_a_finger_turns_it_and_nothing_is_drawn_while_nothing_changes(driver: Driver) -> None:
    stage = on_model(driver)
    before, camera = pixels(stage), stage.scene.camera
    x, y = centre(stage)
    finger = driver.finger(x, y)
    finger.touch_down()
    finger.touch_move(x + 80, y)
    finger.touch_up()
    assert stage.scene.camera.yaw != camera.yaw
    driver.until(lambda: stage.is_settled, "it is sharp again")
    assert (pixels(stage) != before).any()
    drawn = stage.scene.renders
    driver.frames(30)
    assert stage.scene.renders == drawn


def test_two_fingers_and_two_buttons_zoom(driver: Driver) -> None:
    stage = on_model(driver)
    x, y = centre(stage)
    one, two = driver.finger(x - 50, y), driver.finger(x + 50, y)
    one.touch_down()
    two.touch_down()
    two.touch_move(x + 150, y)
    one.touch_up()
    two.touch_up()
    assert stage.scene.camera.zoom == pytest.approx(2.0)
    driver.press("zoom-out")
    driver.until(lambda: stage.scene.camera.zoom < 1.6, "further")
    driver.press("zoom-in")
    driver.until(lambda: stage.scene.camera.zoom > 1.9, "nearer")


def test_it_never_turns_below_the_plate_and_a_double_tap_puts_it_back(driver: Driver) -> None:
    stage = on_model(driver)
    home = stage.scene.camera
    stage.turn(10, 500)
    assert stage.scene.camera.pitch == -5
    stage.turn(10, -500)
    assert stage.scene.camera.pitch == -90
    finger = driver.finger(*centre(stage))
    finger.is_double_tap = True
    finger.touch_down()
    finger.touch_up()
    assert stage.scene.camera == home


def watching(driver: Driver, layer: int) -> Any:
    driver.app.handle(news.BridgeUp(INFO, state(job(JobState.PRINTING))))
    driver.app.handle(news.ToolpathCame(JobToolpath("j1", tower(14, 12))))
    driver.app.handle(news.TelemetryCame(telemetry(layer=layer)))
    driver.frames(4)
    return driver.app.surface._screen._stage


def test_the_part_grows_layer_by_layer(driver: Driver) -> None:
    shares = []
    for layer in (1, 6, 12):
        stage = watching(driver, layer)
        shares.append(coloured(stage))
    assert shares == sorted(shares) and shares[0] < shares[-1]
    from kiosk.ui.widgets.meshes import TUBE_INDICES

    shown = sum(call.count for call in stage._part.calls) // TUBE_INDICES
    assert shown == 44, "as far as the lines of layer 12 have come"


def test_the_same_telemetry_draws_nothing_again(driver: Driver) -> None:
    stage = watching(driver, 6)
    driver.until(lambda: stage.is_settled, "the sharp picture")
    drawn = stage.scene.renders
    driver.app.handle(news.TelemetryCame(telemetry(layer=6)))
    driver.frames(10)
    assert stage.scene.renders == drawn


def test_chunks_keep_to_sixteen_bits() -> None:
    from kiosk.ui.widgets.meshes import TUBE_INDICES, tubes

    made = tubes(tower(20, 2000))
    assert len(made.chunks) > 1
    for chunk in made.chunks:
        assert chunk.vertices.dtype == np.float32 and chunk.indices.dtype == np.uint16
        assert len(chunk.indices) <= MAX_CHUNK_INDICES
        assert int(chunk.indices.max()) < len(chunk.vertices) // 6
    assert sum(made.shown(3000)) == 3000 * TUBE_INDICES
    assert sum(made.shown(0)) == 0


def test_a_broken_pack_leaves_the_picture(driver: Driver, collection: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    driver.app.handle(news.BridgeUp(INFO, state()))
    world = driver.app.model.world
    (tmp_path / "model.npz").write_bytes(b"no pack")
    piece = world.pieces[0]
    broken = replace(piece, entry=_with_mesh(piece.entry, str(tmp_path / "model.npz")))
    driver.app.model = driver.app.model.with_world(pieces=(broken,))
    driver.app.handle(intents.Wake())
    driver.app.handle(intents.ChooseCard(piece.card.id))
    driver.frames(3)
    assert driver.app.surface._screen._picture.source.endswith("picture.png")


def test_a_preview_that_was_erased_before_it_came_to_rest_stays_as_it_moved(
    driver: Driver, collection: Path, tmp_path: Path
) -> None:
    from kiosk.ui.widgets.model_stage import ModelStage
    from kiosk.ui.widgets.scene import When

    pack = read_mesh(collection / driver.app.model.world.pieces[0].entry.mesh)
    preview = tmp_path / "model.npz"
    write_mesh(preview, pack, pack)
    stage = ModelStage(driver.app._theme)
    stage.show(preview)
    preview.unlink()
    stage.prepare_rest()
    assert [part.when for part in (stage._model, stage._coarse)] == [When.RESTING, When.ALWAYS]


def _with_mesh(entry: Any, mesh: str) -> Any:
    from msgspec.structs import replace as with_fields

    return with_fields(entry, mesh=mesh)


def test_a_plates_grid_has_lines_both_ways_that_face_up() -> None:
    from kiosk.ui.widgets.meshes import grid

    chunk = grid((-20.0, -10.0), (20.0, 10.0), 10.0, 0.5)
    corners = chunk.vertices.reshape(-1, 6)[chunk.indices.reshape(-1, 3), :2]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    assert (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0] > 0).all()
    assert len(corners) == 2 * (5 + 3)

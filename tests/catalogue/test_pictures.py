import numpy as np
import pytest
import trimesh
from PIL import Image

from catalogue.cards import View
from catalogue.library import card_ids, load_model
from catalogue.pictures.portrait import portrait
from catalogue.pictures.raster import NOTHING, rasterise


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture).astype(int)


def test_a_triangle_covers_exactly_the_pixels_whose_centres_it_holds():
    corners = np.array([[[1.0, 1.0, 5.0], [9.0, 1.0, 5.0], [1.0, 9.0, 5.0]]])
    seen = rasterise(corners, 12, 12)
    row, column = np.mgrid[0:12, 0:12] + 0.5
    expected = (column >= 1) & (row >= 1) & (column + row <= 10)
    assert np.array_equal(seen.face != NOTHING, expected)
    assert np.allclose(seen.weight[expected].sum(axis=1), 1)


def test_the_nearer_triangle_is_seen_and_depth_is_right_in_perspective():
    near = [[0, 0, 2.0], [20, 0, 2.0], [0, 20, 2.0]]
    far = [[0, 0, 4.0], [20, 0, 4.0], [0, 20, 4.0]]
    seen = rasterise(np.array([far, near], float), 10, 10)
    assert (seen.face[:8, :8] == 1).all()
    slanted = np.array([[[0, 0, 1.0], [0, 20, 1.0], [20, 0, 3.0]]])
    depth = rasterise(slanted, 20, 20).depth[0]
    share = (np.arange(20) + 0.5) / 20
    assert depth[:18] == pytest.approx((1 / (1 + (1 / 3 - 1) * share))[:18], rel=0.05)


@pytest.mark.parametrize("card", card_ids())
def test_a_picture_fills_its_frame_and_is_not_cut_off(card):
    model = load_model(card)
    image = pixels(portrait(model.generator()(model.example_values), model.card.view, size_px=200, oversample=2))
    opaque = image[:, :, 3] == 255
    assert image.shape == (200, 200, 4)
    assert 0.08 < opaque.mean() < 0.75
    assert not (opaque[0].any() or opaque[-1].any() or opaque[:, 0].any() or opaque[:, -1].any())
    rows, columns = np.flatnonzero(opaque.any(axis=1)), np.flatnonzero(opaque.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) > 160
    assert (image[:, :, 0] == image[:, :, 1]).all() and (image[:, :, 1] == image[:, :, 2]).all()


def test_the_picture_is_bright_where_lit_dark_in_shade_and_black_in_its_shadow():
    cube = trimesh.creation.box((20, 20, 20))
    cube.apply_translation([0, 0, 10])
    image = pixels(portrait(cube, View(), size_px=200, oversample=2))
    opaque, light = image[:, :, 3] == 255, image[:, :, 0]
    assert np.percentile(light[opaque], 95) > 215
    assert 60 < np.percentile(light[opaque], 5) < 170
    shadow = (image[:, :, 3] > 10) & (image[:, :, 3] < 120)
    assert shadow.mean() > 0.02
    assert np.median(light[shadow]) < 30


def test_turning_over_shows_the_other_side():
    cone = trimesh.creation.cone(radius=10, height=20)
    upright = pixels(portrait(cone, View(pitch_deg=10), size_px=120, oversample=2))[:, :, 3] == 255
    over = pixels(portrait(cone, View(pitch_deg=10, turned_over=True), size_px=120, oversample=2))[:, :, 3] == 255
    top, bottom = slice(0, 50), slice(70, 120)
    assert upright[top].sum() < upright[bottom].sum()
    assert over[top].sum() > over[bottom].sum()

import numpy as np
import pytest

from catalogue.slicing.errors import SlicingError
from catalogue.slicing.toolpath import merge_straight, read_toolpath_of

HEAD = "G90\nM83\n;TYPE:Custom\nG1 X60 E9 F1000\n"
LAYERS = """;LAYER_CHANGE
;Z:0.2
;HEIGHT:0.2
G1 Z.2 F720
G1 X10 Y10 F9000
;TYPE:External perimeter
;WIDTH:0.45
G1 X20 Y10 E1
G1 X20 Y20 E1
G1 E-.8 F2100
G1 X5 Y5 F9000
G1 E.8 F2100
;TYPE:Solid infill
;WIDTH:0.5
G1 X6 Y5 E.1
;LAYER_CHANGE
;Z:0.5
;HEIGHT:0.3
G1 Z.5
G1 X7 Y5 E.1
"""


def test_layers_features_widths_and_nothing_that_is_not_laid():
    pack = read_toolpath_of(HEAD + LAYERS)
    assert pack.features == ("External perimeter", "Solid infill")
    assert pack.segments == pytest.approx(
        np.array(
            [
                [10, 10, 0.2, 20, 10, 0.2],
                [20, 10, 0.2, 20, 20, 0.2],
                [5, 5, 0.2, 6, 5, 0.2],
                [6, 5, 0.5, 7, 5, 0.5],
            ],
            np.float32,
        )
    )
    assert pack.layer_start.tolist() == [0, 3, 4]
    assert pack.layer_z.tolist() == pytest.approx([0.2, 0.5])
    assert pack.feature.tolist() == [0, 0, 1, 1]
    assert pack.width.tolist() == pytest.approx([0.45, 0.45, 0.5, 0.5])
    assert pack.height.tolist() == pytest.approx([0.2, 0.2, 0.2, 0.3])
    assert pack.bounds == pytest.approx(np.array([[5, 5, 0.2], [20, 20, 0.5]], np.float32))


def test_absolute_extrusion_is_followed_through_g92():
    gcode = (
        HEAD.replace("M83", "M82")
        + ";LAYER_CHANGE\n;Z:0.2\n;TYPE:Perimeter\nG92 E0\nG1 X1 Y1 E1\nG1 X2 Y1 E1\nG1 X2 Y9 E2\n"
    )
    pack = read_toolpath_of(gcode)
    assert [segment[:2] for segment in pack.segments.tolist()] == [[60, 0], [2, 1]]


def test_nothing_laid_is_an_error():
    with pytest.raises(SlicingError, match="no extruded moves"):
        read_toolpath_of(HEAD)


def test_a_broken_number_is_an_error():
    with pytest.raises(SlicingError, match="broken number"):
        read_toolpath_of(HEAD + ";LAYER_CHANGE\nG1 X1.2.3 E1\n")


@pytest.mark.parametrize("tolerance", [0.02, 0.1])
def test_merging_never_strays_further_than_the_tolerance(tolerance):
    turn = np.linspace(0, 2 * np.pi, 2001)
    points = np.column_stack([20 * np.cos(turn), 12 * np.sin(3 * turn), np.full(2001, 0.2)])
    moves = np.hstack([points[:-1], points[1:], np.tile([0.45, 0.2, 0], (2000, 1))])
    merged, layer = merge_straight(moves, np.zeros(2000, np.int32), tolerance)
    assert len(merged) == len(layer) < 1000
    assert np.array_equal(merged[1:, :3], merged[:-1, 3:6])
    assert np.array_equal(merged[[0, -1], :3][0], points[0]) and np.array_equal(merged[-1, 3:6], points[-1])
    a, b = merged[:, None, :2], merged[:, None, 3:5]
    along = (((points[None, :, :2] - a) * (b - a)).sum(-1) / ((b - a) ** 2).sum(-1)).clip(0, 1)
    away = np.linalg.norm(points[None, :, :2] - (a + along[..., None] * (b - a)), axis=-1).min(axis=0)
    assert away.max() <= tolerance


def test_another_feature_layer_or_width_is_never_merged():
    line = np.array([[x, 0, 0.2, x + 1, 0, 0.2, 0.45, 0.2, 0] for x in range(4)], float)
    line[1, 8], line[3, 6] = 1, 0.8
    merged, _ = merge_straight(line, np.array([0, 0, 0, 0], np.int32), 0.05)
    assert len(merged) == 4
    merged, _ = merge_straight(line[[0, 2]] * 1.0, np.array([0, 1], np.int32), 0.05)
    assert len(merged) == 2

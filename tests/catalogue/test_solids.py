import numpy as np
import pytest
import trimesh
from shapely import Point, box

from catalogue.implicit import capsule, ellipsoid, melted, surface
from catalogue.solids import circle, curve, lofted, prism, relief, revolved, together, tube


def is_sound(mesh: trimesh.Trimesh) -> bool:
    merged = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    merged.merge_vertices()
    return bool(merged.is_watertight and merged.is_winding_consistent and merged.volume > 0)


def test_a_prism_with_a_hole_has_the_volume_it_should():
    area = box(0, 0, 10, 10).difference(Point(5, 5).buffer(2, quad_segs=32))
    mesh = prism(area, 1, 3)
    assert is_sound(mesh)
    assert mesh.volume == pytest.approx(area.area * 2, rel=1e-3)


def test_a_chamfer_takes_the_edge_off_at_45_degrees():
    mesh = prism(box(0, 0, 10, 10), 0, 5, chamfer_top=1)
    top = mesh.vertices[mesh.vertices[:, 2] == 5]
    assert is_sound(mesh)
    assert (top[:, :2].min(), top[:, :2].max()) == pytest.approx((1, 9))
    assert mesh.vertices[mesh.vertices[:, 2] == 4][:, :2].max() == pytest.approx(10)


def test_a_chamfer_that_has_no_room_gets_narrower():
    mesh = prism(box(0, 0, 10, 1.2), 0, 5, chamfer_top=1)
    assert is_sound(mesh)
    top = mesh.vertices[mesh.vertices[:, 2] == 5]
    assert np.ptp(top[:, 1]) == pytest.approx(0.2)


def test_round_things_are_closed():
    for mesh in (
        revolved([(3, 0), (5, 4), (0.5, 9)]),
        lofted([(circle(2), 0), (lambda angle: 3 + np.cos(4 * angle), 3)]),
        relief(np.arange(4.0), np.arange(3.0), np.ones((4, 3)) * 2),
        tube(
            np.column_stack([np.linspace(0, 9, 20), np.sin(np.linspace(0, 3, 20)), np.zeros(20)]),
            0.5,
            closed=False,
        ),
    ):
        assert is_sound(mesh)


def test_a_ring_has_the_volume_of_a_torus():
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    ring = tube(np.column_stack([5 * np.cos(turn), np.zeros(200), 5 * np.sin(turn)]), 1, closed=True, sides=60)
    assert is_sound(ring)
    assert ring.volume == pytest.approx(2 * np.pi**2 * 5, rel=0.01)


def test_a_curve_goes_through_its_knots():
    knots = [(1.0, 0.0), (4.0, 1.0), (2.0, 2.0)]
    points = curve(knots, 201)
    assert points[[0, 100, 200]] == pytest.approx(np.array(knots))


def test_together_stands_centred_on_the_bed():
    mesh = together([prism(box(5, 5, 8, 9), 3, 4)])
    assert mesh.bounds == pytest.approx(np.array([[-1.5, -2, 0], [1.5, 2, 1]]))


def test_an_implicit_ball_has_a_ball_s_volume_and_stands_flat():
    mesh = surface(ellipsoid((0, 0, 6), (8, 8, 8)), (-9, -9), (9, 9), 15, 0.5)
    whole = 4 / 3 * np.pi * 8**3
    missing = np.pi * 2**2 * (3 * 8 - 2) / 3
    assert is_sound(mesh)
    assert mesh.volume == pytest.approx(whole - missing, rel=0.01)
    assert mesh.bounds[0][2] == 0
    assert (mesh.vertices[:, 2] == 0).sum() > 100


def test_bodies_that_barely_touch_still_give_a_closed_surface():
    two = melted(0.05, capsule((-4, 0.31, 3), (-0.2, 0.31, 3), 2), capsule((0.3, -4, 5.6), (0.3, 4, 5.7), 1.2))
    assert is_sound(surface(two, (-8, -8), (8, 8), 9, 0.45))

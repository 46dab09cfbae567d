"""A Flemish belfry: three storeys, clocks, stepped gables, corner turrets and a spire. No part needs support."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import trimesh
from shapely import LineString, MultiPolygon, Point, Polygon, box, unary_union

from catalogue.solids import OVERLAP_MM, Points, prism, rotation, scaled, stacked, together

SKIN_MM = 0.9
"""How deep the windows lie in the walls."""
SCALE = 0.82
LET_DOWN_MM = 2.4
"""The upper storeys are drawn for a ground storey that is this much taller."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """From the ground up; each storey is a core with a skin that the windows are cut from."""
    upper = [*_bell_storey(), *_clock_storey(), *_roof(), *_lantern()]
    for part in upper:
        part.apply_translation([0, 0, -LET_DOWN_MM])
    whole = [*_plinth(), *_ground_storey(), *upper]
    return scaled(together(whole), SCALE)


def _plinth() -> list[trimesh.Trimesh]:
    return [
        prism(_square(9.4), 0.0, 1.6, chamfer_top=0.5, chamfer_bottom=0.3),
        prism(_square(8.5), 1.4, 3.2, chamfer_top=0.6),
    ]


def _ground_storey() -> list[trimesh.Trimesh]:
    half, low, high = 6.4, 3.0, 18.0
    gate = unary_union([_lancet(0, 3.2, 4.4, 8.4)])
    slits = unary_union([_lancet(0, 7.0, 2.2, 7.2)])
    front = _skin(half, low, high, gate, sides=(0,)) + _skin(half, low, high, slits, sides=(1, 2, 3))
    frame = _lancet(0, 3.0, 5.8, 9.6).difference(_lancet(0, 3.0, 4.4, 8.4))
    eye = Point(0, 14.6).buffer(1.5).difference(Point(0, 14.6).buffer(0.7))
    return [
        prism(_square(half), low, high),
        *front,
        *_on_side(unary_union([frame, eye]), half + SKIN_MM, 0.5, sides=(0,)),
        *_at_corners(lambda: prism(_square(1.6), low - 0.1, 16.2, chamfer_top=1.0), half + 0.35),
        prism(_square(8.1), 17.0, 19.0, chamfer_bottom=0.9, chamfer_top=0.6),
    ]


def _bell_storey() -> list[trimesh.Trimesh]:
    half, low, high = 5.7, 21.0, 34.4
    windows = unary_union([_lancet(-1.9, 23.4, 2.4, 8.6), _lancet(1.9, 23.4, 2.4, 8.6)])
    louvres = unary_union([box(-3.3, z, 3.3, z + 1.0) for z in (24.8, 26.8, 28.8)])
    return [
        prism(_square(half), low, high),
        *_skin(half, low, high, windows, sides=(0, 1, 2, 3)),
        *_on_side(louvres.intersection(windows.buffer(0.1)), half, 0.45, sides=(0, 1, 2, 3)),
        *_at_corners(lambda: prism(_square(1.2), low - 0.1, 32.4, chamfer_top=0.8), half + 0.4),
        prism(_square(7.5), 33.4, 35.2, chamfer_bottom=0.9, chamfer_top=0.6),
    ]


def _clock_storey() -> list[trimesh.Trimesh]:
    half, low, high = 6.2, 34.8, 44.4
    at = Point(0, 40.0)
    dial = at.buffer(4.1, quad_segs=20)
    ring = dial.difference(at.buffer(3.2, quad_segs=20))
    hands = unary_union(
        [LineString([(0, 40.0), (0, 42.5)]).buffer(0.55), LineString([(0, 40.0), (1.55, 39.1)]).buffer(0.55)]
    )
    every_side = (0, 1, 2, 3)
    return [
        prism(_square(half), low, high),
        *_on_side(dial, half, 0.4, sides=every_side),
        *_on_side(unary_union([ring, hands]), half + 0.4, 0.5, sides=every_side),
        *_at_corners(_turret, 0.0),
        prism(_square(7.9), 42.6, 45.2, chamfer_bottom=1.5),
        *_on_side(_crenels(), 6.9, 1.0, sides=every_side),
        *_on_side(_stepped_gable(), 5.6, 1.9, sides=every_side),
    ]


def _turret() -> trimesh.Trimesh:
    """It grows out of the corner, away from the tower, and carries a pointed roof."""
    rings = [
        (5.6, 0.5, 38.6),
        (7.1, 2.0, 42.6),
        (7.1, 2.0, 49.0),
        (7.1, 2.5, 49.6),
        (7.1, 2.5, 50.1),
        (7.1, 0.45, 56.4),
    ]
    return stacked([_polygon_ring(8, radius, z) + np.array([at, at, 0.0]) for at, radius, z in rings])


def _crenels() -> Polygon:
    """A parapet with a battlement on each hand of the gable."""
    parapet = box(-7.86, 44.9, 7.86, 46.4)
    teeth = [box(x - 0.55, 46.3, x + 0.55, 47.6) for x in (-5.3, 5.3)]
    return unary_union([parapet, *teeth])


def _stepped_gable() -> Polygon:
    steps = [box(-half, 44.9, half, top) for half, top in ((4.3, 47.2), (3.3, 48.9), (2.3, 50.6), (1.3, 52.3))]
    window = _lancet(0, 46.6, 1.8, 3.4)
    return unary_union([*steps, box(-0.5, 52.2, 0.5, 53.4)]).difference(window)


def _roof() -> list[trimesh.Trimesh]:
    """A steep square roof that runs out into eight sides."""
    rings = [_square_ring(6.3, 44.8), _square_ring(5.8, 46.0), _between(3.9, 51.6, 0.5), _between(2.7, 56.6, 1.0)]
    return [stacked([*rings, _between(2.7, 57.2, 1.0)])]


def _lantern() -> list[trimesh.Trimesh]:
    """Eight slim piers about a core, a bulb and a spire."""
    piers = []
    for turn in np.radians(np.arange(22.5, 360, 45)):
        pier = Point(2.75 * np.cos(turn), 2.75 * np.sin(turn)).buffer(0.55, quad_segs=4)
        piers.append(prism(pier, 56.4, 61.6))
    rings = (
        (3.0, 56.9), (3.3, 57.3), (3.3, 57.7), (2.1, 58.0), (2.1, 61.0), (3.6, 62.5), (3.6, 63.0), (3.0, 63.4),
        (3.1, 64.0), (3.0, 64.7), (2.5, 65.5), (1.8, 66.3), (1.3, 67.2), (0.95, 68.6), (0.8, 71.0), (0.7, 73.2),
        (1.05, 73.8), (1.2, 74.3), (1.05, 74.8), (0.7, 75.3), (0.6, 77.0),
    )  # fmt: skip
    return [*piers, stacked([_polygon_ring(16, radius, z) for radius, z in rings])]


# --- parts of walls --------------------------------------------------------------------------------


def _lancet(x: float, z: float, width: float, height: float) -> Polygon:
    """A window with a pointed arch, its sill at (x, z)."""
    half = width / 2
    spring = z + height - width * 0.866
    arch = (
        Point(x - half, spring)
        .buffer(width, quad_segs=16)
        .intersection(Point(x + half, spring).buffer(width, quad_segs=16))
    )
    return unary_union(
        [box(x - half, z, x + half, spring), arch.intersection(box(x - half, spring - 0.1, x + half, 999))]
    )


def _skin(
    half: float, low: float, high: float, windows: Polygon | MultiPolygon, sides: Sequence[int]
) -> list[trimesh.Trimesh]:
    wall = box(-half - 0.1, low + 0.1, half + 0.1, high - 0.1)
    return _on_side(wall.difference(windows), half, SKIN_MM, sides)


def _on_side(
    area: Polygon | MultiPolygon, half: float, thickness: float, sides: Sequence[int]
) -> list[trimesh.Trimesh]:
    """An upright outline (across, height) on the walls at `half` from the middle. Side 0 is the front, then
    counter-clockwise; each lies a hair deeper than the one before, so that no two share an edge."""
    parts = []
    for side in sides:
        panel = prism(area, -OVERLAP_MM * (1 + side), thickness)
        panel.apply_transform(np.array([[1, 0, 0, 0], [0, 0, -1, -half], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=float))
        parts.append(_turned(panel, side))
    return parts


def _at_corners(make: Callable[[], trimesh.Trimesh], out: float) -> list[trimesh.Trimesh]:
    corners = []
    for side in range(4):
        part = make()
        part.apply_translation([out, out, 0])
        corners.append(_turned(part, side))
    return corners


def _turned(mesh: trimesh.Trimesh, quarters: int) -> trimesh.Trimesh:
    mesh.apply_transform(rotation(np.pi / 2 * quarters, 2))
    return mesh


def _square(half: float) -> Polygon:
    return box(-half, -half, half, half)


def _polygon_ring(sides: int, radius: float, z: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False) + np.pi / sides
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(sides, z)])


def _square_ring(half: float, z: float) -> Points:
    return _between(half, z, 0.0)


def _between(half: float, z: float, share: float) -> Points:
    """Eight points: a square (share 0), an octagon (share 1), or what lies between."""
    cut = half * (0.02 + share * (1 - 0.4142 - 0.02))
    rest = half - cut
    points = [
        (half, -rest),
        (half, rest),
        (rest, half),
        (-rest, half),
        (-half, rest),
        (-half, -rest),
        (-rest, -half),
        (rest, -half),
    ]
    return np.column_stack([np.array(points), np.full(8, z)])

"""What everybody knows the size of, to lie beside a model: a coin and a hand, in mm."""

import trimesh
from shapely import Point

from catalogue.implicit import Field, capsule, ellipsoid, melted, surface
from catalogue.solids import OVERLAP_MM, prism, together

COIN_MM, COIN_THICK_MM = 23.25, 2.33
"""A coin of one euro."""
_FINGERS = (
    ((-27.0, 42.0), (-34.0, 66.0), (-37.0, 84.0), 6.4),
    ((-10.0, 50.0), (-12.0, 80.0), (-13.0, 103.0), 6.9),
    ((7.0, 51.0), (8.0, 84.0), (8.5, 110.0), 7.1),
    ((23.0, 46.0), (27.0, 76.0), (30.0, 98.0), 6.8),
)
"""Knuckle, middle and tip of each finger seen from above, and its radius: the hand of a child of ten."""
_THUMB = ((27.0, 10.0), (42.0, 28.0), (50.0, 46.0), 7.6)
_STEP_MM = 1.1


def coin() -> trimesh.Trimesh:
    """A plain one, with its rim."""
    disc = Point(0, 0).buffer(COIN_MM / 2, quad_segs=32)
    inner = Point(0, 0).buffer(COIN_MM / 2 - 3.4, quad_segs=32)
    low = COIN_THICK_MM - 0.4
    rim = disc.difference(Point(0, 0).buffer(COIN_MM / 2 - 1.0, quad_segs=32))
    return together(
        [
            prism(disc, 0, low, chamfer_bottom=0.3),
            prism(rim, low - OVERLAP_MM, COIN_THICK_MM, chamfer_top=0.2),
            prism(inner, low - OVERLAP_MM, COIN_THICK_MM - 0.1, chamfer_top=0.2),
        ]
    )


def hand() -> trimesh.Trimesh:
    """A right hand that lies flat on the table, palm down, fingers away from who looks."""
    palm = melted(
        7.0,
        ellipsoid((0, 20, 7.5), (33, 34, 9.5)),
        ellipsoid((2, -8, 7.5), (26, 26, 9.5)),
        ellipsoid((0, -26, 7.5), (21, 22, 9)),
    )
    whole = melted(5.0, palm, *(_finger(*finger) for finger in _FINGERS), _finger(*_THUMB))
    return together([surface(whole, (-52, -58), (66, 122), 26, _STEP_MM)])


def _finger(
    knuckle: tuple[float, float], middle: tuple[float, float], tip: tuple[float, float], radius: float
) -> Field:
    high = radius * 1.25
    return melted(
        1.5,
        capsule((*knuckle, high), (*middle, radius * 1.15), radius * 1.06, radius),
        capsule((*middle, radius * 1.15), (*tip, radius * 0.85), radius, radius * 0.86),
    )

"""A key ring tag that follows the letters of a name."""

from collections.abc import Mapping

import trimesh
from shapely import Point, Polygon, box, unary_union

from catalogue.lettering import text_outline
from catalogue.solids import OVERLAP_MM, prism, together

CAPITAL_MM = 10.5
MARGIN_MM = 3.4
PLATE_MM = 2.4
RELIEF_MM = 1.2
RING_MM, HOLE_MM = 5.6, 2.5
"""Radii of the eye and its hole."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """`name` raised on a plate with an eye at its left."""
    letters = text_outline(values["name"], CAPITAL_MM)
    left, low, right, high = letters.bounds
    middle = CAPITAL_MM * 0.42
    spine = box(left, middle - 2.6, right, middle + 2.6)
    around = unary_union([letters, spine]).buffer(MARGIN_MM)
    eye_at = Point(around.bounds[0] - RING_MM * 0.35, middle)
    outline = _smoothed(unary_union([around, eye_at.buffer(RING_MM)]), 5.0)
    plate = outline.difference(eye_at.buffer(HOLE_MM, quad_segs=16))
    return together(
        [
            prism(plate, 0, PLATE_MM, chamfer_top=0.6, chamfer_bottom=0.3),
            prism(letters, PLATE_MM - OVERLAP_MM, PLATE_MM + RELIEF_MM, chamfer_top=0.25),
        ]
    )


def _smoothed(area: Polygon, radius: float) -> Polygon:
    """Bays narrower than the radius are filled, all corners rounded."""
    closed = area.buffer(radius).buffer(-radius - 1.0).buffer(1.0)
    return Polygon(closed.exterior).simplify(0.01)

"""A key ring tag: a name on a rounded plate with a rim and an eye."""

from collections.abc import Mapping

import trimesh
from shapely import LineString, MultiPolygon, Point

from catalogue.lettering import text_outline
from catalogue.solids import OVERLAP_MM, prism, together

CAPITAL_MM, LEAST_CAPITAL_MM = 10.5, 7.5
TEXT_MM = 58.0
"""How wide the text may become before its letters become smaller, down to the least: strokes stay over 0.8 mm."""
MARGIN_MM = 3.6
PLATE_MM = 2.2
RELIEF_MM = 1.2
RIM_MM = 1.4
HOLE_MM = 2.4
"""The hole's radius: a split ring goes through."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """`name` raised on a plate with an eye at its left."""
    letters = _letters(values["name"])
    left, low, right, high = letters.bounds
    low, high = min(low, 0.0) - MARGIN_MM, max(high, LEAST_CAPITAL_MM) + MARGIN_MM
    radius, middle = (high - low) / 2, (low + high) / 2
    eye = Point(left - MARGIN_MM - HOLE_MM, middle)
    end = max(right + MARGIN_MM - radius * 0.45, eye.x + 1)
    plate = LineString([(eye.x - HOLE_MM - 0.5 * MARGIN_MM - RIM_MM + radius * 0.55, middle), (end, middle)])
    outline = plate.buffer(radius, quad_segs=32)
    rim = outline.difference(outline.buffer(-RIM_MM, quad_segs=32))
    collar = eye.buffer(HOLE_MM + RIM_MM, quad_segs=24).difference(eye.buffer(HOLE_MM, quad_segs=24))
    plate_with_hole = outline.difference(eye.buffer(HOLE_MM, quad_segs=24))
    relief_from, relief_to = PLATE_MM - OVERLAP_MM, PLATE_MM + RELIEF_MM
    return together(
        [
            prism(plate_with_hole, 0, PLATE_MM, chamfer_bottom=0.4),
            prism(rim, relief_from, relief_to, chamfer_top=0.35),
            prism(collar.buffer(-OVERLAP_MM), relief_from, relief_to - 0.4, chamfer_top=0.35),
            prism(letters, relief_from, relief_to, chamfer_top=0.25),
        ]
    )


def _letters(name: str) -> MultiPolygon:
    letters = text_outline(name, CAPITAL_MM)
    left, _, right, _ = letters.bounds
    share = min(1.0, TEXT_MM / (right - left))
    return text_outline(name, max(LEAST_CAPITAL_MM, CAPITAL_MM * share))

"""A pendant: an outline with a raised rim and the same outline in the middle, and an eye on top."""

from collections.abc import Callable, Mapping

import numpy as np
import trimesh
from shapely import Point, Polygon, box, unary_union
from shapely.affinity import scale, translate

from catalogue.solids import OVERLAP_MM, prism, together

WIDTH_MM = {"small": 24.0, "medium": 34.0, "large": 44.0}
PLATE_MM = 2.0
RELIEF_MM = 1.0
RIM_MM = 1.5
HOLE_MM = 1.8
EYE_MM = 1.9
"""The hole's radius, and the ring of plastic around it."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """`form` as wide as `size` says."""
    outline = _fitted(_FORMS[values["form"]](), WIDTH_MM[values["size"]])
    top = outline.bounds[3]
    across = box(-0.05, outline.bounds[1], 0.05, top)
    highest = outline.intersection(across).bounds[3]
    eye = Point(0, highest + HOLE_MM * 0.55)
    hole = eye.buffer(HOLE_MM, quad_segs=24)
    body = unary_union([outline, eye.buffer(HOLE_MM + EYE_MM, quad_segs=24)]).difference(hole)
    rim = body.difference(body.buffer(-RIM_MM, quad_segs=24))
    middle = scale(outline.buffer(-RIM_MM * 2.2), 0.62, 0.62).difference(hole.buffer(EYE_MM))
    floor, relief = PLATE_MM - OVERLAP_MM, PLATE_MM + RELIEF_MM
    return together(
        [
            prism(body, 0, PLATE_MM, chamfer_bottom=0.4),
            prism(rim, floor, relief, chamfer_top=0.3),
            prism(middle, floor, relief, chamfer_top=0.3),
        ]
    )


def _fitted(outline: Polygon, width_mm: float) -> Polygon:
    """Rounded at its corners, centred, of that width."""
    left, low, right, high = outline.bounds
    factor = width_mm / (right - left)
    moved = translate(outline, -(left + right) / 2, -(low + high) / 2)
    return scale(moved, factor, factor, origin=(0, 0)).buffer(-1.2).buffer(2.2, quad_segs=24).buffer(-1.0)


def _heart() -> Polygon:
    turn = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    x = 16 * np.sin(turn) ** 3
    y = 13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn)
    return Polygon(np.column_stack([x, y])).buffer(0)


def _star() -> Polygon:
    turn = np.pi / 2 + np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2 == 0, 10.0, 5.2)
    return Polygon(np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]))


def _flower() -> Polygon:
    petals = [
        Point(6 * np.cos(a), 6 * np.sin(a)).buffer(4.2, quad_segs=24) for a in np.pi / 2 + np.arange(6) * np.pi / 3
    ]
    return unary_union([Point(0, 0).buffer(6), *petals])


def _house() -> Polygon:
    return Polygon([(-8, -9), (8, -9), (8, 2), (10, 2), (0, 11), (-10, 2), (-8, 2)])


_FORMS: dict[str, Callable[[], Polygon]] = {"heart": _heart, "star": _star, "flower": _flower, "house": _house}

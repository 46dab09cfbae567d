"""The seven pieces of a tangram, a little apart."""

from collections.abc import Mapping

import trimesh
from shapely import Polygon
from shapely.affinity import translate

from catalogue.solids import prism, together

SIDE_MM = 52.0
THICK_MM = 2.8
APART = 0.1
"""How much further each piece lies from the middle."""
LESS_MM = 0.12
"""All around each piece, so that they fit."""

_PIECES = (
    ((0, 0), (4, 0), (2, 2)),
    ((0, 0), (2, 2), (0, 4)),
    ((4, 0), (4, 2), (3, 1)),
    ((2, 2), (3, 1), (4, 2), (3, 3)),
    ((2, 2), (3, 3), (1, 3)),
    ((0, 4), (1, 3), (3, 3), (2, 4)),
    ((4, 2), (4, 4), (2, 4)),
)
"""Corners on a square of 4 by 4."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """All pieces, each with soft edges."""
    return together(
        [prism(_piece(corners), 0, THICK_MM, chamfer_top=0.5, chamfer_bottom=0.3) for corners in _PIECES]
    )


def _piece(corners: tuple[tuple[int, int], ...]) -> Polygon:
    unit = SIDE_MM / 4
    piece = Polygon([((x - 2) * unit, (y - 2) * unit) for x, y in corners])
    middle = piece.centroid
    return translate(piece, middle.x * APART, middle.y * APART).buffer(-LESS_MM, join_style="mitre")

"""A coin for a shopping trolley or a locker, with an open book."""

from collections.abc import Mapping

import numpy as np
import trimesh
from shapely import LineString, Point, Polygon, unary_union
from shapely.affinity import scale

from catalogue.solids import OVERLAP_MM, prism, together

RADIUS_MM = 11.6
BASE_MM = 1.4
RELIEF_MM = 0.8


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """A disc with a rim, an open book with lines of text, and three rays of light."""
    disc = Point(0, 0).buffer(RADIUS_MM, quad_segs=48)
    rim = disc.difference(Point(0, 0).buffer(RADIUS_MM - 1.3, quad_segs=48))
    floor = BASE_MM - OVERLAP_MM
    relief = BASE_MM + RELIEF_MM
    return together(
        [
            prism(disc, 0, BASE_MM, chamfer_bottom=0.3),
            prism(rim, floor, relief, chamfer_top=0.3),
            prism(_book(), floor, relief, chamfer_top=0.2),
            prism(_rays(), floor, relief - 0.2, chamfer_top=0.2),
        ]
    )


def _book() -> Polygon:
    """Two pages that arch away from the spine, with lines cut out of them."""
    across = np.linspace(0.55, 7.2, 24)
    arch = 1.5 * np.sin((across - 0.55) / 6.65 * np.pi * 0.9) ** 1.0
    top, bottom = 2.2 + arch, -5.6 + arch
    page = Polygon(np.vstack([np.column_stack([across, bottom]), np.column_stack([across, top])[::-1]]))
    lines = []
    for drop in (1.9, 3.8, 5.7):
        end = 20 if drop < 5 else 14
        lines.append(LineString(np.column_stack([across[3:end], (top - drop)[3:end]])).buffer(0.42))
    right = page.difference(unary_union(lines))
    return unary_union([right, scale(right, -1, 1, origin=(0, 0))])


def _rays() -> Polygon:
    rays = []
    for angle in (-32, 0, 32):
        turn = np.radians(90 + angle)
        way = np.array([np.cos(turn), np.sin(turn)])
        centre = np.array([0.0, 0.6])
        rays.append(LineString([centre + way * 5.4, centre + way * 7.9]).buffer(0.5))
    return unary_union(rays)

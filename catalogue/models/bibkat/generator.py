"""The library's cat: it sits, wears glasses and reads."""

from collections.abc import Mapping

import numpy as np
import trimesh

from catalogue.implicit import (
    Distances,
    Field,
    Points,
    capsule,
    curl,
    ellipsoid,
    melted,
    on_front,
    smooth_max,
    surface,
)
from catalogue.solids import relief, scaled, together, tube

SCALE = 0.92
STEP_MM = 0.42
EYE_X, EYE_Z = 4.6, 30.0
GLASS_MM = 3.4
"""The radius of the glasses' round frames."""
FRONT_Y, BACK_Y = -20.0, -4.0
"""Where a look at the face begins and ends."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """The cat as one smooth body, her face laid on it, the book a crisp block between her paws."""
    cat = _cat()
    body = surface(cat, (-18, -20), (16, 17), 45, STEP_MM)
    return scaled(together([body, *_face(cat), *_book()]), SCALE)


def _cat() -> Field:
    body = melted(
        4.0,
        ellipsoid((0, 2.5, 10.0), (10.0, 10.0, 12.0)),
        ellipsoid((0, -0.4, 17.5), (7.4, 7.0, 8.0)),
        ellipsoid((0, -2.0, 22.5), (6.9, 6.6, 5.0)),
    )
    haunches = melted(1.4, body, _both(ellipsoid((8.2, 0.4, 5.8), (4.4, 7.4, 6.4))))
    feet = melted(1.0, haunches, _both(ellipsoid((8.8, -8.2, 1.7), (2.9, 4.4, 2.7))))
    head = melted(
        2.4,
        ellipsoid((0, -3.4, 29.2), (10.8, 9.0, 8.3)),
        _both(ellipsoid((6.2, -5.2, 26.8), (4.9, 4.9, 4.3))),
        _both(ellipsoid((1.6, -11.4, 25.2), (2.6, 2.1, 2.0))),
    )
    face = melted(1.2, head, _both(_ear()))
    nose = melted(0.4, face, ellipsoid((0, -13.4, 26.6), (1.3, 0.9, 0.85)))
    whole = melted(2.6, feet, nose)
    arms = melted(1.4, whole, _both(capsule((6.0, -5.2, 14.6), (7.6, -12.4, 9.2), 2.5, 2.2)))
    paws = melted(0.8, arms, _both(ellipsoid((7.3, -13.6, 8.9), (2.4, 2.7, 2.1))))
    return melted(1.2, paws, _tail())


def _ear() -> Field:
    """A broad cone, flat from front to back, with a hollow."""
    cone = capsule((6.0, 0.0, 33.0), (8.3, 0.0, 40.6), 4.7, 1.0)
    hollow = capsule((6.6, -2.6, 35.4), (8.2, -1.3, 39.8), 1.9, 0.3)

    def distance(points: Points) -> Distances:
        moved = points + np.array([0.0, 3.0, 0.0])
        flat = moved * np.array([1, 1.7, 1])
        return smooth_max(cone(flat) * 0.7, -hollow(moved), 0.5)

    return distance


def _tail() -> Field:
    """It lies on the ground around her right side and ends beside the foot."""
    return curl(centre=(0.0, 1.2, 2.1), reach=13.0, start_deg=85, end_deg=217, radius=2.9, end_radius=2.1)


def _both(field: Field) -> Field:
    """The field and its mirror image in x."""
    return lambda points: field(np.column_stack([np.abs(points[:, 0]), points[:, 1:]]))


def _face(cat: Field) -> list[trimesh.Trimesh]:
    """Glasses, closed eyes and a mouth: rods half sunk into the face."""
    parts = []
    for side in (-1, 1):
        x = side * EYE_X
        parts.append(_drawn(cat, _circle(x, EYE_Z, GLASS_MM, 0, 360)[:-1], 0.75, closed=True))
        parts.append(_drawn(cat, _circle(x, EYE_Z - 0.9, 1.75, 20, 160), 0.5))
        parts.append(_drawn(cat, _circle(side * 1.35, 25.3, 1.35, 200, 345), 0.45))
    parts.append(_drawn(cat, _circle(0, EYE_Z - 0.2, EYE_X - GLASS_MM + 0.3, 20, 160), 0.6))
    return parts


def _circle(x: float, z: float, radius: float, start_deg: float, end_deg: float) -> Points:
    """Points (n, 2) of x and z along a part of a circle, as seen from the front."""
    angle = np.radians(np.linspace(start_deg, end_deg, max(12, int((end_deg - start_deg) / 6))))
    return np.column_stack([x + radius * np.cos(angle), z + radius * np.sin(angle)])


def _drawn(cat: Field, line: Points, radius: float, *, closed: bool = False) -> trimesh.Trimesh:
    path = on_front(cat, line[:, 0], line[:, 1], FRONT_Y, BACK_Y)
    path[:, 1] -= 0.1
    return tube(path, radius, closed=closed)


def _book() -> list[trimesh.Trimesh]:
    """It leans on a wedge; two pages arch away from the spine, with lines of text; the cover shows around them."""
    across = np.arange(-9.6, 9.6001, 0.2)
    along = np.arange(-21.0, -9.99, 0.2)
    x, y = np.meshgrid(across, along, indexing="ij")
    slope = 1.4 + (y + 21.0) * 0.62
    page = 1.5 * np.sin(np.abs(x) / 9.6 * np.pi * 0.93) ** 0.8
    lines = np.zeros_like(x, dtype=bool)
    for row in (-18.6, -16.6, -14.6, -12.6):
        lines |= (np.abs(y - row) < 0.45) & (np.abs(x) > 1.9) & (np.abs(x) < 7.9)
    pages = relief(across, along, slope + page + 0.9 - 0.55 * lines)
    cover_across, cover_along = np.array([-10.5, 10.5]), np.array([-21.9, -9.2])
    cover_height = 1.2 + (cover_along + 21.0) * 0.62
    cover = relief(cover_across, cover_along, np.vstack([cover_height, cover_height]))
    return [pages, cover]

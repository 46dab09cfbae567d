"""An owl: round, with large eyes, folded wings and three rows of feathers."""

from collections.abc import Mapping

import numpy as np
import trimesh

from catalogue.implicit import Distances, Field, Points, capsule, ellipsoid, melted, on_front, smooth_max, surface
from catalogue.solids import joined, together, tube

STEP_MM = 0.45
EYE_X, EYE_Z, EYE_MM = 4.3, 24.6, 3.9
FRONT_Y, BACK_Y = -18.0, -2.0
FEATHERS = ((13.6, (-4.4, 0.0, 4.4)), (10.4, (-6.0, -2.0, 2.0, 6.0)), (7.2, (-4.4, 0.0, 4.4)))
"""Height of a row of feathers, and where each hangs."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """One smooth body; eyes and feathers are rods half sunk into it."""
    owl = _owl()
    body = surface(owl, (-15, -14), (15, 13), 40, STEP_MM)
    return together([body, *_eyes(owl), joined([_feather(owl, x, z) for z, row in FEATHERS for x in row])])


def _owl() -> Field:
    body = melted(
        3.0,
        ellipsoid((0, 0, 9.5), (10.2, 9.0, 11.5)),
        ellipsoid((0, -0.6, 23.0), (9.6, 8.2, 8.4)),
        ellipsoid((0, 0, 3.0), (8.6, 7.8, 4.5)),
    )
    tufts = melted(1.6, body, _both(capsule((5.4, -1.4, 28.0), (7.6, -1.8, 32.6), 2.8, 1.3)))
    wings = melted(0.8, tufts, _both(_wing))
    feet = melted(0.8, wings, _both(ellipsoid((3.6, -7.6, 1.2), (2.8, 3.4, 1.9))))
    sockets = _both(ellipsoid((EYE_X, -11.8, EYE_Z), (EYE_MM, 4.4, EYE_MM)))
    pupils = melted(0.3, _without(feet, sockets), _both(ellipsoid((EYE_X - 0.3, -6.6, EYE_Z), (2.0, 2.0, 2.0))))
    return melted(0.5, pupils, capsule((0, -8.2, 23.0), (0, -9.6, 20.6), 1.5, 0.7))


def _without(body: Field, hole: Field) -> Field:
    return lambda points: smooth_max(body(points), -hole(points), 0.6)


def _wing(points: Points) -> Distances:
    """A leaf that lies along the side, its tip down and back."""
    return ellipsoid((9.2, 1.4, 12.0), (2.6, 6.2, 9.0))(points)


def _both(field: Field) -> Field:
    """The field and its mirror image in x."""
    return lambda points: field(np.column_stack([np.abs(points[:, 0]), points[:, 1:]]))


def _eyes(owl: Field) -> list[trimesh.Trimesh]:
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    rings = []
    for side in (-1, 1):
        x, z = side * EYE_X + EYE_MM * np.cos(turn), EYE_Z + EYE_MM * np.sin(turn)
        rings.append(tube(on_front(owl, x, z, FRONT_Y, BACK_Y), 0.7, closed=True))
    return rings


def _feather(owl: Field, x: float, z: float) -> trimesh.Trimesh:
    turn = np.radians(np.linspace(200, 340, 14))
    line = on_front(owl, x + 1.9 * np.cos(turn), z + 1.9 * np.sin(turn), FRONT_Y, BACK_Y)
    return tube(line, 0.55, closed=False)

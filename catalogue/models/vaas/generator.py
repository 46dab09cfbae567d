"""A small twisted vase with an even wall."""

from collections.abc import Mapping

import numpy as np
import trimesh

from catalogue.solids import Points, curve, stacked, together

HEIGHT_MM = 45.0
WALL_MM = 0.9
FLOOR_MM = 1.4
LOBES = 9
TWIST_DEG = 76.0
SIDES, RINGS = 180, 84
_PROFILE = curve(
    [(9.8, 0.0), (11.9, 0.12), (15.2, 0.38), (12.9, 0.62), (9.4, 0.8), (9.3, 0.9), (11.2, 1.0)], steps=200
)
"""Radius in mm by share of the height: a foot, a belly, a neck and a lip that opens, nowhere beyond 45°."""


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """Outside up, over the lip, inside down to the floor: one closed surface."""
    up = [_ring(share, 0.0) for share in np.linspace(0, 1, RINGS)]
    inside = [share for share in np.linspace(0, 1, RINGS) if share * HEIGHT_MM > FLOOR_MM + 0.4]
    lip = _ring(1.0, WALL_MM / 2)
    lip[:, 2] += 0.3
    down = [_ring(share, WALL_MM) for share in inside[::-1]]
    floor = _ring(FLOOR_MM / HEIGHT_MM, WALL_MM)
    return together([stacked([*up, lip, *down, floor])])


def _ring(share: float, inset: float) -> Points:
    """The outline at that share of the height, moved inside."""
    angle = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    turn = np.radians(TWIST_DEG) * (share - 0.12 * np.sin(2 * np.pi * share))
    wave = 0.5 + 0.5 * np.cos(LOBES * (angle - turn))
    depth = 1.9 * np.sin(np.pi * min(1.0, 0.18 + 0.82 * share)) ** 0.6 + 0.5
    radius = np.interp(share, _PROFILE[:, 1], _PROFILE[:, 0]) - depth * (1 - wave) ** 1.4
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    ahead = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    points = points + np.column_stack([-ahead[:, 1], ahead[:, 0]]) * inset
    return np.column_stack([points, np.full(SIDES, share * HEIGHT_MM)])

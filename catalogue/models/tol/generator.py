"""A spinning top with flutes that wind around it. It prints on its knob, tip up, and needs no support."""

from collections.abc import Mapping

import numpy as np
import trimesh

from catalogue.solids import Outline, Points, circle, curve, lofted, together

LOBES = 10
FLUTE_MM = 0.8
TWIST_DEG = 62.0

# (radius, z) from the bed up: knob and neck, then a cone at 45°, a rim with a groove, a dome, a tip.
HANDLE = curve([(5.2, 0.5), (5.4, 1.2), (4.9, 2.6), (3.6, 4.6), (2.9, 6.4), (2.75, 8.0), (3.2, 9.6)], steps=40)
CONE = ((3.2, 9.6), (13.6, 20.0))
RIM = (
    (14.4, 20.8),
    (14.8, 21.4),
    (14.8, 22.6),
    (14.3, 23.0),
    (14.3, 23.6),
    (14.8, 24.0),
    (14.8, 24.8),
    (14.3, 25.4),
)
DOME = ((13.6, 25.8), (2.0, 33.0))
TIP = ((1.9, 33.8), (1.6, 34.5), (1.1, 35.1), (0.5, 35.5))


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """A solid of revolution whose flanks are fluted."""
    handle = [(circle(4.7), 0.0), *((circle(radius), z) for radius, z in HANDLE[:-1])]
    cone = _flank(*CONE, bulge=0.0, steps=40)
    rim = [(circle(radius), z) for radius, z in RIM]
    dome = _flank(*DOME, bulge=1.4, steps=40)
    tip = [(circle(radius), z) for radius, z in TIP]
    return together([lofted([*handle, *cone, *rim, *dome, *tip], sides=200)])


def _flank(
    start: tuple[float, float], end: tuple[float, float], bulge: float, steps: int
) -> list[tuple[Outline, float]]:
    """Rings from `start` to `end`, fluted in between, the flutes winding around."""
    rings = []
    for share in np.linspace(0, 1, steps):
        radius = start[0] + (end[0] - start[0]) * share + bulge * np.sin(np.pi * share)
        z = start[1] + (end[1] - start[1]) * share
        depth = FLUTE_MM * np.sin(np.pi * share) ** 0.7
        rings.append((_fluted(radius, depth, np.radians(TWIST_DEG) * share), z))
    return rings


def _fluted(radius: float, depth: float, turn: float) -> Outline:
    def at(angle: Points) -> Points:
        wave = np.abs(np.sin(LOBES * (angle - turn) / 2))
        return np.asarray(radius - depth * (1 - wave) ** 1.5)

    return at

"""Closed shells from outlines and profiles: the building blocks of the generators.

A model may be several closed shells that overlap: the slicer fills their union. Shells must not share an edge
exactly (let them overlap by a little), else the mesh is not manifold.
"""

from collections.abc import Callable, Sequence
from typing import Any

import mapbox_earcut
import numpy as np
import trimesh
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.polygon import orient

Points = NDArray[Any]
Faces = NDArray[Any]
Outline = Callable[[Points], Points]
"""A radius by angle."""
OVERLAP_MM = 0.02
"""How far shells that touch are let into each other."""


def together(shells: Sequence[trimesh.Trimesh]) -> trimesh.Trimesh:
    """One mesh of all shells, standing on z = 0 and centred."""
    mesh = joined(shells)
    low, high = mesh.bounds
    mesh.apply_translation([-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2]])
    return mesh


def joined(shells: Sequence[trimesh.Trimesh]) -> trimesh.Trimesh:
    """One mesh of all shells, where they are."""
    offsets = np.cumsum([0, *(len(shell.vertices) for shell in shells)])
    faces = [shell.faces + offset for shell, offset in zip(shells, offsets[:-1], strict=True)]
    return trimesh.Trimesh(np.vstack([shell.vertices for shell in shells]), np.vstack(faces), process=False)


def scaled(mesh: trimesh.Trimesh, factor: float) -> trimesh.Trimesh:
    """A copy, larger or smaller about the origin."""
    return trimesh.Trimesh(mesh.vertices * factor, mesh.faces, process=False)


def rotation(angle: float, axis: int) -> Points:
    """The matrix (4, 4) of a turn by `angle` in radians about x, y or z (0, 1, 2)."""
    matrix = np.eye(4)
    u, v = (axis + 1) % 3, (axis + 2) % 3
    matrix[u, u] = matrix[v, v] = np.cos(angle)
    matrix[v, u], matrix[u, v] = np.sin(angle), -np.sin(angle)
    return matrix


def prism(
    area: Polygon | MultiPolygon,
    bottom: float,
    top: float,
    *,
    chamfer_top: float = 0.0,
    chamfer_bottom: float = 0.0,
) -> trimesh.Trimesh:
    """The outline from z = bottom to z = top. Chamfers are at 45°, and narrower where the outline is too thin."""
    parts = [area] if isinstance(area, Polygon) else list(area.geoms)
    return joined([_prism(part, bottom, top, chamfer_top, chamfer_bottom) for part in parts])


def _prism(area: Polygon, bottom: float, top: float, chamfer_top: float, chamfer_bottom: float) -> trimesh.Trimesh:
    outline = _Area(area)
    above, below = outline.largest_inset(chamfer_top), outline.largest_inset(chamfer_bottom)
    levels = [(bottom, below)] if below else []
    levels += [(bottom + below, 0.0), (top - above, 0.0)]
    levels += [(top, above)] if above else []
    return outline.swept(levels)


class _Area:
    """A polygon's corners, and the way in at each corner."""

    def __init__(self, area: Polygon) -> None:
        area = orient(area.simplify(0.004))
        rings = [np.asarray(ring.coords)[:-1] for ring in (area.exterior, *area.interiors)]
        self.ends = np.cumsum([len(ring) for ring in rings]).astype(np.uint32)
        self.points: Points = np.vstack(rings)
        self.inward: Points = np.vstack([_inward(ring) for ring in rings])

    def largest_inset(self, wanted: float) -> float:
        """`wanted`, or half of it, or a quarter, or 0: the first at which no side has crossed another."""
        rim = _rim(self._cap(0.0))
        for inset in (wanted, wanted / 2, wanted / 4):
            rings = np.split(self._moved(inset), self.ends[:-1])
            if inset and Polygon(rings[0], rings[1:]).is_valid and np.array_equal(_rim(self._cap(inset)), rim):
                return inset
        return 0.0

    def _moved(self, inset: float) -> Points:
        return np.asarray(self.points + self.inward * inset)

    def _cap(self, inset: float) -> Faces:
        """The triangles within the outline moved inside by `inset`, counter-clockwise."""
        points = self._moved(inset)
        faces: Faces = mapbox_earcut.triangulate_float64(points, self.ends).reshape(-1, 3).astype(np.int64)
        turned = _areas(points, faces) < 0
        faces[turned] = faces[turned][:, ::-1]
        return faces

    def swept(self, levels: Sequence[tuple[float, float]]) -> trimesh.Trimesh:
        """Walls through all (z, inset), closed at both ends. The walls stand on the edges that only one triangle
        of the cap has, so that walls and caps always meet."""
        count = len(self.points)
        layers = [np.column_stack([self._moved(inset), np.full(count, z)]) for z, inset in levels]
        floor, roof = self._cap(levels[0][1]), self._cap(levels[-1][1])
        rim = _rim(floor)
        faces = [floor[:, ::-1], roof + count * (len(levels) - 1)]
        for level in range(len(levels) - 1):
            a, b = rim[:, 0] + level * count, rim[:, 1] + level * count
            faces += [np.column_stack([a, b, b + count]), np.column_stack([a, b + count, a + count])]
        return trimesh.Trimesh(np.vstack(layers), np.vstack(faces), process=False)


def _rim(faces: Faces) -> Faces:
    """The edges (n, 2) that only one triangle has, in a fixed order."""
    edges = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    _, first, times = np.unique(np.sort(edges, axis=1), axis=0, return_index=True, return_counts=True)
    return np.asarray(edges[first[times == 1]])


def _inward(ring: Points) -> Points:
    """At each corner the way inside, so long that the sides move by 1. At spikes it is held at 3."""
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    before /= np.linalg.norm(before, axis=1, keepdims=True)
    after /= np.linalg.norm(after, axis=1, keepdims=True)
    left_before = np.column_stack([-before[:, 1], before[:, 0]])
    left_after = np.column_stack([-after[:, 1], after[:, 0]])
    middle = left_before + left_after
    scale = 2.0 / np.maximum((middle**2).sum(axis=1), 4.0 / 9.0)
    return np.asarray(middle * scale[:, None])


def _areas(points: Points, faces: Faces) -> Points:
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    return np.asarray((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])) / 2


def curve(knots: Sequence[tuple[float, float]], steps: int) -> Points:
    """`steps` points (n, 2) along a curve without corners through the knots, whose second number rises."""
    known = np.array(knots)
    y, x = known[:, 0], known[:, 1]
    slope = np.gradient(y, x)
    at = np.linspace(x[0], x[-1], steps)
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    width = x[i + 1] - x[i]
    t = (at - x[i]) / width
    value = (2 * t**3 - 3 * t**2 + 1) * y[i] + (3 * t**2 - 2 * t**3) * y[i + 1]
    value += ((t**3 - 2 * t**2 + t) * slope[i] + (t**3 - t**2) * slope[i + 1]) * width
    return np.column_stack([value, at])


def revolved(profile: Sequence[tuple[float, float]], sides: int = 160) -> trimesh.Trimesh:
    """A solid of revolution about z. `profile` is (radius, z) from the axis below to the axis above."""
    return lofted([(circle(radius), z) for radius, z in profile], sides)


def circle(radius: float) -> Outline:
    """The outline of a circle, for `lofted`."""
    return lambda angle: np.full_like(angle, radius)


def lofted(
    rings: Sequence[tuple[Outline, float]],
    sides: int = 160,
) -> trimesh.Trimesh:
    """A solid through rings, each a radius by angle and a z, from below to above. The first and last ring are
    closed to their centre."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    levels = []
    for radius_of, z in rings:
        radius = radius_of(angle)
        levels.append(np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(sides, z)]))
    return stacked(levels)


def stacked(levels: Sequence[Points]) -> trimesh.Trimesh:
    """A solid through rings of equally many points (n, 3), each counter-clockwise as seen from where they lead,
    closed at both ends to the ends' centres."""
    sides = len(levels[0])
    points = np.vstack([*levels, levels[0].mean(axis=0, keepdims=True), levels[-1].mean(axis=0, keepdims=True)])
    here = np.arange(sides)
    following = np.roll(here, -1)
    faces = []
    for level in range(len(levels) - 1):
        a, b = here + level * sides, following + level * sides
        faces += [np.column_stack([a, b, b + sides]), np.column_stack([a, b + sides, a + sides])]
    first, last = len(points) - 2, len(points) - 1
    top = (len(levels) - 1) * sides
    faces.append(np.column_stack([np.full(sides, first), following, here]))
    faces.append(np.column_stack([np.full(sides, last), here + top, following + top]))
    mesh = trimesh.Trimesh(points, np.vstack(faces), process=True)
    mesh.update_faces(mesh.nondegenerate_faces())
    return mesh


def relief(across: Points, along: Points, height: Points) -> trimesh.Trimesh:
    """A solid from z = 0 up to `height` (n, m) over the grid of `across` (n,) and `along` (m,), both rising."""
    n, m = height.shape
    x, y = np.meshgrid(across, along, indexing="ij")
    top = np.column_stack([x.ravel(), y.ravel(), height.ravel()])
    floor = np.column_stack([x.ravel(), y.ravel(), np.zeros(n * m)])
    index = np.arange(n * m).reshape(n, m)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]))
    lid = np.vstack([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    edge = np.concatenate([index[:-1, 0], index[-1, :-1], index[:0:-1, -1], index[0, :0:-1]])
    following = np.roll(edge, -1)
    under = n * m
    walls = [
        np.column_stack([edge + under, following + under, following]),
        np.column_stack([edge + under, following, edge]),
    ]
    faces = np.vstack([lid, lid[:, ::-1] + under, *walls])
    return trimesh.Trimesh(np.vstack([top, floor]), faces, process=False)


def tube(path: Points, radius: float, *, closed: bool, sides: int = 14) -> trimesh.Trimesh:
    """A round rod along `path` (n, 3): a ring where it is `closed`, else with rounded ends."""
    ahead = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    if not closed:
        ahead[0], ahead[-1] = path[1] - path[0], path[-1] - path[-2]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    middle = path - path.mean(axis=0)
    _, _, axes = np.linalg.svd(middle, full_matrices=False)
    side = np.cross(ahead, axes[2])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, ahead)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    round_ = np.cos(angle)[None, :, None] * side[:, None, :] + np.sin(angle)[None, :, None] * up[:, None, :]
    if closed:
        rings = path[:, None, :] + radius * round_
        return _ring_of_rings(rings)
    quarter = np.radians([80, 55, 28])
    start = [path[0] - ahead[0] * radius * np.sin(a) + radius * np.cos(a) * round_[0] for a in quarter]
    end = [path[-1] + ahead[-1] * radius * np.sin(a) + radius * np.cos(a) * round_[-1] for a in quarter[::-1]]
    rod = stacked([*start, *(path[:, None, :] + radius * round_), *end])
    if rod.volume < 0:
        rod.invert()
    return rod


def _ring_of_rings(rings: Points) -> trimesh.Trimesh:
    """(n, sides, 3), the last joined to the first."""
    n, sides, _ = rings.shape
    index = np.arange(n * sides).reshape(n, sides)
    a, b = index, np.roll(index, -1, axis=1)
    c, d = np.roll(b, -1, axis=0), np.roll(index, -1, axis=0)
    faces = np.vstack([np.column_stack([p.ravel() for p in part]) for part in ((a, c, b), (a, d, c))])
    mesh = trimesh.Trimesh(rings.reshape(-1, 3), faces, process=False)
    if mesh.volume < 0:
        mesh.invert()
    return mesh

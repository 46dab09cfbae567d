"""Round shapes: bodies as distance fields that melt into each other, and the surface where the field is 0.

A field takes points (n, 3) and returns about the distance to its surface in mm, below 0 inside.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray

Points = NDArray[Any]
Distances = NDArray[Any]
Field = Callable[[Points], Distances]

_COARSE = 4


def ellipsoid(centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Field:
    """An ellipsoid along the axes."""
    middle, size = np.array(centre), np.array(radii)

    def distance(points: Points) -> Distances:
        scaled = (points - middle) / size
        near = np.linalg.norm(scaled, axis=1)
        slope = np.linalg.norm(scaled / size, axis=1)
        return np.asarray(near * (near - 1) / np.maximum(slope, 1e-9))

    return distance


def capsule(
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    radius: float,
    end_radius: float | None = None,
) -> Field:
    """A rod with round ends, tapering to `end_radius` where that is given."""
    a, b = np.array(start), np.array(end)
    last = radius if end_radius is None else end_radius

    def distance(points: Points) -> Distances:
        along = ((points - a) @ (b - a) / ((b - a) @ (b - a))).clip(0, 1)
        axis = a + along[:, None] * (b - a)
        return np.asarray(np.linalg.norm(points - axis, axis=1) - (radius + (last - radius) * along))

    return distance


def curl(
    centre: tuple[float, float, float],
    reach: float,
    start_deg: float,
    end_deg: float,
    radius: float,
    end_radius: float,
) -> Field:
    """A rod with round ends that lies along a part of a level circle of radius `reach`, tapering."""
    middle = np.array(centre)
    start, end = np.radians(start_deg), np.radians(end_deg)

    def distance(points: Points) -> Distances:
        away = points - middle
        angle = np.mod(np.arctan2(away[:, 1], away[:, 0]) - start, 2 * np.pi)
        angle = np.where(angle > (end - start) / 2 + np.pi, 0.0, np.minimum(angle, end - start))
        share = angle / (end - start)
        axis = reach * np.column_stack([np.cos(start + angle), np.sin(start + angle), np.zeros(len(points))])
        return np.asarray(np.linalg.norm(away - axis, axis=1) - (radius + (end_radius - radius) * share))

    return distance


def melted(softness: float, *fields: Field) -> Field:
    """The union, its seams filled as far as `softness` mm."""

    def distance(points: Points) -> Distances:
        total = fields[0](points)
        for field in fields[1:]:
            total = smooth_min(total, field(points), softness)
        return total

    return distance


def smooth_min(a: Distances, b: Distances, softness: float) -> Distances:
    """The smaller, rounded where both are alike."""
    blend = (softness - np.abs(a - b)).clip(0) / softness
    return np.asarray(np.minimum(a, b) - blend * blend * softness / 4)


def smooth_max(a: Distances, b: Distances, softness: float) -> Distances:
    """The larger, rounded where both are alike."""
    return -smooth_min(-a, -b, softness)


def on_front(field: Field, x: Distances, z: Distances, nearest_y: float, furthest_y: float) -> Points:
    """Where a look along +y, from `nearest_y` on, meets the body: the points (n, 3) for each x and z."""
    y: Distances = np.full(len(x), nearest_y)
    for _ in range(60):
        y = np.minimum(y + 0.7 * field(np.column_stack([x, y, z])), furthest_y)
    return np.column_stack([x, y, z])


def surface(
    field: Field, low: tuple[float, float], high: tuple[float, float], height: float, step: float
) -> trimesh.Trimesh:
    """The closed surface of what `field` has above z = 0, with a flat foot there; grid of `step` mm.

    `low` and `high` are the corners in x and y, all of the body must lie within. Surface nets: one vertex in each
    cell that the surface crosses, one square for each crossed edge; then each vertex is drawn onto the surface.
    """
    axes: list[Distances] = [np.arange(low[i] - step, high[i] + step * 1.5, step) for i in (0, 1)]
    axes.append(np.concatenate([[-0.5 * step], np.arange(0.5 * step, height + step * 1.5, step)]))
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    value = _values(field, grid, step)
    value[:, :, 0] = np.maximum(value[:, :, 0], 0.5 * step)
    _fill_doubtful(value, step)
    inside = value < 0
    vertices, number = _cell_vertices(value, grid)
    foot = np.zeros(len(vertices), bool)
    foot[number[:, :, 0][number[:, :, 0] >= 0]] = True
    vertices[foot, 2] = 0.0
    _draw_on(vertices, field, ~foot, step, np.ones(3))
    rim = foot & (np.abs(field(vertices)) < step)
    _draw_on(vertices, field, rim, step, np.array([1.0, 1.0, 0.0]))
    return trimesh.Trimesh(vertices, _squares(inside, number), process=False)


def _values(field: Field, grid: Points, step: float) -> NDArray[Any]:
    """The field on the grid; only coarsely where the surface is far."""
    shape = grid.shape[:3]
    coarse_grid = grid[::_COARSE, ::_COARSE, ::_COARSE]
    coarse = field(coarse_grid.reshape(-1, 3)).reshape(coarse_grid.shape[:3])
    for axis in range(3):
        coarse = np.repeat(coarse, _COARSE, axis=axis)
    value = coarse[: shape[0], : shape[1], : shape[2]].copy()
    near = np.abs(value) < 3.0 * _COARSE * step
    value[near] = field(grid[near])
    return value


def _fill_doubtful(value: NDArray[Any], step: float) -> None:
    """Where two parts only touch across the diagonal of a square, the body is made a little fuller, in place.

    Such a square gives an edge with four faces: no slicer could tell inside from outside there.
    """
    while True:
        inside = value < 0
        doubtful = np.zeros_like(inside)
        for axis in range(3):
            u, v = (i for i in range(3) if i != axis)
            a, b, c, d = (inside[_corner(u, i, v, j)] for i, j in ((0, 0), (1, 0), (1, 1), (0, 1)))
            crossed = (a == c) & (b == d) & (a != b)
            for i, j in ((0, 0), (1, 0), (1, 1), (0, 1)):
                doubtful[_corner(u, i, v, j)] |= crossed
        doubtful &= ~inside
        doubtful[:, :, 0] = False
        if not doubtful.any():
            return
        value[doubtful] = -0.01 * step


def _corner(u: int, i: int, v: int, j: int) -> tuple[slice, ...]:
    """All grid points but the last (0) or the first (1) along the axes u and v."""
    part = [slice(None)] * 3
    for axis, offset in ((u, i), (v, j)):
        part[axis] = slice(offset, None) if offset else slice(0, -1)
    return tuple(part)


def _cell_vertices(value: NDArray[Any], grid: Points) -> tuple[Points, NDArray[np.int64]]:
    """The mean of the crossings on each cell's edges, and the number of the vertex by cell (-1: none)."""
    cells = tuple(n - 1 for n in value.shape)
    total, count = np.zeros((*cells, 3)), np.zeros(cells)
    for axis in range(3):
        here = tuple(slice(0, -1) if i == axis else slice(None) for i in range(3))
        there = tuple(slice(1, None) if i == axis else slice(None) for i in range(3))
        a, b = value[here], value[there]
        crossed = (a < 0) != (b < 0)
        share = np.where(crossed, a / np.where(crossed, a - b, 1.0), 0.0)[..., None]
        point = (grid[here] * (1 - share) + grid[there] * share) * crossed[..., None]
        for first in (0, 1):
            for second in (0, 1):
                part = [slice(None)] * 3
                for other, offset in zip([i for i in range(3) if i != axis], (first, second), strict=True):
                    part[other] = slice(offset, offset + cells[other])
                total += point[tuple(part)]
                count += crossed[tuple(part)]
    hit = count > 0
    number = np.full(cells, -1)
    number[hit] = np.arange(hit.sum())
    return total[hit] / count[hit][:, None], number


def _squares(inside: NDArray[np.bool_], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Two triangles for each edge of the grid that the surface crosses, facing out."""
    faces = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        here = tuple(slice(0, -1) if i == axis else slice(1, -1) for i in range(3))
        there = tuple(slice(1, None) if i == axis else slice(1, -1) for i in range(3))
        for leaving in (True, False):
            at = np.argwhere((inside[here] == leaving) & (inside[there] != leaving))
            at[:, u] += 1
            at[:, v] += 1
            corner = []
            for du, dv in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
                cell = at.copy()
                cell[:, u] += du
                cell[:, v] += dv
                corner.append(number[tuple(cell.T)])
            a, b, c, d = corner if leaving else corner[::-1]
            faces += [np.column_stack([a, b, c]), np.column_stack([a, c, d])]
    return np.vstack(faces)


def _draw_on(vertices: Points, field: Field, chosen: NDArray[np.bool_], step: float, ways: Points) -> None:
    """A few short steps along the field's slope, in place; `ways` (3,) is 0 for an axis that stays."""
    nudge = step * 0.05
    for _ in range(3):
        points = vertices[chosen]
        here = field(points)
        slope = ways * np.column_stack([(field(points + nudge * axis) - here) / nudge for axis in np.eye(3)])
        move = slope * (here / np.maximum((slope**2).sum(axis=1), 0.05))[:, None]
        vertices[chosen] -= move.clip(-0.4 * step, 0.4 * step)
    if ways[2]:
        vertices[chosen, 2] = vertices[chosen, 2].clip(0.2 * step)

"""Which triangle is seen at each pixel: a z-buffer in numpy."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Indices = NDArray[np.int64]
NOTHING = -1

_BATCH_ROWS = 400_000


@dataclass(frozen=True)
class Seen:
    """face: int (h, w), NOTHING where none is. weight: (h, w, 3), of the face's corners, already right for
    perspective. depth: (h, w), infinite where nothing is."""

    face: Indices
    weight: Array
    depth: Array


def rasterise(corners: Array, width: int, height: int, perspective: bool = True) -> Seen:
    """`corners` (n, 3, 3): pixel x, pixel y, depth of each triangle's corners. Both sides of a triangle count."""
    nearest = np.full(width * height, np.iinfo(np.int64).max)
    plane = _Planes(corners, perspective)
    top = np.ceil(corners[:, :, 1].min(axis=1) - 0.5).clip(0, height).astype(np.int64)
    below = np.floor(corners[:, :, 1].max(axis=1) + 0.5).clip(0, height).astype(np.int64)
    rows = np.where((corners[:, :, 2] > 0).all(axis=1) & plane.has_area, (below - top).clip(0), 0)
    scale = (2**30 - 1) / max(float(corners[:, :, 2].max(initial=1e-9)), 1e-9)
    batch = np.cumsum(rows) // _BATCH_ROWS
    for number in np.unique(batch):
        some = np.flatnonzero((batch == number) & (rows > 0))
        faces, row = _counted_out(some, top[some], rows[some])
        left, right = plane.span(faces, row + 0.5, width)
        owner, column = _counted_out(np.arange(len(faces)), left, (right - left).clip(0))
        faces, pixels = faces[owner], row[owner] * width + column
        depth = plane.depth(faces, plane.weights(faces, column + 0.5, row[owner] + 0.5))
        np.minimum.at(nearest, pixels, ((depth * scale).astype(np.int64) << 32) | faces)
    return _resolve(nearest, plane, width, height)


def _counted_out(items: Indices, first: Indices, count: Indices) -> tuple[Indices, Indices]:
    """Each item `count` times, beside the numbers from its `first` on."""
    repeated = np.repeat(np.arange(len(items)), count)
    begins = np.cumsum(count) - count
    return items[repeated], first[repeated] + np.arange(len(repeated)) - begins[repeated]


class _Planes:
    """Barycentric coordinates as linear functions of the pixel."""

    def __init__(self, corners: Array, perspective: bool) -> None:
        x, y = corners[:, :, 0], corners[:, :, 1]
        self._inverse_depth = 1.0 / np.where(corners[:, :, 2] > 0, corners[:, :, 2], 1.0)
        self._depth = corners[:, :, 2]
        self._perspective = perspective
        next_, last = [1, 2, 0], [2, 0, 1]
        area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
        self.has_area = np.abs(area) > 1e-12
        area = np.where(self.has_area, area, 1.0)[:, None]
        self._a = (y[:, next_] - y[:, last]) / area
        self._b = (x[:, last] - x[:, next_]) / area
        self._c = (x[:, next_] * y[:, last] - x[:, last] * y[:, next_]) / area

    def span(self, faces: Indices, y: Array, width: int) -> tuple[Indices, Indices]:
        """The pixels [left, right) whose centres lie in the faces on the rows with centre `y`."""
        slope, rest = self._a[faces], self._b[faces] * y[:, None] + self._c[faces]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = -rest / slope
        left = np.where(slope > 0, crossing, -np.inf).max(axis=1)
        right = np.where(slope < 0, crossing, np.inf).min(axis=1)
        outside = ((slope == 0) & (rest < 0)).any(axis=1)
        left = np.ceil(left - 0.5 - 1e-9).clip(0, width).astype(np.int64)
        right = np.floor(right + 0.5 + 1e-9).clip(0, width).astype(np.int64)
        return left, np.where(outside, left, right)

    def weights(self, faces: Indices, x: Array, y: Array) -> Array:
        flat = self._a[faces] * x[:, None] + self._b[faces] * y[:, None] + self._c[faces]
        if not self._perspective:
            return np.asarray(flat)
        held = flat * self._inverse_depth[faces]
        return np.asarray(held / held.sum(axis=1, keepdims=True))

    def depth(self, faces: Indices, weights: Array) -> Array:
        return np.asarray((weights * self._depth[faces]).sum(axis=1))


def _resolve(nearest: Indices, plane: _Planes, width: int, height: int) -> Seen:
    """Only the nearest face of each pixel is worked out in full."""
    pixels = np.flatnonzero(nearest != np.iinfo(np.int64).max)
    faces = nearest[pixels] & 0xFFFFFFFF
    weights = plane.weights(faces, pixels % width + 0.5, pixels // width + 0.5)
    face = np.full(width * height, NOTHING)
    weight = np.zeros((width * height, 3))
    depth = np.full(width * height, np.inf)
    face[pixels], weight[pixels], depth[pixels] = faces, weights, plane.depth(faces, weights)
    return Seen(face.reshape(height, width), weight.reshape(height, width, 3), depth.reshape(height, width))

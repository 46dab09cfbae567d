"""Light and shade of a mesh: one key light with a soft shadow, the sky's glow, and the dark of corners."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalogue.pictures.camera import Array, Camera, turned
from catalogue.pictures.raster import NOTHING, Seen, rasterise

KEY_YAW_DEG, KEY_PITCH_DEG = -58.0, 43.0
"""Where the key light stands as seen from the camera: to the left, above."""
_SHADOW_PX = 1024
_GRAIN_PX = 2
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True)
class Scene:
    """Triangles ready to draw. corners: (n, 3, 3) mm. normals: (n, 3, 3), one at each corner. tone: (n,), how much
    light each reflects, 1 for white."""

    corners: Array
    normals: Array
    tone: Array

    def __add__(self, other: "Scene") -> "Scene":
        return Scene(
            np.vstack([self.corners, other.corners]),
            np.vstack([self.normals, other.normals]),
            np.concatenate([self.tone, other.tone]),
        )


class KeyLight:
    """A far light with a soft-edged shadow."""

    def __init__(self, corners: Array, yaw_deg: float, pitch_deg: float, softness_mm: float) -> None:
        self.turn = turned(yaw_deg, pitch_deg)
        self.direction = self.turn[2]
        points = corners.reshape(-1, 3) @ self.turn.T
        low, high = points.min(axis=0), points.max(axis=0)
        self._scale = (_SHADOW_PX - 8) / float((high - low)[:2].max())
        self._low = low - 4 / self._scale
        self._top = float(high[2]) + 1.0
        self._blur_px = softness_mm * self._scale
        self._bias = 1.2 / self._scale
        flat = self._project(corners.reshape(-1, 3)).reshape(-1, 3, 3)
        self._depth = rasterise(flat, _SHADOW_PX, _SHADOW_PX, perspective=False).depth

    def _project(self, points: Array) -> Array:
        turned_points = points @ self.turn.T
        return np.column_stack(
            [(turned_points[:, :2] - self._low[:2]) * self._scale, self._top - turned_points[:, 2]]
        )

    def reaches(self, points: Array, samples: int = 14) -> Array:
        """The share of the light that reaches each point (n, 3), with an edge of `softness_mm`."""
        place = self._project(points)
        return self._lit(place, np.full(len(points), self._blur_px), samples)

    def reaches_ground(self, points: Array, samples: int = 48) -> Array:
        """The same, sharp where the thing stands and the softer the further its shadow falls."""
        place = self._project(points)
        gap: Array = np.zeros(len(points))
        for x, y, _ in _spread(place, np.full(len(points), 2 * self._blur_px), 16, _SHADOW_PX):
            gap = np.maximum(gap, place[:, 2] - self._depth[y, x])
        blur = (0.32 * gap * self._scale).clip(2.0, 4 * self._blur_px)
        return self._lit(place, blur, samples)

    def _lit(self, place: Array, blur_px: Array, samples: int) -> Array:
        lit = np.zeros(len(place))
        for x, y, radius in _spread(place, blur_px, samples, _SHADOW_PX):
            lit += place[:, 2] <= self._depth[y, x] + self._bias + radius / self._scale
        return lit / samples


def _spread(
    place: Array, radius_px: Array, samples: int, size_px: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], Array]]:
    """Pixels (x, y, distance) evenly about each place, within its radius."""
    for index in range(samples):
        radius = radius_px * np.sqrt((index + 0.5) / samples)
        angle = index * _GOLDEN_ANGLE
        x = (place[:, 0] + radius * np.cos(angle)).astype(np.int64).clip(0, size_px - 1)
        y = (place[:, 1] + radius * np.sin(angle)).astype(np.int64).clip(0, size_px - 1)
        yield x, y, radius


def shade(scene: Scene, seen: Seen, camera: Camera, key: KeyLight) -> Array:
    """Luminance (h, w) as the eye takes it: 0 black, 1 as bright as the surface's own colour."""
    hit = seen.face != NOTHING
    face, weight = seen.face[hit], seen.weight[hit][:, :, None]
    points = (scene.corners[face] * weight).sum(axis=1)
    normals = (scene.normals[face] * weight).sum(axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    flat = np.cross(
        scene.corners[face, 1] - scene.corners[face, 0], scene.corners[face, 2] - scene.corners[face, 0]
    )
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    extent = float(np.ptp(scene.corners.reshape(-1, 3), axis=0).max())
    open_ = openness(seen, camera, reach_mm=0.09 * extent)[hit]
    facing = (normals @ key.direction).clip(0)
    direct = facing.copy()
    lit = facing > 0
    direct[lit] *= key.reaches(points[lit] + flat[lit] * 0.004 * extent)
    sky = 0.5 + 0.5 * normals[:, 2]
    to_eye = camera.eye - points
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    frontal = (normals * to_eye).sum(axis=1).clip(0)
    light = 0.72 * direct + open_ * (0.10 + 0.20 * sky + 0.14 * frontal)
    luminance = np.zeros(seen.face.shape)
    luminance[hit] = (light * scene.tone[face]).clip(0, 1) ** (1 / 2.2)
    return luminance


def openness(seen: Seen, camera: Camera, reach_mm: float, samples: int = 28) -> Array:
    """How much of the sky each pixel sees, 1 all, judged by the depths around it (screen-space occlusion).

    It changes slowly: one look for each square of `_GRAIN_PX` does.
    """
    coarse = seen.depth[_GRAIN_PX // 2 :: _GRAIN_PX, _GRAIN_PX // 2 :: _GRAIN_PX]
    height, width = coarse.shape
    hit = np.isfinite(coarse)
    depth = np.where(hit, coarse, 1e9)
    typical = float(np.median(coarse[hit])) if hit.any() else 1.0
    radius_px = reach_mm * camera.focal_px / typical / _GRAIN_PX
    hidden = np.zeros((height, width))
    for index in range(samples):
        share = np.sqrt((index + 0.5) / samples)
        dx = round(radius_px * share * np.cos(index * _GOLDEN_ANGLE))
        dy = round(radius_px * share * np.sin(index * _GOLDEN_ANGLE))
        there, opposite = _shifted(depth, dx, dy), _shifted(depth, -dx, -dy)
        # Against the mean of both sides a slanting plane hides nothing; only a hollow does.
        ahead = depth - (there + np.minimum(opposite, depth + reach_mm)) / 2
        hidden += ((ahead / (0.22 * reach_mm)).clip(0, 1)) * (ahead < 1.5 * reach_mm)
    even = 1 - 0.9 * _smoothed(hidden / samples, hit, max(1, round(radius_px * 0.07)))
    return np.kron(even.clip(0, 1), np.ones((_GRAIN_PX, _GRAIN_PX)))


def _smoothed(image: Array, hit: NDArray[np.bool_], step_px: int) -> Array:
    """The mean over a 5 by 5 grid of `step_px`, of what is hit alone: the samples' own pattern goes."""
    total, count = np.where(hit, image, 0.0), hit.astype(float)
    for across in (True, False):
        shifts = [(at, 0) if across else (0, at) for at in (-2 * step_px, -step_px, 0, step_px, 2 * step_px)]
        total = sum((_shifted(total, *shift) for shift in shifts), np.zeros_like(image))
        count = sum((_shifted(count, *shift) for shift in shifts), np.zeros_like(image))
    return np.asarray(total / np.maximum(count, 1.0))


def _shifted(image: Array, dx: int, dy: int) -> Array:
    """image[y + dy, x + dx], its border repeated."""
    height, width = image.shape
    rows: NDArray[np.int64] = (np.arange(height) + dy).clip(0, height - 1)
    columns: NDArray[np.int64] = (np.arange(width) + dx).clip(0, width - 1)
    return np.asarray(image[rows[:, None], columns[None, :]])

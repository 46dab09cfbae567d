"""The shadow that a thing throws on what it stands on."""

import numpy as np

from catalogue.pictures.camera import Array, Camera
from catalogue.pictures.light import KeyLight, Scene
from catalogue.pictures.raster import rasterise

_MAP_PX = 384
_GRAIN_PX = 2


def ground_shadow(scene: Scene, camera: Camera, key: KeyLight, size_px: int) -> Array:
    """How dark the ground z = 0 is at each pixel (size, size): 0 not at all, 1 black.

    It is soft: a coarser grid does.
    """
    count = size_px // _GRAIN_PX
    row, column = (np.mgrid[0:count, 0:count] + 0.5) * _GRAIN_PX
    ray = np.stack(
        [
            (column - camera.centre_px[0]) / camera.focal_px,
            (camera.centre_px[1] - row) / camera.focal_px,
            np.full(row.shape, -1.0),
        ],
        axis=-1,
    )
    ray = ray.reshape(-1, 3) @ camera.turn
    down = np.flatnonzero(ray[:, 2] < -1e-6)
    ground = camera.eye + ray[down] * (camera.eye[2] / -ray[down, 2])[:, None]
    low, high = scene.corners.reshape(-1, 3).min(axis=0), scene.corners.reshape(-1, 3).max(axis=0)
    extent = float((high - low).max())
    near = (np.abs(ground[:, :2] - (low + high)[:2] / 2) < extent * 1.6).all(axis=1)
    down, ground = down[near], ground[near]
    dark = np.zeros(count * count)
    thrown = 1 - key.reaches_ground(ground)
    dark[down] = 1 - (1 - 0.24 * thrown) * (1 - 0.42 * _contact(scene, ground, extent))
    even = _blurred(dark.reshape(count, count), 0.005 * count)
    return np.kron(even, np.ones((_GRAIN_PX, _GRAIN_PX)))


def _contact(scene: Scene, ground: Array, extent: float) -> Array:
    """The dark right beneath: how low the thing hangs over each point, blurred."""
    corners = scene.corners
    low = corners.reshape(-1, 3).min(axis=0)[:2] - 0.35 * extent
    scale = _MAP_PX / (1.7 * extent)
    flat = corners.copy()
    flat[:, :, :2] = (flat[:, :, :2] - low) * scale
    flat[:, :, 2] += 1.0
    hanging = rasterise(flat, _MAP_PX, _MAP_PX, perspective=False).depth - 1.0
    cover = np.exp(-hanging.clip(0) / (0.06 * extent))
    soft = 0.5 * _blurred(cover, 0.015 * extent * scale) + 0.5 * _blurred(cover, 0.06 * extent * scale)
    at = ((ground[:, :2] - low) * scale).astype(np.int64)
    inside = ((at >= 0) & (at < _MAP_PX)).all(axis=1)
    at = at.clip(0, _MAP_PX - 1)
    return np.asarray(np.where(inside, soft[at[:, 1], at[:, 0]], 0.0))


def _blurred(image: Array, sigma_px: float) -> Array:
    reach = max(1, int(3 * sigma_px))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma_px, 0.5)) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        image = np.apply_along_axis(lambda line: np.convolve(line, kernel, mode="same"), axis, image)
    return image

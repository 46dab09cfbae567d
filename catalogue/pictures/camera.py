"""Where a picture is taken from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Camera:
    """A perspective camera. `turn` (3, 3) takes the world to the eye's axes: x right, y up, z towards the eye.

    `focal_px` and `centre_px` take x/depth and y/depth to pixels, y down.
    """

    turn: Array
    eye: Array
    focal_px: float
    centre_px: tuple[float, float]

    def to_eye(self, points: Array) -> Array:
        """World points (n, 3) in the eye's axes; what is seen has a negative z."""
        return np.asarray((points - self.eye) @ self.turn.T)

    def to_pixels(self, seen: Array) -> Array:
        """Eye points (n, 3) to pixel x, pixel y and depth, which is positive."""
        depth = -seen[:, 2]
        x = self.centre_px[0] + self.focal_px * seen[:, 0] / depth
        y = self.centre_px[1] - self.focal_px * seen[:, 1] / depth
        return np.column_stack([x, y, depth])


def turned(yaw_deg: float, pitch_deg: float) -> Array:
    """The eye's axes after going `yaw` around z from the front (-y) and `pitch` up."""
    yaw, pitch = np.radians(yaw_deg), np.radians(pitch_deg)
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    back = np.array([np.sin(yaw) * np.cos(pitch), -np.cos(yaw) * np.cos(pitch), np.sin(pitch)])
    return np.vstack([right, np.cross(back, right), back])


def framing(
    points: Array, size_px: int, yaw_deg: float, pitch_deg: float, margin: float, fov_deg: float
) -> Camera:
    """The camera at that angle from which `points` just fill a square picture but for `margin` (a share of it)."""
    turn = turned(yaw_deg, pitch_deg)
    focal = size_px / 2 / np.tan(np.radians(fov_deg) / 2)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    radius = float(np.linalg.norm(points - middle, axis=1).max())
    distance = radius / np.sin(np.radians(fov_deg) / 2)
    target = middle
    for _ in range(6):
        camera = Camera(turn, target + turn[2] * distance, focal, (size_px / 2, size_px / 2))
        pixels = camera.to_pixels(camera.to_eye(points))[:, :2]
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        off = ((low + high) / 2 - size_px / 2) * distance / focal
        target = target + turn[0] * off[0] - turn[1] * off[1]
        distance *= float((high - low).max()) / (size_px * (1 - 2 * margin))
    return Camera(turn, target + turn[2] * distance, focal, (size_px / 2, size_px / 2))

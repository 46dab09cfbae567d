"""Where the eye is: turning, tilting, and as near as shows everything. Only numbers."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FIELD_OF_VIEW = math.radians(30.0)
MIN_PITCH, MAX_PITCH = -90.0, -5.0
MIN_ZOOM, MAX_ZOOM = 0.6, 5.0
MARGIN = 1.03
_AROUND = np.linspace(0, 2 * np.pi, 24, endpoint=False)


@dataclass(frozen=True)
class Subject:
    """What must be seen, in mm: an upright cylinder that stands on z = 0, or (with `half`) the box in it.

    A cylinder fits at any yaw; a box is seen larger, and only fits at the yaw of the moment.
    """

    x: float
    y: float
    radius: float
    height: float
    half: tuple[float, float] | None = None

    def rim(self, yaw: float) -> tuple[Array, Array]:
        """x and y of its outline after turning."""
        if self.half is None:
            return np.cos(_AROUND) * self.radius, np.sin(_AROUND) * self.radius
        x = np.array([-1, 1, 1, -1]) * self.half[0]
        y = np.array([-1, -1, 1, 1]) * self.half[1]
        turn = math.radians(yaw)
        return x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)


@dataclass(frozen=True)
class Camera:
    """Degrees; pitch -90 looks straight down, 0 along the ground. zoom 1 shows the whole subject."""

    yaw: float = 30.0
    pitch: float = -55.0
    zoom: float = 1.0

    def turned(self, yaw: float, pitch: float) -> "Camera":
        """Turned by so much; never below the ground."""
        tilted = min(MAX_PITCH, max(MIN_PITCH, self.pitch + pitch))
        return replace(self, yaw=(self.yaw + yaw) % 360, pitch=tilted)

    def nearer(self, factor: float) -> "Camera":
        """Zoomed by that factor."""
        return replace(self, zoom=min(MAX_ZOOM, max(MIN_ZOOM, self.zoom * factor)))

    def distance(self, subject: Subject, aspect: float) -> float:
        """From the subject's middle, such that it fits in a view of that aspect (width / height)."""
        tan_y = math.tan(FIELD_OF_VIEW / 2)
        tan_x = tan_y * aspect
        pitch = math.radians(self.pitch)
        x, y = subject.rim(self.yaw)
        needed = 0.0
        for z in (-subject.height / 2, subject.height / 2):
            up = y * math.cos(pitch) - z * math.sin(pitch)
            towards = y * math.sin(pitch) + z * math.cos(pitch)
            fits = np.maximum(np.abs(x) / tan_x, np.abs(up) / tan_y) + towards
            needed = max(needed, float(fits.max()))
        return needed * MARGIN / self.zoom

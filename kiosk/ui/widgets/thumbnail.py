"""Pictures much smaller than their files."""

import functools
import logging
from pathlib import Path

import numpy as np
from kivy.core.image import Image as CoreImage
from kivy.graphics.texture import Texture
from numpy.typing import NDArray

from kiosk.ui.widgets.panel import Picture

log = logging.getLogger(__name__)

LEAST_PX = 150
"""A thumbnail's side is at least this."""


class Thumbnail(Picture):
    """Scaled down before the GPU gets it. Mipmaps would do that too, but a driver without a GPU takes a tenth of a
    second for the first one, and five times the memory for each."""

    def show(self, picture: Path | str | None) -> None:
        """Of that file; None: nothing."""
        self.texture = _scaled_down(Path(picture), _mtime_ns(Path(picture))) if picture else None
        self.color = (*self._theme.spool, 1 if picture else 0)


@functools.lru_cache(maxsize=16)
def _scaled_down(path: Path, _mtime: int) -> Texture | None:
    if not path.is_file():
        log.error("no picture: %s", path)
        return None
    data = CoreImage(str(path), keep_data=True, nocache=True).image._data[0]
    pixels = np.frombuffer(data.data, np.uint8).reshape(data.height, data.width, -1)
    small = np.ascontiguousarray(_means(pixels, max(1, min(data.width, data.height) // LEAST_PX)))
    texture = Texture.create(size=(small.shape[1], small.shape[0]), colorfmt="rgba")
    texture.blit_buffer(small.reshape(-1), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


def _means(pixels: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """Of squares of so many pixels; what cannot be seen through counts for more."""
    high, wide = (side // times for side in pixels.shape[:2])
    squares = pixels[: high * times, : wide * times].reshape(high, times, wide, times, 4).astype(np.float32)
    alpha = squares[..., 3:]
    means = squares.mean(axis=(1, 3))
    means[..., :3] = (squares[..., :3] * alpha).sum(axis=(1, 3)) / np.maximum(alpha.sum(axis=(1, 3)), 1)
    return means.astype(np.uint8)


def _mtime_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0

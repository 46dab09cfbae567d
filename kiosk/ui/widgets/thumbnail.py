"""Pictures much smaller than their files."""

import functools
import logging
from pathlib import Path

import numpy as np
from kivy.clock import Clock
from kivy.core.image import Image as CoreImage
from kivy.graphics.texture import Texture
from numpy.typing import NDArray

from kiosk.ui.theme import Theme
from kiosk.ui.widgets.panel import Picture

log = logging.getLogger(__name__)

LEAST_PX = 150
"""A thumbnail's side is at least this."""


class Thumbnail(Picture):
    """Scaled down before the GPU gets it. Mipmaps would do that too, but a driver without a GPU takes a tenth of a
    second for the first one, and five times the memory for each."""

    def __init__(self, theme_: Theme) -> None:
        super().__init__(theme_)
        self._wanted: tuple[Path, int] | None = None
        self._scaling = Clock.create_trigger(self._scale, 0)

    def show(self, picture: Path | str | None) -> None:
        """Of that file, from the next frame on; None: nothing."""
        self.color = (*self._theme.spool, 1 if picture else 0)
        wanted = (Path(picture), _mtime_ns(Path(picture))) if picture else None
        if wanted != self._wanted:
            self._wanted, self.texture = wanted, None
            self._scaling()

    def _scale(self, _dt: float) -> None:
        self.texture = _scaled_down(*self._wanted) if self._wanted else None


@functools.lru_cache(maxsize=16)
def _scaled_down(path: Path, _mtime: int) -> Texture | None:
    if not path.is_file():
        log.error("no picture: %s", path)
        return None
    try:
        data = CoreImage(str(path), keep_data=True, nocache=True).image._data[0]
    except Exception as error:  # Kivy's loaders have no kind of their own
        log.error("no picture: %s: %s", path, error)
        return None
    pixels = np.frombuffer(data.data, np.uint8).reshape(data.height, data.width, -1)
    small = np.ascontiguousarray(_means(pixels, max(1, min(data.width, data.height) // LEAST_PX)))
    texture = Texture.create(size=(small.shape[1], small.shape[0]), colorfmt="rgba")
    texture.blit_buffer(small.reshape(-1), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


def _means(pixels: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """Of squares of so many pixels; what cannot be seen through counts for more."""
    high, wide = (side // times * times for side in pixels.shape[:2])
    # Channel by channel: half of the time that all four together take.
    red, green, blue, alpha = (pixels[:high, :wide, channel].astype(np.uint16) for channel in range(4))
    seen = _sums(alpha, times)
    colours = (_sums(colour * alpha, times) // np.maximum(seen, 1) for colour in (red, green, blue))
    return np.dstack([*colours, seen // times**2]).astype(np.uint8)


def _sums(channel: NDArray[np.uint16], times: int) -> NDArray[np.uint32]:
    rows = channel.reshape(-1, times, channel.shape[1]).sum(axis=1, dtype=np.uint32)
    return np.add.reduce([rows[:, start::times] for start in range(times)])


def _mtime_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0

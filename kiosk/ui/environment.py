"""Kivy's settings, all of them, made before Kivy is imported: no files in the home folder, no arguments."""

import ctypes
import logging
import os

import msgspec

from kiosk.config import Screen

log = logging.getLogger(__name__)

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_GL_BACKEND": "sdl2",
}

_FRAMES_PER_S = 48
"""Kivy sleeps 4 ms short of a frame, so these make the 60 turns of the loop a second that a screen can show."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MALLOPT = {_M_TRIM_THRESHOLD: 128 * 1024, _M_MMAP_THRESHOLD: 256 * 1024, _M_ARENA_MAX: 1}
"""malloc.h of the GNU C library."""


def prepare(screen: Screen) -> None:
    """Set what Kivy reads at its import. Call it once, before anything of `kiosk.ui` that draws is imported."""
    os.environ.update(_ENVIRONMENT)
    _give_memory_back()
    from kivy.config import Config

    settings: dict[str, dict[str, int | str]] = {
        "graphics": {
            "width": screen.width_px,
            "height": screen.height_px,
            "fullscreen": "auto" if screen.fullscreen else 0,
            "borderless": int(screen.fullscreen),
            "show_cursor": int(not screen.fullscreen),
            "resizable": 0,
            "multisamples": 0,
            "maxfps": _FRAMES_PER_S,
            "window_state": "visible",
        },
        "kivy": {"exit_on_escape": 0, "log_level": "warning", "desktop": 0},
    }
    for section, values in settings.items():
        for key, value in values.items():
            Config.set(section, key, str(value))
    logging.getLogger("kivy").setLevel(logging.WARNING)
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")


def as_it_is(screen: Screen) -> Screen:
    """The glass that there is, once the window stands: where it fills a screen, that one's pixels count."""
    from kivy.core.window import Window

    width, height = Window.size
    if not screen.fullscreen or (width, height) == (screen.width_px, screen.height_px):
        return screen
    log.warning(
        "the screen has %d x %d pixels, kiosk.toml says %d x %d: correct it, and diagonal_inch where it is wrong",
        *(width, height, screen.width_px, screen.height_px),
    )
    return msgspec.structs.replace(screen, width_px=width, height_px=height)


def _give_memory_back() -> None:
    """Let the C library return what is freed: buffers of megabytes come and go with each model that is opened.

    Without this it keeps a heap for each of the GL driver's threads, full of holes.
    """
    libc = ctypes.CDLL(None)
    for option, value in _MALLOPT.items():
        libc.mallopt(option, value)

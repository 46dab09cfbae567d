"""The spool's colour on a ground: its lightness is moved (OKLCH) until it carries meaning there. Pure.

The matrices are Björn Ottosson's OKLab (public domain).
"""

import functools
import re
from typing import Final

Rgb = tuple[float, float, float]

PAPER: Final = "#FFFFFF"
NIGHT: Final = "#1C2B37"
NEUTRAL: Final = "#51606B"
MEANINGFUL: Final = 3.0
"""Contrast that WCAG asks of what carries meaning and is not text."""


@functools.lru_cache(1_000)
def on_ground(colour: str, ground: str, contrast: float = MEANINGFUL) -> str:
    """`colour` as `#RRGGBB`, lighter or darker until it has `contrast` to `ground`; neutral where it is none."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        colour = NEUTRAL
    ground_light = luminance(_linear(ground))
    lightness, a, b = _to_oklab(_linear(colour))
    step = -0.01 if ground_light > 0.18 else 0.01
    rgb = _linear(colour)
    while _ratio(luminance(rgb), ground_light) < contrast and 0.0 <= lightness + step <= 1.0:
        lightness += step
        rgb = _in_gamut(lightness, a, b)
    return _hex(rgb)


def luminance(rgb: Rgb) -> float:
    """Relative luminance of linear RGB, as WCAG defines it."""
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast_ratio(one: str, other: str) -> float:
    """WCAG's contrast of two `#RRGGBB`."""
    return _ratio(luminance(_linear(one)), luminance(_linear(other)))


def _ratio(one: float, other: float) -> float:
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


def _linear(colour: str) -> Rgb:
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r, g, b))  # type: ignore[return-value]


def _hex(rgb: Rgb) -> str:
    encoded = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in map(_clamped, rgb))
    return "#" + "".join(f"{round(c * 255):02X}" for c in encoded)


def _clamped(value: float) -> float:
    return min(1.0, max(0.0, value))


def _in_gamut(lightness: float, a: float, b: float) -> Rgb:
    """The same hue at that lightness with as much chroma as sRGB can show."""
    for chroma in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1):
        rgb = _from_oklab(lightness, a * chroma, b * chroma)
        if all(-0.001 <= c <= 1.001 for c in rgb):
            return tuple(map(_clamped, rgb))  # type: ignore[return-value]
    return tuple(map(_clamped, _from_oklab(lightness, 0.0, 0.0)))  # type: ignore[return-value]


def _to_oklab(rgb: Rgb) -> Rgb:
    r, g, b = rgb
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> Rgb:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )

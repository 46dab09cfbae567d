"""Colours by number: contrast, and moving a colour's lightness (OKLCH) until it can be seen on its ground."""

import math

Rgb = tuple[float, float, float]
"""sRGB, each 0 to 1."""

_STEPS = 100


def from_hex(text: str) -> Rgb:
    """`#RRGGBB`. ValueError when it is not."""
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"'{text}' is no colour; it should be #RRGGBB")
    r, g, b = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return r, g, b


def contrast(a: Rgb, b: Rgb) -> float:
    """WCAG's ratio, 1 to 21."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(a: Rgb, b: Rgb, share_b: float) -> Rgb:
    """Between two colours."""
    r, g, b_ = (x + (y - x) * share_b for x, y in zip(a, b, strict=True))
    return r, g, b_


def visible_on(colour: Rgb, ground: Rgb, ratio: float = 3.0) -> Rgb:
    """`colour`, as little lighter or darker as gives it `ratio` to its ground."""
    if contrast(colour, ground) >= ratio:
        return colour
    lightness, a, b = _to_oklab(colour)
    away = 0.0 if _luminance(ground) > 0.18 else 1.0
    for step in range(1, _STEPS + 1):
        share = step / _STEPS
        moved = _from_oklab(lightness + (away - lightness) * share, a * (1 - share), b * (1 - share))
        if contrast(moved, ground) >= ratio:
            return moved
    return (away, away, away)


def _luminance(colour: Rgb) -> float:
    r, g, b = (_linear(v) for v in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _gamma(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return value * 12.92 if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def _to_oklab(colour: Rgb) -> tuple[float, float, float]:
    r, g, b = (_linear(v) for v in colour)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
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
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )

"""Text as outlines: Atkinson Hyperlegible Bold, the face of all that Maakhoek says."""

import functools
import unicodedata
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from shapely import MultiPolygon, Polygon, unary_union
from shapely.affinity import translate

FONT_FILES = ("AtkinsonHyperlegible-Bold.ttf", "AtkinsonHyperlegible-Bold.otf")
"""As the Python package of development has it, and as Debian has it."""
DEBIAN_FONTS = Path("/usr/share/fonts")
LEAST_STROKE_MM = 0.8
_SHARPNESS_MM = 0.15
"""How far a sharp corner may stand out beyond what a round stroke fills."""
_TIP_MM2 = 0.2
"""A sharp corner leaves less than this out of the reach of a round stroke: it is no thin place."""
_STEPS = 8
"""Straight pieces a curve is drawn with."""


class FontMissingError(Exception):
    """The font is not installed; the message names the package."""


class LettersMissingError(ValueError):
    """The font has no shape for some letters: `letters`."""

    def __init__(self, letters: str) -> None:
        super().__init__("the font has no shape for some of the letters")
        self.letters = letters


class _OutlinePen(BasePen):  # type: ignore[misc]
    """Draws a glyph as rings of straight pieces."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.rings: list[list[tuple[float, float]]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.rings.append([pt])

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.rings[-1].append(pt)

    def _curveToOne(self, p1: Any, p2: Any, p3: Any) -> None:  # noqa: N802
        p0 = self.rings[-1][-1]
        for t in np.linspace(0, 1, _STEPS + 1)[1:]:
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x, y = (sum(w * p[i] for w, p in zip(weights, (p0, p1, p2, p3), strict=True)) for i in (0, 1))
            self.rings[-1].append((x, y))


@functools.cache
def _font() -> TTFont:
    spec = util.find_spec("fontpkg_atkinson_hyperlegible")
    folders = [Path(spec.origin).parent / "files"] if spec and spec.origin else []
    for folder in (*folders, DEBIAN_FONTS):
        for name in FONT_FILES:
            for path in folder.rglob(name):
                return TTFont(path, lazy=True)
    raise FontMissingError(
        "the font Atkinson Hyperlegible is missing: install the Debian package 'fonts-atkinson-hyperlegible'"
    )


def normal(text: str) -> str:
    """What counts as the text: composed letters, single spaces, none around."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def missing_letters(text: str) -> str:
    """The letters of `text` that cannot be drawn, each once."""
    known = _font().getBestCmap()
    return "".join(dict.fromkeys(letter for letter in normal(text) if ord(letter) not in known))


def text_outline(text: str, capital_mm: float) -> MultiPolygon:
    """The text on one line from the origin, capitals `capital_mm` high.

    Raises LettersMissingError.
    """
    text = normal(text)
    if lacking := missing_letters(text):
        raise LettersMissingError(lacking)
    font = _font()
    scale = capital_mm / font["OS/2"].sCapHeight
    names = font.getBestCmap()
    letters, x = [], 0.0
    for letter in text:
        name = names[ord(letter)]
        letters.append(translate(_glyph_outline(name, scale), x))
        x += font["hmtx"][name][0] * scale
    return _many(_sturdy(unary_union(letters)))


def _sturdy(area: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """What is thinner than a stroke must be for a nozzle of 0.4 mm (a cedilla's neck in small type) is widened."""
    reached = area.buffer(-LEAST_STROKE_MM / 2).buffer(LEAST_STROKE_MM / 2 + _SHARPNESS_MM)
    thin = [part for part in _many(area.difference(reached)).geoms if part.area > _TIP_MM2]
    return unary_union([area, *(part.buffer(LEAST_STROKE_MM / 3) for part in thin)])


def _many(area: Polygon | MultiPolygon) -> MultiPolygon:
    return MultiPolygon([area]) if isinstance(area, Polygon) else MultiPolygon(area)


@functools.cache
def _glyph_outline(name: str, scale: float) -> MultiPolygon:
    """TrueType's outer rings run clockwise and its holes counter-clockwise, PostScript's (CFF) the other way."""
    outer_sign = 1.0 if "CFF " in _font() else -1.0
    glyphs = _font().getGlyphSet()
    pen = _OutlinePen(glyphs)
    glyphs[name].draw(pen)
    solid: list[Polygon] = []
    holes: list[Polygon] = []
    for ring in pen.rings:
        points = np.array(ring) * scale
        x, y = points[:, 0], points[:, 1]
        twice_area = (x * np.roll(y, -1) - np.roll(x, -1) * y).sum()
        (solid if twice_area * outer_sign > 0 else holes).append(Polygon(points).buffer(0))
    shape = unary_union(solid).difference(unary_union(holes))
    return _many(shape)

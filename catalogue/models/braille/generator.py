"""A name in raised letters, and under it the same name in braille."""

from collections.abc import Mapping

import trimesh
from shapely import MultiPolygon, box
from shapely.affinity import translate

from catalogue.lettering import LettersMissingError, normal, text_outline
from catalogue.solids import OVERLAP_MM, prism, revolved, together

DOT_APART_MM, CELL_APART_MM = 2.5, 6.2
"""Between dots of a cell and between cells: what fingers are used to (Marburg Medium, 2.5 and 6.0 to 6.2 mm)."""
DOT_MM = ((0.0, 0.0), (0.85, 0.0), (0.8, 0.25), (0.62, 0.5), (0.3, 0.66), (0.0, 0.7))
"""(radius, height) of a dot: as high as paper's, and rounder than a cylinder."""
CAPITAL_MM, RELIEF_MM = 7.0, 1.0
PLATE_MM, MARGIN_MM, CORNER_MM = 2.2, 4.0, 3.0
GAP_MM = 4.2
"""Between letters and dots."""

_TEN = ("1", "12", "14", "145", "15", "124", "1245", "125", "24", "245")
_DOTS = {
    **dict(zip("abcdefghij", _TEN, strict=True)),
    **dict(zip("klmnopqrst", (dots + "3" for dots in _TEN), strict=True)),
    **dict(zip("uvxyz", (dots + "36" for dots in _TEN[:5]), strict=True)),
    "w": "2456",
    **dict(zip("çéàèù", ("12346", "123456", "12356", "2346", "23456"), strict=True)),
    **dict(zip("âêîôûëïü", ("16", "126", "146", "1456", "156", "1246", "12456", "1256"), strict=True)),
    "ö": "246",
    "ä": "345",
    " ": "",
    "-": "36",
    "'": "3",
    ".": "256",
    "!": "235",
    "?": "26",
}
_CAPITAL, _NUMBER = "46", "3456"


def shape(values: Mapping[str, str]) -> trimesh.Trimesh:
    """`name`, letters above dots."""
    cells = braille(values["name"])
    dots = _dots(cells)
    letters = text_outline(values["name"], CAPITAL_MM)
    left, low, right, _high = letters.bounds
    width = (len(cells) - 1) * CELL_APART_MM + DOT_APART_MM
    letters = translate(letters, width / 2 - (left + right) / 2, GAP_MM - min(low, 0.0))
    half = max(width, right - left) / 2 + MARGIN_MM - CORNER_MM
    bottom, top = -2 * DOT_APART_MM - MARGIN_MM, letters.bounds[3] + MARGIN_MM
    plate = box(width / 2 - half, bottom + CORNER_MM, width / 2 + half, top - CORNER_MM).buffer(CORNER_MM)
    floor = PLATE_MM - OVERLAP_MM
    return together(
        [
            prism(plate, 0, PLATE_MM, chamfer_bottom=0.4, chamfer_top=0.3),
            prism(MultiPolygon(letters), floor, PLATE_MM + RELIEF_MM, chamfer_top=0.2),
            *(_dot(x, y, floor) for x, y in dots),
        ]
    )


def braille(text: str) -> list[str]:
    """The dots (1 to 6) of each cell.

    Raises LettersMissingError.
    """
    text = normal(text)
    if lacking := "".join(dict.fromkeys(c for c in text if c.lower() not in _DOTS and not c.isdecimal())):
        raise LettersMissingError(lacking)
    cells, counting = [], False
    for letter in text:
        if letter.isdecimal():
            cells += ([] if counting else [_NUMBER]) + [_TEN[(int(letter) - 1) % 10]]
        else:
            cells += ([_CAPITAL] if letter.isupper() else []) + [_DOTS[letter.lower()]]
        counting = letter.isdecimal()
    return cells


def _dots(cells: list[str]) -> list[tuple[float, float]]:
    """Where each dot is: 1 2 3 down the left side of its cell, 4 5 6 down the right."""
    return [
        (number * CELL_APART_MM + (int(dot) - 1) // 3 * DOT_APART_MM, -((int(dot) - 1) % 3) * DOT_APART_MM)
        for number, cell in enumerate(cells)
        for dot in cell
    ]


def _dot(x: float, y: float, z: float) -> trimesh.Trimesh:
    dot = revolved(DOT_MM, sides=20)
    dot.apply_translation([x, y, z])
    return dot

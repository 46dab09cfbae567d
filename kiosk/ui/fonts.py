"""Where the fonts are: Debian's packages first, then (for Latin letters) the Python package of development."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

_DEBIAN_LETTERS = Path("/usr/share/fonts/truetype/atkinson-hyperlegible")
_PYTHON_LETTERS = "fontpkg_atkinson_hyperlegible"
_FAMILY = ("Atkinson-Hyperlegible", "AtkinsonHyperlegible")
_NOTO = Path("/usr/share/fonts/truetype/noto")
_ICONS = Path("/usr/share/fonts/truetype/materialdesignicons-webfont/materialdesignicons-webfont.ttf")


class FontMissingError(RuntimeError):
    """A font's package is not installed; the message names it."""


@dataclass(frozen=True)
class Family:
    """Files of the two weights of one script's letters."""

    regular: Path
    bold: Path


@dataclass(frozen=True)
class Fonts:
    """Letters of each script, and the icons."""

    latin: Family
    cyrillic: Family
    arabic: Family
    icons: Path


def find_fonts() -> Fonts:
    """Raises FontMissingError."""
    if not _ICONS.is_file():
        raise FontMissingError(
            f"{_ICONS} is missing: install the Debian package 'fonts-materialdesignicons-webfont'"
        )
    return Fonts(
        latin=Family(_letters("Regular"), _letters("Bold")),
        cyrillic=_noto("NotoSans", "fonts-noto-core"),
        # The UI cut keeps to the line height of the other scripts.
        arabic=_noto("NotoSansArabicUI", "fonts-noto-ui-core"),
        icons=_ICONS,
    )


def _noto(name: str, package: str) -> Family:
    family = Family(_NOTO / f"{name}-Regular.ttf", _NOTO / f"{name}-Bold.ttf")
    for path in (family.regular, family.bold):
        if not path.is_file():
            raise FontMissingError(f"{path} is missing: install the Debian package '{package}'")
    return family


def _letters(weight: str) -> Path:
    for folder in _letter_folders():
        for path in sorted(folder.glob("*.[ot]tf")):
            if path.stem in {f"{family}-{weight}" for family in _FAMILY}:
                return path
    raise FontMissingError(
        f"the font Atkinson Hyperlegible ({weight}) is missing: install the Debian package "
        "'fonts-atkinson-hyperlegible' (Debian 13) or the Python package 'fontpkg-atkinson-hyperlegible'"
    )


def _letter_folders() -> list[Path]:
    folders = [_DEBIAN_LETTERS, _DEBIAN_LETTERS.parent.parent / "opentype" / "atkinson-hyperlegible"]
    spec = importlib.util.find_spec(_PYTHON_LETTERS)
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent / "files")
    return [folder for folder in folders if folder.is_dir()]

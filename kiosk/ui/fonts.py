"""Where the fonts are: Debian's packages first, then (for the letters) the Python package of development."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

_DEBIAN_LETTERS = Path("/usr/share/fonts/truetype/atkinson-hyperlegible")
_PYTHON_LETTERS = "fontpkg_atkinson_hyperlegible"
_FAMILY = ("Atkinson-Hyperlegible", "AtkinsonHyperlegible")
_ICONS = Path("/usr/share/fonts/truetype/materialdesignicons-webfont/materialdesignicons-webfont.ttf")


class FontMissingError(RuntimeError):
    """A font's package is not installed; the message names it."""


@dataclass(frozen=True)
class Fonts:
    """Files of the two weights and of the icons."""

    regular: Path
    bold: Path
    icons: Path


def find_fonts() -> Fonts:
    """Raises FontMissingError."""
    if not _ICONS.is_file():
        raise FontMissingError(
            f"{_ICONS} is missing: install the Debian package 'fonts-materialdesignicons-webfont'"
        )
    return Fonts(regular=_letters("Regular"), bold=_letters("Bold"), icons=_ICONS)


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

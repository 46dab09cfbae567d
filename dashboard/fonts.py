"""The fonts that the pages use, under fixed names, from wherever this machine has them. No external host.

Atkinson Hyperlegible is Debian's package fonts-atkinson-hyperlegible, or the Python package of the same font
where Debian has none; the icons are Material Design Icons (docs/decisions).
"""

import importlib.util
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles.finders import BaseFinder

log = logging.getLogger(__name__)

_DEBIAN: Final = Path("/usr/share/fonts")
_ICONS: Final = _DEBIAN / "woff/materialdesignicons-webfont/materialdesignicons-webfont.woff2"
_PACKAGES: Final = {
    "fonts/text-regular.sfnt": "fonts-atkinson-hyperlegible",
    "fonts/text-bold.sfnt": "fonts-atkinson-hyperlegible",
    "fonts/icons.woff2": "fonts-materialdesignicons-webfont",
}


def _text(style: str) -> Path | None:
    candidates = [_DEBIAN / f"opentype/atkinson-hyperlegible/AtkinsonHyperlegible-{style}.otf"]
    spec = importlib.util.find_spec("fontpkg_atkinson_hyperlegible")
    if spec is not None and spec.origin is not None:
        candidates.append(Path(spec.origin).parent / f"files/AtkinsonHyperlegible-{style}.ttf")
    return next((path for path in candidates if path.is_file()), None)


def font_files() -> dict[str, Path | None]:
    """Name under /static/ to file; None where the machine has none (the page then shows without it)."""
    return {
        "fonts/text-regular.sfnt": _text("Regular"),
        "fonts/text-bold.sfnt": _text("Bold"),
        "fonts/icons.woff2": _ICONS if _ICONS.is_file() else None,
    }


class _Storage:
    """As much of a storage as a finder's `list` hands out."""

    prefix = ""

    def __init__(self, files: dict[str, Path]) -> None:
        self._files = files

    def path(self, name: str) -> str:
        return str(self._files[name])


class FontFinder(BaseFinder):
    """For STATICFILES_FINDERS."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = font_files()
        self._files = {name: path for name, path in found.items() if path is not None}
        for name in found.keys() - self._files.keys():
            log.warning("no font for %s: install the Debian package '%s'", name, _PACKAGES[name])

    def check(self, **_: Any) -> list[Any]:
        """Nothing that a setting could break."""
        return []

    def find(self, path: str, *_: Any, **__: Any) -> Any:
        """The file of that name, or []."""
        return str(self._files[path]) if path in self._files else []

    def list(self, _ignore: Any) -> Iterator[tuple[str, _Storage]]:
        """All that there are."""
        storage = _Storage(self._files)
        return ((name, storage) for name in self._files)

"""Compiled translations, which are not kept in the repository."""

import io
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parents[2] / "dashboard" / "locale"


def compile_translations(locale: Path = LOCALE) -> None:
    """Every .po that is newer than its .mo. Tests that run side by side may do it at the same time."""
    for po in locale.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        compiled = io.BytesIO()
        with po.open("rb") as file:
            write_mo(compiled, read_po(file))
        with tempfile.NamedTemporaryFile(dir=mo.parent, delete=False) as file:
            file.write(compiled.getvalue())
        Path(file.name).replace(mo)

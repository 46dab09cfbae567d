"""The words that are not printed, from their files."""

import logging
from pathlib import Path

from kiosk.domain.refused import read_words

log = logging.getLogger(__name__)

OURS = Path(__file__).parents[1] / "refused.txt"


def refused_words(librarys: str) -> frozenset[str]:
    """Ours, with the library's own list where there is one ('': none); one that cannot be read is told."""
    return read_words(_text(OURS), _text(Path(librarys)) if librarys else "")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        log.error("no list of refused words: %s", error)
        return ""

"""The words behind a code, read as leniently as firmware does."""

import re
from typing import Final

_WORD: Final = re.compile(rb"([A-Z])\s*([-+]?(?:\d+\.?\d*|\.\d+))?")


def numbers(text: bytes) -> dict[str, float]:
    """The words behind the code, leniently as firmware reads them; a bare letter is 0."""
    found: dict[str, float] = {}
    for letter, value in _WORD.findall(text[1:]):
        found.setdefault(letter.decode("ascii"), float(value) if value else 0.0)
    return found


def rest(text: bytes) -> bytes:
    """What follows the code, literally."""
    return text.partition(b" ")[2]

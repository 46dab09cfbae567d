"""The words behind a code, read as leniently as firmware does."""

import re
from typing import Final

_WORD: Final = re.compile(rb"([A-Z])\s*([-+]?(?:\d+\.?\d*|\.\d+))?")


LARGEST: Final = 1e9
"""What noise has made of a number must not stop the clock: beyond it, adding a second changes nothing."""


def numbers(text: bytes) -> dict[str, float]:
    """The words behind the code, as leniently as firmware reads them; a bare letter is 0, the most is LARGEST."""
    found: dict[str, float] = {}
    for letter, value in _WORD.findall(text[1:]):
        found.setdefault(letter.decode("ascii"), _number(value) if value else 0.0)
    return found


def rest(text: bytes) -> bytes:
    """What follows the code, literally."""
    return text.partition(b" ")[2]


def _number(digits: bytes) -> float:
    return max(-LARGEST, min(LARGEST, float(digits)))

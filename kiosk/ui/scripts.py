"""Which script a text is in, and how a line that reads from the right is drawn: shaped, turned, digits kept."""

import enum
import functools
from collections.abc import Callable, Iterator

_ARABIC = ((0x0600, 0x06FF), (0x0750, 0x077F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
_CYRILLIC = ((0x0400, 0x052F),)


class Script(enum.Enum):
    """Decides the font."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    ARABIC = "arabic"


def script_of(text: str) -> Script:
    """Of the whole text: one Arabic or Cyrillic letter is enough."""
    if ord(max(text, default=" ")) < _CYRILLIC[0][0]:
        return Script.LATIN
    if any(_within(letter, _ARABIC) for letter in text):
        return Script.ARABIC
    return Script.CYRILLIC if any(_within(letter, _CYRILLIC) for letter in text) else Script.LATIN


def visual(line: str) -> str:
    """One line as it stands on the glass, from left to right. Numbers and Latin words keep their own order."""
    return _turner()(line)


@functools.cache
def _turner() -> Callable[[str], str]:
    # Loaded when the first Arabic word is drawn: a start without one need not wait for it.
    from arabic_reshaper import ArabicReshaper
    from bidi.algorithm import get_display

    # Harakat are letters too: the reshaper would drop them.
    shaper = ArabicReshaper({"delete_harakat": False})
    return lambda line: str(get_display(shaper.reshape(line), base_dir="R"))


def runs(line: str) -> Iterator[tuple[Script, str]]:
    """Pieces of a visual line that one font can draw; a space stays with what stands before it."""
    piece, script = "", Script.LATIN
    for letter in line:
        is_arabic = _within(letter, _ARABIC)
        wanted = script if letter == " " and piece else Script.ARABIC if is_arabic else Script.LATIN
        if wanted is not script and piece:
            yield script, piece
            piece = ""
        piece, script = piece + letter, wanted
    if piece:
        yield script, piece


def wrapped(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """`text` in logical order, broken into lines that are not wider than `width` where words allow that."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width_of(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _within(letter: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(letter) <= high for low, high in ranges)

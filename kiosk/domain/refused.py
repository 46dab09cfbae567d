"""Words that a library does not print: ours (kiosk/refused.txt) and its own, one a line.

A word is refused as a whole word, however it is written; never for letters that stand within another one, for a
name is nobody's fault. So what is glued together passes: that is not worth a Scunthorpe, and staff can look at
each job first (`queue.approval`).
"""

import itertools
import re
import unicodedata

_LOOKS_LIKE = str.maketrans(
    {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "€": "e", "+": "t"}
)
_LIKE_I_OR_L = str.maketrans({c: "\0" for c in "1!|"})
_WITHIN = re.compile(r"['’.*_]")
"""Stands within a word, and hides or joins it."""
_LONG_RUN = re.compile(r"(.)\1{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_TAKEN_OFF = "-"


def plain(text: str) -> str:
    """Lower case without accents; look-alikes as letters (NUL: an i, an l or a mark); three of a letter as one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _LONG_RUN.sub(r"\1", bare.translate(_LOOKS_LIKE).translate(_LIKE_I_OR_L))


def read_words(ours: str, librarys: str = "") -> frozenset[str]:
    """The words of our list and of a library's; `#` begins a remark, and `-word` takes one of ours off."""
    words, more = _lines(ours), _lines(librarys)
    off = {line.removeprefix(_TAKEN_OFF).strip() for line in more if line.startswith(_TAKEN_OFF)}
    return frozenset((words | more) - off - {line for line in more if line.startswith(_TAKEN_OFF)})


def is_refused(text: str, words: frozenset[str]) -> bool:
    """Whether one of `words` is in it as a word, spaced out or not."""
    heard = plain(text)
    return any(not words.isdisjoint(_words(heard.replace("\0", letter))) for letter in ("i", "l", ""))


def _lines(text: str) -> set[str]:
    lines = (plain(line.split("#")[0]).strip() for line in text.splitlines())
    return {line for line in lines if line}


def _words(heard: str) -> set[str]:
    """Every word, also without its own marks; letters that stand alone, taken together."""
    found = _LETTERS.findall(_WITHIN.sub("", heard))
    alone = itertools.groupby(found, key=lambda word: len(word) == 1)
    return {*found, *("".join(letters) for single, letters in alone if single)}

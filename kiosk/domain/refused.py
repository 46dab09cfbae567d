"""Words that a library does not print: a list of its own, one a line."""

import unicodedata

_LOOKS_LIKE = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "!": "i"})
_WHOLE_BELOW = 5
"""A shorter word is only refused as a word of its own: it may stand within a decent one."""


def plain(text: str) -> str:
    """Lower case without accents, look-alike digits as letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LOOKS_LIKE)


def read_words(lines: str) -> frozenset[str]:
    """The words of a list; `#` begins a remark."""
    words = (plain(line.split("#")[0]).strip() for line in lines.splitlines())
    return frozenset(word for word in words if word)


def is_refused(text: str, words: frozenset[str]) -> bool:
    """Whether one of `words` is in it, spaced out or not."""
    heard = plain(text)
    parts = {"".join(c for c in part if c.isalpha()) for part in heard.split()}
    run = "".join(c for c in heard if c.isalpha())
    return any(word in parts or word == run or (len(word) >= _WHOLE_BELOW and word in run) for word in words)

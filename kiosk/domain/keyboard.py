"""The on-screen keyboard: which keys there are, and what a key does to a text."""

import enum
from dataclasses import replace

from kiosk.domain.draft import Draft, KeyPage, TextProblem, Trouble


class Special(enum.Enum):
    """Keys that are no character; their values are their names on the screen."""

    SPACE = "space"
    BACKSPACE = "backspace"
    SHIFT = "shift"
    LETTERS = "letters"
    ACCENTS = "accents"
    DIGITS = "digits"
    SYMBOLS = "symbols"
    DONE = "done"


CHARACTERS: dict[KeyPage, str] = {
    KeyPage.LETTERS: "azertyuiopqsdfghjklmwxcvbn",
    KeyPage.ACCENTS: "éèêëàâäçïîôöûüùñœáíóúß-'",
    KeyPage.DIGITS: "1234567890-'.&+!?",
    KeyPage.SYMBOLS: '@#$%/\\_:;,*="()[]{}<>|~^`',
}
NAME_PAGES = (KeyPage.LETTERS, KeyPage.ACCENTS, KeyPage.DIGITS)
PASSWORD_PAGES = (KeyPage.LETTERS, KeyPage.DIGITS, KeyPage.SYMBOLS)
"""Together every character that a Wi-Fi password may have."""
PAGES = {page.value: page for page in KeyPage}
"""By the key that turns to it."""
_BEGINS_A_WORD = " -"


def press(draft: Draft, key: str, max_length: int) -> Draft:
    """The draft after `key`: a character of CHARACTERS or a Special's value. An unknown key does nothing."""
    draft = replace(draft, trouble=None)
    if key in {special.value for special in Special}:
        return _special(draft, Special(key), max_length)
    if not any(key in characters for characters in CHARACTERS.values()) or len(key) != 1:
        return draft
    return _typed(draft, key.upper() if draft.capital else key, max_length)


def _special(draft: Draft, key: Special, max_length: int) -> Draft:
    if key is Special.SPACE:
        usable = draft.text and not draft.text.endswith(" ")
        return _typed(draft, " ", max_length) if usable else draft
    if key is Special.BACKSPACE:
        text = draft.text[:-1]
        return replace(draft, text=text, capital=not text or text[-1] in _BEGINS_A_WORD)
    if key is Special.SHIFT:
        return replace(draft, capital=not draft.capital)
    if key is Special.DONE:
        return replace(draft, typing=False)
    return replace(draft, page=PAGES[key.value])


def _typed(draft: Draft, character: str, max_length: int) -> Draft:
    if len(draft.text) >= max_length:
        return replace(draft, trouble=Trouble(TextProblem.TOO_LONG))
    page = KeyPage.LETTERS if draft.page is KeyPage.ACCENTS else draft.page
    return replace(draft, text=draft.text + character, capital=character in _BEGINS_A_WORD, page=page)

"""What is on the glass, as sentences to read aloud."""

import re
from collections.abc import Iterable

from kiosk.locale import Translator

_CLOCK = re.compile(r"\b(\d{1,2})\.(\d{2})\b")
_SENTENCE_END = ".!?…:؟"


def sentences(texts: Iterable[str], choices: Iterable[str], _: Translator) -> tuple[str, ...]:
    """First what is said, each line a sentence of its own, then what can be chosen."""
    lines = [spoken(text, _) for text in texts]
    labels = [label.replace("\n", ": ") for label in choices if label]
    if labels:
        lines.append(_("Je kunt kiezen: {choices}.", choices=", ".join(labels)))
    return tuple(lines)


def spoken(text: str, _: Translator) -> str:
    """One text as it is read; also what a prepared sound is named by."""
    text = text.replace("\n", " ").replace("×", ",").strip()
    if _.language == "nl" and " uur" in text:
        # "15.05 uur" would be read as fifteen point five.
        text = _CLOCK.sub(r"\1 uur \2", text).removesuffix(" uur")
    return text if text.endswith(tuple(_SENTENCE_END)) else f"{text}."

"""`python -m kiosk.adapters.sounds LANGUAGE [--sounds DIR] [--collection DIR]`: what somebody may read aloud.

One line a sentence: the name of its file, a tab, the sentence. Only what always sounds the same is there: no
sentence with a time or a name in it. With --sounds only what that folder lacks, and on standard error the files
that belong to no sentence any more.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from catalogue.cards import CardError, read_collection
from kiosk.adapters.voice import sound_key
from kiosk.locale import LANGUAGES, Translator
from kiosk.locale.check import used
from kiosk.presenters.speech import spoken


def readable(language: str, collection: Path | None = None) -> dict[str, str]:
    """Each fixed sentence by the name of its file. Raises CardError."""
    _ = Translator(language)
    texts = [_(text) for text in used() if isinstance(text, str) and "{" not in text]
    texts += _cards(language, collection) if collection else ()
    sentences = sorted({spoken(text, _) for text in texts})
    return {f"{sound_key(sentence)}.wav": sentence for sentence in sentences}


def _cards(language: str, collection: Path) -> Iterator[str]:
    for entry in read_collection(collection).entries:
        yield entry.card.title.in_language(language)
        yield entry.card.description.in_language(language)


def main(arguments: list[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.adapters.sounds", description=__doc__)
    parser.add_argument("language", choices=tuple(LANGUAGES))
    parser.add_argument("--sounds", type=Path, metavar="DIR", help="`voice.sounds` of kiosk.toml")
    parser.add_argument("--collection", type=Path, metavar="DIR", help="titles and descriptions of its cards too")
    options = parser.parse_args(arguments)
    try:
        wanted = readable(options.language, options.collection)
    except CardError as error:
        print(f"sounds: {error}", file=sys.stderr)
        return 1
    there = {path.name for path in (options.sounds / options.language).glob("*.wav")} if options.sounds else set()
    for name, sentence in wanted.items():
        if name not in there:
            print(f"{name}\t{sentence}")
    for name in sorted(there - set(wanted)):
        print(f"{name}: no sentence has this name any more", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

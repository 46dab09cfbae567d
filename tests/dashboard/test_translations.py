"""Every text of the pages exists in French, English and German, with its placeholders."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

DASHBOARD = Path(__file__).parents[2] / "dashboard"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def _said() -> set[str]:
    texts = set()
    for path in [*DASHBOARD.rglob("*.py"), *DASHBOARD.rglob("*.html")]:
        source = path.read_text()
        if path.suffix == ".html":
            source = templatize(source, origin=str(path))
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            texts.add(message if isinstance(message, str) else message[-2 if len(message) == 2 else 1])
    return texts


def _placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)\w|%%|%\w", text))


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_nothing_is_left_untranslated(language: str) -> None:
    with (DASHBOARD / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {}
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.fuzzy and all(strings), f"{language}: {ids[0]!r} has no translation"
        for one in strings:
            assert _placeholders(one) == _placeholders(ids[-1]), f"{language}: placeholders of {ids[0]!r}"
        translated |= dict.fromkeys(ids, strings)
    said = _said()
    assert len(said) > 120
    assert said - translated.keys() == set(), "texts that the catalogue does not know"

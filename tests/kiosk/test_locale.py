"""Every text that is used is translated, with the same values in it."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.locale import FOLDER, LANGUAGES, Translator

KIOSK = FOLDER.parent


def used() -> set[str]:
    """All msgids in the code; the first form of a plural."""
    found = set()
    for path in KIOSK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            plain = isinstance(node.func, ast.Name) and node.func.id == "_"
            plural = isinstance(node.func, ast.Attribute) and node.func.attr == "plural"
            if (plain or plural) and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def values(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "nl"])
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
    with (FOLDER / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if message.id:
            assert not message.fuzzy, message.id
            key = message.id if isinstance(message.id, str) else message.id[0]
            known[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    assert set(known) == used()
    for key, texts in known.items():
        assert all(texts), f"'{key}' is not translated"
        assert all(values(text) == values(key) for text in texts), f"'{key}' has other values in it"


def test_there_are_as_many_texts_as_a_kiosk_says() -> None:
    assert len(used()) > 100


def test_a_language_that_is_not_compiled_speaks_dutch_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Translator("fr", tmp_path)("Print dit") == "Print dit"
    assert "pybabel compile" in caplog.text


@pytest.mark.parametrize(("language", "said"), [("nl", "Print dit"), ("fr", "Imprime ceci"), ("en", "Print this")])
def test_compiled_texts_are_used(language: str, said: str) -> None:
    assert Translator(language)("Print dit") == said

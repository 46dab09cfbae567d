"""Every text that is used is translated, with the same values in it; and the checker finds what is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.locale import COMPLETE, FOLDER, LANGUAGES, Translator
from kiosk.locale.check import po_of, problems, read, update, used, write


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "nl"])
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
    assert list(problems(used(), read(po_of(language), language), complete=language in COMPLETE)) == []


@pytest.mark.parametrize("po", sorted(FOLDER.parents[1].glob("*/locale/*/LC_MESSAGES/*.po")), ids=str)
def test_a_strict_reader_takes_it_too(po: Path) -> None:
    """The package is built with gettext's own msgfmt, which refuses what Babel overlooks: a text said twice."""
    seen = set()
    for entry in po.read_text(encoding="utf-8").split("\n\n"):
        keywords = [line.split()[0] for line in entry.splitlines() if line.startswith("msg")]
        assert len(keywords) == len(set(keywords)), entry
        text = entry[entry.find("msg") : entry.find("msgstr")]
        assert not text or text not in seen, text
        seen.add(text)


def test_there_are_as_many_texts_as_a_kiosk_says() -> None:
    assert len(used()) > 100


def test_make_check_runs_the_checker() -> None:
    makefile = (FOLDER.parents[1] / "Makefile").read_text()
    recipe = makefile.split("\ncheck:")[1].split("\n\n")[0]
    assert "-m kiosk.locale.check" in recipe
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.locale.check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Print dit"
msgstr "Imprime ceci"

msgid "nog {duration}"
msgstr "encore {duration}"

msgid "{n} laagje"
msgid_plural "{n} laagjes"
msgstr[0] "{n} couche"
msgstr[1] "{n} couches"
"""
WANTED = {"Print dit", "nog {duration}", ("{n} laagje", "{n} laagjes")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("", ""), []),
        (("Imprime ceci", ""), ["'Print dit' is not translated"]),
        (('msgid "Print dit"', '#, fuzzy\nmsgid "Print dit"'), ["'Print dit' is outdated (fuzzy)"]),
        (("encore {duration}", "encore {time}"), ["'nog {duration}' has other {values} in it"]),
        (("encore {duration}", "encore"), ["'nog {duration}' has lost a {value}"]),
        (("{n} couches", ""), ["'{n} laagje' is not translated"]),
        (("Print dit", "Print dat"), ["'Print dit' is not translated", "'Print dat' is no longer said"]),
    ],
)
def test_the_checker_names_what_is_wrong(change: tuple[str, str], said: list[str], tmp_path: Path) -> None:
    po = tmp_path / "kiosk.po"
    po.write_text(PO.replace(*change))
    assert list(problems(WANTED, read(po, "fr"), complete=True)) == said


def test_a_language_that_is_a_proof_may_lack_texts_but_have_none_wrong(tmp_path: Path) -> None:
    po = tmp_path / "kiosk.po"
    po.write_text(PO.replace("Imprime ceci", "").replace("encore {duration}", "encore {time}"))
    assert list(problems(WANTED, read(po, "uk"), complete=False)) == ["'nog {duration}' has other {values} in it"]


def test_an_update_keeps_what_is_translated_and_is_the_same_the_second_time(tmp_path: Path) -> None:
    po = tmp_path / "kiosk.po"
    po.write_text(PO)
    write(po, update({"Print dit", "Nieuw"}, read(po, "fr"), "fr"))
    once = po.read_text()
    assert {m.id: m.string for m in read(po, "fr") if m.id} == {"Print dit": "Imprime ceci", "Nieuw": ""}
    write(po, update({"Print dit", "Nieuw"}, read(po, "fr"), "fr"))
    assert po.read_text() == once


def test_a_language_that_is_not_compiled_speaks_dutch_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Translator("fr", tmp_path)("Print dit") == "Print dit"
    assert "pybabel compile" in caplog.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "Print dit"), ("fr", "Imprime ceci"), ("en", "Print this"), ("de", "Druck das")],
)
def test_compiled_texts_are_used(language: str, said: str) -> None:
    assert Translator(language)("Print dit") == said

"""What the texts point at is there, and what the binder reads from a screen stands on that screen."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TEXTS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")))
BINDER = ROOT / "docs" / "binder" / "bibliotheek.md"
KIOSK = ROOT / "kiosk" / "locale" / "en" / "LC_MESSAGES" / "kiosk.po"


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(text: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", text.read_text())
    missing = [link for link in links if "://" not in link and not (text.parent / link).exists()]
    assert not missing


def test_the_binder_says_what_the_screen_says() -> None:
    with KIOSK.open("rb") as catalog:
        on_screen = {str(message.id) for message in read_po(catalog) if isinstance(message.id, str)}
    text = BINDER.read_text()
    chapters = {re.sub(r"^[\d. ]+", "", chapter) for chapter in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
    quoted = set(re.findall(r"(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)", text))
    assert len(quoted) > 20
    assert quoted - chapters <= on_screen


def test_every_threat_names_a_test_that_exists() -> None:
    named = re.findall(r"`(tests/\S+?\.py)::(\w+)`", (ROOT / "docs" / "security.md").read_text())
    missing = [f"{file}::{test}" for file, test in named if f"def {test}(" not in _text_of(ROOT / file)]
    assert len(named) > 30
    assert not missing


def test_no_threat_goes_without_a_test() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| wants")]
    assert [row for row in rows if "::test_" not in row] == []


def _text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_each_decision_has_a_number_of_its_own() -> None:
    decisions = sorted(ROOT.glob("docs/decisions/*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert len(numbers) > 20
    assert len(set(numbers)) == len(numbers)
    titled = [int(path.read_text()[2:].partition(".")[0]) for path in decisions]
    assert titled == numbers

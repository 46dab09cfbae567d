"""What a letter says, in the language of who gets it."""

import pytest

from dashboard.alerts.letter import Letter, letter
from dashboard.alerts.policy import NOT_REPORTING, Due, Notice, Person
from firmware_bridge.contract import AlertCode, CallReason

ADDRESS = "noor@example.org"
FAULT = Notice(1, "deinze", "printer_fault", 1_763_800_000_000)
LIBRARIES = {"deinze": "Bibliotheek Deinze"}


def _letter(due: Due, language: str = "nl") -> Letter:
    return letter(Person(1, ADDRESS, language, None), due, LIBRARIES, "https://printers.example.org")


def test_one_trouble_stands_in_the_subject_and_says_what_to_do() -> None:
    said = _letter(Due(new=(FAULT,)))
    assert said.subject == "Bibliotheek Deinze: Storing aan de printer"
    assert "Kijk of de printer koud is" in said.body
    assert "https://printers.example.org/printers/deinze/" in said.body


def test_its_end_needs_nothing_more() -> None:
    over = Notice(1, "deinze", "printer_fault", 1, told_ms=2, gone_ms=1_763_800_000_000)
    said = _letter(Due(over=(over,)))
    assert said.subject == "Bibliotheek Deinze: opgelost: Storing aan de printer"
    assert "niets meer te doen" in said.body and "koud" not in said.body


def test_several_are_one_letter() -> None:
    call = Notice(1, "eeklo", AlertCode.CALL.value, 1_763_800_000_000, CallReason.STRANGE.value)
    said = _letter(Due(new=(FAULT, call)))
    assert said.subject == "2 meldingen van de printers"
    assert "eeklo: Een bezoeker roept hulp." in said.body and "een geur of een geluid" in said.body


@pytest.mark.parametrize(("language", "word"), [("fr", "résolu"), ("en", "solved"), ("de", "gelöst")])
def test_in_the_language_of_who_gets_it(language: str, word: str) -> None:
    over = Notice(1, "deinze", NOT_REPORTING, 1, told_ms=2, gone_ms=1_763_800_000_000)
    said = _letter(Due(over=(over,)), language)
    assert word in said.subject and "opgelost" not in said.body and "Wanneer je" not in said.body

"""What the printer asks, on the glass; and the stop that anybody may press."""

from pathlib import Path

import pytest
from test_presenters import NEVER, words
from worlds import INFO, job, model, state

from firmware_bridge.contract import Answer, Attention, CallReason, Emergency, JobState, Question, QuestionKind
from kiosk.domain import intents, news
from kiosk.domain.effects import Ask
from kiosk.domain.model import Model
from kiosk.domain.update import update
from kiosk.locale import LANGUAGES, Translator
from kiosk.presenters import present
from kiosk.presenters.question import attention_words
from kiosk.presenters.views import Role

QUESTION = Question(id="7-1", text="Paused", choices=("PurgeMore", "Continue"), kind=QuestionKind.MORE_FILAMENT)
PAUSED = job(JobState.PAUSED)


def asked(collection: Path, question: Question = QUESTION) -> Model:
    """A print that waits for an answer."""
    told = state(PAUSED, attention=Attention.FILAMENT_RUNOUT, question=question)
    return update(model(collection), news.BridgeUp(INFO, told))[0]


def test_a_question_has_words_and_buttons_of_our_own(collection: Path) -> None:
    view = present(asked(collection), Translator("nl"))
    assert view.sheet
    assert [(action.name, action.text) for action in view.sheet.actions] == [
        ("problem", "Er is iets mis"),
        ("answer:0", "Nog wat draad"),
        ("answer:1", "Ga verder"),
    ]
    assert [action.role for action in view.sheet.actions if action.role is Role.PRIMARY] == [Role.PRIMARY]
    said = " ".join(words(view.sheet))
    assert "De draad is op." in said and "Komt de nieuwe draad goed uit de kop?" in said
    assert not NEVER.search(said)


def test_a_touch_answers_once_the_question_that_is_open(collection: Path) -> None:
    before = asked(collection)
    after, effects = update(before, intents.AnswerPrinter("7-1", 1))
    assert effects == (Ask(Answer(question="7-1", choice=1)),)
    assert update(before, intents.AnswerPrinter("7-0", 1))[1] == ()
    gone, _ = update(after, news.StateCame(state(PAUSED)))
    assert present(gone, Translator("nl")).sheet is None
    assert update(gone, intents.AnswerPrinter("7-1", 1))[1] == ()


def test_who_browses_is_not_asked(collection: Path) -> None:
    browsing, _ = update(asked(collection), intents.GoHome())
    assert present(browsing, Translator("nl")).sheet is None


def test_an_unknown_button_has_the_firmwares_word(collection: Path) -> None:
    question = Question(id="7-2", text="Mind the gap", choices=("Whatever",), kind=QuestionKind.OTHER)
    sheet = present(asked(collection, question), Translator("nl")).sheet
    assert sheet
    assert "De printer zegt: Mind the gap" in list(words(sheet))
    assert sheet.actions[-1].text == "Whatever"


def test_stopping_is_one_touch_away_from_a_question(collection: Path) -> None:
    problem, _ = update(asked(collection), intents.SayProblem())
    view = present(problem, Translator("nl"))
    assert view.screen == "problem" and view.sheet is None
    assert "danger" in [choice.name for choice in view.body.choices]  # type: ignore[attr-defined]
    _, effects = update(problem, intents.Report(CallReason.STRANGE))
    assert effects[0] == Ask(Emergency())


def test_the_watch_screen_says_what_the_printer_waits_for(collection: Path) -> None:
    told = state(PAUSED, attention=Attention.DOOR_OPEN)
    waiting, _ = update(model(collection), news.BridgeUp(INFO, told))
    assert "De deur van de printer staat open. Doe ze dicht." in list(words(present(waiting, Translator("nl"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_attention_has_words(language: str) -> None:
    said = {attention_words(attention, Translator(language)) for attention in Attention}
    assert len(said) == len(Attention)
    assert not any(NEVER.search(text) for text in said)

"""What the printer asks of people, from the lines that firmwares say."""

import pytest

from firmware_bridge.contract import Attention, QuestionKind
from firmware_bridge.link.parsing import parse
from firmware_bridge.machine.asking import Asking
from firmware_bridge.profile import Dialect

RUNOUT = ("//action:out_of_filament T0", "//action:paused")
PROMPT = (
    "//action:prompt_end",
    "//action:prompt_begin Paused",
    "//action:prompt_button PurgeMore",
    "//action:prompt_button Continue",
    "//action:prompt_show",
)


def asking(*lines: str, breaks_waits: bool = True, dialect: Dialect = Dialect.MARLIN) -> Asking:
    subject = Asking("1", breaks_waits=breaks_waits)
    say(subject, *lines, dialect=dialect)
    return subject


def say(subject: Asking, *lines: str, dialect: Dialect = Dialect.MARLIN) -> None:
    for line in lines:
        subject.hear(parse(line.encode(), dialect))


@pytest.mark.parametrize("space", ["", " "])
def test_a_prompt_becomes_a_question_and_its_answer_a_number(space: str) -> None:
    subject = asking(*(line.replace("//", f"//{space}") for line in PROMPT))
    question = subject.question
    assert question is not None
    assert (question.text, question.choices) == ("Paused", ("PurgeMore", "Continue"))
    assert question.kind is QuestionKind.MORE_FILAMENT
    assert subject.answer(question.id, 1) == b"M876 S1"
    assert subject.question is None
    assert subject.answer(question.id, 1) is None


def test_a_prompt_is_not_asked_before_it_is_shown_and_goes_when_it_ends() -> None:
    subject = asking(*PROMPT[:-1])
    assert subject.question is None
    say(subject, PROMPT[-1])
    assert subject.question is not None
    say(subject, "//action:prompt_end")
    assert subject.question is None


def test_choices_may_be_called_choices() -> None:
    subject = asking("// action:prompt_begin Hi", "// action:prompt_choice Continue", "// action:prompt_show")
    assert subject.question is not None
    assert subject.question.kind is QuestionKind.CONTINUE


@pytest.mark.parametrize(("question", "choice"), [("0-1", 0), ("", 0), ("1-1", 2), ("1-1", -1)])
def test_what_was_not_asked_is_not_answered(question: str, choice: int) -> None:
    subject = asking(*PROMPT)
    assert subject.answer(question, choice) is None
    assert subject.question is not None


def test_each_question_has_an_id_of_its_own() -> None:
    subject = asking(*PROMPT)
    first = subject.question
    say(subject, *PROMPT)
    assert first is not None and subject.question is not None
    assert first.id != subject.question.id
    assert subject.answer(first.id, 0) is None


def test_a_wait_without_a_prompt_is_released_with_m108_where_the_firmware_knows_it() -> None:
    subject = asking("echo:busy: paused for user")
    question = subject.question
    assert question is not None and question.choices == ("Continue",)
    assert subject.answer(question.id, 0) == b"M108"
    assert asking("echo:busy: paused for user", breaks_waits=False, dialect=Dialect.PRUSA).question is None


def test_a_wait_for_input_is_not_broken() -> None:
    subject = asking("echo:busy: paused for input")
    assert subject.question is None
    assert subject.attention is Attention.WAITS_FOR_PERSON


def test_a_prompt_is_not_replaced_by_the_wait_that_goes_with_it() -> None:
    subject = asking(*PROMPT, "echo:busy: paused for user")
    assert subject.question is not None and subject.question.text == "Paused"


@pytest.mark.parametrize(
    ("lines", "dialect", "kind"),
    [
        (RUNOUT, Dialect.MARLIN, Attention.FILAMENT_RUNOUT),
        (("// action:out_of_filament T0",), Dialect.PRUSA, Attention.FILAMENT_RUNOUT),
        (
            ("//action:prompt_begin FilamentRunout T0", "//action:prompt_show"),
            Dialect.MARLIN,
            Attention.FILAMENT_RUNOUT,
        ),
        (PROMPT, Dialect.MARLIN, Attention.WAITS_FOR_PERSON),
        (
            ("//action:prompt_begin Nozzle Parked", "//action:prompt_button Continue", "//action:prompt_show"),
            Dialect.MARLIN,
            Attention.FILAMENT_CHANGE,
        ),
        (("echo:busy: paused for user",), Dialect.PRUSA, Attention.WAITS_FOR_PERSON),
        (("busy:paused for user interaction",), Dialect.REPETIER, Attention.WAITS_FOR_PERSON),
        (("busy:door open",), Dialect.REPETIER, Attention.DOOR_OPEN),
        (("echo:busy: processing",), Dialect.MARLIN, None),
        (("//action:notification Noor 12%",), Dialect.MARLIN, None),
    ],
)
def test_why_somebody_has_to_come(lines: tuple[str, ...], dialect: Dialect, kind: Attention | None) -> None:
    assert asking(*lines, dialect=dialect).attention is kind


def test_a_runout_stays_until_the_printer_has_waited_and_goes_on() -> None:
    subject = asking(*RUNOUT)
    subject.went_on()  # a line that was in flight
    assert subject.attention is Attention.FILAMENT_RUNOUT
    say(subject, "echo:busy: paused for user")
    assert subject.attention is Attention.FILAMENT_RUNOUT
    subject.went_on()
    assert subject.attention is None
    assert subject.question is None


@pytest.mark.parametrize("end", ["//action:resumed", "// action:resume"])
def test_a_runout_is_over_when_the_printer_says_so(end: str) -> None:
    assert asking(*RUNOUT, end).attention is None


def test_a_flood_of_buttons_and_text_is_cut() -> None:
    subject = asking("//action:prompt_begin " + 500 * "x")
    say(subject, *(f"//action:prompt_button {i}" for i in range(50)), "//action:prompt_show")
    assert subject.question is not None
    assert len(subject.question.choices) == 10
    assert len(subject.question.text) == 80

"""What the screens say, without a screen."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from worlds import AWAY, INFO, fault, job, model, state, telemetry

from catalogue.cards import Level, Theme
from firmware_bridge.contract import (
    Animal,
    Call,
    CallReason,
    FaultCode,
    FeedbackReason,
    JobState,
    Origin,
    OutOfOrderReason,
    Ticket,
)
from kiosk.domain import intents, news
from kiosk.domain.draft import TextProblem
from kiosk.domain.draft import Trouble as TextTrouble
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.modes import Modes
from kiosk.domain.printing import Obstacle
from kiosk.domain.session import Notice, Span
from kiosk.domain.update import update
from kiosk.locale import LANGUAGES, Translator
from kiosk.presenters import faults, feedback, present, search, tickets
from kiosk.presenters.views import View
from kiosk.ui.icons import CODEPOINTS

NEVER = re.compile(r"nozzle|extruder|slic|g-?code|filament|mqtt|\berror\b|\bfout\b", re.IGNORECASE)


def at(start: Model, *events: Event, language: str = "nl") -> View:
    for event in (news.BridgeUp(INFO, state()), intents.ChooseLanguage(language), *events):
        start, _ = update(start, event)
    return present(start, Translator(language))


def words(view: object) -> Iterator[str]:
    if isinstance(view, str):
        yield view
    elif isinstance(view, tuple):
        for part in view:
            yield from words(part)
    elif is_dataclass(view):
        for field in fields(view):
            yield from words(getattr(view, field.name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_has_words_in_every_language(code: FaultCode, language: str, collection: Path) -> None:
    view = at(
        model(collection),
        news.StateCame(state(job(JobState.FAILED, fault=fault(code)))),
        intents.GoToJob(),
        language=language,
    )
    assert view.screen == "trouble"
    said = faults.fault_words(code, Translator(language))
    assert said.happened and said.you and said.who
    assert len({said.happened, said.you, said.who}) == 3
    assert not NEVER.search(" ".join(words(view))), "jargon on a visitor's screen"
    assert "Heater_ID" not in " ".join(words(view)), "the firmware's own wording is for staff"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_obstacle_notice_and_text_problem_has_words(language: str, collection: Path) -> None:
    texts = Translator(language)
    said = [faults.obstacle_words(why, model(collection).world, texts) for why in Obstacle]
    said += [faults.notice_words(notice, texts).happened for notice in Notice]
    said += [faults.text_words(TextTrouble(problem, "ж"), 12, texts) for problem in TextProblem]
    assert all(said)
    assert not NEVER.search(" ".join(said))


def test_a_promise_before_the_print_and_a_clock_time_during_it(collection: Path) -> None:
    start = model(collection)
    assert "Klaar tussen 15.05 en 15.15 uur" in words(at(start, intents.ChooseCard("toren-1")))
    english = at(start, intents.ChooseCard("toren-1"), language="en")
    assert "Ready between 15:05 and 15:15" in words(english)
    printing = (news.StateCame(state(job(JobState.PRINTING))), news.TelemetryCame(telemetry()), intents.GoToJob())
    said = list(words(at(start, *printing)))
    assert {"Klaar tussen 15.00 en 15.05 uur", "nog 11 minuten", "Laagje 5 van 12", "215 °C"} <= set(said)


@pytest.mark.parametrize(
    ("bed", "sentence"), [(30, "De plaat wordt warm"), (60, "De kop wordt heet")], ids=["bed", "nozzle"]
)
def test_what_the_printer_does_now_and_why(bed: float, sentence: str, collection: Path) -> None:
    heating = (news.StateCame(state(job(JobState.HEATING))), news.TelemetryCame(telemetry(100, bed, 0)))
    assert sentence in " ".join(words(at(model(collection), *heating, intents.GoToJob())))


def test_only_who_may_end_a_pause_is_told_to(collection: Path) -> None:
    for origin, told in ((Origin.KIOSK, "Ga verder"), (Origin.REGION, "medewerker"), (Origin.PRINTER, "hulp")):
        paused = news.StateCame(state(job(JobState.PAUSED, paused_by=origin)))
        assert told in " ".join(words(at(model(collection), paused, intents.GoToJob())))


def test_the_print_is_greyed_with_its_reason_when_the_bridge_is_away(collection: Path) -> None:
    view = at(model(collection), intents.Wake(), intents.ChooseCard("toren-1"), news.BridgeDown())
    assert view.frame
    assert [(a.name, a.enabled) for a in view.frame.actions] == [("print", False)]
    assert "De printer is nog niet klaar" in " ".join(words(view))


def test_hands_off_while_it_is_hot(collection: Path) -> None:
    hot = news.TelemetryCame(telemetry(140, 55, target=False))
    cooling = at(model(collection), news.StateCame(state(job(JobState.COOLING))), hot, intents.GoToJob())
    assert cooling.screen == "cooling"
    assert cooling.frame and cooling.frame.actions == ()
    stopped = at(model(collection), news.StateCame(state(job(JobState.CANCELLED))), hot, intents.GoToJob())
    assert stopped.frame
    assert [(a.name, a.enabled) for a in stopped.frame.actions] == [("call", True), ("collect", False)]


def test_another_visitors_own_version_shows_as_the_cards_picture(collection: Path) -> None:
    personal = news.StateCame(state(job(JobState.PRINTING, card="sleutelhanger", personal=True)))
    view = at(model(collection), personal, intents.Wake())
    assert view.frame and view.frame.strip
    assert view.frame.strip.picture == collection / "sleutelhanger" / "picture.png"


def names(view: View) -> list[str]:
    assert view.frame
    return [action.name for action in view.frame.actions]


def test_a_paused_print_offers_no_second_pause(collection: Path) -> None:
    paused = news.StateCame(state(job(JobState.PAUSED, paused_by=Origin.KIOSK)))
    assert names(at(model(collection), paused, intents.GoToJob(), intents.SayProblem())) == ["stop"]
    running = news.StateCame(state(job(JobState.PRINTING)))
    assert names(at(model(collection), running, intents.GoToJob(), intents.SayProblem())) == ["pause", "stop"]


def test_every_fault_has_a_picture_of_its_own() -> None:
    icons = [faults.fault_icon(code) for code in FaultCode]
    assert len(set(icons)) == len(FaultCode)
    assert set(icons) <= set(CODEPOINTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_animal_reason_theme_and_level_has_a_word_and_an_icon(language: str) -> None:
    texts = Translator(language)
    assert len({tickets.animal_word(animal, texts) for animal in Animal}) == len(Animal)
    assert all(faults.out_of_order_words(reason, texts) for reason in (None, *OutOfOrderReason))
    wanted = (*Theme, *Level, *Span)
    assert len({search.filter_word(each, texts) for each in wanted}) == len(wanted)
    assert {search.filter_icon(each) for each in wanted} <= set(CODEPOINTS)
    assert len({feedback.reason_word(reason, texts) for reason in FeedbackReason}) == len(FeedbackReason)


def test_without_a_trusted_clock_there_are_durations_and_no_clock_times(collection: Path) -> None:
    untrusted = news.StateCame(state(job(JobState.PRINTING), job(JobState.QUEUED, id="j2"), clock_trusted=False))
    seen = [
        at(model(collection), news.StateCame(state(clock_trusted=False)), intents.ChooseCard("toren-1")),
        at(model(collection), untrusted, news.TelemetryCame(telemetry()), intents.GoToJob()),
        at(model(collection), untrusted, news.TelemetryCame(telemetry()), intents.SeeQueue()),
        at(model(collection), untrusted, news.TelemetryCame(telemetry()), intents.Wake()),
    ]
    for view in seen:
        said = " ".join(words(view))
        assert "minuten" in said
        assert not re.search(r"\d{1,2}[.:]\d{2} uur", said), said


def test_a_card_that_cannot_be_ready_before_closing_is_grey_with_its_reason(collection: Path) -> None:
    closing = news.StateCame(state(closes_in_s=1400.0))
    view = at(model(collection), closing, intents.Wake())
    why = {card.card: card.why for card in view.body.cards}  # type: ignore[attr-defined]
    assert why["toren-1"] == ""
    assert why["toren-4"] == "Niet klaar voor we sluiten"
    chosen = at(model(collection), closing, intents.ChooseCard("toren-4"))
    assert names(chosen) == ["print"] and not chosen.frame.actions[0].enabled  # type: ignore[union-attr]


def test_what_hinders_a_print_stands_on_the_plates_screen_with_one_remedy(collection: Path) -> None:
    at_plate = (intents.ChooseCard("toren-1"), intents.WantPrint())
    assert names(at(model(collection), *at_plate)) == ["plate-empty"]
    for told, remedy in (
        (state(closes_in_s=60.0), intents.LookFor(Span.BEFORE_CLOSING)),
        (state(printer=AWAY), intents.CallHelp(CallReason.HELP)),
        (state(out_of_order=True), intents.GoHome()),
    ):
        view = at(model(collection), *at_plate, news.StateCame(told))
        assert names(view) == ["remedy"] and view.frame
        assert view.frame.actions[0].intent == remedy
        assert len(view.body.warnings) == 1  # type: ignore[attr-defined]


def test_a_call_that_nobody_takes_sends_to_the_desk(collection: Path) -> None:
    def said(**fields: object) -> str:
        call = Call(since_ms=0, reason=CallReason.OTHER, **fields)  # type: ignore[arg-type]
        called = news.StateCame(state(job(JobState.PRINTING), ts_ms=fields.get("taken_ms") or 90_000, call=call))
        return " ".join(words(at(model(collection), called, intents.GoToJob())))

    assert "Ga naar de balie" in said()
    assert "Er komt iemand" in said(taken_by=Origin.REGION, taken_ms=1000)


def test_the_first_layer_is_asked_about_after_two_minutes_and_once(collection: Path) -> None:
    printing = news.StateCame(state(job(JobState.PRINTING)))
    early, due = (news.TelemetryCame(telemetry(elapsed_s=s)) for s in (119, 121))
    assert at(model(collection), printing, early, intents.GoToJob()).screen == "watch"
    assert at(model(collection), printing, due, intents.GoToJob()).screen == "check"
    assert at(model(collection), printing, due, intents.GoToJob(), intents.CheckLater()).screen == "watch"
    answered = news.StateCame(state(job(JobState.PRINTING, sticks=True)))
    assert at(model(collection), answered, due, intents.GoToJob()).screen == "watch"


def test_the_running_print_is_one_touch_away_except_where_the_bar_is_the_texts_own(collection: Path) -> None:
    busy = (news.StateCame(state(job(JobState.PRINTING))), intents.GoHome(), intents.ChooseCard("sleutelhanger"))
    looking, typing = at(model(collection), *busy), at(model(collection), *busy, intents.MakeYours())
    assert (looking.screen, typing.screen) == ("model", "make")
    assert looking.frame.strip and typing.frame.strip is None


def test_who_goes_away_knows_the_ticket_from_the_first_layer_on(collection: Path) -> None:
    fox = Ticket(animal=Animal.FOX, number=12)
    for when in (JobState.HEATING, JobState.PRINTING, JobState.PAUSED, JobState.COOLING, JobState.READY):
        body = at(model(collection), news.StateCame(state(job(when, ticket=fox)))).body
        assert body.ticket.text == "Vos 12" and "Onthoud dit" in body.later, when  # type: ignore[attr-defined]


def test_the_queue_tells_place_time_and_ticket(collection: Path) -> None:
    fox = Ticket(animal=Animal.FOX, number=12)
    running, waiting = job(JobState.PRINTING), job(JobState.QUEUED, id="j2", card="toren-3", ticket=fox)
    third = job(JobState.QUEUED, id="j3", card="toren-4")
    view = at(model(collection), news.StateCame(state(running, waiting, third)), intents.SeeQueue())
    rows = view.body.rows  # type: ignore[attr-defined]
    assert [row.place for row in rows] == ["", "1", "2"]
    assert rows[1].ticket.text == "Vos 12"
    begins = [int(row.when.split()[2].replace(".", "")) for row in rows[1:]]
    assert begins == sorted(begins) and begins[0] < begins[1]


def test_no_screen_is_without_a_way_out(collection: Path) -> None:
    """Every screen but attract (which is one button) has home, and the printer's own have something to press."""
    for told in (state(job(JobState.FAILED)), state(job(JobState.CANCELLED)), None):
        event = news.StateCame(told) if told else news.BridgeDown()
        view = at(model(collection), news.StateCame(state(job(JobState.PRINTING))), intents.GoToJob(), event)
        assert view.screen == "trouble" and names(view)
        assert view.frame and view.frame.home.intent == intents.GoHome()


@pytest.mark.parametrize(
    ("modes", "shown"),
    [
        (Modes(), ["Vorm", "Grootte"]),
        (Modes(large=True), ["Vorm", "Grootte"]),
        (Modes(large=True, low=True), ["Vorm"]),
    ],
)
def test_large_letters_in_the_lower_half_ask_one_thing_at_a_time(
    modes: Modes, shown: list[str], collection: Path
) -> None:
    way = (intents.ChooseCard("hanger"), intents.MakeYours(), intents.ChooseModes(modes))
    first = at(model(collection), *way)
    assert [choice.label for choice in first.body.choices] == shown
    other = [action.intent for action in first.frame.actions if action.name == "other-choice"]
    seen = [at(model(collection), *way, turn).body.choices[0].label for turn in other]
    assert {*shown, *seen} == {"Vorm", "Grootte"}, "the other question is one touch away"

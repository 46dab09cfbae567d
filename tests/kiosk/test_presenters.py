"""What the screens say, without a screen."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from worlds import INFO, fault, job, model, state, telemetry

from firmware_bridge.contract import FaultCode, JobState, Origin
from kiosk.domain import events as ev
from kiosk.domain.model import Model, Notice, Sheet, TextProblem
from kiosk.domain.model import Trouble as TextTrouble
from kiosk.domain.printing import Obstacle
from kiosk.domain.update import update
from kiosk.locale import LANGUAGES, Translator
from kiosk.presenters import faults, present
from kiosk.presenters.views import View

NEVER = re.compile(r"nozzle|extruder|slic|g-?code|filament|mqtt|\berror\b|\bfout\b", re.IGNORECASE)


def at(start: Model, *events: ev.Event, language: str = "nl") -> View:
    for event in (ev.BridgeUp(INFO, state()), ev.ChooseLanguage(language), *events):
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
        ev.StateCame(state(job(JobState.FAILED, fault=fault(code)))),
        ev.GoToJob(),
        language=language,
    )
    assert view.screen == "trouble"
    said = faults.fault_words(code, Translator(language))
    assert said.happened and said.you and said.who
    assert len({said.happened, said.you, said.who}) == 3
    assert not NEVER.search(" ".join(words(view))), "jargon on a visitor's screen"
    assert "Heater_ID" not in " ".join(words(view)), "the firmware's own wording is for staff"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_obstacle_notice_and_text_problem_has_words(language: str) -> None:
    texts = Translator(language)
    said = [faults.obstacle_words(why, None, texts) for why in Obstacle]
    said += [faults.notice_words(notice, texts).happened for notice in Notice]
    said += [faults.text_words(TextTrouble(problem, "ж"), 12, texts) for problem in TextProblem]
    assert all(said)
    assert not NEVER.search(" ".join(said))


def test_a_promise_before_the_print_and_a_clock_time_during_it(collection: Path) -> None:
    start = model(collection)
    assert "Klaar tussen 15.05 en 15.15 uur" in words(at(start, ev.ChooseCard("toren-1")))
    english = at(start, ev.ChooseCard("toren-1"), language="en")
    assert "Ready between 15:05 and 15:15" in words(english)
    printing = (ev.StateCame(state(job(JobState.PRINTING))), ev.TelemetryCame(telemetry()), ev.GoToJob())
    said = list(words(at(start, *printing)))
    assert {"Klaar rond 15.05 uur", "nog 11 minuten", "Laagje 5 van 12", "215 °C"} <= set(said)


@pytest.mark.parametrize(
    ("bed", "sentence"), [(30, "De plaat wordt warm"), (60, "De kop wordt heet")], ids=["bed", "nozzle"]
)
def test_what_the_printer_does_now_and_why(bed: float, sentence: str, collection: Path) -> None:
    heating = (ev.StateCame(state(job(JobState.HEATING))), ev.TelemetryCame(telemetry(100, bed, 0)))
    assert sentence in " ".join(words(at(model(collection), *heating, ev.GoToJob())))


def test_only_who_may_end_a_pause_is_told_to(collection: Path) -> None:
    for origin, told in ((Origin.KIOSK, "Ga verder"), (Origin.REGION, "medewerker"), (Origin.PRINTER, "hulp")):
        paused = ev.StateCame(state(job(JobState.PAUSED, paused_by=origin)))
        assert told in " ".join(words(at(model(collection), paused, ev.GoToJob())))


def test_the_print_is_greyed_with_its_reason_when_the_bridge_is_away(collection: Path) -> None:
    view = at(model(collection), ev.Wake(), ev.ChooseCard("toren-1"), ev.BridgeDown())
    assert view.frame
    assert [(a.name, a.enabled) for a in view.frame.actions] == [("print", False)]
    assert "De printer is nog niet klaar" in " ".join(words(view))


def test_hands_off_while_it_is_hot(collection: Path) -> None:
    hot = ev.TelemetryCame(telemetry(140, 55, target=False))
    cooling = at(model(collection), ev.StateCame(state(job(JobState.COOLING))), hot, ev.GoToJob())
    assert cooling.screen == "cooling"
    assert cooling.frame and cooling.frame.actions == ()
    stopped = at(model(collection), ev.StateCame(state(job(JobState.CANCELLED))), hot, ev.GoToJob())
    assert stopped.frame and not stopped.frame.actions[0].enabled


def test_another_visitors_own_version_shows_as_the_cards_picture(collection: Path) -> None:
    personal = ev.StateCame(state(job(JobState.PRINTING, card="sleutelhanger", personal=True)))
    view = at(model(collection), personal, ev.Wake())
    assert view.frame and view.frame.strip
    assert view.frame.strip.picture == collection / "sleutelhanger" / "picture.png"


def test_the_sheet_of_a_paused_print_offers_no_second_pause(collection: Path) -> None:
    paused = ev.StateCame(state(job(JobState.PAUSED, paused_by=Origin.KIOSK)))
    view = at(model(collection), paused, ev.GoToJob(), ev.OpenSheet(Sheet.PROBLEM))
    assert view.sheet
    assert [action.name for action in view.sheet.actions] == ["close", "stop", "emergency"]

"""Something is wrong, the PIN, the queue's turn, how it was: through the one door, without a screen."""

from pathlib import Path

import pytest
from worlds import INFO, NOW, job, model, state, telemetry

from firmware_bridge.contract import (
    Animal,
    CallReason,
    CallStaff,
    Cancel,
    CheckFirstLayer,
    ClearFault,
    Collect,
    Emergency,
    ErrorCode,
    Feedback,
    FeedbackReason,
    Job,
    JobState,
    KeepTurn,
    Lock,
    Pause,
    PinRefusal,
    Printer,
    PrinterState,
    Role,
    Session,
    Start,
    Submit,
    Ticket,
    Unlock,
)
from kiosk.domain import intents, news
from kiosk.domain.cooling import Sample, left_s
from kiosk.domain.effects import Ask, Effect
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.printing import Obstacle, obstacles
from kiosk.domain.refused import read_words
from kiosk.domain.session import Notice, Place, Sheet, Span
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import present
from kiosk.presenters.plate import PlateView


def after(before: Model, *events: Event) -> tuple[Model, list[object]]:
    effects: list[Effect] = []
    for event in events:
        before, more = update(before, event)
        effects += more
    return before, [effect.request for effect in effects if isinstance(effect, Ask)]


@pytest.fixture
def printing(collection: Path) -> Model:
    """Somebody watches a print."""
    began = news.BridgeUp(INFO, state(job(JobState.PRINTING)))
    return after(model(collection), began, intents.Wake(), intents.GoToJob())[0]


def test_danger_ends_the_print_at_once_whatever_else_is_asked(printing: Model) -> None:
    busy = printing.with_session(asking=True)
    stopped, asked = after(busy, intents.SayProblem(), intents.Report(CallReason.STRANGE))
    assert asked == [Emergency(), CallStaff(reason=CallReason.STRANGE)]
    assert (stopped.session.place, stopped.session.sheet) == (Place.JOB, Sheet.CALL)


def test_what_does_not_stick_pauses_and_calls_and_something_else_only_calls(printing: Model) -> None:
    _, asked = after(printing, intents.SayProblem(), intents.Report(CallReason.DOES_NOT_STICK))
    assert asked == [Pause(job="j1"), CallStaff(reason=CallReason.DOES_NOT_STICK)]
    _, asked = after(printing, intents.SayProblem(), intents.Report(CallReason.OTHER))
    assert asked == [CallStaff(reason=CallReason.OTHER)]
    paused, _ = after(printing, news.StateCame(state(job(JobState.PAUSED))))
    _, asked = after(paused, intents.SayProblem(), intents.Report(CallReason.DOES_NOT_STICK))
    assert asked == [CallStaff(reason=CallReason.DOES_NOT_STICK)]


def test_nobody_can_be_called_sends_to_the_desk(printing: Model) -> None:
    calling, [asked] = after(printing, intents.CallHelp(CallReason.HELP))
    refused, _ = after(calling, news.Refused(asked, None))
    assert (refused.session.sheet, refused.session.notice) == (None, Notice.CALL_FAILED)


def test_a_problem_that_solves_itself_leaves_its_screen(printing: Model) -> None:
    problem, _ = after(printing, intents.SayProblem())
    ready, _ = after(problem, news.StateCame(state(job(JobState.READY))))
    assert ready.session.place is Place.JOB
    gone, _ = after(problem, news.StateCame(state()))
    assert gone.session.place is Place.ATTRACT


def test_the_first_layer_is_answered_once(printing: Model) -> None:
    due, _ = after(printing, news.TelemetryCame(telemetry(elapsed_s=130)))
    good, asked = after(due, intents.SayItSticks(True), intents.SayItSticks(True))
    assert asked == [CheckFirstLayer(job="j1", sticks=True)]
    assert good.session.sheet is None
    bad, asked = after(due, intents.SayItSticks(False))
    assert asked == [
        CheckFirstLayer(job="j1", sticks=False),
        CallStaff(reason=CallReason.DOES_NOT_STICK),
    ]
    assert bad.session.sheet is Sheet.CALL
    assert after(printing, intents.SayItSticks(True))[1] == [], "it is not asked yet"


def test_a_cancel_that_only_staff_may_asks_for_a_pin_and_gives_the_role_back(printing: Model) -> None:
    stopping, [cancel] = after(printing, intents.SayProblem(), intents.StopPrint())
    pad, _ = after(stopping, news.Refused(cancel, ErrorCode.NOT_ALLOWED))
    assert (pad.session.place, pad.session.asking) == (Place.PIN, False)
    typed, asked = after(pad, *(intents.PressDigit(key) for key in ("1", "2", "x", "3")), intents.EnterPin())
    assert asked == [], "three digits are no PIN"
    entering, asked = after(
        typed, intents.PressDigit("9"), intents.PressDigit("erase"), intents.PressDigit("4"), intents.EnterPin()
    )
    assert asked == [Unlock(pin="1234")]
    wrong, _ = after(entering, news.Refused(asked[0], ErrorCode.WRONG_PIN, why=PinRefusal(tries_left=4, wait_s=0)))
    assert wrong.session.pin and wrong.session.pin.wrong and wrong.session.pin.digits == ""
    unlocked = news.Accepted(asked[0], Session(role=Role.STAFF, expires_in_s=120))
    done, asked = after(entering, unlocked)
    assert asked == [cancel, Lock()]
    assert (done.session.place, done.session.pin) == (Place.JOB, None)


def test_a_pin_pad_that_is_left_forgets_what_was_typed(printing: Model) -> None:
    stopping, [cancel] = after(printing, intents.SayProblem(), intents.StopPrint())
    pad, _ = after(stopping, news.Refused(cancel, ErrorCode.NOT_ALLOWED), intents.PressDigit("1"))
    for away in (intents.GoBack(), intents.GoHome()):
        left, _ = after(pad, away)
        assert left.session.pin is None


def test_a_printer_that_was_halted_is_cleared_by_staff_alone(printing: Model) -> None:
    halted = Printer(connected=True, state=PrinterState.ERROR, latched=True)
    failed, _ = after(printing, news.StateCame(state(job(JobState.FAILED), printer=halted)))
    clearing, [clear] = after(failed, intents.ClearPrinter())
    assert clear == ClearFault()
    pad, _ = after(clearing, news.Refused(clear, ErrorCode.NOT_ALLOWED))
    entering, [unlock] = after(pad, *(intents.PressDigit(key) for key in "1234"), intents.EnterPin())
    _, asked = after(entering, news.Accepted(unlock, Session(role=Role.STAFF, expires_in_s=120)))
    assert asked == [ClearFault(), Lock()]
    assert after(printing, intents.ClearPrinter())[1] == [], "there is nothing to clear"


def collected(printing: Model) -> Model:
    ready, [collect] = after(printing, news.StateCame(state(job(JobState.READY))), intents.CollectPrint())
    done, _ = after(ready, news.StateCame(state()), news.Accepted(collect, job(JobState.COLLECTED)))
    assert isinstance(collect, Collect)
    return done


def test_three_smileys_one_reason_and_nobody_has_to(printing: Model) -> None:
    asked_how = collected(printing)
    assert asked_how.session.place is Place.FEEDBACK
    rest, asked = after(asked_how, intents.Rate(1), intents.EndRating(FeedbackReason.TOO_LONG))
    assert asked == [Feedback(job="j1", smiley=1, reason=FeedbackReason.TOO_LONG)]
    assert (rest.session.place, rest.session.notice) == (Place.ATTRACT, Notice.THANKS)
    rest, asked = after(asked_how, intents.EndRating(None))
    assert (rest.session.place, asked) == (Place.ATTRACT, [])
    assert after(asked_how, intents.Rate(3), intents.EndRating(None))[1] == [Feedback(job="j1", smiley=3)]
    assert after(asked_how, intents.Rate(7), intents.EndRating(None))[1] == []


def test_a_print_that_failed_is_not_asked_about(printing: Model) -> None:
    failed, [collect] = after(printing, news.StateCame(state(job(JobState.FAILED))), intents.CollectPrint())
    done, _ = after(failed, news.StateCame(state()), news.Accepted(collect, job(JobState.FAILED)))
    assert done.session.place is Place.ATTRACT


def test_somebody_whose_turn_it_is_may_give_it_up_and_nobody_does_so_with_one_touch(collection: Path) -> None:
    turn = news.BridgeUp(INFO, state(None, job(JobState.WAITING_FOR_PLATE, id="j2")))
    at_turn, _ = after(model(collection), turn)
    give_up = next(
        action for action in present(at_turn, Translator("nl")).frame.actions if action.name == "give-up"
    )
    sure, asked = after(at_turn, give_up.intent)
    assert asked == []
    sheet = present(sure, Translator("nl")).sheet
    assert sheet and [action.name for action in sheet.actions] == ["give-up-sure", "close"]
    given_up, asked = after(sure, sheet.actions[0].intent)
    assert asked == [Cancel(job="j2")] and present(given_up, Translator("nl")).sheet is None
    next_one, _ = after(
        given_up, news.StateCame(state()), news.Accepted(asked[0], job(JobState.CANCELLED, id="j2"))
    )
    assert next_one.session.place is Place.ATTRACT


def test_a_turn_is_kept_as_long_as_somebody_touches_the_screen(collection: Path) -> None:
    turn = news.BridgeUp(INFO, state(None, job(JobState.WAITING_FOR_PLATE, id="j2"), turn_left_s=600.0))
    at_turn, _ = after(model(collection), turn)
    assert after(at_turn, intents.Touched())[1] == []
    later, _ = after(at_turn, news.Tick(NOW, at_turn.world.uptime_s + 100))
    assert "Je beurt blijft nog 9 minuten" in _explanation(later)
    touched, [keep] = after(later, intents.Touched())
    assert keep == KeepTurn(job="j2") and not touched.session.asking
    anew = news.Accepted(keep, state(None, job(JobState.WAITING_FOR_PLATE, id="j2"), turn_left_s=600.0))
    assert "10 minuten" in _explanation(after(touched, anew)[0])
    starting, [start] = after(touched, intents.PlateIsEmpty())
    assert isinstance(start, Start)
    assert after(starting, anew)[0].session.asking, "the start is still under way"
    assert after(touched, news.Refused(keep, ErrorCode.NOT_NOW))[0].session.notice is None


def _explanation(there: Model) -> str:
    body = present(there, Translator("nl")).body
    assert isinstance(body, PlateView)
    return body.explanation


def test_a_turn_that_passed_meanwhile_costs_nobody_elses_print(collection: Path) -> None:
    turn = news.BridgeUp(INFO, state(None, job(JobState.WAITING_FOR_PLATE, id="j2")))
    other = news.StateCame(state(None, job(JobState.WAITING_FOR_PLATE, id="j3")))
    sure, _ = after(model(collection), turn, intents.OpenSheet(Sheet.GIVE_UP), other)
    assert after(sure, intents.GiveUpTurn("j2"))[1] == []


def test_who_is_put_in_the_queue_sees_the_queue(printing: Model) -> None:
    wanting, [submit] = after(printing, intents.ChooseCard("toren-3"), intents.WantPrint())
    assert isinstance(submit, Submit)
    for where, notice in ((JobState.QUEUED, Notice.QUEUED), (JobState.WAITING_FOR_STAFF, Notice.FOR_STAFF)):
        queued, _ = after(wanting, news.Accepted(submit, job(where, id="j2")))
        assert (queued.session.place, queued.session.notice, queued.session.mine) == (Place.QUEUE, notice, "j2")
        fox = job(where, id="j2", ticket=Ticket(animal=Animal.FOX, number=12))
        told, _ = after(queued, news.StateCame(state(job(JobState.PRINTING), fox)))
        sheet = present(told, Translator("nl")).sheet
        assert sheet and "Onthoud: Vos 12" in [line.text for line in sheet.lines]


def test_a_start_that_comes_too_late_says_so(collection: Path) -> None:
    awake, _ = after(model(collection), news.BridgeUp(INFO, state()), intents.Wake())
    asking, [submit] = after(awake, intents.ChooseCard("toren-1"), intents.WantPrint(), intents.PlateIsEmpty())
    starting, [start] = after(asking, news.Accepted(submit, job(JobState.WAITING_FOR_PLATE)))
    assert isinstance(start, Start)
    late, _ = after(starting, news.Refused(start, ErrorCode.TOO_LATE))
    assert late.session.notice is Notice.TOO_LATE


def test_closing_time_runs_on_without_a_new_snapshot(collection: Path) -> None:
    began, _ = after(model(collection), news.BridgeUp(INFO, state(closes_in_s=2000.0)))
    assert Obstacle.TOO_LATE not in obstacles(began.world, began.world.piece("toren-1"))
    later, _ = after(began, news.Tick(NOW, began.world.uptime_s + 900))
    assert later.world.closes_in_s == 1100
    assert Obstacle.TOO_LATE in obstacles(later.world, later.world.piece("toren-1"))


def test_looking_for_something_shows_only_that_and_home_shows_all(collection: Path) -> None:
    from kiosk.domain.collection import found

    awake, _ = after(model(collection), news.BridgeUp(INFO, state(closes_in_s=1900.0)), intents.Wake())
    every = found(awake)
    for wanted in (every[0].card.theme, every[0].card.level, Span.QUICK, Span.BEFORE_CLOSING):
        some, _ = after(awake, intents.TurnPage(1), intents.Search(), intents.LookFor(wanted))
        assert 0 < len(found(some)) < len(every)
        assert some.session.page == 0
        assert found(after(some, intents.GoHome())[0]) == every


def test_cooling_is_measured_and_reaches_zero() -> None:
    first = Sample(0.0, 215.0, 60.0)

    def told(nozzle: float, bed: float) -> object:
        return telemetry(nozzle, bed, target=False).temperatures

    guessed = left_s(first, told(215, 60), 0.0)  # type: ignore[arg-type]
    assert guessed and 120 < guessed < 1200
    quick = left_s(first, told(90, 42), 60.0)  # type: ignore[arg-type]
    slow = left_s(first, told(90, 42), 600.0)  # type: ignore[arg-type]
    assert quick and slow and quick < slow / 5
    assert left_s(first, told(40, 30), 900.0) == 0.0  # type: ignore[arg-type]
    assert left_s(None, told(90, 42), 1.0) is None  # type: ignore[arg-type]


def test_a_refused_word_is_neither_shown_nor_made(collection: Path) -> None:
    from kiosk.domain.draft import TextProblem
    from kiosk.domain.effects import Make

    kiosk = model(collection).with_world(refused_words=read_words("noor"))
    began, _ = after(kiosk, news.BridgeUp(INFO, state()), intents.ChooseCard("sleutelhanger"), intents.MakeYours())
    effects: list[Effect] = []
    for key in "noor":
        began, more = update(began, intents.PressKey(key))
        effects += more
    assert [e.values[0][1] for e in effects if isinstance(e, Make)] == ["N", "No", "Noo"]
    refused, more = update(began, intents.MakeIt())
    assert more == ()
    assert refused.session.draft and refused.session.draft.trouble
    assert refused.session.draft.trouble.problem is TextProblem.NOT_HERE


def test_a_form_is_chosen_previewed_and_made(collection: Path) -> None:
    from kiosk.domain.effects import Make

    began, _ = after(
        model(collection), news.BridgeUp(INFO, state()), intents.ChooseCard("hanger"), intents.MakeYours()
    )
    chosen, effects = update(began, intents.ChooseOption("form", "o2"))
    [preview] = [effect for effect in effects if isinstance(effect, Make)]
    assert preview.shape_only and dict(preview.values) == {"form": "o2", "size": "o1"}
    assert update(chosen, intents.ChooseOption("form", "o2")) == (
        chosen.with_session(touched_s=chosen.session.touched_s),
        (),
    )
    _, effects = update(chosen, intents.MakeIt())
    [make] = [effect for effect in effects if isinstance(effect, Make)]
    assert not make.shape_only and dict(make.values)["form"] == "o2"


def test_jobs_of_others_do_not_change_what_is_asked_of_this_one(printing: Model) -> None:
    def waiting(number: int) -> Job:
        return job(JobState.QUEUED, id=f"q{number}")

    crowded, _ = after(
        printing, news.StateCame(state(job(JobState.PRINTING), *map(waiting, range(9)))), intents.SeeQueue()
    )
    for _ in range(9):
        crowded, _asked = after(crowded, intents.TurnPage(1))
    assert crowded.session.step == 2, "ten rows, four a page"

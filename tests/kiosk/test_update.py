"""The one door through which the model changes, with the contract's own messages."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import INFO, NOW, fault, job, model, state

from firmware_bridge.contract import (
    CallReason,
    Cancel,
    Collect,
    ErrorCode,
    FaultCode,
    JobState,
    Pause,
    Printer,
    PrinterState,
    Resume,
    Start,
    Submit,
)
from kiosk.domain import events as ev
from kiosk.domain.effects import Ask, Effect, FetchToolpath, Forget, Make, StopWorker, WarmWorker
from kiosk.domain.model import Aspect, Model, Notice, Place, Sheet, Span, TextProblem
from kiosk.domain.printing import Obstacle, obstacle
from kiosk.domain.update import update

Given = tuple[Model, list[Effect]]


@pytest.fixture
def start(collection: Path) -> Model:
    """Awake, with a bridge and a free printer."""
    return after(model(collection), ev.BridgeUp(INFO, state()), ev.Wake())[0]


def after(before: Model, *events: ev.Event) -> Given:
    effects: list[Effect] = []
    for event in events:
        before, more = update(before, event)
        effects += more
    return before, effects


def later(seconds: float, since: Model) -> ev.Tick:
    return ev.Tick(NOW, since.world.uptime_s + seconds)


def asked(effects: list[Effect]) -> list[object]:
    return [effect.request for effect in effects if isinstance(effect, Ask)]


def test_the_first_touch_only_wakes(collection: Path) -> None:
    woken, effects = after(model(collection), ev.Wake())
    assert (woken.session.place, effects) == (Place.COLLECTION, [])


def test_a_print_is_submitted_and_started_only_after_the_plate_was_looked_at(start: Model) -> None:
    at_plate, effects = after(start, ev.ChooseCard("toren-1"), ev.WantPrint())
    assert (at_plate.session.place, effects) == (Place.PLATE, [])
    asking, effects = after(at_plate, ev.PlateIsEmpty())
    [submit] = asked(effects)
    assert isinstance(submit, Submit) and submit.card == "toren-1" and not submit.personal
    waiting = job(JobState.WAITING_FOR_PLATE)
    starting, effects = after(asking, ev.Accepted(submit, waiting))
    assert asked(effects) == [Start(job="j1", plate_is_empty=True)]
    begun, _ = after(starting, ev.Accepted(asked(effects)[0], job(JobState.HEATING)))
    assert begun.session.place is Place.JOB


def test_a_second_touch_while_it_is_asked_asks_nothing(start: Model) -> None:
    _, effects = after(
        start, ev.ChooseCard("toren-1"), ev.WantPrint(), ev.PlateIsEmpty(), ev.PlateIsEmpty(), ev.PlateIsEmpty()
    )
    assert len(asked(effects)) == 1


def test_a_queued_job_is_never_started_without_another_look(start: Model) -> None:
    busy, _ = after(start, ev.StateCame(state(job(JobState.PRINTING))), ev.ChooseCard("toren-3"))
    queueing, effects = after(busy, ev.WantPrint())
    [submit] = asked(effects)
    queued, effects = after(queueing, ev.Accepted(submit, job(JobState.QUEUED, id="j2")))
    assert (queued.session.notice, asked(effects)) == (Notice.QUEUED, [])
    # It became free in the meantime: its turn comes at once, and somebody has to look.
    turn, effects = after(queueing, ev.Accepted(submit, job(JobState.WAITING_FOR_PLATE, id="j2")))
    assert (turn.session.place, turn.session.card, asked(effects)) == (Place.PLATE, None, [])


def test_the_turn_of_a_queued_job_is_shown_when_nobody_is_there(start: Model) -> None:
    asleep = start.with_session(place=Place.ATTRACT)
    turn, _ = after(asleep, ev.StateCame(state(None, job(JobState.WAITING_FOR_PLATE, id="j2"))))
    assert turn.session.place is Place.PLATE
    _, effects = after(turn, ev.PlateIsEmpty())
    assert asked(effects) == [Start(job="j2", plate_is_empty=True)]


def test_a_refused_start_says_why_and_leaves_no_dead_end(start: Model) -> None:
    asking, effects = after(start, ev.ChooseCard("toren-1"), ev.WantPrint(), ev.PlateIsEmpty())
    [submit] = asked(effects)
    for code, notice in (
        (ErrorCode.FILE_REFUSED, Notice.REFUSED),
        (ErrorCode.DISK_FULL, Notice.DISK_FULL),
        (ErrorCode.PRINTER_AWAY, Notice.PRINTER_AWAY),
        (ErrorCode.OUT_OF_ORDER, Notice.OUT_OF_ORDER),
        (ErrorCode.INTERNAL, Notice.NOT_NOW),
        (None, Notice.BRIDGE_AWAY),
    ):
        refused, _ = after(asking, ev.Refused(submit, code))
        assert refused.session.notice is notice
        _again, effects = after(refused, ev.CloseSheet(), ev.PlateIsEmpty())
        assert len(asked(effects)) == 1


def test_pause_stop_resume_collect(start: Model) -> None:
    printing, effects = after(start, ev.StateCame(state(job(JobState.PRINTING))), ev.GoToJob())
    assert FetchToolpath("j1") in effects
    problem, _ = after(printing, ev.SayProblem())
    assert problem.session.place is Place.PROBLEM
    assert asked(after(problem, ev.StopPrint())[1]) == [Cancel(job="j1")]
    pausing, effects = after(problem, ev.PausePrint())
    assert asked(effects) == [Pause(job="j1")]
    assert pausing.session.place is Place.JOB
    paused, _ = after(pausing, ev.Accepted(Pause(job="j1"), job(JobState.PAUSED)))
    paused, _ = after(paused, ev.StateCame(state(job(JobState.PAUSED))))
    assert asked(after(paused, ev.ResumePrint())[1]) == [Resume(job="j1")]
    ready, _ = after(paused, ev.StateCame(state(job(JobState.READY))))
    assert asked(after(ready, ev.CollectPrint())[1]) == [Collect(job="j1")]
    empty, _ = after(ready, ev.StateCame(state()))
    assert empty.session.place is Place.ATTRACT


def test_nothing_is_collected_while_it_cools(start: Model) -> None:
    cooling, _ = after(start, ev.StateCame(state(job(JobState.COOLING))), ev.GoToJob())
    assert asked(after(cooling, ev.CollectPrint())[1]) == []


def test_a_restarted_kiosk_goes_to_the_running_print(collection: Path) -> None:
    running, effects = after(model(collection), ev.BridgeUp(INFO, state(job(JobState.PRINTING))))
    assert (running.session.place, effects) == (Place.JOB, [FetchToolpath("j1")])


def test_a_visitor_who_browses_is_not_pulled_away(start: Model) -> None:
    browsing, _ = after(start, ev.StateCame(state(job(JobState.PRINTING))))
    assert browsing.session.place is Place.COLLECTION
    watching, _ = after(browsing, ev.GoToJob())
    assert watching.session.place is Place.JOB


@pytest.mark.parametrize(
    ("news", "why"),
    [
        (ev.BridgeDown(), Obstacle.BRIDGE_AWAY),
        (ev.StateCame(state(out_of_order=True)), Obstacle.OUT_OF_ORDER),
        (
            ev.StateCame(
                state(
                    printer=Printer(
                        connected=True, state=PrinterState.ERROR, fault=fault(FaultCode.UNSAFE_FIRMWARE)
                    )
                )
            ),
            Obstacle.PRINTER_FAULT,
        ),
        (ev.StateCame(state(printer=Printer(connected=False, state=PrinterState.BUSY))), Obstacle.PRINTER_AWAY),
        (ev.StateCame(state(printer=Printer(connected=True, state=PrinterState.ATTENTION))), Obstacle.ATTENTION),
    ],
)
def test_what_stands_in_the_way_of_a_print(start: Model, news: ev.Event, why: Obstacle) -> None:
    away, effects = after(start, ev.ChooseCard("toren-1"), news, ev.WantPrint())
    assert obstacle(away.world, away.chosen) is why
    assert (away.session.place, asked(effects)) == (Place.MODEL, [])


def test_a_card_without_a_print_for_this_printer(start: Model) -> None:
    other = start.with_world(info=INFO.__class__(**{**_fields(INFO), "profile": "ender3"}))
    chosen, _ = after(other, ev.ChooseCard("toren-1"))
    assert obstacle(chosen.world, chosen.chosen) is Obstacle.NOT_FOR_THIS_PRINTER


def _fields(struct: object) -> dict[str, object]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}  # type: ignore[attr-defined]


def typed(start: Model, text: str) -> Given:
    return after(start, ev.ChooseCard("sleutelhanger"), ev.MakeYours(), *(ev.PressKey(key) for key in text))


def test_a_name_is_typed_with_a_capital_and_previewed(start: Model) -> None:
    drafted, effects = typed(start, "noor")
    assert drafted.session.draft and drafted.session.draft.text == "Noor"
    assert WarmWorker() in effects
    last = [effect for effect in effects if isinstance(effect, Make)][-1]
    assert (last.values, last.shape_only) == ((("name", "Noor"),), True)


def test_an_answer_to_an_older_text_is_dropped(start: Model) -> None:
    drafted, effects = typed(start, "no")
    first = next(effect for effect in effects if isinstance(effect, Make))
    piece = start.world.pieces[0]
    unchanged, _ = after(drafted, ev.ShapeMade(first.wish, piece))
    assert unchanged.session.draft and unchanged.session.draft.shape is None


def test_empty_and_too_long_get_a_friendly_word(start: Model) -> None:
    empty, effects = after(typed(start, "")[0], ev.MakeIt())
    assert empty.session.draft and empty.session.draft.trouble
    assert empty.session.draft.trouble.problem is TextProblem.EMPTY
    assert not [effect for effect in effects if isinstance(effect, Make)]
    full, _ = typed(start, "abcdefghijklm")
    assert full.session.draft and full.session.draft.trouble and len(full.session.draft.text) == 12
    assert full.session.draft.trouble.problem is TextProblem.TOO_LONG


def test_a_made_piece_is_what_is_printed_and_a_changed_text_unmakes_it(start: Model) -> None:
    making, effects = after(typed(start, "noor")[0], ev.MakeIt())
    [make] = [effect for effect in effects if isinstance(effect, Make)]
    own = replace(start.world.pieces[1], folder=Path("/own"))
    made, _ = after(making, ev.PieceMade(make.wish, own))
    assert made.session.place is Place.MODEL
    assert made.chosen is own and made.is_personal
    _, effects = after(made, ev.WantPrint(), ev.PlateIsEmpty())
    [submit] = asked(effects)
    assert isinstance(submit, Submit) and submit.personal
    changed, _ = after(made, ev.MakeYours(), ev.PressKey("backspace"))
    assert not changed.is_personal


def test_idle_counts_down_and_any_touch_stops_it(start: Model) -> None:
    from kiosk.domain.idle import seconds_left

    quiet, _ = after(start, later(89, start))
    assert seconds_left(quiet) is None
    counting, _ = after(start, later(100, start))
    assert seconds_left(counting) == 20
    touched, _ = after(counting, ev.Touched())
    assert seconds_left(touched) is None
    assert touched.session.place is Place.COLLECTION


def test_idle_forgets_everything_that_was_typed_and_speaks_dutch_again(start: Model) -> None:
    drafted, _ = after(typed(start, "noor")[0], ev.ChooseLanguage("fr"))
    gone, effects = after(drafted, later(121, drafted))
    assert gone.session.draft is None
    assert (gone.session.place, gone.session.language) == (Place.ATTRACT, "nl")
    assert Forget() in effects and StopWorker() in effects


def test_an_answer_to_the_visitor_before_never_reaches_the_next(start: Model) -> None:
    making, effects = after(typed(start, "noor")[0], ev.MakeIt())
    last = [effect for effect in effects if isinstance(effect, Make)][-1]
    gone, _ = after(making, later(121, making), ev.Wake())
    next_one, effects = typed(gone, "an")
    assert all(effect.wish > last.wish for effect in effects if isinstance(effect, Make))
    unchanged, _ = after(next_one, ev.PieceMade(last.wish, start.world.pieces[1]))
    assert unchanged.session.draft and unchanged.session.draft.made is None


def test_who_watches_a_print_is_not_sent_away(start: Model) -> None:
    from kiosk.domain.idle import seconds_left

    watching, _ = after(start, ev.StateCame(state(job(JobState.PRINTING))), ev.GoToJob())
    still, _ = after(watching, later(600, watching))
    assert seconds_left(still) is None
    assert still.session.place is Place.JOB


def test_idle_goes_back_to_the_running_print(start: Model) -> None:
    browsing, _ = after(start, ev.StateCame(state(job(JobState.PRINTING))), ev.ChooseCard("toren-3"))
    gone, _ = after(browsing, later(121, browsing))
    assert gone.session.place is Place.JOB


ALL_INTENTS: tuple[ev.Event, ...] = (
    ev.Touched(),
    ev.Wake(),
    ev.GoHome(),
    ev.GoBack(),
    ev.ChooseCard("toren-1"),
    ev.ChooseCard("sleutelhanger"),
    ev.ChooseCard("nothing"),
    ev.TurnPage(1),
    ev.TurnPage(-1),
    ev.WantPrint(),
    ev.MakeYours(),
    ev.PressKey("a"),
    ev.PressKey("no such key"),
    ev.EditText(),
    ev.MakeIt(),
    ev.StopMaking(),
    ev.PlateIsEmpty(),
    ev.GoToJob(),
    ev.OpenSheet(Sheet.HELP),
    ev.SayProblem(),
    ev.Report(CallReason.DOES_NOT_STICK),
    ev.Report(CallReason.STRANGE),
    ev.CallHelp(CallReason.HELP),
    ev.SeeQueue(),
    ev.Search(),
    ev.LookFor(Span.QUICK),
    ev.LookFor(None),
    ev.LookAt(Aspect.LAYERS),
    ev.ShowLayer(3),
    ev.ChooseCard("hanger"),
    ev.ChooseOption("form", "o1"),
    ev.ChooseOption("form", "no such option"),
    ev.SayItSticks(False),
    ev.CheckLater(),
    ev.Rate(2),
    ev.EndRating(None),
    ev.GiveUpTurn(),
    ev.PressDigit("1"),
    ev.EnterPin(),
    ev.CloseSheet(),
    ev.ChooseLanguage("en"),
    ev.PausePrint(),
    ev.StopPrint(),
    ev.ResumePrint(),
    ev.CollectPrint(),
)


def test_no_order_of_touches_raises_or_starts_a_print_by_itself(start: Model) -> None:
    """Two touches deep from many moments: every one of them can be presented, none starts without a look."""
    from kiosk.locale import Translator
    from kiosk.presenters import present

    texts = Translator("nl")
    moments = [state(), state(job(JobState.PRINTING)), state(job(JobState.READY)), state(job(JobState.FAILED))]
    moments += [state(None, job(JobState.WAITING_FOR_PLATE))]
    for moment in moments:
        begin, _ = after(start, ev.StateCame(moment))
        seen = {repr(begin.session)}
        frontier = [begin]
        for _depth in range(2):
            reached = []
            for before in frontier:
                for intent in ALL_INTENTS:
                    now, effects = update(before, intent)
                    starts = [r for r in asked(list(effects)) if isinstance(r, Start)]
                    assert not starts or (before.session.place is Place.PLATE and intent == ev.PlateIsEmpty())
                    if repr(now.session) not in seen:
                        seen.add(repr(now.session))
                        reached.append(now)
                        present(now, texts)
            frontier = reached
        assert len(seen) > 20

"""The one door through which the model changes, with the contract's own messages."""

from dataclasses import replace
from datetime import timedelta
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
from kiosk.domain import intents, news
from kiosk.domain.draft import TextProblem
from kiosk.domain.effects import Ask, Effect, FetchToolpath, Forget, Make, StopWorker, WarmWorker
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.printing import Obstacle, obstacle
from kiosk.domain.session import Aspect, Notice, Place, Sheet, Span
from kiosk.domain.update import update

Given = tuple[Model, list[Effect]]


@pytest.fixture
def start(collection: Path) -> Model:
    """Awake, with a bridge and a free printer."""
    return after(model(collection), news.BridgeUp(INFO, state()), intents.Wake())[0]


def after(before: Model, *events: Event) -> Given:
    effects: list[Effect] = []
    for event in events:
        before, more = update(before, event)
        effects += more
    return before, effects


def later(seconds: float, since: Model) -> news.Tick:
    return news.Tick(NOW, since.world.uptime_s + seconds)


def asked(effects: list[Effect]) -> list[object]:
    return [effect.request for effect in effects if isinstance(effect, Ask)]


def test_the_first_touch_only_wakes(collection: Path) -> None:
    woken, effects = after(model(collection), intents.Wake())
    assert (woken.session.place, effects) == (Place.COLLECTION, [])


def test_a_print_is_submitted_and_started_only_after_the_plate_was_looked_at(start: Model) -> None:
    at_plate, effects = after(start, intents.ChooseCard("toren-1"), intents.WantPrint())
    assert (at_plate.session.place, effects) == (Place.PLATE, [])
    asking, effects = after(at_plate, intents.PlateIsEmpty())
    [submit] = asked(effects)
    assert isinstance(submit, Submit) and submit.card == "toren-1" and not submit.personal
    waiting = job(JobState.WAITING_FOR_PLATE)
    starting, effects = after(asking, news.Accepted(submit, waiting))
    assert asked(effects) == [Start(job="j1", plate_is_empty=True)]
    begun, _ = after(starting, news.Accepted(asked(effects)[0], job(JobState.HEATING)))
    assert begun.session.place is Place.JOB


def test_a_second_touch_while_it_is_asked_asks_nothing(start: Model) -> None:
    _, effects = after(
        start,
        intents.ChooseCard("toren-1"),
        intents.WantPrint(),
        intents.PlateIsEmpty(),
        intents.PlateIsEmpty(),
        intents.PlateIsEmpty(),
    )
    assert len(asked(effects)) == 1


def test_a_queued_job_is_never_started_without_another_look(start: Model) -> None:
    busy, _ = after(start, news.StateCame(state(job(JobState.PRINTING))), intents.ChooseCard("toren-3"))
    queueing, effects = after(busy, intents.WantPrint())
    [submit] = asked(effects)
    queued, effects = after(queueing, news.Accepted(submit, job(JobState.QUEUED, id="j2")))
    assert (queued.session.notice, asked(effects)) == (Notice.QUEUED, [])
    # It became free in the meantime: its turn comes at once, and somebody has to look.
    turn, effects = after(queueing, news.Accepted(submit, job(JobState.WAITING_FOR_PLATE, id="j2")))
    assert (turn.session.place, turn.session.card, asked(effects)) == (Place.PLATE, None, [])


def test_the_turn_of_a_queued_job_is_shown_when_nobody_is_there(start: Model) -> None:
    asleep = start.with_session(place=Place.ATTRACT)
    turn, _ = after(asleep, news.StateCame(state(None, job(JobState.WAITING_FOR_PLATE, id="j2"))))
    assert turn.session.place is Place.PLATE
    _, effects = after(turn, intents.PlateIsEmpty())
    assert asked(effects) == [Start(job="j2", plate_is_empty=True)]


def test_a_refused_start_says_why_and_leaves_no_dead_end(start: Model) -> None:
    asking, effects = after(start, intents.ChooseCard("toren-1"), intents.WantPrint(), intents.PlateIsEmpty())
    [submit] = asked(effects)
    for code, notice in (
        (ErrorCode.FILE_REFUSED, Notice.REFUSED),
        (ErrorCode.DISK_FULL, Notice.DISK_FULL),
        (ErrorCode.PRINTER_AWAY, Notice.PRINTER_AWAY),
        (ErrorCode.OUT_OF_ORDER, Notice.OUT_OF_ORDER),
        (ErrorCode.INTERNAL, Notice.NOT_NOW),
        (None, Notice.BRIDGE_AWAY),
    ):
        refused, _ = after(asking, news.Refused(submit, code))
        assert refused.session.notice is notice
        _again, effects = after(refused, intents.CloseSheet(), intents.PlateIsEmpty())
        assert len(asked(effects)) == 1


def test_pause_stop_resume_collect(start: Model) -> None:
    printing, effects = after(start, news.StateCame(state(job(JobState.PRINTING))), intents.GoToJob())
    assert FetchToolpath("j1") in effects
    problem, _ = after(printing, intents.SayProblem())
    assert problem.session.place is Place.PROBLEM
    assert asked(after(problem, intents.StopPrint())[1]) == [Cancel(job="j1")]
    pausing, effects = after(problem, intents.PausePrint())
    assert asked(effects) == [Pause(job="j1")]
    assert pausing.session.place is Place.JOB
    paused, _ = after(pausing, news.Accepted(Pause(job="j1"), job(JobState.PAUSED)))
    paused, _ = after(paused, news.StateCame(state(job(JobState.PAUSED))))
    assert asked(after(paused, intents.ResumePrint())[1]) == [Resume(job="j1")]
    ready, _ = after(paused, news.StateCame(state(job(JobState.READY))))
    assert asked(after(ready, intents.CollectPrint())[1]) == [Collect(job="j1")]
    empty, _ = after(ready, news.StateCame(state()))
    assert empty.session.place is Place.ATTRACT


def test_nothing_is_collected_while_it_cools(start: Model) -> None:
    cooling, _ = after(start, news.StateCame(state(job(JobState.COOLING))), intents.GoToJob())
    assert asked(after(cooling, intents.CollectPrint())[1]) == []


def test_a_restarted_kiosk_goes_to_the_running_print(collection: Path) -> None:
    running, effects = after(model(collection), news.BridgeUp(INFO, state(job(JobState.PRINTING))))
    assert (running.session.place, effects) == (Place.JOB, [FetchToolpath("j1")])


def test_a_visitor_who_browses_is_not_pulled_away(start: Model) -> None:
    browsing, _ = after(start, news.StateCame(state(job(JobState.PRINTING))))
    assert browsing.session.place is Place.COLLECTION
    watching, _ = after(browsing, intents.GoToJob())
    assert watching.session.place is Place.JOB


@pytest.mark.parametrize(
    ("came", "why"),
    [
        (news.BridgeDown(), Obstacle.BRIDGE_AWAY),
        (news.StateCame(state(out_of_order=True)), Obstacle.OUT_OF_ORDER),
        (
            news.StateCame(
                state(
                    printer=Printer(
                        connected=True, state=PrinterState.ERROR, fault=fault(FaultCode.UNSAFE_FIRMWARE)
                    )
                )
            ),
            Obstacle.PRINTER_FAULT,
        ),
        (news.StateCame(state(printer=Printer(connected=False, state=PrinterState.BUSY))), Obstacle.PRINTER_AWAY),
        (news.StateCame(state(printer=Printer(connected=True, state=PrinterState.ATTENTION))), Obstacle.ATTENTION),
    ],
)
def test_what_stands_in_the_way_of_a_print(start: Model, came: Event, why: Obstacle) -> None:
    away, effects = after(start, intents.ChooseCard("toren-1"), came, intents.WantPrint())
    assert obstacle(away.world, away.chosen) is why
    assert (away.session.place, asked(effects)) == (Place.MODEL, [])


def test_a_card_without_a_print_for_this_printer(start: Model) -> None:
    other = start.with_world(info=INFO.__class__(**{**_fields(INFO), "profile": "ender3"}))
    chosen, _ = after(other, intents.ChooseCard("toren-1"))
    assert obstacle(chosen.world, chosen.chosen) is Obstacle.NOT_FOR_THIS_PRINTER


def _fields(struct: object) -> dict[str, object]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}  # type: ignore[attr-defined]


def typed(start: Model, text: str) -> Given:
    return after(
        start, intents.ChooseCard("sleutelhanger"), intents.MakeYours(), *(intents.PressKey(key) for key in text)
    )


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
    unchanged, _ = after(drafted, news.ShapeMade(first.wish, piece))
    assert unchanged.session.draft and unchanged.session.draft.shape is None


def test_empty_and_too_long_get_a_friendly_word(start: Model) -> None:
    empty, effects = after(typed(start, "")[0], intents.MakeIt())
    assert empty.session.draft and empty.session.draft.trouble
    assert empty.session.draft.trouble.problem is TextProblem.EMPTY
    assert not [effect for effect in effects if isinstance(effect, Make)]
    full, _ = typed(start, "abcdefghijklm")
    assert full.session.draft and full.session.draft.trouble and len(full.session.draft.text) == 12
    assert full.session.draft.trouble.problem is TextProblem.TOO_LONG


def test_a_made_piece_is_what_is_printed_and_a_changed_text_unmakes_it(start: Model) -> None:
    making, effects = after(typed(start, "noor")[0], intents.MakeIt())
    [make] = [effect for effect in effects if isinstance(effect, Make)]
    own = replace(start.world.pieces[1], folder=Path("/own"))
    made, _ = after(making, news.PieceMade(make.wish, own))
    assert made.session.place is Place.MODEL
    assert made.chosen is own and made.is_personal
    _, effects = after(made, intents.WantPrint(), intents.PlateIsEmpty())
    [submit] = asked(effects)
    assert isinstance(submit, Submit) and submit.personal
    changed, _ = after(made, intents.MakeYours(), intents.PressKey("backspace"))
    assert not changed.is_personal


def test_idle_counts_down_and_any_touch_stops_it(start: Model) -> None:
    from kiosk.domain.idle import seconds_left

    quiet, _ = after(start, later(89, start))
    assert seconds_left(quiet) is None
    counting, _ = after(start, later(100, start))
    assert seconds_left(counting) == 20
    touched, _ = after(counting, intents.Touched())
    assert seconds_left(touched) is None
    assert touched.session.place is Place.COLLECTION


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(days=1)])
def test_a_clock_that_is_set_neither_counts_down_nor_forgets(jump: timedelta, start: Model) -> None:
    """Only the time that has passed counts."""
    from kiosk.domain.idle import seconds_left

    there, _ = after(start, intents.ChooseCard("toren-1"))
    jumped, effects = after(there, news.Tick(NOW + jump, there.world.uptime_s + 60))
    assert seconds_left(jumped) is None and jumped.session == there.session and effects == []
    counting, _ = after(jumped, news.Tick(NOW - jump, there.world.uptime_s + 100))
    assert seconds_left(counting) == 20


def test_idle_forgets_everything_that_was_typed_and_speaks_dutch_again(start: Model) -> None:
    drafted, _ = after(typed(start, "noor")[0], intents.ChooseLanguage("fr"))
    gone, effects = after(drafted, later(121, drafted))
    assert gone.session.draft is None
    assert (gone.session.place, gone.session.language) == (Place.ATTRACT, "nl")
    assert Forget() in effects and StopWorker() in effects


def test_an_answer_to_the_visitor_before_never_reaches_the_next(start: Model) -> None:
    making, effects = after(typed(start, "noor")[0], intents.MakeIt())
    last = [effect for effect in effects if isinstance(effect, Make)][-1]
    gone, _ = after(making, later(121, making), intents.Wake())
    next_one, effects = typed(gone, "an")
    assert all(effect.wish > last.wish for effect in effects if isinstance(effect, Make))
    unchanged, _ = after(next_one, news.PieceMade(last.wish, start.world.pieces[1]))
    assert unchanged.session.draft and unchanged.session.draft.made is None


def test_who_watches_a_print_is_not_sent_away(start: Model) -> None:
    from kiosk.domain.idle import seconds_left

    watching, _ = after(start, news.StateCame(state(job(JobState.PRINTING))), intents.GoToJob())
    still, _ = after(watching, later(600, watching))
    assert seconds_left(still) is None
    assert still.session.place is Place.JOB


def test_idle_goes_back_to_the_running_print(start: Model) -> None:
    browsing, _ = after(start, news.StateCame(state(job(JobState.PRINTING))), intents.ChooseCard("toren-3"))
    gone, _ = after(browsing, later(121, browsing))
    assert gone.session.place is Place.JOB


ALL_INTENTS: tuple[Event, ...] = (
    intents.Touched(),
    intents.Wake(),
    intents.GoHome(),
    intents.GoBack(),
    intents.ChooseCard("toren-1"),
    intents.ChooseCard("sleutelhanger"),
    intents.ChooseCard("nothing"),
    intents.TurnPage(1),
    intents.TurnPage(-1),
    intents.WantPrint(),
    intents.MakeYours(),
    intents.PressKey("a"),
    intents.PressKey("no such key"),
    intents.EditText(),
    intents.MakeIt(),
    intents.StopMaking(),
    intents.PlateIsEmpty(),
    intents.GoToJob(),
    intents.OpenSheet(Sheet.HELP),
    intents.SayProblem(),
    intents.Report(CallReason.DOES_NOT_STICK),
    intents.Report(CallReason.STRANGE),
    intents.CallHelp(CallReason.HELP),
    intents.SeeQueue(),
    intents.Search(),
    intents.LookFor(Span.QUICK),
    intents.LookFor(None),
    intents.LookAt(Aspect.LAYERS),
    intents.ShowLayer(3),
    intents.ChooseCard("hanger"),
    intents.ChooseOption("form", "o1"),
    intents.ChooseOption("form", "no such option"),
    intents.SayItSticks(False),
    intents.CheckLater(),
    intents.Rate(2),
    intents.EndRating(None),
    intents.GiveUpTurn("j1"),
    intents.PressDigit("1"),
    intents.EnterPin(),
    intents.CloseSheet(),
    intents.ChooseLanguage("en"),
    intents.PausePrint(),
    intents.StopPrint(),
    intents.ResumePrint(),
    intents.CollectPrint(),
)


def test_no_order_of_touches_raises_or_starts_a_print_by_itself(start: Model) -> None:
    """Two touches deep from many moments: every one of them can be presented, none starts without a look."""
    from kiosk.locale import Translator
    from kiosk.presenters import present

    texts = Translator("nl")
    moments = [state(), state(job(JobState.PRINTING)), state(job(JobState.READY)), state(job(JobState.FAILED))]
    moments += [state(None, job(JobState.WAITING_FOR_PLATE))]
    for moment in moments:
        begin, _ = after(start, news.StateCame(moment))
        seen = {repr(begin.session)}
        frontier = [begin]
        for _depth in range(2):
            reached = []
            for before in frontier:
                for intent in ALL_INTENTS:
                    now, effects = update(before, intent)
                    starts = [r for r in asked(list(effects)) if isinstance(r, Start)]
                    assert not starts or (before.session.place is Place.PLATE and intent == intents.PlateIsEmpty())
                    if repr(now.session) not in seen:
                        seen.add(repr(now.session))
                        reached.append(now)
                        present(now, texts)
            frontier = reached
        assert len(seen) > 20

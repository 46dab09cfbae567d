"""Every screen of the kiosk, one after the other: for the layout audit and for looking at."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from msgspec.structs import replace as with_fields
from pieces import tower
from staff_scenes import staff_scenes
from wifi_scenes import wifi_scenes
from worlds import INFO, fault, job, state, telemetry

from catalogue.packs import read_toolpath
from firmware_bridge.contract import (
    Animal,
    Attention,
    Call,
    CallReason,
    FaultCode,
    Job,
    JobState,
    Origin,
    OutOfOrderReason,
    Printer,
    PrinterState,
    Question,
    QuestionKind,
    Ticket,
    Unlock,
)
from kiosk.domain import intents, news
from kiosk.domain.draft import Step, TextProblem
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.session import Aspect, Notice, Place, Rating, Sheet
from kiosk.domain.staff import PinPad
from kiosk.domain.world import JobToolpath

Dispatch = Callable[[Event], None]
Put = Callable[[Model], None]
Get = Callable[[], Model]
FOX = Ticket(animal=Animal.FOX, number=12)


def scenes(dispatch: Dispatch, get: Get, put: Put, language: str) -> Iterator[str]:
    """Bring the kiosk to each screen in turn; yields the scene's name when it is there."""
    pieces = get().world.pieces
    plain = next(p for p in pieces if not p.card.is_personal)
    personal = next(p for p in pieces if p.card.text)
    chosen = next(p for p in pieces if p.card.choices)
    dispatch(news.BridgeUp(INFO, state()))
    dispatch(intents.ChooseLanguage(language))
    yield "attract"
    dispatch(news.StateCame(state(identify_left_s=20.0)))
    yield "identify"
    dispatch(news.StateCame(state()))
    yield from wifi_scenes(dispatch, get, put)
    dispatch(intents.Wake())
    yield "collection"
    for _page in range(len(pieces)):
        dispatch(intents.TurnPage(1))
    yield "collection-last"
    dispatch(intents.Search())
    yield "search"
    dispatch(intents.LookFor(plain.card.theme))
    yield "collection-theme"
    dispatch(intents.GoHome())
    dispatch(news.StateCame(state(closes_in_s=1500.0)))
    yield "collection-closing"
    dispatch(intents.ChooseCard(pieces[-1].card.id))
    yield "model-too-late"
    dispatch(news.StateCame(state()))
    dispatch(intents.ChooseCard(plain.card.id))
    yield "model"
    dispatch(intents.LookAt(Aspect.SIZE))
    yield "model-size"
    dispatch(intents.LookAt(Aspect.LAYERS))
    dispatch(intents.ShowLayer(plain.print_for(INFO).layers // 2))
    yield "model-layers"
    dispatch(news.StateCame(state(clock_trusted=False)))
    yield "model-clock-not-trusted"
    dispatch(news.StateCame(state()))
    yield from _making(dispatch, get, personal)
    yield from _choosing(dispatch, get, chosen)
    yield from _asking(dispatch, get, put, plain)
    yield from _printing(dispatch, plain)
    yield from _helping(dispatch, get, put, plain)
    yield from _practising(dispatch, personal)
    yield from staff_scenes(dispatch, get, put, plain)
    yield from _trouble(dispatch, plain)
    yield from _away(dispatch, get, put, plain)


def _making(dispatch: Dispatch, get: Get, personal: Piece) -> Iterator[str]:
    dispatch(intents.ChooseCard(personal.card.id))
    yield "model-personal"
    dispatch(intents.MakeYours())
    yield "make"
    for key in "wolfgangusmw":
        dispatch(intents.PressKey(key))
    yield "make-typed"
    dispatch(intents.PressKey("accents"))
    yield "make-accents"
    dispatch(intents.PressKey("digits"))
    dispatch(intents.PressKey("7"))
    yield "make-too-long"
    dispatch(intents.PressKey("done"))
    yield "make-done"
    dispatch(intents.MakeIt())
    for step in Step:
        draft = get().session.draft
        assert draft
        dispatch(news.MakingProgress(draft.wish, 0.45, step))
        yield f"making-{step.value}"
    for problem in TextProblem:
        dispatch(intents.MakeIt())
        draft = get().session.draft
        assert draft
        dispatch(news.MakingFailed(draft.wish, problem, "@#"))
        yield f"make-{problem.value}"
    dispatch(intents.MakeIt())
    draft = get().session.draft
    assert draft
    dispatch(news.PieceMade(draft.wish, personal))
    yield "model-own"
    dispatch(intents.GoHome())


def _choosing(dispatch: Dispatch, get: Get, chosen: Piece) -> Iterator[str]:
    dispatch(intents.ChooseCard(chosen.card.id))
    dispatch(intents.MakeYours())
    yield "make-choices"
    dispatch(intents.MakeIt())
    draft = get().session.draft
    assert draft
    dispatch(news.MakingProgress(draft.wish, 0.6, Step.SLICING))
    yield "making-choices"
    dispatch(news.MakingFailed(draft.wish, TextProblem.SLICING_FAILED))
    yield "make-choices-failed"
    dispatch(intents.GoHome())


def _asking(dispatch: Dispatch, get: Get, put: Put, plain: Piece) -> Iterator[str]:
    dispatch(intents.ChooseCard(plain.card.id))
    dispatch(intents.WantPrint())
    yield "plate"
    dispatch(news.TelemetryCame(telemetry(140, 55, target=False)))
    yield "plate-hot"
    dispatch(news.StateCame(state(closes_in_s=600.0)))
    yield "plate-too-late"
    dispatch(news.StateCame(state(printer=Printer(connected=False, state=PrinterState.ERROR))))
    yield "plate-printer-away"
    dispatch(news.StateCame(state()))
    put(get().with_session(asking=True))
    yield "plate-asking"
    put(get().with_session(asking=False))
    for sheet in (Sheet.HELP, Sheet.LANGUAGE):
        dispatch(intents.OpenSheet(sheet))
        yield sheet.value
        dispatch(intents.CloseSheet())
    put(get().with_session(listens=True, listened=True, sheet=Sheet.HELP))
    yield "help-listening"
    put(get().with_session(listens=False, listened=False, sheet=None))
    for notice in Notice:
        put(get().with_session(notice=notice))
        yield f"notice-{notice.value}"
    dispatch(intents.CloseSheet())
    world = get().world
    put(get().with_world(uptime_s=world.uptime_s + 97))
    yield "still-there"
    put(get().with_world(uptime_s=world.uptime_s))
    dispatch(intents.GoHome())


def _printing(dispatch: Dispatch, plain: Piece) -> Iterator[str]:
    def at(where: JobState, **fields: object) -> Job:
        return job(where, card=plain.card.id, **fields)

    pack = read_toolpath(plain.folder / plain.entry.prints[INFO.profile].toolpath)
    dispatch(news.StateCame(state(at(JobState.HEATING))))
    dispatch(news.TelemetryCame(telemetry(120, 48, layer=0)))
    yield "collection-strip"
    dispatch(intents.ChooseCard(plain.card.id))
    yield "model-busy"
    dispatch(intents.GoToJob())
    yield "heating-picture"
    dispatch(news.ToolpathCame(JobToolpath("j1", pack)))
    yield "heating"
    for layer in (1, 7, 12):
        dispatch(news.StateCame(state(at(JobState.PRINTING))))
        measured = telemetry(layer=layer)
        assert measured.progress
        layers = len(pack.layer_z)
        dispatch(news.TelemetryCame(_scaled(measured, max(1, layer * layers // 12), layers)))
        yield f"watch-{layer}"
    dispatch(news.ToolpathCame(JobToolpath("j1", tower(14, 888))))
    dispatch(news.TelemetryCame(_scaled(telemetry(), 888, 888)))
    yield "watch-many-layers"
    dispatch(news.ToolpathCame(JobToolpath("j1", pack)))
    for origin in Origin:
        dispatch(news.StateCame(state(at(JobState.PAUSED, paused_by=origin))))
        yield f"paused-{origin.value}"
    question = Question(
        id="7-1", text="Paused", choices=("PurgeMore", "Continue"), kind=QuestionKind.MORE_FILAMENT
    )
    for attention in Attention:
        dispatch(news.StateCame(state(at(JobState.PAUSED), attention=attention)))
        yield f"attention-{attention.value}"
        dispatch(news.StateCame(state(at(JobState.PAUSED), attention=attention, question=question)))
        yield f"question-{attention.value}"
    dispatch(news.StateCame(state(at(JobState.PAUSED, paused_by=Origin.KIOSK))))
    dispatch(news.StateCame(state(at(JobState.COOLING, ticket=FOX))))
    dispatch(news.TelemetryCame(telemetry(120, 52, layer=12, target=False)))
    yield "cooling"
    dispatch(news.StateCame(state(at(JobState.READY, ticket=FOX))))
    dispatch(news.TelemetryCame(telemetry(38, 32, layer=12, target=False)))
    yield "ready"
    dispatch(intents.GoHome())
    yield "collection-ready"
    dispatch(intents.GoToJob())


def _helping(dispatch: Dispatch, get: Get, put: Put, plain: Piece) -> Iterator[str]:
    def at(where: JobState, **fields: object) -> Job:
        return job(where, card=plain.card.id, **fields)

    pack = read_toolpath(plain.folder / plain.entry.prints[INFO.profile].toolpath)
    running = at(JobState.PRINTING, ticket=FOX)
    dispatch(news.StateCame(state(running)))
    dispatch(news.TelemetryCame(telemetry(layer=2)))
    dispatch(news.ToolpathCame(JobToolpath("j1", pack)))
    dispatch(intents.GoToJob())
    dispatch(intents.SayProblem())
    yield "problem"
    dispatch(intents.GoBack())
    put(get().with_world(telemetry=telemetry(layer=2, elapsed_s=150)))
    yield "check"
    dispatch(intents.CheckLater())
    put(get().with_session(sheet=Sheet.CALL))
    yield "calling"
    call = Call(since_ms=0, reason=CallReason.DOES_NOT_STICK)
    dispatch(news.StateCame(state(running, ts_ms=90_000, call=call)))
    yield "call-not-taken"
    taken = Call(since_ms=0, reason=CallReason.DOES_NOT_STICK, taken_by=Origin.REGION, taken_ms=20_000)
    dispatch(news.StateCame(state(running, call=taken)))
    yield "call-taken"
    dispatch(intents.CloseSheet())
    yield "watch-call"
    waiting = [
        at(JobState.QUEUED, id=f"q{n}", ticket=Ticket(animal=a, number=n + 3)) for n, a in enumerate(Animal)
    ]
    dispatch(news.StateCame(state(running, *waiting[:6], for_staff=(at(JobState.WAITING_FOR_STAFF, id="s"),))))
    yield "watch-queue"
    dispatch(intents.SeeQueue())
    put(get().with_session(mine="q1"))
    yield "queue"
    dispatch(intents.TurnPage(1))
    yield "queue-last"
    dispatch(news.StateCame(state()))
    yield "queue-empty"
    put(get().with_session(place=Place.PIN, pin=PinPad(Unlock(pin="0000"), "12")))
    yield "pin"
    put(get().with_session(pin=PinPad(wrong=True, waits_until_s=get().world.uptime_s + 60)))
    yield "pin-wrong"
    put(get().with_session(pin=PinPad(digits="12", wrong=True, tries_left=3)))
    yield "pin-tries-left"
    put(get().with_session(place=Place.FEEDBACK, rating=Rating("j1"), pin=None))
    yield "feedback"
    for smiley in (3, 1):
        put(get().with_session(rating=Rating("j1", smiley)))
        yield f"feedback-{smiley}"
    put(get().with_session(place=Place.COLLECTION, rating=None, checked_later=False))
    dispatch(news.StateCame(state(running)))
    dispatch(intents.GoToJob())


def _scaled(measured: object, layer: int, layers: int) -> object:
    progress = with_fields(measured.progress, line=layer * 50 - 20, lines=layers * 50, layer=layer, layers=layers)
    return with_fields(measured, progress=progress)


def _practising(dispatch: Dispatch, personal: Piece) -> Iterator[str]:
    practice = with_fields(INFO, practice=True)
    dispatch(news.BridgeUp(practice, state()))
    dispatch(intents.GoHome())
    yield "practice"
    dispatch(intents.OpenSheet(Sheet.PRACTICE))
    yield "practice-sheet"
    dispatch(intents.ChooseCard(personal.card.id))
    dispatch(intents.CloseSheet())
    dispatch(intents.MakeYours())
    yield "practice-make"
    dispatch(intents.GoHome())
    dispatch(intents.WantStaff())
    yield "practice-pin"
    dispatch(intents.GoBack())
    dispatch(news.BridgeUp(INFO, state()))


def _trouble(dispatch: Dispatch, plain: Piece) -> Iterator[str]:
    def at(where: JobState, **fields: object) -> Job:
        return job(where, card=plain.card.id, **fields)

    for code in FaultCode:
        dispatch(news.StateCame(state(at(JobState.FAILED, fault=fault(code)))))
        yield f"trouble-{code.value}"
    dispatch(news.TelemetryCame(telemetry(140, 55, target=False)))
    yield "trouble-hot"
    dispatch(news.StateCame(state(at(JobState.CANCELLED, ended_by=Origin.KIOSK))))
    yield "stopped-hot"
    dispatch(news.TelemetryCame(telemetry(30, 30, target=False)))
    yield "stopped"
    dispatch(news.StateCame(state(at(JobState.CANCELLED, ended_by=Origin.REGION))))
    yield "stopped-by-staff"
    dispatch(news.StateCame(state(at(JobState.INTERRUPTED))))
    yield "interrupted"
    dispatch(news.BridgeDown())
    yield "bridge-away"


def _away(dispatch: Dispatch, get: Get, put: Put, plain: Piece) -> Iterator[str]:
    dispatch(intents.GoHome())
    dispatch(intents.ChooseCard(plain.card.id))
    yield "model-bridge-away"
    for code in FaultCode:
        printer = Printer(connected=False, state=PrinterState.ERROR, fault=fault(code))
        dispatch(news.StateCame(state(printer=printer)))
        yield f"model-{code.value}"
    put(replace(get(), session=replace(get().session, place=get().session.place.ATTRACT)))
    yield "attract-printer-away"
    dispatch(news.StateCame(state(None, job(JobState.WAITING_FOR_PLATE, card=plain.card.id))))
    yield "plate-turn"
    dispatch(
        news.StateCame(
            state(None, job(JobState.WAITING_FOR_PLATE, card=plain.card.id, ticket=FOX), turn_left_s=480.0)
        )
    )
    yield "plate-turn-left"
    dispatch(intents.OpenSheet(Sheet.GIVE_UP))
    yield "plate-give-up"
    dispatch(intents.GoHome())
    yield "collection-turn"
    for reason in (None, *OutOfOrderReason):
        dispatch(news.StateCame(state(out_of_order=True, out_of_order_reason=reason)))
        dispatch(intents.ChooseCard(plain.card.id))
        yield f"model-out-of-order-{reason.value if reason else 'unknown'}"
    dispatch(intents.GoHome())
    put(get().with_world(pieces=()))
    yield "collection-empty"

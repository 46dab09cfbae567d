"""The one door through which the model changes: an event in, the next model and what must be done out."""

from dataclasses import replace

from firmware_bridge.contract import KeepTurn, State
from kiosk.domain import (
    asking,
    desk,
    events,
    helping,
    identifying,
    idle,
    intents,
    making,
    news,
    pin,
    practice,
    rating,
    reading,
    wifi,
)
from kiosk.domain.collection import SEARCH_GROUPS, pages
from kiosk.domain.cooling import first_sample
from kiosk.domain.effects import Effect, FetchToolpath
from kiosk.domain.model import Model
from kiosk.domain.printing import is_on_printer, plate_job, queue_pages, resting_place, settle
from kiosk.domain.session import Aspect, Place
from kiosk.domain.setup import WifiChoice

Outcome = tuple[Model, tuple[Effect, ...]]


def update(model: Model, event: events.Event) -> Outcome:
    """Never raises for an event that does not fit the moment: it changes nothing."""
    return reading.follow(model, _updated(model, event))


def _updated(model: Model, event: events.Event) -> Outcome:
    match event:
        case news.Tick(now=now, uptime_s=uptime_s):
            passed = desk.passed(model.with_world(now=now, uptime_s=uptime_s))
            return practice.leave(passed) if practice.is_over(passed) else idle.let_go(passed)
        case news.RoomChanged(cards_per_page=cards_per_page, is_roomy=is_roomy):
            wider = model.with_world(cards_per_page=cards_per_page, is_roomy=is_roomy)
            return wider.with_session(page=min(model.session.page, pages(wider) - 1)), ()
        case news.ReadingEnded():
            return reading.ended(model, event), ()
        case news.SetupSeen(setup=setup):
            return model.with_world(setup=setup), ()
        case news.NetworksFound() | news.JoinProgress() | news.WifiEnded():
            return wifi.heard(model, event), ()
        case news.BridgeUp(info=info, state=state):
            return _new_state(model.with_world(info=info, state=state, state_at_s=model.world.uptime_s))
        case news.StateCame(state=state) | news.Accepted(request=KeepTurn(), answer=State() as state):
            came, rings = identifying.follow(
                model.world.state, model.with_world(state=state, state_at_s=model.world.uptime_s)
            )
            settled, effects = _new_state(came)
            return settled, (*effects, *rings)
        case news.InfoCame(info=info):
            return model.with_world(info=info), ()
        case news.BridgeDown():
            away = desk.lost(model.with_world(state=None, telemetry=None))
            return settle(away.with_session(asking=False)), ()
        case news.TelemetryCame(telemetry=telemetry):
            since = first_sample(model.world.cooling_since, telemetry, model.world.uptime_s)
            return model.with_world(telemetry=telemetry, cooling_since=since), ()
        case news.ToolpathCame(toolpath=toolpath):
            return model.with_world(toolpath=toolpath), ()
        case news.PracticeReady():
            return practice.ready(model)
        case news.PracticeEnded():
            return practice.ended(model)
        case news.Accepted():
            return asking.accepted(model, event)
        case news.Refused():
            return asking.refused(model, event)
        case news.MakingProgress() | news.ShapeMade() | news.PieceMade() | news.MakingFailed():
            return making.heard(model, event)
    return _visitor(model.with_session(touched_s=model.world.uptime_s), event)


def _new_state(model: Model) -> Outcome:
    settled = settle(model)
    job = plate_job(settled.world)
    known = settled.world.toolpath
    if job is None or (known and known.job == job.id):
        return settled, ()
    return settled, (FetchToolpath(job.id),)


def _visitor(model: Model, event: events.Event) -> Outcome:
    handled = wifi.handle(model, event)
    if handled is not None:
        return handled
    if model.session.staff:
        handled = desk.handle(model, event)
        if handled is not None:
            return handled
    match event:
        case intents.PressKey(key=key):
            return making.press(model, key)
        case intents.MakeYours():
            return making.begin(model)
        case intents.ChooseOption(parameter=parameter, option=option):
            return making.choose(model, parameter, option)
        case intents.MakeIt():
            return making.make(model)
        case intents.StopMaking():
            return making.stop(model)
        case intents.WantPrint():
            return asking.want_print(model)
        case intents.PlateIsEmpty():
            return asking.plate_is_empty(model)
        case intents.PausePrint():
            return asking.pause(model)
        case intents.StopPrint():
            return asking.stop(model)
        case intents.AnswerPrinter():
            return asking.answer_printer(model, event)
        case intents.ResumePrint():
            return asking.resume(model)
        case intents.CollectPrint():
            return asking.collect(model)
        case intents.ReadAloud():
            return reading.start(model)
        case intents.StopReading():
            return reading.stop(model)
        case intents.Touched():
            return asking.keep_turn(model)
        case intents.GiveUpTurn(job=job):
            return asking.give_up_turn(model, job)
        case intents.ClearPrinter():
            return asking.clear_printer(model)
        case intents.Report(reason=reason):
            return helping.report(model, reason)
        case intents.CallHelp(reason=reason):
            return helping.call(model, reason)
        case intents.SayItSticks(sticks=sticks):
            return helping.say_it_sticks(model, sticks)
        case intents.Rate(smiley=smiley):
            return rating.rate(model, smiley)
        case intents.EndRating(reason=reason):
            return rating.end(model, reason)
        case intents.BeginPractice():
            return practice.begin(model)
        case intents.EndPractice():
            return practice.leave(model)
        case intents.SeeWifi():
            return wifi.begin(model) if _may_choose_wifi(model) else (desk.knock(model), ())
        case intents.WantStaff():
            return desk.knock(model), ()
        case intents.PressDigit(key=key):
            return pin.press(model, key)
        case intents.EnterPin():
            return pin.enter(model)
        case intents.GoBack():
            return _back(model)
    return _navigated(model, event), ()


def _may_choose_wifi(model: Model) -> bool:
    setup = model.world.setup
    return bool(model.session.staff) or (setup is not None and setup.wifi is WifiChoice.FREE)


def _navigated(model: Model, event: events.Event) -> Model:
    session = model.session
    match event:
        case intents.Wake():
            return model.with_session(place=Place.COLLECTION, page=0)
        case intents.GoHome():
            return model.with_session(
                place=Place.COLLECTION,
                page=0,
                looking_for=None,
                sheet=None,
                notice=None,
                pin=None,
                rating=None,
                wifi=None,
            )
        case intents.ChooseCard(card=card) if model.world.piece(card):
            return model.with_session(place=Place.MODEL, card=card, aspect=Aspect.TURN, layer=None)
        case intents.Search():
            return model.with_session(place=Place.SEARCH, step=0)
        case intents.LookFor(wanted=wanted):
            return model.with_session(place=Place.COLLECTION, page=0, looking_for=wanted)
        case intents.LookAt(aspect=aspect):
            return model.with_session(aspect=aspect, layer=None)
        case intents.ShowLayer(layer=layer):
            return model.with_session(layer=max(1, layer))
        case intents.SeeQueue():
            return model.with_session(place=Place.QUEUE, step=0)
        case intents.SayProblem() if is_on_printer(model.world):
            return model.with_session(place=Place.PROBLEM, sheet=None)
        case intents.CheckLater():
            return model.with_session(checked_later=True)
        case intents.TurnPage(by=by):
            return _turned(model, by)
        case intents.GoToJob() if resting_place(model.world) is not Place.ATTRACT:
            return model.with_session(place=resting_place(model.world), card=None, pin=None)
        case intents.EditText() if session.draft and not session.draft.making:
            return model.with_session(draft=replace(session.draft, typing=True))
        case intents.OpenSheet(sheet=sheet):
            return model.with_session(sheet=sheet)
        case intents.CloseSheet() if identifying.left_s(model):
            return model.with_session(found=True)
        case intents.CloseSheet():
            return model.with_session(sheet=None, notice=None)
        case intents.ChooseLanguage(language=language):
            return model.with_session(language=language, sheet=None)
        case intents.ChooseModes(modes=modes):
            return model.with_session(modes=modes)
    return model


def _turned(model: Model, by: int) -> Model:
    """Another page of the collection, or another step of the screen that is open."""
    session = model.session
    piece = model.world.piece(session.card)
    steps = {
        Place.QUEUE: queue_pages(model),
        Place.SEARCH: SEARCH_GROUPS,
        Place.MAKE: len(piece.card.choices) if piece else 1,
    }
    if session.place not in steps:
        return model.with_session(page=min(max(session.page + by, 0), pages(model) - 1))
    return model.with_session(step=min(max(session.step + by, 0), steps[session.place] - 1))


def _back(model: Model) -> Outcome:
    session = model.session
    match session.place:
        case Place.MODEL | Place.SEARCH | Place.QUEUE:
            return model.with_session(place=Place.COLLECTION, mine=None), ()
        case Place.PROBLEM | Place.PIN:
            return model.with_session(place=resting_place(model.world), pin=None), ()
        case Place.PLATE if session.card and not session.asking:
            return model.with_session(place=Place.MODEL), ()
        case Place.PLATE if not session.card:
            return model.with_session(place=Place.COLLECTION), ()
        case Place.MAKE if session.draft and session.draft.making:
            return making.stop(model)
        case Place.MAKE:
            return model.with_session(place=Place.MODEL), ()
    return model, ()

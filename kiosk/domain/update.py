"""The one door through which the model changes: an event in, the next model and what must be done out."""

from dataclasses import replace

from kiosk.domain import asking, desk, helping, idle, making, pin, rating, reading
from kiosk.domain import events as ev
from kiosk.domain.collection import SEARCH_GROUPS, pages
from kiosk.domain.cooling import first_sample
from kiosk.domain.effects import Effect, FetchToolpath
from kiosk.domain.model import Aspect, Model, Place
from kiosk.domain.printing import is_on_printer, plate_job, queue_pages, resting_place, settle

Outcome = tuple[Model, tuple[Effect, ...]]


def update(model: Model, event: ev.Event) -> Outcome:
    """Never raises for an event that does not fit the moment: it changes nothing."""
    return reading.follow(model, _updated(model, event))


def _updated(model: Model, event: ev.Event) -> Outcome:
    match event:
        case ev.Tick(now=now, uptime_s=uptime_s):
            return idle.let_go(desk.passed(model.with_world(now=now, uptime_s=uptime_s)))
        case ev.RoomChanged(cards_per_page=cards_per_page, is_roomy=is_roomy):
            wider = model.with_world(cards_per_page=cards_per_page, is_roomy=is_roomy)
            return wider.with_session(page=min(model.session.page, pages(wider) - 1)), ()
        case ev.ReadingEnded():
            return reading.ended(model, event), ()
        case ev.BridgeUp(info=info, state=state):
            return _new_state(model.with_world(info=info, state=state, state_at_s=model.world.uptime_s))
        case ev.StateCame(state=state):
            return _new_state(model.with_world(state=state, state_at_s=model.world.uptime_s))
        case ev.InfoCame(info=info):
            return model.with_world(info=info), ()
        case ev.BridgeDown():
            away = desk.lost(model.with_world(state=None, telemetry=None))
            return settle(away.with_session(asking=False)), ()
        case ev.TelemetryCame(telemetry=telemetry):
            since = first_sample(model.world.cooling_since, telemetry, model.world.uptime_s)
            return model.with_world(telemetry=telemetry, cooling_since=since), ()
        case ev.ToolpathCame(toolpath=toolpath):
            return model.with_world(toolpath=toolpath), ()
        case ev.Accepted():
            return asking.accepted(model, event)
        case ev.Refused():
            return asking.refused(model, event)
        case ev.MakingProgress() | ev.ShapeMade() | ev.PieceMade() | ev.MakingFailed():
            return making.heard(model, event)
    return _visitor(model.with_session(touched_s=model.world.uptime_s), event)


def _new_state(model: Model) -> Outcome:
    settled = settle(model)
    job = plate_job(settled.world)
    known = settled.world.toolpath
    if job is None or (known and known.job == job.id):
        return settled, ()
    return settled, (FetchToolpath(job.id),)


def _visitor(model: Model, event: ev.Event) -> Outcome:
    if model.session.staff:
        handled = desk.handle(model, event)
        if handled is not None:
            return handled
    match event:
        case ev.PressKey(key=key):
            return making.press(model, key)
        case ev.MakeYours():
            return making.begin(model)
        case ev.ChooseOption(parameter=parameter, option=option):
            return making.choose(model, parameter, option)
        case ev.MakeIt():
            return making.make(model)
        case ev.StopMaking():
            return making.stop(model)
        case ev.WantPrint():
            return asking.want_print(model)
        case ev.PlateIsEmpty():
            return asking.plate_is_empty(model)
        case ev.PausePrint():
            return asking.pause(model)
        case ev.StopPrint():
            return asking.stop(model)
        case ev.AnswerPrinter():
            return asking.answer_printer(model, event)
        case ev.ResumePrint():
            return asking.resume(model)
        case ev.CollectPrint():
            return asking.collect(model)
        case ev.ReadAloud():
            return reading.start(model)
        case ev.StopReading():
            return reading.stop(model)
        case ev.GiveUpTurn():
            return asking.give_up_turn(model)
        case ev.ClearPrinter():
            return asking.clear_printer(model)
        case ev.Report(reason=reason):
            return helping.report(model, reason)
        case ev.CallHelp(reason=reason):
            return helping.call(model, reason)
        case ev.SayItSticks(sticks=sticks):
            return helping.say_it_sticks(model, sticks)
        case ev.Rate(smiley=smiley):
            return rating.rate(model, smiley)
        case ev.EndRating(reason=reason):
            return rating.end(model, reason)
        case ev.WantStaff():
            return desk.knock(model), ()
        case ev.PressDigit(key=key):
            return pin.press(model, key)
        case ev.EnterPin():
            return pin.enter(model)
        case ev.GoBack():
            return _back(model)
    return _navigated(model, event), ()


def _navigated(model: Model, event: ev.Event) -> Model:
    session = model.session
    match event:
        case ev.Wake():
            return model.with_session(place=Place.COLLECTION, page=0)
        case ev.GoHome():
            return model.with_session(
                place=Place.COLLECTION, page=0, looking_for=None, sheet=None, notice=None, pin=None, rating=None
            )
        case ev.ChooseCard(card=card) if model.world.piece(card):
            return model.with_session(place=Place.MODEL, card=card, aspect=Aspect.TURN, layer=None)
        case ev.Search():
            return model.with_session(place=Place.SEARCH, step=0)
        case ev.LookFor(wanted=wanted):
            return model.with_session(place=Place.COLLECTION, page=0, looking_for=wanted)
        case ev.LookAt(aspect=aspect):
            return model.with_session(aspect=aspect, layer=None)
        case ev.ShowLayer(layer=layer):
            return model.with_session(layer=max(1, layer))
        case ev.SeeQueue():
            return model.with_session(place=Place.QUEUE, step=0)
        case ev.SayProblem() if is_on_printer(model.world):
            return model.with_session(place=Place.PROBLEM, sheet=None)
        case ev.CheckLater():
            return model.with_session(checked_later=True)
        case ev.TurnPage(by=by):
            return _turned(model, by)
        case ev.GoToJob() if resting_place(model.world) is not Place.ATTRACT:
            return model.with_session(place=resting_place(model.world), card=None, pin=None)
        case ev.EditText() if session.draft and not session.draft.making:
            return model.with_session(draft=replace(session.draft, typing=True))
        case ev.OpenSheet(sheet=sheet):
            return model.with_session(sheet=sheet)
        case ev.CloseSheet():
            return model.with_session(sheet=None, notice=None)
        case ev.ChooseLanguage(language=language):
            return model.with_session(language=language, sheet=None)
        case ev.ChooseModes(modes=modes):
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

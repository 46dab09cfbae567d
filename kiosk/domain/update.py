"""The one door through which the model changes: an event in, the next model and what must be done out."""

from dataclasses import replace

from kiosk.domain import asking, idle, making, reading
from kiosk.domain import events as ev
from kiosk.domain.effects import Effect, FetchToolpath
from kiosk.domain.model import Model, Place, Sheet
from kiosk.domain.printing import plate_job, resting_place, settle

Outcome = tuple[Model, tuple[Effect, ...]]


def update(model: Model, event: ev.Event) -> Outcome:
    """Never raises for an event that does not fit the moment: it changes nothing."""
    return reading.follow(model, _updated(model, event))


def _updated(model: Model, event: ev.Event) -> Outcome:
    match event:
        case ev.Tick(now=now, uptime_s=uptime_s):
            return idle.let_go(model.with_world(now=now, uptime_s=uptime_s))
        case ev.RoomChanged(cards_per_page=cards_per_page, is_roomy=is_roomy):
            wider = model.with_world(cards_per_page=cards_per_page, is_roomy=is_roomy)
            return wider.with_session(page=min(model.session.page, pages(wider) - 1)), ()
        case ev.ReadingEnded():
            return reading.ended(model, event), ()
        case ev.BridgeUp(info=info, state=state):
            return _new_state(model.with_world(info=info, state=state))
        case ev.StateCame(state=state):
            return _new_state(model.with_world(state=state))
        case ev.BridgeDown():
            return settle(model.with_world(state=None, telemetry=None).with_session(asking=False)), ()
        case ev.TelemetryCame(telemetry=telemetry):
            return model.with_world(telemetry=telemetry), ()
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
    if job is not None and not job.state.is_on_printer and settled.session.sheet is Sheet.PROBLEM:
        settled = settled.with_session(sheet=None)
    known = settled.world.toolpath
    if job is None or (known and known.job == job.id):
        return settled, ()
    return settled, (FetchToolpath(job.id),)


def _visitor(model: Model, event: ev.Event) -> Outcome:
    match event:
        case ev.PressKey(key=key):
            return making.press(model, key)
        case ev.MakeYours():
            return making.begin(model)
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
        case ev.StopEverything():
            return asking.stop_everything(model)
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
        case ev.GoBack():
            return _back(model)
    return _navigated(model, event), ()


def _navigated(model: Model, event: ev.Event) -> Model:
    session = model.session
    match event:
        case ev.Wake():
            return model.with_session(place=Place.COLLECTION, page=0)
        case ev.GoHome():
            return model.with_session(place=Place.COLLECTION, page=0, sheet=None, notice=None)
        case ev.ChooseCard(card=card) if model.world.piece(card):
            return model.with_session(place=Place.MODEL, card=card)
        case ev.TurnPage(by=by):
            return model.with_session(page=min(max(session.page + by, 0), pages(model) - 1))
        case ev.GoToJob() if resting_place(model.world) is not Place.ATTRACT:
            return model.with_session(place=resting_place(model.world), card=None)
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


def _back(model: Model) -> Outcome:
    session = model.session
    match session.place:
        case Place.MODEL:
            return model.with_session(place=Place.COLLECTION), ()
        case Place.PLATE if session.card and not session.asking:
            return model.with_session(place=Place.MODEL), ()
        case Place.PLATE if not session.card:
            return model.with_session(place=Place.COLLECTION), ()
        case Place.MAKE if session.draft and session.draft.making:
            return making.stop(model)
        case Place.MAKE:
            return model.with_session(place=Place.MODEL), ()
    return model, ()


def pages(model: Model) -> int:
    """How many pages the collection has; at least one."""
    return max(1, -(-len(model.world.pieces) // model.world.cards_per_page))

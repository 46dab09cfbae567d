"""What the visitor asks of the bridge, and what becomes of it."""

from firmware_bridge.contract import (
    Answer,
    CallStaff,
    Cancel,
    ClearFault,
    Collect,
    ErrorCode,
    Feedback,
    Job,
    JobState,
    KeepTurn,
    Lock,
    OpenPart,
    Part,
    Pause,
    PinRefusal,
    Request,
    Resume,
    Session,
    Start,
    Submit,
    Unlock,
)
from kiosk.domain import desk, pin, rating
from kiosk.domain.effects import Ask, Effect, Forget
from kiosk.domain.intents import AnswerPrinter
from kiosk.domain.model import Model
from kiosk.domain.news import Accepted, Refused
from kiosk.domain.printing import is_busy, obstacle, plate_job, settle, turn_left_s, waiting_job
from kiosk.domain.session import Notice, Place

Outcome = tuple[Model, tuple[Effect, ...]]

_NOTICES = {
    None: Notice.BRIDGE_AWAY,
    ErrorCode.FILE_REFUSED: Notice.REFUSED,
    ErrorCode.DISK_FULL: Notice.DISK_FULL,
    ErrorCode.OUT_OF_ORDER: Notice.OUT_OF_ORDER,
    ErrorCode.PRINTER_AWAY: Notice.PRINTER_AWAY,
    ErrorCode.TOO_LATE: Notice.TOO_LATE,
}
KEPT_S = 540.0
"""With so much of a turn left nothing is asked: a finger that goes on tapping would ask each time."""
_UNIMPORTANT = (OpenPart, Lock, Feedback, KeepTurn)
"""A refusal of these is no news for a visitor."""


def want_print(model: Model) -> Outcome:
    """To the plate check; into the queue while the printer is busy."""
    if model.chosen is None or model.session.asking or obstacle(model.world, model.chosen):
        return model, ()
    if is_busy(model.world):
        return _submit(model)
    return model.with_session(place=Place.PLATE), ()


def plate_is_empty(model: Model) -> Outcome:
    """Somebody looked: start the job whose turn it is, or the chosen piece."""
    if model.session.asking or model.session.place is not Place.PLATE:
        return model, ()
    if model.session.card is None:
        job = waiting_job(model.world)
        return _ask(model, Start(job=job.id, plate_is_empty=True)) if job else (model, ())
    if obstacle(model.world, model.chosen):
        return model, ()
    return _submit(model)


def _submit(model: Model) -> Outcome:
    piece = model.chosen
    facts = piece.print_for(model.world.info) if piece else None
    if piece is None or facts is None:
        return model, ()
    request = Submit(
        card=piece.card.id,
        personal=model.is_personal,
        estimate_s=facts.estimate_s,
        grams=facts.grams,
        parts=(Part.GCODE, Part.TOOLPATH),
    )
    return model.with_session(asking=True), (Ask(request, piece),)


def _ask(model: Model, request: Request) -> Outcome:
    return model.with_session(asking=True), (Ask(request),)


def pause(model: Model) -> Outcome:
    """Of what is being printed."""
    job = plate_job(model.world)
    if job is None or not job.state.is_on_printer:
        return model.with_session(sheet=None), ()
    return _ask(model.with_session(sheet=None, place=Place.JOB), Pause(job=job.id))


def stop(model: Model) -> Outcome:
    """The library decides whether a visitor may: where not, the bridge asks for a PIN."""
    job = plate_job(model.world)
    if job is None or not job.state.is_on_printer or model.session.asking:
        return model, ()
    return _ask(model.with_session(sheet=None), Cancel(job=job.id))


def answer_printer(model: Model, event: AnswerPrinter) -> Outcome:
    """To the question that is open; it goes with the next state."""
    state = model.world.state
    if state is None or state.question is None or state.question.id != event.question:
        return model, ()
    return model, (Ask(Answer(question=event.question, choice=event.choice)),)


def keep_turn(model: Model) -> Outcome:
    """Somebody is there: each touch gives the turn its whole time anew."""
    job, left_s = waiting_job(model.world), turn_left_s(model.world)
    if job is None or left_s is None or left_s > KEPT_S or not _may_decide(model):
        return model, ()
    return model, (Ask(KeepTurn(job=job.id)),)


def _may_decide(model: Model) -> bool:
    return model.session.is_at_turn and not model.session.asking


def give_up_turn(model: Model, job_id: str) -> Outcome:
    """The next one may. Where that one's turn is over meanwhile, nobody else's is given up."""
    job, closed = waiting_job(model.world), model.with_session(sheet=None)
    if job is None or job.id != job_id or not _may_decide(model):
        return closed, ()
    return _ask(closed, Cancel(job=job_id))


def clear_printer(model: Model) -> Outcome:
    """After a halt; the bridge asks who says so."""
    state = model.world.state
    if state is None or not state.printer.latched or model.session.asking:
        return model, ()
    return _ask(model.with_session(sheet=None), ClearFault())


def resume(model: Model) -> Outcome:
    """After a pause."""
    job = plate_job(model.world)
    if job is None or job.state is not JobState.PAUSED or model.session.asking:
        return model, ()
    return _ask(model, Resume(job=job.id))


def collect(model: Model) -> Outcome:
    """The plate is empty again."""
    job = plate_job(model.world)
    if job is None or job.state.is_on_printer or job.state is JobState.COOLING or model.session.asking:
        return model, ()
    return _ask(model, Collect(job=job.id))


def accepted(model: Model, news: Accepted) -> Outcome:
    """The bridge did it."""
    if model.session.staff and model.session.place is Place.STAFF:
        return desk.accepted(model, news), ()
    at_plate = model.session.place is Place.PLATE and model.session.asking
    model = model.with_session(asking=False)
    match news.request, news.answer:
        case Submit(), Job() as job:
            return _submitted(model, job, at_plate)
        case Start(), _:
            return model.with_session(place=Place.JOB, card=None, draft=None, checked_later=False), (Forget(),)
        case Collect(), Job() as job if job.state is JobState.COLLECTED:
            return rating.begin(model, job.id), ()
        case Collect(), _:
            return settle(model), ()
        case Cancel(), _ if model.session.place is Place.PROBLEM:
            return model.with_session(place=Place.JOB), ()
        case Unlock(), Session() as given if pin.is_door(model):
            return desk.opened(model, given)
        case Unlock(), _:
            return pin.accepted(model)
    return settle(model), ()


def _submitted(model: Model, job: Job, said_empty: bool) -> Outcome:
    if job.state is not JobState.WAITING_FOR_PLATE:
        notice = Notice.FOR_STAFF if job.state is JobState.WAITING_FOR_STAFF else Notice.QUEUED
        queued = model.with_session(place=Place.QUEUE, notice=notice, step=0, card=None, draft=None, mine=job.id)
        return queued, (Forget(),)
    turn = model.with_session(place=Place.PLATE, card=None, draft=None)
    if not said_empty:
        return turn, (Forget(),)
    started, effects = _ask(turn, Start(job=job.id, plate_is_empty=True))
    return started, (Forget(), *effects)


def refused(model: Model, news: Refused) -> Outcome:
    """The bridge did not; the visitor gets a word for it."""
    if isinstance(news.request, _UNIMPORTANT):
        return model, ()
    match news.request, news.code:
        case Unlock(), ErrorCode.WRONG_PIN:
            return pin.refused(model, news.why if isinstance(news.why, PinRefusal) else None), ()
        case CallStaff(), _:
            return model.with_session(asking=False, sheet=None, notice=Notice.CALL_FAILED), ()
        case _, ErrorCode.NOT_ALLOWED:
            return pin.ask_for(model.with_session(asking=False), news.request), ()
    notice = Notice.FILES_GONE if news.files_gone else _NOTICES.get(news.code, Notice.NOT_NOW)
    return settle(model.with_session(asking=False, notice=notice)), ()

"""Staff at the kiosk: what they see, for as long as the bridge gives them their role. The bridge decides what may
be done; this only follows where they are."""

from dataclasses import replace

from firmware_bridge.contract import GetLog, JobState, Lock, LogTail, Request, Role, Session, SetSpool, Spool
from kiosk.domain import intents, keyboard, news, pin
from kiosk.domain.draft import Draft
from kiosk.domain.effects import Ask, Effect, Forget, StopWorker
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job, queue, resting_place
from kiosk.domain.session import Place
from kiosk.domain.staff import Desk, StaffPage

Outcome = tuple[Model, tuple[Effect, ...]]

CLEAN_S = 30.0
NAME_MAX = 40
LOG_LINES = 60
STEPS_MM = (1.0, 10.0, 50.0)
LEAST_ROLE: dict[StaffPage, Role] = {
    StaffPage.MENU: Role.COACH,
    StaffPage.QUEUE: Role.COACH,
    StaffPage.CALL: Role.COACH,
    StaffPage.HEAT: Role.COACH,
    StaffPage.MOVE: Role.STAFF,
    StaffPage.FILAMENT: Role.STAFF,
    StaffPage.SPOOL: Role.STAFF,
    StaffPage.MATERIAL: Role.STAFF,
    StaffPage.COLOUR: Role.STAFF,
    StaffPage.NAME: Role.STAFF,
    StaffPage.ORDER: Role.STAFF,
    StaffPage.HEALTH: Role.STAFF,
    StaffPage.LINK: Role.TECHNICIAN,
    StaffPage.LOG: Role.TECHNICIAN,
    StaffPage.PROTECTION: Role.TECHNICIAN,
    StaffPage.PRACTICE: Role.COACH,
}
"""What each role sees: the bridge's table, page by page."""
_OF_SPOOL = frozenset({StaffPage.MATERIAL, StaffPage.COLOUR, StaffPage.NAME})


def knock(model: Model) -> Model:
    """The corner was held: who is there? Nothing of a visitor stays."""
    session = model.session
    if session.place in (Place.PIN, Place.STAFF) or session.asking:
        return model
    return pin.ask_for(model.with_session(notice=None, wifi=None), None)


def opened(model: Model, given: Session) -> Outcome:
    """The PIN was right: in, or back where they were; what was wished meanwhile is asked again."""
    pad, before = model.session.pin, model.session.staff
    wish = pad.wish if pad else None
    ends_at_s = model.world.uptime_s + given.expires_in_s
    entered = pad.digits if pad else ""
    staff = replace(before or Desk(given.role, 0.0), role=given.role, ends_at_s=ends_at_s, pin=entered)
    if not sees(staff.role, staff.page):
        staff = replace(staff, page=StaffPage.MENU)
    inside = model.with_session(place=Place.STAFF, staff=staff, pin=None, card=None, asking=wish is not None)
    cleared: tuple[Effect, ...] = ()
    if model.session.draft:
        inside, cleared = inside.with_session(draft=None), (StopWorker(), Forget())
    return inside, (*cleared, *((Ask(wish),) if wish else ()))


def sees(role: Role, page: StaffPage) -> bool:
    """Whether that page is theirs."""
    return role.covers(LEAST_ROLE[page])


def passed(model: Model) -> Model:
    """The clock went on: the screen is clean, or the role has ended."""
    staff, now_s = model.session.staff, model.world.uptime_s
    if staff is None or model.session.place is not Place.STAFF:
        return model
    if staff.clean_until_s is not None:
        if now_s < staff.clean_until_s:
            return model
        staff = replace(staff, clean_until_s=None)
        model = model.with_session(staff=staff, touched_s=now_s)
    return pin.ask_for(model, None) if now_s >= staff.ends_at_s else model


def lost(model: Model) -> Model:
    """The bridge is away, and with it the role."""
    if model.session.staff is None:
        return model
    return model.with_session(place=Place.COLLECTION, staff=None, wifi=None, pin=None, sheet=None)


def leave(model: Model, place: Place) -> Outcome:
    """Out, and the role is given back."""
    out = model.with_session(place=place, staff=None, wifi=None, pin=None, sheet=None, notice=None)
    return out, (Ask(Lock()),)


def handle(model: Model, event: Event) -> Outcome | None:
    """What staff touches; None: it means what it means to everybody."""
    staff = model.session.staff
    if staff is None:
        return None
    if staff.clean_until_s is not None:
        return model, ()
    match event:
        case intents.GoHome():
            return leave(model, Place.COLLECTION)
        case intents.GoBack() if model.session.place is Place.PIN or staff.page is StaffPage.MENU:
            return leave(model, resting_place(model.world))
        case intents.GoBack():
            up = StaffPage.SPOOL if staff.page in _OF_SPOOL else StaffPage.MENU
            return _at(model, replace(staff, page=up, typing=None, job=None))
        case intents.SeeStaffPage(page=page):
            return _see(model, staff, page)
        case intents.StaffAsks(request=request):
            return _ask(model, request)
        case intents.PickJob(job=job):
            return _at(model, replace(staff, job=job))
        case intents.PickStep(mm=mm):
            return _at(model, replace(staff, step_mm=mm))
        case intents.PickSpool():
            return _at(model, _picked(model, staff, event))
        case intents.PressKey(key=key) if staff.typing:
            return _at(model, _typed(model, staff, keyboard.press(staff.typing, key, NAME_MAX)))
        case intents.CleanScreen():
            until_s = model.world.uptime_s + CLEAN_S
            return _at(model, replace(staff, clean_until_s=until_s))
        case intents.TurnPage(by=by):
            return model.with_session(step=max(0, model.session.step + by)), ()
    return None


def accepted(model: Model, told: news.Accepted) -> Model:
    """The bridge did what staff asked."""
    staff = model.session.staff
    model = model.with_session(asking=False)
    if staff is None:
        return model
    match told.request, told.answer:
        case GetLog(), LogTail(lines=lines):
            return model.with_session(staff=replace(staff, log=lines))
        case SetSpool(), _:
            return model.with_session(staff=replace(staff, spool=None, page=StaffPage.MENU))
    return model


def new_spool(model: Model) -> Spool:
    """What is being put in, as far as it was said; else what is in."""
    staff, info = model.session.staff, model.world.info
    if staff and staff.spool:
        return staff.spool
    return info.spool if info else Spool(material="PLA", colour="#FFFFFF")


def is_busy(model: Model) -> bool:
    """A job is on the printer: nothing else may move or heat it."""
    job = plate_job(model.world)
    return job is not None and job.state.is_on_printer


def needs_clearing(model: Model) -> bool:
    """Something may lie on the plate that can be taken off now."""
    job = plate_job(model.world)
    return job is not None and not job.state.is_on_printer and job.state is not JobState.COOLING


def _at(model: Model, staff: Desk) -> Outcome:
    return model.with_session(staff=staff), ()


def _see(model: Model, staff: Desk, page: StaffPage) -> Outcome:
    if not sees(staff.role, page):
        return model, ()
    typing = Draft("", text=new_spool(model).name, capital=False) if page is StaffPage.NAME else None
    job = queue(model.world)[0].id if page is StaffPage.QUEUE and queue(model.world) else None
    seen = model.with_session(staff=replace(staff, page=page, typing=typing, job=job), step=0)
    return _ask(seen, GetLog(lines=LOG_LINES)) if page is StaffPage.LOG else (seen, ())


def _ask(model: Model, request: Request) -> Outcome:
    if model.session.asking:
        return model, ()
    return model.with_session(asking=True), (Ask(request),)


def _picked(model: Model, staff: Desk, event: intents.PickSpool) -> Desk:
    spool = new_spool(model)
    material, colour = event.material or spool.material, event.colour or spool.colour
    picked = Spool(material=material, colour=colour, name=event.name or spool.name)
    return replace(staff, spool=picked, page=StaffPage.SPOOL)


def _typed(model: Model, staff: Desk, draft: Draft) -> Desk:
    spool = new_spool(model)
    named = Spool(material=spool.material, colour=spool.colour, name=draft.text.strip())
    if not draft.typing:
        return replace(staff, spool=named, typing=None, page=StaffPage.SPOOL)
    return replace(staff, spool=named, typing=draft)

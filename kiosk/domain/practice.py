"""Training: the same screens, spoken to by a bridge with a simulated printer.

The real printer must be idle, and nothing waits for it: while staff trains, nobody sees what it does.
"""

from dataclasses import replace

from firmware_bridge.contract import ActState
from kiosk.domain import idle
from kiosk.domain.effects import Effect, EnterPractice, Forget, Hush, LeavePractice, StartPractice, StopWorker
from kiosk.domain.model import Model
from kiosk.domain.printing import queue
from kiosk.domain.session import FIRST_LANGUAGE, Notice, Place, Session

Outcome = tuple[Model, tuple[Effect, ...]]


def is_free(model: Model) -> bool:
    """The real printer does nothing, is not being kept warm, and nobody waits for it."""
    state = model.world.state
    if state is None or queue(model.world):
        return False
    return state.act is None or (state.act.state is not ActState.RUNNING and state.act.off_in_s is None)


def begin(model: Model) -> Outcome:
    """Only staff, once; the screen changes when the simulated printer answers."""
    staff, world = model.session.staff, model.world
    if staff is None or staff.prepares or world.is_practice:
        return model, ()
    if not (world.can_practise and world.info and is_free(model)):
        return model, ()
    return model.with_session(staff=replace(staff, prepares=True)), (StartPractice(world.info),)


def ready(model: Model) -> Outcome:
    """It answers. Who left meanwhile, or whose printer got something to do, does not train."""
    staff = model.session.staff
    if staff is None or not staff.prepares or not is_free(model):
        return model, (LeavePractice(),)
    return _fresh(model, Place.COLLECTION), (EnterPractice(), StopWorker(), Forget(), Hush())


def ended(model: Model) -> Outcome:
    """By itself: where it had begun the real printer comes back, else staff gets a word for it."""
    staff = model.session.staff
    if staff and staff.prepares:
        return model.with_session(staff=replace(staff, prepares=False), notice=Notice.NO_PRACTICE), ()
    return _fresh(model, Place.ATTRACT), (LeavePractice(), StopWorker(), Forget(), Hush())


def leave(model: Model) -> Outcome:
    """Back to the real printer; of the exercise nothing is left."""
    if not model.world.is_practice:
        return model, ()
    return _fresh(model, Place.ATTRACT), (LeavePractice(), StopWorker(), Forget(), Hush())


def is_over(model: Model) -> bool:
    """Nobody touches the screen any more: a visitor who comes must find the real printer."""
    quiet_s = model.world.uptime_s - model.session.touched_s
    return model.world.is_practice and quiet_s >= idle.IDLE_S + idle.COUNTDOWN_S


def _fresh(model: Model, place: Place) -> Model:
    """Another visit, and nothing known of a printer until its bridge has spoken."""
    before = model.session
    session = Session(place, FIRST_LANGUAGE, wishes=before.wishes, touched_s=model.world.uptime_s)
    unknown = model.with_world(info=None, state=None, telemetry=None, cooling_since=None, toolpath=None)
    return replace(unknown, session=session)

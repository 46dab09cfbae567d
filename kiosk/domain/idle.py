"""Nobody there: a countdown that any touch stops, then everything of the visitor is forgotten."""

from firmware_bridge.contract import Lock
from kiosk.domain.effects import Ask, Effect, Forget, Hush, StopWorker
from kiosk.domain.model import Model
from kiosk.domain.modes import Modes
from kiosk.domain.printing import resting_place
from kiosk.domain.session import FIRST_LANGUAGE, Place, Session

IDLE_S = 90.0
COUNTDOWN_S = 30.0


def is_resting(model: Model) -> bool:
    """The screen shows what it would show to nobody: there is nothing to lose and nothing to ask."""
    if model.world.is_practice:
        return False
    session = model.session
    as_nobody_chose = session.language == FIRST_LANGUAGE and session.modes == Modes() and not session.listens
    at_rest = session.place in (Place.ATTRACT, Place.JOB) or session.is_at_turn
    return as_nobody_chose and session.draft is None and at_rest


def seconds_left(model: Model) -> int | None:
    """Of the countdown that is on the screen; None while there is none."""
    if is_resting(model):
        return None
    quiet_s = model.world.uptime_s - model.session.touched_s
    return max(0, round(IDLE_S + COUNTDOWN_S - quiet_s)) if quiet_s >= IDLE_S else None


def let_go(model: Model) -> tuple[Model, tuple[Effect, ...]]:
    """The model after this second: unchanged, or with a fresh session when the countdown has run out."""
    if model.world.uptime_s - model.session.touched_s < IDLE_S + COUNTDOWN_S:
        return model, ()
    fresh = forgotten(model)
    if fresh == model:
        return model, ()
    locks = (Ask(Lock()),) if model.session.staff else ()
    return fresh, (StopWorker(), Forget(), Hush(), *locks)


def forgotten(model: Model) -> Model:
    """Nothing of the visitor is left; language and modes are the first again."""
    before = model.session
    unknown = before.place is Place.JOB and model.world.state is None
    place = Place.JOB if unknown else resting_place(model.world)
    session = Session(place, FIRST_LANGUAGE, wishes=before.wishes, touched_s=before.touched_s)
    return Model(world=model.world, session=session)

"""What only the library may do: a PIN, for one wish or to come in. The bridge checks it; here it is
soon forgotten."""

from dataclasses import replace

from firmware_bridge.contract import Lock, PinRefusal, Request, Unlock
from kiosk.domain.effects import Ask, Effect
from kiosk.domain.model import Model
from kiosk.domain.session import Place
from kiosk.domain.staff import PinPad

Outcome = tuple[Model, tuple[Effect, ...]]

SHORTEST, LONGEST = 4, 12
ERASE = "erase"


def ask_for(model: Model, wish: Request | None) -> Model:
    """The bridge wants to know who wishes that; None: who comes in."""
    return model.with_session(place=Place.PIN, pin=PinPad(wish), sheet=None)


def press(model: Model, key: str) -> Outcome:
    """A digit, or ERASE."""
    pad = model.session.pin
    if pad is None or model.session.asking:
        return model, ()
    if key == ERASE:
        pad = replace(pad, digits=pad.digits[:-1], wrong=False)
    elif key.isdecimal() and len(key) == 1 and len(pad.digits) < LONGEST:
        pad = replace(pad, digits=pad.digits + key, wrong=False)
    return model.with_session(pin=pad), ()


def enter(model: Model) -> Outcome:
    """Let the bridge look at it."""
    pad = model.session.pin
    if pad is None or model.session.asking or len(pad.digits) < SHORTEST or wait_s(model) > 0:
        return model, ()
    return model.with_session(asking=True), (Ask(Unlock(pin=pad.digits)),)


def is_door(model: Model) -> bool:
    """The PIN leads to the staff's own pages, and not to one wish only."""
    pad = model.session.pin
    return pad is not None and (pad.wish is None or model.session.staff is not None)


def wait_s(model: Model) -> float:
    """How long no PIN is looked at."""
    pad = model.session.pin
    return max(0.0, pad.waits_until_s - model.world.uptime_s) if pad else 0.0


def accepted(model: Model) -> Outcome:
    """It was right: the wish, and the role is given back at once."""
    pad = model.session.pin
    if pad is None or pad.wish is None:
        return model, (Ask(Lock()),)
    done = model.with_session(pin=None, place=Place.JOB, asking=True)
    return done, (Ask(pad.wish), Ask(Lock()))


def refused(model: Model, why: PinRefusal | None) -> Model:
    """It was not."""
    pad = model.session.pin
    if pad is None:
        return model
    wrong = replace(pad, digits="", wrong=True)
    if why:
        until_s = model.world.uptime_s + why.wait_s
        wrong = replace(wrong, tries_left=why.tries_left, waits_until_s=until_s)
    return model.with_session(asking=False, pin=wrong)

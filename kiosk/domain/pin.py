"""What only the library may do: a PIN for one wish. The bridge checks it; here it is soon forgotten."""

from dataclasses import replace

from firmware_bridge.contract import Lock, PinRefusal, Request, Unlock
from kiosk.domain.effects import Ask, Effect
from kiosk.domain.model import Model, PinPad, Place

Outcome = tuple[Model, tuple[Effect, ...]]

SHORTEST, LONGEST = 4, 12
ERASE = "erase"


def ask_for(model: Model, wish: Request) -> Model:
    """The bridge wants to know who wishes that."""
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
    if pad is None or model.session.asking or len(pad.digits) < SHORTEST:
        return model, ()
    return model.with_session(asking=True), (Ask(Unlock(pin=pad.digits)),)


def accepted(model: Model) -> Outcome:
    """It was right: the wish, and the role is given back at once."""
    pad = model.session.pin
    if pad is None:
        return model, (Ask(Lock()),)
    done = model.with_session(pin=None, place=Place.JOB, asking=True)
    return done, (Ask(pad.wish), Ask(Lock()))


def refused(model: Model, why: PinRefusal | None) -> Model:
    """It was not."""
    pad = model.session.pin
    if pad is None:
        return model
    wait_s = why.wait_s if why else 0.0
    return model.with_session(asking=False, pin=replace(pad, digits="", wrong=True, wait_s=wait_s))

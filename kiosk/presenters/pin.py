"""The PIN pad: what only the library may do."""

import math
from dataclasses import dataclass

from firmware_bridge.contract import PRACTICE_PIN
from kiosk.domain.intents import EnterPin, PressDigit
from kiosk.domain.model import Model
from kiosk.domain.pin import ERASE, SHORTEST, is_door, wait_s
from kiosk.locale import Translator
from kiosk.presenters.views import Action, Badge, Role, Tone


@dataclass(frozen=True)
class PinView:
    """`dots` stand for the digits. `keys` are twelve, three in a row."""

    title: str
    explanation: str
    dots: str
    hint: Badge | None
    keys: tuple[Action, ...]


def present(model: Model, _: Translator) -> PinView:
    """Somebody of the library stands here."""
    pad = model.session.pin
    free = not model.session.asking and wait_s(model) <= 0
    words = _("Dit kan alleen een medewerker. Roep iemand, of ga naar de balie.")
    if is_door(model):
        words = _("Typ de code van coach, medewerker of technicus.")
    if model.world.is_practice:
        words = _("Dit is een oefening. De code is {pin}.", pin=PRACTICE_PIN)
    return PinView(
        title=_("Alleen voor medewerkers"),
        explanation=words,
        dots="• " * len(pad.digits) if pad else "",
        hint=_hint(model, _),
        keys=tuple(
            _key(key, free, model.world.is_roomy, _)
            for key in ("1", "2", "3", "4", "5", "6", "7", "8", "9", ERASE, "0")
        ),
    )


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Enter it."""
    pad = model.session.pin
    ready = pad is not None and len(pad.digits) >= SHORTEST and not model.session.asking and wait_s(model) <= 0
    return (Action("enter-pin", _("Ga verder"), "check", EnterPin(), Role.PRIMARY, ready),)


def clock(seconds: float) -> str:
    """1:05, counted up to whole seconds so that 0:00 is over."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    return f"{minutes}:{rest:02}"


def _hint(model: Model, _: Translator) -> Badge | None:
    pad, waits_s = model.session.pin, wait_s(model)
    if pad is None or not (pad.wrong or waits_s > 0):
        return None
    if waits_s > 0:
        return Badge(_("Te veel foute codes. Wacht nog {clock}.", clock=clock(waits_s)), "timer", Tone.WAIT)
    if pad.tries_left > 0:
        left = _.plural(
            "Die code klopt niet. Nog {n} poging.", "Die code klopt niet. Nog {n} pogingen.", pad.tries_left
        )
        return Badge(left, "alert", Tone.WAIT)
    return Badge(_("Die code klopt niet. Probeer opnieuw."), "alert", Tone.WAIT)


def _key(key: str, free: bool, roomy: bool, _: Translator) -> Action:
    if key == ERASE:
        return Action("pin:erase", _("Wis"), "backspace" if roomy else "", PressDigit(ERASE), enabled=free)
    return Action(f"pin:{key}", key, "", PressDigit(key), enabled=free)

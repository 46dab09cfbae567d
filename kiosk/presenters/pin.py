"""The PIN pad: what only the library may do."""

from dataclasses import dataclass

from kiosk.domain.events import EnterPin, PressDigit
from kiosk.domain.model import Model
from kiosk.domain.pin import ERASE, SHORTEST
from kiosk.locale import Translator
from kiosk.presenters.views import Action, Badge, Role, Tone
from kiosk.presenters.words import duration


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
    free = not model.session.asking
    return PinView(
        title=_("Alleen voor medewerkers"),
        explanation=_("Dit kan alleen een medewerker. Roep iemand, of ga naar de balie."),
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
    ready = pad is not None and len(pad.digits) >= SHORTEST and not model.session.asking
    return (Action("enter-pin", _("Ga verder"), "check", EnterPin(), Role.PRIMARY, ready),)


def _hint(model: Model, _: Translator) -> Badge | None:
    pad = model.session.pin
    if pad is None or not pad.wrong:
        return None
    if pad.wait_s > 0:
        return Badge(
            _("Die code klopt niet. Wacht {duration}.", duration=duration(pad.wait_s, _)), "timer", Tone.WAIT
        )
    return Badge(_("Die code klopt niet. Probeer opnieuw."), "alert", Tone.WAIT)


def _key(key: str, free: bool, roomy: bool, _: Translator) -> Action:
    if key == ERASE:
        return Action("pin:erase", _("Wis"), "backspace" if roomy else "", PressDigit(ERASE), enabled=free)
    return Action(f"pin:{key}", key, "", PressDigit(key), enabled=free)

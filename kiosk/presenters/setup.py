"""The set-up screen: five ticks, and what to do about each that is not green."""

from kiosk.domain.intents import SeeWifi, Wake
from kiosk.domain.model import Model
from kiosk.domain.setup import Mark, SetupCheck, WifiChoice
from kiosk.locale import Translator
from kiosk.presenters.staff.views import PageView
from kiosk.presenters.views import Action, Badge, Tone
from kiosk.presenters.views import Role as ButtonRole

_LOOK = {
    Mark.GOOD: ("check", Tone.WELL),
    Mark.BAD: ("alert", Tone.STOP),
    Mark.WAITING: ("timer-sand", Tone.WAIT),
}


def is_due(model: Model) -> bool:
    """In place of the attract screen, on a kiosk that is not yet one of its region's, or has printed nothing."""
    return model.world.setup is not None and not model.world.setup.is_set_up


def present(model: Model, _: Translator) -> PageView:
    """The ticks in the order in which they come good."""
    checks = model.world.setup.checks if model.world.setup else ()
    lines = tuple(_line(check, _) for check in checks) if model.world.is_roomy else _in_short(checks, _)
    return PageView(title=_("Dit scherm klaarzetten"), lines=lines)


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """The models are there meanwhile: also for the test print. Wi-Fi, where no cable gives a network."""
    models = Action("setup-models", _("Naar de modellen"), "arrow-right", Wake(), ButtonRole.PRIMARY)
    if model.world.setup is None or model.world.setup.wifi is WifiChoice.NO:
        return (models,)
    return (Action("setup-wifi", _("Wifi"), "wifi", SeeWifi()), models)


def _in_short(checks: tuple[SetupCheck, ...], _: Translator) -> tuple[Badge, ...]:
    """On a small glass: what to do now, between the names of what is good and of what comes after."""
    good = [check for check in checks if check.tick is Mark.GOOD]
    now, *later = sorted((check for check in checks if check not in good), key=_is_waiting) or (None,)
    lines = (_names(good, Mark.GOOD, _), _line(now, _) if now else None, _names(later, Mark.WAITING, _))
    return tuple(filter(None, lines))


def _is_waiting(check: SetupCheck) -> bool:
    return check.tick is Mark.WAITING


def _names(checks: list[SetupCheck], mark: Mark, _: Translator) -> Badge | None:
    icon, tone = _LOOK[mark]
    return Badge(", ".join(_(check.title) for check in checks), icon, tone) if checks else None


def _line(check: SetupCheck, _: Translator) -> Badge:
    """In the visitor's language; what the region itself says stays as it says it."""
    icon, tone = _LOOK[check.tick]
    remedy = _(check.remedy) if check.remedy else ""
    return Badge(" ".join(filter(None, (f"{_(check.title)}.", _(check.said, **check.values), remedy))), icon, tone)

"""The set-up screen: five ticks, and what to do about each that is not green."""

from kiosk.domain.intents import Wake
from kiosk.domain.model import Model
from kiosk.domain.setup import Mark, SetupCheck
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
    lines = tuple(map(_line, checks)) if model.world.is_roomy else _in_short(checks)
    return PageView(title=_("Dit scherm klaarzetten"), lines=lines)


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """The models are there meanwhile: also for the test print."""
    return (Action("setup-models", _("Naar de modellen"), "arrow-right", Wake(), ButtonRole.PRIMARY),)


def _in_short(checks: tuple[SetupCheck, ...]) -> tuple[Badge, ...]:
    """On a small glass: what to do now, between the names of what is good and of what comes after."""
    good = [check for check in checks if check.tick is Mark.GOOD]
    now, *later = sorted((check for check in checks if check not in good), key=_is_waiting) or (None,)
    lines = (_names(good, Mark.GOOD), _line(now) if now else None, _names(later, Mark.WAITING))
    return tuple(filter(None, lines))


def _is_waiting(check: SetupCheck) -> bool:
    return check.tick is Mark.WAITING


def _names(checks: list[SetupCheck], mark: Mark) -> Badge | None:
    icon, tone = _LOOK[mark]
    return Badge(", ".join(check.title for check in checks), icon, tone) if checks else None


def _line(check: SetupCheck) -> Badge:
    icon, tone = _LOOK[check.tick]
    return Badge(" ".join(filter(None, (f"{check.title}.", check.said, check.remedy))), icon, tone)

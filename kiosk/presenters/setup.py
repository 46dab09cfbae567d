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
    return PageView(title=_("Dit scherm klaarzetten"), lines=tuple(map(_line, checks)))


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """The models are there meanwhile: also for the test print."""
    return (Action("setup-models", _("Naar de modellen"), "arrow-right", Wake(), ButtonRole.PRIMARY),)


def _line(check: SetupCheck) -> Badge:
    icon, tone = _LOOK[check.tick]
    return Badge(" ".join(filter(None, (f"{check.title}.", check.said, check.remedy))), icon, tone)

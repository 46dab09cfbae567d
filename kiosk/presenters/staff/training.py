"""Where staff begins to train, and may end it."""

from kiosk.domain.intents import BeginPractice, EndPractice
from kiosk.domain.model import Model
from kiosk.domain.practice import is_free
from kiosk.domain.staff import Desk
from kiosk.locale import Translator
from kiosk.presenters import practice
from kiosk.presenters.staff.views import PageView, Tile
from kiosk.presenters.views import Action, Badge, Role, Tone


def present(model: Model, desk: Desk, _: Translator) -> PageView:
    """Train with a simulated printer; while one trains, its end."""
    if model.world.is_practice:
        end = Action("practice:end", _("Stop de oefening"), "stop", EndPractice(), Role.DANGER)
        return PageView(title=_("Oefenen"), lines=(practice.badge(_),), tiles=(Tile(end),), columns=2)
    lines: tuple[Badge, ...] = (
        Badge(_("Je print met een nagemaakte printer. De echte doet niets, en niets telt mee."), "school"),
        Badge(_("Raakt niemand twee minuten iets aan, dan stopt de oefening."), "timer"),
    )
    free = is_free(model)
    if desk.prepares:
        lines = (Badge(_("De oefening begint. Dat duurt even."), "timer", Tone.WAIT),)
    elif not free:
        busy = Badge(_("Oefenen kan als de printer niets doet en er niemand wacht."), "printer-3d", Tone.WAIT)
        lines = (busy, *lines)
    may = free and not desk.prepares
    begin = Action("practice:begin", _("Begin te oefenen"), "school", BeginPractice(), Role.PRIMARY, may)
    return PageView(title=_("Oefenen"), lines=lines, tiles=(Tile(begin),), columns=2)

"""An exercise: what says so on every screen, and the way out of it."""

from kiosk.domain.intents import CloseSheet, EndPractice, GoHome, OpenSheet
from kiosk.domain.model import Model
from kiosk.domain.session import Sheet
from kiosk.locale import Translator
from kiosk.presenters.views import Action, Badge, Role, SheetView, Tone


def home(model: Model, _: Translator) -> Action:
    """At the top left of every screen; during an exercise it says so."""
    if model.world.is_practice:
        return Action("home", _("Oefen"), "school", OpenSheet(Sheet.PRACTICE), Role.PRIMARY)
    return Action("home", _("Begin"), "home", GoHome())


def badge(_: Translator) -> Badge:
    """In place of what the printer does."""
    return Badge(_("Dit is een oefening. De printer is nagemaakt."), "school", Tone.WAIT)


def sheet(_: Translator) -> SheetView:
    """Where home was touched."""
    return SheetView(
        name="practice",
        title=_("Dit is een oefening"),
        lines=(
            Badge(_("De printer op het scherm is nagemaakt. De echte printer doet niets."), "printer-3d"),
            Badge(_("Alles gaat sneller dan in het echt, en niets telt mee."), "timer"),
        ),
        actions=(
            Action("practice:home", _("Naar het begin"), "home", GoHome()),
            Action("practice:end", _("Stop de oefening"), "stop", EndPractice(), Role.DANGER),
            Action("close", _("Oefen verder"), "check", CloseSheet(), Role.PRIMARY),
        ),
        icon="school",
        tone=Tone.WAIT,
    )

"""Staff is called: who comes, and what else one can do."""

from kiosk.domain.helping import CALL_PATIENCE_S, call_waits_s
from kiosk.domain.intents import CloseSheet
from kiosk.domain.model import Model
from kiosk.locale import Translator
from kiosk.presenters.views import Action, Badge, Role, SheetView, Tone


def badge(model: Model, _: Translator) -> Badge | None:
    """One line about the open call; None: there is none."""
    state = model.world.state
    if state is None or state.call is None:
        return None
    if state.call.taken_by is not None:
        return Badge(_("Er komt iemand van de bibliotheek."), "check", Tone.WELL)
    waits_s = call_waits_s(model) or 0.0
    if waits_s < CALL_PATIENCE_S:
        return Badge(_("We roepen iemand. Wacht even."), "bell-ring", Tone.WAIT)
    return Badge(_("Nog niemand gezien? Ga naar de balie."), "hand-pointing-right", Tone.WAIT)


def sheet(model: Model, _: Translator) -> SheetView:
    """After somebody called."""
    line = badge(model, _) or Badge(_("We roepen iemand. Wacht even."), "bell-ring", Tone.WAIT)
    coming = line.tone is Tone.WELL
    return SheetView(
        name="call",
        title=_("Er komt iemand") if coming else _("We roepen iemand"),
        lines=(line, Badge(_("Raak de printer niet aan. Hij kan heet zijn en hij beweegt."), "fire")),
        actions=(Action("close", _("Goed"), "check", CloseSheet(), Role.PRIMARY),),
        icon="bell-ring",
        tone=line.tone,
    )

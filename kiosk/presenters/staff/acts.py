"""What the printer does for staff now, and why it would not."""

from firmware_bridge.contract import Act, ActKind, ActState, PrinterState
from kiosk.domain.desk import is_busy
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job
from kiosk.locale import Translator
from kiosk.presenters.faults import fault_words
from kiosk.presenters.views import Badge, Tone
from kiosk.presenters.words import duration


def hindrance(model: Model, _: Translator) -> Badge | None:
    """Why the printer does nothing for staff now; None: it may be asked."""
    state = model.world.state
    if state is None:
        return Badge(_("De bridge antwoordt niet."), "lan-disconnect", Tone.WAIT)
    if is_busy(model):
        return Badge(_("Er loopt een job: bewegen en verwarmen kan nu niet."), "printer-3d", Tone.WAIT)
    if state.printer.latched:
        return Badge(_("De printer is gestopt door een fout. Kijk hem eerst na."), "alert", Tone.STOP)
    if not state.printer.connected:
        return Badge(_("De printer is niet verbonden."), "ethernet-cable-off", Tone.WAIT)
    if state.act and state.act.state is ActState.RUNNING:
        return Badge(_doing(state.act.kind, _), "timer-sand", Tone.WAIT)
    return None


def homing_hindrance(model: Model, _: Translator) -> Badge | None:
    """The same for homing, which needs an empty plate."""
    found = hindrance(model, _)
    if found is None and plate_job(model.world):
        return Badge(_("Er ligt nog iets op de plaat: maak die eerst leeg."), "alert", Tone.WAIT)
    return found


def outcome(model: Model, _: Translator, *kinds: ActKind) -> Badge | None:
    """What came of the last act, where it was one of `kinds`."""
    act = model.world.state.act if model.world.state else None
    if act is None or act.kind not in kinds:
        return None
    if act.state is ActState.FAILED and act.fault:
        return Badge(fault_words(act.fault.code, _).happened, "alert", Tone.STOP)
    if act.state is ActState.REFUSED:
        return Badge(_refused(act, _), "alert", Tone.WAIT)
    if act.state is ActState.STOPPED:
        return Badge(_("Gestopt. De heaters zijn uit."), "stop", Tone.WAIT)
    return Badge(_done(act.kind, _), "check", Tone.WELL) if act.state is ActState.DONE else None


def switches_off(model: Model, _: Translator) -> Badge | None:
    """Heaters that staff has left on go off by themselves."""
    world = model.world
    act = world.state.act if world.state else None
    if act is None or act.off_in_s is None:
        return None
    left_s = act.off_in_s - (world.uptime_s - world.state_at_s)
    return Badge(_("De heaters gaan uit over {duration}.", duration=duration(max(0.0, left_s), _)), "timer")


def printer_words(state: PrinterState, _: Translator) -> str:
    """Prusa Connect's word for it, as it stands in the region's dashboard too."""
    return {
        PrinterState.IDLE: _("Vrij"),
        PrinterState.READY: _("Klaar om te printen"),
        PrinterState.BUSY: _("Bezig"),
        PrinterState.PRINTING: _("Print"),
        PrinterState.PAUSED: _("Gepauzeerd"),
        PrinterState.FINISHED: _("Job is af"),
        PrinterState.STOPPED: _("Gestopt"),
        PrinterState.ERROR: _("Fout"),
        PrinterState.ATTENTION: _("Vraagt aandacht"),
    }[state]


def _doing(kind: ActKind, _: Translator) -> str:
    return {
        ActKind.HEAT: _("De printer warmt op."),
        ActKind.HOME: _("De printer zoekt zijn nulpunt (homing)."),
        ActKind.JOG: _("De kop beweegt."),
        ActKind.LOAD: _("De printer warmt op en duwt het filament naar de nozzle."),
        ActKind.UNLOAD: _("De printer warmt op en trekt het filament terug."),
        ActKind.FAN_OFF: _("De ventilator gaat uit."),
    }[kind]


def _done(kind: ActKind, _: Translator) -> str:
    return {
        ActKind.HEAT: _("De printer is op temperatuur."),
        ActKind.HOME: _("De printer kent zijn nulpunt."),
        ActKind.JOG: _("De kop is verplaatst."),
        ActKind.LOAD: _("Er komt filament uit de nozzle. Neem het weg met een pincet."),
        ActKind.UNLOAD: _("Trek het filament nu uit de kop."),
        ActKind.FAN_OFF: _("De ventilator is uit."),
    }[kind]


def _refused(act: Act, _: Translator) -> str:
    code = act.refusal.code if act.refusal else ""
    if code == "not_homed":
        return _("Eerst homen: de printer weet niet waar de kop is.")
    if code == "outside":
        return _("Verder kan niet: dat is buiten het bereik van de printer.")
    return _("Dat mag niet op deze printer.")

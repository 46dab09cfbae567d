"""Trouble as its own screen: what happened, what you can do, who comes."""

from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.contract import CallReason, Job, JobState, Origin
from kiosk.domain.cooling import is_hot
from kiosk.domain.intents import CallHelp, ClearPrinter, CollectPrint, GoHome
from kiosk.domain.model import Model
from kiosk.locale import Translator
from kiosk.presenters import calls, heat
from kiosk.presenters.faults import Words, fault_icon, fault_words
from kiosk.presenters.views import Action, Badge, Heat, Role, Tone
from kiosk.presenters.watch import card_picture


@dataclass(frozen=True)
class TroubleView:
    """`icon` says on the picture of the `printer` what is the matter. `heats` only while something is hot."""

    icon: str
    tone: Tone
    words: Words
    printer: Path | None
    picture: Path | None
    heats: tuple[Heat, ...]
    call: Badge | None


def present(model: Model, job: Job | None, _: Translator) -> TroubleView:
    """A job that ended badly; `job` None: nobody knows, the bridge is away."""
    if job is None:
        words = Words(
            _("Het scherm hoort de printer niet meer."),
            _("Wacht even. Raak de printer niet aan: hij kan nog heet zijn."),
            _("Duurt het lang? Ga naar de balie."),
        )
        printer = model.world.picture("printer")
        return TroubleView("lan-disconnect", Tone.WAIT, words, printer, None, (), None)
    temperatures = model.world.telemetry.temperatures if model.world.telemetry else None
    heats = heat.thermometers(temperatures, True, _) if is_hot(temperatures) else ()
    stopped = job.state is JobState.CANCELLED
    return TroubleView(
        icon="stop" if stopped else _icon(job),
        tone=Tone.WAIT if stopped else Tone.STOP,
        words=_stopped(job, bool(heats), _) if stopped else _failed(job, _),
        printer=model.world.picture("printer"),
        picture=card_picture(model, job),
        heats=heats,
        call=calls.badge(model, _),
    )


def _icon(job: Job) -> str:
    return fault_icon(job.fault.code) if job.fault else "flash-off"


def actions(model: Model, job: Job | None, _: Translator) -> tuple[Action, ...]:
    """The plate is cleared; not while it is hot."""
    if job is None:
        return (Action("look-around", _("Rondkijken"), "home", GoHome(), Role.PRIMARY),)
    temperatures = model.world.telemetry.temperatures if model.world.telemetry else None
    hot = is_hot(temperatures)
    text = _("Wacht tot het koel is") if hot else _("De plaat is leeg")
    icon = "timer" if hot else "check"
    free = not hot and not model.session.asking
    help_ = Action("call", _("Roep iemand"), "bell-ring", CallHelp(CallReason.PLATE))
    state = model.world.state
    if state and state.printer.latched:
        help_ = Action("clear-printer", _("De bib keek hem na"), "shield-outline", ClearPrinter())
    return (help_, Action("collect", text, icon, CollectPrint(), Role.PRIMARY, free))


def _stopped(job: Job, hot: bool, _: Translator) -> Words:
    by_staff = job.ended_by is Origin.REGION
    return Words(
        _("Een medewerker heeft de print gestopt.") if by_staff else _("De print is gestopt."),
        (
            _("Handen weg: alles is nog heet. Wacht tot het koel is.")
            if hot
            else _("Haal wat er ligt van de plaat. Daarna kan iemand opnieuw printen.")
        ),
        _("Hulp nodig? Ga naar de balie."),
    )


def _failed(job: Job, _: Translator) -> Words:
    if job.fault is not None:
        return fault_words(job.fault.code, _)
    return Words(
        _("De stroom of de printer viel uit. Je print is gestopt."),
        _("Haal wat er ligt van de plaat. Je kunt het straks nog eens printen."),
        _("Hulp nodig? Ga naar de balie."),
    )

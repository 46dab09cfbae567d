"""Trouble as its own screen: what happened, what you can do, who comes."""

from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.contract import Job, JobState, Origin
from kiosk.domain.events import CollectPrint
from kiosk.domain.model import Model
from kiosk.locale import Translator
from kiosk.presenters import heat
from kiosk.presenters.faults import Words, fault_words
from kiosk.presenters.views import Action, Heat, Role, Tone
from kiosk.presenters.watch import card_picture


@dataclass(frozen=True)
class TroubleView:
    """`heats` only while something is hot."""

    icon: str
    tone: Tone
    words: Words
    picture: Path | None
    heats: tuple[Heat, ...]


def present(model: Model, job: Job | None, _: Translator) -> TroubleView:
    """A job that ended badly; `job` None: nobody knows, the bridge is away."""
    if job is None:
        words = Words(
            _("Het scherm hoort de printer niet meer."),
            _("Wacht even. Raak de printer niet aan: hij kan nog heet zijn."),
            _("Duurt het lang? Ga naar de balie."),
        )
        return TroubleView("printer-3d", Tone.WAIT, words, None, ())
    temperatures = model.world.telemetry.temperatures if model.world.telemetry else None
    heats = heat.thermometers(temperatures, True, _) if heat.is_hot(temperatures) else ()
    stopped = job.state is JobState.CANCELLED
    return TroubleView(
        icon="stop" if stopped else "alert",
        tone=Tone.WAIT if stopped else Tone.STOP,
        words=_stopped(job, bool(heats), _) if stopped else _failed(job, _),
        picture=card_picture(model, job),
        heats=heats,
    )


def actions(model: Model, job: Job | None, _: Translator) -> tuple[Action, ...]:
    """The plate is cleared; not while it is hot."""
    if job is None:
        return ()
    temperatures = model.world.telemetry.temperatures if model.world.telemetry else None
    hot = heat.is_hot(temperatures)
    text = _("Wacht tot het koel is") if hot else _("De plaat is leeg")
    icon = "timer" if hot else "check"
    free = not hot and not model.session.asking
    return (Action("collect", text, icon, CollectPrint(), Role.PRIMARY, free),)


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

"""The printer's own screens while all is well: watching, cooling, ready."""

from dataclasses import dataclass
from pathlib import Path

from catalogue.packs import ToolpathPack
from firmware_bridge.contract import Job, JobState, Origin, Progress, Temperatures
from kiosk.domain.cooling import left_s as cool_in_s
from kiosk.domain.intents import CollectPrint, ResumePrint, SayProblem, SeeQueue
from kiosk.domain.model import Model
from kiosk.domain.printing import queue, remaining_s
from kiosk.domain.toolpath import segments_done
from kiosk.domain.world import JobToolpath
from kiosk.locale import Translator
from kiosk.presenters import calls, heat, promise, tickets
from kiosk.presenters.question import attention_words
from kiosk.presenters.tickets import TicketView
from kiosk.presenters.views import Action, Badge, Heat, Role, Tone
from kiosk.presenters.words import duration, time_left


@dataclass(frozen=True)
class WatchView:
    """`drawn` segments of the toolpath lie on the plate; of the others a shadow shows. `picture` stands in while
    there is no toolpath. `done` is 0 to 1. `ticket` for who goes away and comes back later."""

    title: str
    toolpath: JobToolpath | None
    drawn: int
    picture: Path | None
    headline: str
    left: str
    sentence: str
    layer: str
    done: float
    heats: tuple[Heat, ...]
    state: Badge
    call: Badge | None
    ticket: TicketView | None
    later: str


@dataclass(frozen=True)
class AfterView:
    """Cooling and ready: the whole part on the plate, what to do, and how hot it still is. `ticket` for who comes
    back later."""

    title: str
    toolpath: JobToolpath | None
    picture: Path | None
    steps: tuple[Badge, ...]
    heats: tuple[Heat, ...]
    state: Badge
    ticket: TicketView | None
    later: str


def present(model: Model, job: Job, _: Translator) -> WatchView:
    """While the printer works on it."""
    world = model.world
    progress = world.telemetry.progress if world.telemetry else None
    toolpath = known_toolpath(model, job)
    pack = toolpath.pack if toolpath else None
    left_s = remaining_s(world, job)
    layers = len(pack.layer_z) if pack else job.layers
    layer = min(progress.layer, layers) if progress else 0
    return WatchView(
        title=card_title(model, job),
        toolpath=toolpath,
        drawn=_drawn(pack, progress),
        picture=card_picture(model, job),
        headline=_headline(model, job, left_s, _),
        left="" if job.state is JobState.PAUSED else time_left(left_s, _),
        sentence=_asked_for(model, _) or _sentence(job, layer, layers, _temperatures(model), _),
        layer=(
            _("Laagje {layer} van {layers}", layer=layer, layers=layers)
            if layer
            else _.plural("{n} laagje", "{n} laagjes", layers)
        ),
        done=progress.done if progress else 0.0,
        heats=heat.thermometers(_temperatures(model), False, _),
        state=_state(job, _),
        call=calls.badge(model, _),
        ticket=tickets.present(world, job, _),
        later=_later(job, _),
    )


def present_cooling(model: Model, job: Job, _: Translator) -> AfterView:
    """It is done, and still hot."""
    return AfterView(
        title=_("Klaar! Nog even wachten."),
        toolpath=known_toolpath(model, job),
        picture=card_picture(model, job),
        steps=(
            Badge(_("Handen weg: de kop en de plaat zijn nog heet."), "fire", Tone.STOP),
            Badge(_cooling_words(model, _), "timer"),
        ),
        heats=heat.thermometers(_temperatures(model), True, _),
        state=Badge(_("Koelt af"), "timer", Tone.WAIT),
        ticket=tickets.present(model.world, job, _),
        later=_later(job, _),
    )


def _cooling_words(model: Model, _: Translator) -> str:
    world = model.world
    left_s = cool_in_s(world.cooling_since, _temperatures(model), world.uptime_s)
    if not left_s:
        return _("De printer koelt nu vanzelf af.")
    return _("De printer koelt vanzelf af: nog ongeveer {duration}.", duration=duration(left_s, _))


def present_ready(model: Model, job: Job, _: Translator) -> AfterView:
    """It may be taken off."""
    return AfterView(
        title=_("Klaar! Neem het mee."),
        toolpath=known_toolpath(model, job),
        picture=card_picture(model, job),
        steps=(
            Badge(_("Haal het er samen met een volwassene af. Buig de plaat een beetje."), "numeric-1-box"),
            Badge(_("Haal ook losse draadjes weg. Is de plaat leeg? Zeg het hier."), "numeric-2-box"),
        ),
        heats=heat.thermometers(_temperatures(model), True, _),
        state=Badge(_("Koel genoeg"), "check", Tone.WELL),
        ticket=tickets.present(model.world, job, _),
        later=_later(job, _),
    )


def _later(job: Job, _: Translator) -> str:
    return _("Haal je het later op? Onthoud dit en zeg het aan de balie:") if job.ticket else ""


def actions(model: Model, job: Job, _: Translator) -> tuple[Action, ...]:
    """Something is wrong; go on; it is taken off."""
    free = not model.session.asking
    if job.state is JobState.READY:
        return (Action("collect", _("De plaat is leeg"), "check", CollectPrint(), Role.PRIMARY, free),)
    waiting = len(queue(model.world)) - 1
    line: tuple[Action, ...] = ()
    if waiting > 0:
        line = (Action("queue", _("Rij: {n}", n=waiting), "account-multiple", SeeQueue()),)
    if job.state is JobState.COOLING:
        return line
    problem = Action("problem", _("Er is iets mis"), "alert", SayProblem(), Role.DANGER)
    if job.state is not JobState.PAUSED:
        return (*line, problem)
    return (problem, Action("resume", _("Ga verder"), "play", ResumePrint(), Role.PRIMARY, free))


def known_toolpath(model: Model, job: Job) -> JobToolpath | None:
    """The toolpath, if it is this job's."""
    toolpath = model.world.toolpath
    return toolpath if toolpath and toolpath.job == job.id and toolpath.pack else None


def card_picture(model: Model, job: Job) -> Path | None:
    """The card's own picture, never a visitor's version."""
    piece = model.world.piece(job.card)
    return piece.picture if piece else None


def card_title(model: Model, job: Job) -> str:
    """The card's title in the visitor's language."""
    piece = model.world.piece(job.card)
    return piece.card.title.in_language(model.session.language) if piece else ""


def _temperatures(model: Model) -> Temperatures | None:
    return model.world.telemetry.temperatures if model.world.telemetry else None


def _drawn(pack: ToolpathPack | None, progress: Progress | None) -> int:
    return segments_done(pack, progress) if pack else 0


def _headline(model: Model, job: Job, left_s: float, _: Translator) -> str:
    if job.state is JobState.PAUSED:
        return _("De print wacht")
    return promise.of_running(model.world, left_s, _)


def _state(job: Job, _: Translator) -> Badge:
    if job.state is JobState.PAUSED:
        return Badge(_("Pauze"), "pause", Tone.WAIT)
    if job.state is JobState.HEATING:
        return Badge(_("Wordt warm"), "fire", Tone.WAIT)
    return Badge(_("Aan het printen"), "printer-3d", Tone.WELL)


def _asked_for(model: Model, _: Translator) -> str:
    """What the printer waits for; nothing where it waits for nobody."""
    attention = model.world.state.attention if model.world.state else None
    return attention_words(attention, _) if attention else ""


def _sentence(job: Job, layer: int, layers: int, t: Temperatures | None, _: Translator) -> str:
    if job.state is JobState.PAUSED:
        return _pause_sentence(job.paused_by, _)
    if job.state is JobState.HEATING:
        if t and heat.is_rising(t.bed_c, t.bed_target_c):
            return _("De plaat wordt warm. Zo plakt het eerste laagje goed.")
        return _("De kop wordt heet. Zo smelt de draad.")
    if layer == 0:
        return _("De printer zoekt zijn plaats. Dan begint het eerste laagje.")
    if layer == 1:
        return _("De printer legt het eerste laagje. Dat moet goed plakken.")
    if layer == layers:
        return _("Dit is het laatste laagje. Dan is het af.")
    return _("De printer legt laagje op laagje. Elk laagje plakt op het vorige.")


def _pause_sentence(by: Origin | None, _: Translator) -> str:
    if by is Origin.REGION:
        return _("Een medewerker zette de printer op pauze. Vraag het aan de balie.")
    if by is Origin.CLOSING:
        return _("De bibliotheek gaat sluiten. Vraag het aan de balie.")
    if by in (Origin.PRINTER, Origin.FAULT):
        return _("De printer heeft hulp nodig. Ga naar de balie.")
    return _("Kijk rustig wat er is. Alles in orde? Druk op ‘Ga verder’.")

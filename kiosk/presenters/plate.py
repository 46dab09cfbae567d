"""The last look before a print: only what is in the way, each with its remedy, and always: is the plate empty?"""

from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.contract import CallReason, Job
from kiosk.domain.cooling import is_hot
from kiosk.domain.intents import CallHelp, CloseSheet, GiveUpTurn, GoHome, LookFor, OpenSheet, PlateIsEmpty
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.printing import Obstacle, obstacles, turn_left_s, waiting_job
from kiosk.domain.session import Sheet, Span
from kiosk.locale import Translator
from kiosk.presenters import promise, tickets
from kiosk.presenters.faults import obstacle_words
from kiosk.presenters.views import Action, Badge, Role, SheetView, Tone
from kiosk.presenters.words import duration

TALLEST_MM = 40.0
"""What is higher does not fit in the picture."""


@dataclass(frozen=True)
class PlateView:
    """Two pictures: so it must be, and so it must not. `mesh` lies on the second. `warnings`: what hinders."""

    title: str
    explanation: str
    good: Badge
    bad: Badge
    mesh: Path | None
    warnings: tuple[Badge, ...]


def present(model: Model, _: Translator) -> PlateView:
    """For the chosen piece, or for the job whose turn it is."""
    world, job = model.world, waiting_job(model.world)
    explanation = _("Kijk in de printer. Ligt er nog iets? Haal het er eerst af.")
    if model.session.card is None and job:
        explanation = _turn_words(model, job, _)
    return PlateView(
        title=_("Is de plaat leeg?"),
        explanation=explanation,
        good=Badge(_("Zo is het goed"), "check", Tone.WELL),
        bad=Badge(_("Haal dit er eerst af"), "close", Tone.STOP),
        mesh=max(world.pieces, key=_height).mesh if world.pieces else None,
        warnings=_warnings(model, _),
    )


def _turn_words(model: Model, job: Job, _: Translator) -> str:
    piece, left_s = model.world.piece(job.card), turn_left_s(model.world)
    title = piece.card.title.in_language(model.session.language) if piece else ""
    ticket = tickets.present(model.world, job, _)
    who = f"{title} ({ticket.text})" if ticket else title
    words = _("De volgende is aan de beurt: {title}. Kijk in de printer.", title=who)
    if left_s is None:
        return words
    left = _("Je beurt blijft nog {duration}; raak het scherm aan voor meer tijd.", duration=duration(left_s, _))
    return f"{words} {left}"


def _height(piece: Piece) -> float:
    height_mm = piece.entry.size_mm[2]
    return height_mm if height_mm <= TALLEST_MM else 0.0


def _warnings(model: Model, _: Translator) -> tuple[Badge, ...]:
    world = model.world
    found = [_warning(model, why, _) for why in obstacles(world, model.chosen)]
    if is_hot(world.telemetry.temperatures if world.telemetry else None):
        found.append(Badge(_("Pas op: de kop of de plaat is nog heet."), "fire", Tone.STOP))
    return tuple(found)


def _warning(model: Model, why: Obstacle, _: Translator) -> Badge:
    words = obstacle_words(why, model.world, _)
    if why is Obstacle.TOO_LATE:
        words = " ".join(filter(None, (promise.closes_at(model.world, _), words)))
    return Badge(words, "clock" if why is Obstacle.TOO_LATE else "alert", Tone.WAIT)


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Yes, it is; or the remedy of what is in the way."""
    free = not model.session.asking
    for why in obstacles(model.world, model.chosen):
        return (_remedy(why, _),)
    text = _("Ja, de plaat is leeg") if free else _("Even wachten…")
    yes = Action("plate-empty", text, "check", PlateIsEmpty(), Role.PRIMARY, free)
    if model.session.card is None and waiting_job(model.world):
        give_up = OpenSheet(Sheet.GIVE_UP)
        return (Action("give-up", _("Ik wil niet meer"), "close", give_up, enabled=free), yes)
    return (yes,)


def give_up_sheet(model: Model, _: Translator) -> SheetView | None:
    """Whoever passes by finds this screen: nobody's print is given up with one touch."""
    job = waiting_job(model.world)
    if job is None or not model.session.is_at_turn:
        return None
    ticket = tickets.present(model.world, job, _)
    whose = (Badge(ticket.text, "ticket"),) if ticket else ()
    return SheetView(
        name="give-up",
        title=_("Wil je deze print niet meer?"),
        lines=(*whose, Badge(_("Is hij niet van jou? Laat hem dan staan."), "human-greeting")),
        actions=(
            Action("give-up-sure", _("Ik wil niet meer"), "close", GiveUpTurn(job.id), Role.DANGER),
            Action("close", _("Laat hem staan"), "arrow-left", CloseSheet(), Role.PRIMARY),
        ),
        icon="alert",
        tone=Tone.WAIT,
    )


def _remedy(why: Obstacle, _: Translator) -> Action:
    call = _("Roep iemand")
    match why:
        case Obstacle.TOO_LATE:
            smaller = LookFor(Span.BEFORE_CLOSING)
            return Action("remedy", _("Kies iets kleiners"), "clock", smaller, Role.PRIMARY)
        case Obstacle.OTHER_SPOOL:
            return Action("remedy", call, "bell-ring", CallHelp(CallReason.FILAMENT), Role.PRIMARY)
        case Obstacle.BRIDGE_AWAY | Obstacle.OUT_OF_ORDER | Obstacle.NOT_FOR_THIS_PRINTER:
            return Action("remedy", _("Rondkijken"), "home", GoHome(), Role.PRIMARY)
    return Action("remedy", call, "bell-ring", CallHelp(CallReason.HELP), Role.PRIMARY)

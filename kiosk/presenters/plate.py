"""The last look before a print: is the plate empty?"""

from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.events import PlateIsEmpty
from kiosk.domain.model import Model, Piece
from kiosk.domain.printing import obstacle, printer_fault, waiting_job
from kiosk.locale import Translator
from kiosk.presenters.faults import obstacle_words
from kiosk.presenters.heat import is_hot
from kiosk.presenters.views import Action, Badge, Role, Tone

TALLEST_MM = 40.0
"""What is higher does not fit in the picture."""


@dataclass(frozen=True)
class PlateView:
    """Two pictures: so it must be, and so it must not. `mesh` lies on the second."""

    title: str
    explanation: str
    good: Badge
    bad: Badge
    mesh: Path | None
    warning: Badge | None


def present(model: Model, _: Translator) -> PlateView:
    """For the chosen piece, or for the job whose turn it is."""
    world = model.world
    explanation = _("Kijk in de printer. Ligt er nog iets? Haal het er eerst af.")
    job = waiting_job(world)
    if model.session.card is None and job:
        piece = world.piece(job.card)
        title = piece.card.title.in_language(model.session.language) if piece else ""
        explanation = _("De volgende is aan de beurt: {title}. Kijk in de printer.", title=title)
    return PlateView(
        title=_("Is de plaat leeg?"),
        explanation=explanation,
        good=Badge(_("Zo is het goed"), "check", Tone.WELL),
        bad=Badge(_("Haal dit er eerst af"), "close", Tone.STOP),
        mesh=max(world.pieces, key=_height).mesh if world.pieces else None,
        warning=_warning(model, _),
    )


def _height(piece: Piece) -> float:
    height_mm = piece.entry.size_mm[2]
    return height_mm if height_mm <= TALLEST_MM else 0.0


def _warning(model: Model, _: Translator) -> Badge | None:
    why = obstacle(model.world, model.chosen)
    if why:
        return Badge(obstacle_words(why, printer_fault(model.world), _), "alert", Tone.WAIT)
    telemetry = model.world.telemetry
    if is_hot(telemetry.temperatures if telemetry else None):
        return Badge(_("Pas op: de kop of de plaat is nog heet."), "fire", Tone.STOP)
    return None


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Yes, it is."""
    possible = not model.session.asking and obstacle(model.world, model.chosen) is None
    text = _("Ja, de plaat is leeg") if not model.session.asking else _("Even wachten…")
    return (Action("plate-empty", text, "check", PlateIsEmpty(), Role.PRIMARY, possible),)

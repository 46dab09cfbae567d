"""Nobody is there: a model turns, and the printer says whether it is free."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.model import Model
from kiosk.domain.printing import Obstacle, obstacle
from kiosk.locale import Translator
from kiosk.presenters import practice
from kiosk.presenters.faults import obstacle_words
from kiosk.presenters.views import Badge, Tone

TURN_MODEL_S = 30


@dataclass(frozen=True)
class AttractView:
    """`mesh` turns slowly; it is always one of the collection."""

    library: str
    title: str
    invitation: str
    printer: Badge
    mesh: Path | None


def present(model: Model, _: Translator) -> AttractView:
    """Another model every half minute."""
    world = model.world
    pieces = world.pieces
    turn = int(world.uptime_s // TURN_MODEL_S)
    why = obstacle(world, None)
    if world.is_practice:
        printer = practice.badge(_)
    elif why:
        # From afar nobody reads what exactly is the matter.
        broken = why is Obstacle.PRINTER_FAULT
        words = (
            _("Er is iets met de printer. Vraag het aan de balie.") if broken else obstacle_words(why, world, _)
        )
        printer = Badge(words, "alert", Tone.WAIT)
    else:
        printer = Badge(_("De printer is vrij"), "check", Tone.WELL)
    return AttractView(
        library=world.info.library if world.info else "",
        title=_("Maak hier iets moois"),
        invitation=_("Raak het scherm aan"),
        printer=printer,
        mesh=pieces[turn % len(pieces)].mesh if pieces else None,
    )

"""A ticket: an animal and a number instead of a name."""

from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.contract import Animal, Job
from kiosk.domain.world import World
from kiosk.locale import Translator


@dataclass(frozen=True)
class TicketView:
    """`picture` is to be tinted; None where the collection has no pictures."""

    text: str
    picture: Path | None


def present(world: World, job: Job, _: Translator) -> TicketView | None:
    """Of that job; None where it has none."""
    if job.ticket is None:
        return None
    animal = job.ticket.animal
    text = _("{animal} {number}", animal=animal_word(animal, _), number=job.ticket.number)
    return TicketView(text, world.picture(f"animal-{animal.value}"))


def animal_word(animal: Animal, _: Translator) -> str:
    """Its name. The region's pages have the same words: each program's texts are found in its own code."""
    return {
        Animal.BEAR: _("Beer"),
        Animal.BEE: _("Bij"),
        Animal.CAT: _("Kat"),
        Animal.COW: _("Koe"),
        Animal.DOG: _("Hond"),
        Animal.DUCK: _("Eend"),
        Animal.FISH: _("Vis"),
        Animal.FOX: _("Vos"),
        Animal.FROG: _("Kikker"),
        Animal.HARE: _("Haas"),
        Animal.HEDGEHOG: _("Egel"),
        Animal.HORSE: _("Paard"),
        Animal.MOUSE: _("Muis"),
        Animal.OWL: _("Uil"),
        Animal.SNAIL: _("Slak"),
        Animal.SWAN: _("Zwaan"),
    }[animal]

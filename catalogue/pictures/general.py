"""Pictures and meshes of the collection that are no card's: the printer, what one compares with, the animals.

printer.png          its own colours
animal-<name>.png    white on transparent, to be tinted
coin.npz, hand.npz   packs.MeshPack, true size
"""

from pathlib import Path

from catalogue.meshpack import pack_mesh
from catalogue.packs import write_mesh
from catalogue.pictures.animals import animal_names, animal_picture
from catalogue.pictures.portrait import save
from catalogue.pictures.printer import printer_picture
from catalogue.pictures.things import coin, hand

PRINTER, COIN, HAND = "printer.png", "coin.npz", "hand.npz"


def animal_file(name: str) -> str:
    """Its file's name."""
    return f"animal-{name}.png"


def write_pictures(folder: Path) -> None:
    """All of them."""
    save(printer_picture(), folder / PRINTER)
    write_mesh(folder / COIN, pack_mesh(coin()))
    write_mesh(folder / HAND, pack_mesh(hand()))
    for name in animal_names():
        save(animal_picture(name), folder / animal_file(name))

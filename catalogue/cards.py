"""What a model is: the card that its maker writes, and the built collection that a kiosk reads.

    catalogue/models/<id>/card.toml      Card, by hand, beside generator.py
    build/collection/collection.json     Collection, by the build
    build/collection/<id>/picture.png    light and shade of the mesh, white on transparent: tint it
    build/collection/<id>/model.npz      packs.MeshPack
    build/collection/<id>/<profile>/print.gcode, toolpath.npz (packs.ToolpathPack)

A card with a text parameter is sliced as it stands with the parameter's `example`; with a visitor's own text
the slicing worker makes the same files into a folder of that session.
"""

import enum
from pathlib import Path

import msgspec

LANGUAGES = ("nl", "fr", "en")


class CardError(ValueError):
    """A card or a collection cannot be read; the message names the file, the key and the remedy."""


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in every language; Dutch is the one that others fall back on."""

    nl: str
    fr: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `language`, else in Dutch."""
        return str(getattr(self, language, self.nl))


class Level(enum.Enum):
    """How far a visitor goes with it."""

    LOOK = "look"
    TASTE = "taste"
    MAKE = "make"
    DESIGN = "design"


class TextParameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="text", tag_field="kind"):
    """A text that the visitor types. `example` is what the collection's own picture shows."""

    id: str
    label: Texts
    max_length: int
    example: str


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where a card's picture is taken: `yaw_deg` around the model from its front, `pitch_deg` from above.

    A model that prints upside down is `turned_over`, one that never stands upright leans by `lean_deg`.
    """

    yaw_deg: float = -28.0
    pitch_deg: float = 32.0
    turned_over: bool = False
    lean_deg: float = 0.0


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`card.toml`."""

    id: str
    title: Texts
    description: Texts
    theme: str
    level: Level
    author: str
    licence: str
    parameters: tuple[TextParameter, ...] = ()
    view: View = View()

    @property
    def is_personal(self) -> bool:
        """The visitor can make it their own."""
        return bool(self.parameters)


class PrintFacts(msgspec.Struct, frozen=True):
    """What the slicer said of one card on one printer profile. Files are relative to the collection."""

    gcode: str
    toolpath: str
    estimate_s: float
    grams: float
    layers: int
    slicer: str


class Entry(msgspec.Struct, frozen=True):
    """One built card. `size_mm` is (x, y, z). `prints` is by profile id."""

    card: Card
    picture: str
    mesh: str
    size_mm: tuple[float, float, float]
    prints: dict[str, PrintFacts]


class Collection(msgspec.Struct, frozen=True):
    """`collection.json`: the entries in the order in which they are shown."""

    version: int
    entries: tuple[Entry, ...]


def read_card(path: Path) -> Card:
    """The card in `path`.

    Raises CardError.
    """
    try:
        card = msgspec.toml.decode(path.read_bytes(), type=Card)
    except OSError as error:
        raise CardError(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise CardError(f"{path}: {error}") from error
    if card.id != path.parent.name:
        raise CardError(f"{path}: `id` is '{card.id}', it should be its folder's name '{path.parent.name}'")
    return card


def read_collection(folder: Path) -> Collection:
    """The built collection in `folder`.

    Raises CardError.
    """
    path = folder / "collection.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Collection)
    except FileNotFoundError as error:
        raise CardError(f"{path}: not there; build the collection with `make collection`") from error
    except OSError as error:
        raise CardError(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise CardError(f"{path}: {error}; build the collection again with `make collection`") from error

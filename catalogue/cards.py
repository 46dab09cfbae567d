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
from collections.abc import Iterator
from pathlib import Path

import msgspec

LANGUAGES = ("nl", "fr", "en", "de")
"""In which every text of a card must be there."""


class CardError(ValueError):
    """A card or a collection cannot be read; the message names the file, the key and the remedy."""


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in every language; Dutch is what others fall back on. `read_card` wants all of LANGUAGES."""

    nl: str
    fr: str
    en: str
    de: str = ""
    uk: str = ""
    ar: str = ""

    def in_language(self, language: str) -> str:
        """The text in `language`, else in Dutch."""
        return str(getattr(self, language, "") or self.nl)


class Level(enum.Enum):
    """How far a visitor goes with it."""

    LOOK = "look"
    TASTE = "taste"
    MAKE = "make"
    DESIGN = "design"


class Theme(enum.Enum):
    """What it is about; the screen has a word for each."""

    LIBRARY = "library"
    WRITING = "writing"
    PLAY = "play"
    HOME = "home"
    HERITAGE = "heritage"
    JEWELLERY = "jewellery"


class TextParameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="text", tag_field="kind"):
    """A text that the visitor types; it is then the card's only parameter.

    `example` is what the collection's own picture shows.
    """

    id: str
    label: Texts
    max_length: int
    example: str


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the values of a choice."""

    id: str
    label: Texts


class ChoiceParameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="choice", tag_field="kind"):
    """One of two to four options, a shape or a size. `example` is the id of what the picture shows."""

    id: str
    label: Texts
    options: tuple[Option, ...]
    example: str


Parameter = TextParameter | ChoiceParameter
MOST_OPTIONS = 4
"""As many as stand beside each other on a small screen."""


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
    theme: Theme
    level: Level
    author: str
    licence: str
    parameters: tuple[Parameter, ...] = ()
    view: View = View()

    @property
    def is_personal(self) -> bool:
        """The visitor can make it their own."""
        return bool(self.parameters)

    @property
    def text(self) -> TextParameter | None:
        """What can be typed."""
        return next((p for p in self.parameters if isinstance(p, TextParameter)), None)

    @property
    def choices(self) -> tuple[ChoiceParameter, ...]:
        """What can be chosen."""
        return tuple(p for p in self.parameters if isinstance(p, ChoiceParameter))


class PrintFacts(msgspec.Struct, frozen=True):
    """What the slicer said of one card on one printer profile. Files are relative to the collection.

    `material` is what must be loaded, as the spool calls it; '' for anything.
    """

    gcode: str
    toolpath: str
    estimate_s: float
    grams: float
    layers: int
    slicer: str
    material: str = ""


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
    if wrong := _missing_text(card) or _parameter_fault(card):
        raise CardError(f"{path}: {wrong}")
    return card


def _missing_text(card: Card) -> str:
    """The first text that lacks a language; '' for none."""
    for key, text in _texts(card):
        for language in LANGUAGES:
            if not getattr(text, language).strip():
                return f"`{key}` has no `{language}`; it should have {', '.join(LANGUAGES)}"
    return ""


def _texts(card: Card) -> Iterator[tuple[str, Texts]]:
    """Every text with its key."""
    yield "title", card.title
    yield "description", card.description
    for parameter in card.parameters:
        yield f"parameters.{parameter.id}.label", parameter.label
        if isinstance(parameter, ChoiceParameter):
            yield from ((f"parameters.{parameter.id}.options.{o.id}.label", o.label) for o in parameter.options)


def _parameter_fault(card: Card) -> str:
    """What the types alone do not say; '' for nothing."""
    if card.text and len(card.parameters) > 1:
        return "`parameters` has a text and something else; the keyboard leaves room for the text alone"
    for choice in card.choices:
        ids = [option.id for option in choice.options]
        if not 2 <= len(ids) <= MOST_OPTIONS:
            return f"`parameters.{choice.id}` has {len(ids)} options; it should have 2 to {MOST_OPTIONS}"
        if choice.example not in ids:
            return f"`parameters.{choice.id}.example` is '{choice.example}'; it should be one of {', '.join(ids)}"
    return ""


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

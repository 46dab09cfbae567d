"""One model: see it from all sides, and what it takes."""

from dataclasses import dataclass
from pathlib import Path

from catalogue.cards import View
from kiosk.domain.intents import LookAt, MakeYours, WantPrint
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.printing import is_busy, obstacle, queue_ahead, wait_s
from kiosk.domain.session import Aspect
from kiosk.locale import Translator
from kiosk.presenters import promise as promises
from kiosk.presenters.faults import obstacle_words
from kiosk.presenters.views import Action, Badge, Role, Tone
from kiosk.presenters.words import duration, size, weight

TO_COMPARE = ("coin.npz", "hand.npz")
"""Meshes of things that everybody knows, in mm."""


@dataclass(frozen=True)
class PieceView:
    """`promise` is the one line that counts; `facts` stand under it. `why` says why it cannot be printed.

    `beside` are meshes that stand next to it, to compare; `layers` how it will be printed. `aspects` are the other
    ways to look at it.
    """

    card: str
    title: str
    description: str
    promise: str
    facts: tuple[Badge, ...]
    why: Badge | None
    mesh: Path
    view: View
    picture: Path
    zoom_in: str
    zoom_out: str
    aspects: tuple[Action, ...]
    beside: tuple[Path, ...]
    layers: "LayersView | None"


@dataclass(frozen=True)
class LayersView:
    """The toolpath up to `layer`; None: it plays from the first to the last."""

    toolpath: Path
    layer: int | None
    layers: int
    word: str
    fewer: str
    more: str


def present(model: Model, _: Translator) -> PieceView:
    """The chosen piece; session.card is always one of the collection here."""
    piece, language = model.chosen, model.session.language
    if piece is None:
        raise LookupError(f"no card '{model.session.card}' in the collection")
    facts = piece.print_for(model.world.info)
    why = obstacle(model.world, piece)
    busy = is_busy(model.world)
    promise, lines = "", []
    if facts:
        promise = "" if busy else promises.of_new(model.world, facts.estimate_s, _)
        lines.append(Badge(duration(facts.estimate_s, _), "clock"))
        lines.append(Badge(weight(facts.grams, _), "weight"))
    lines.append(Badge(size(piece.entry.size_mm, _), "ruler"))
    if busy and not why:
        ahead = queue_ahead(model.world)
        words = _.plural("Eerst nog {n} ander", "Eerst nog {n} anderen", ahead)
        begins = promises.begins_in(model.world, wait_s(model.world), _)
        promise = f"{words}. {begins}."
    return PieceView(
        card=piece.card.id,
        title=piece.card.title.in_language(language),
        description=(
            _("Dit is jouw eigen versie.") if model.is_personal else piece.card.description.in_language(language)
        ),
        promise="" if why else promise,
        facts=tuple(lines),
        why=Badge(obstacle_words(why, model.world, _), "alert", Tone.WAIT) if why else None,
        mesh=piece.mesh,
        view=piece.card.view,
        picture=piece.picture,
        zoom_in=_("Dichter"),
        zoom_out=_("Verder"),
        aspects=_aspects(model, piece, _),
        beside=_beside(model),
        layers=_layers(model, piece, _),
    )


def _aspects(model: Model, piece: Piece, _: Translator) -> tuple[Action, ...]:
    every = (
        (Aspect.TURN, Action("look:turn", _("Draai"), "rotate-3d", LookAt(Aspect.TURN))),
        (Aspect.SIZE, Action("look:size", _("Hoe groot?"), "ruler", LookAt(Aspect.SIZE))),
        (Aspect.LAYERS, Action("look:layers", _("Laagjes"), "layers", LookAt(Aspect.LAYERS))),
    )
    printable = piece.print_for(model.world.info) is not None
    return tuple(
        action
        for aspect, action in every
        if aspect is not model.session.aspect and (printable or aspect is not Aspect.LAYERS)
    )


def _beside(model: Model) -> tuple[Path, ...]:
    folder = model.world.pictures
    if folder is None or model.session.aspect is not Aspect.SIZE:
        return ()
    return tuple(folder / name for name in TO_COMPARE)


def _layers(model: Model, piece: Piece, _: Translator) -> LayersView | None:
    facts = piece.print_for(model.world.info)
    if facts is None or model.session.aspect is not Aspect.LAYERS:
        return None
    layer = model.session.layer
    return LayersView(
        toolpath=piece.folder / facts.toolpath,
        layer=min(layer, facts.layers) if layer else None,
        layers=facts.layers,
        word=_.plural("{n} laagje", "{n} laagjes", facts.layers),
        fewer=_("Lager"),
        more=_("Hoger"),
    )


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Make it yours, and print."""
    piece = model.chosen
    if piece is None:
        return ()
    possible = obstacle(model.world, piece) is None and not model.session.asking
    word = _("Zet in de rij") if is_busy(model.world) else _("Print dit")
    wish = Action("print", word, "printer-3d", WantPrint(), Role.PRIMARY, possible)
    if not piece.card.is_personal:
        return (wish,)
    own = _("Pas het aan") if model.is_personal else _("Maak het van jou")
    return (Action("make-yours", own, "pencil", MakeYours()), wish)

"""One model: see it from all sides, and what it takes."""

from dataclasses import dataclass
from pathlib import Path

from catalogue.cards import View
from kiosk.domain.events import MakeYours, WantPrint
from kiosk.domain.model import Model
from kiosk.domain.printing import is_busy, obstacle, printer_fault, queue_ahead
from kiosk.domain.times import ready_between
from kiosk.locale import Translator
from kiosk.presenters.faults import obstacle_words
from kiosk.presenters.views import Action, Badge, Role, Tone
from kiosk.presenters.words import between, duration, size, weight


@dataclass(frozen=True)
class PieceView:
    """`promise` is the one line that counts; `facts` stand under it. `why` says why it cannot be printed."""

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
        promise = "" if busy else between(ready_between(model.world.now, facts.estimate_s), _)
        lines.append(Badge(duration(facts.estimate_s, _), "clock"))
        lines.append(Badge(weight(facts.grams, _), "weight"))
    lines.append(Badge(size(piece.entry.size_mm, _), "ruler"))
    if busy and not why:
        ahead = queue_ahead(model.world)
        words = _.plural("Eerst nog {n} ander", "Eerst nog {n} anderen", ahead)
        promise = _("De printer is bezig. {queue}.", queue=words)
    return PieceView(
        card=piece.card.id,
        title=piece.card.title.in_language(language),
        description=(
            _("Dit is jouw eigen versie.") if model.is_personal else piece.card.description.in_language(language)
        ),
        promise="" if why else promise,
        facts=tuple(lines),
        why=Badge(obstacle_words(why, printer_fault(model.world), _), "alert", Tone.WAIT) if why else None,
        mesh=piece.mesh,
        view=piece.card.view,
        picture=piece.picture,
        zoom_in=_("Dichter"),
        zoom_out=_("Verder"),
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

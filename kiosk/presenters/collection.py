"""The collection as pictures."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.events import TurnPage
from kiosk.domain.model import Model
from kiosk.domain.update import pages
from kiosk.locale import Translator
from kiosk.presenters.views import Action
from kiosk.presenters.words import duration


@dataclass(frozen=True)
class CardView:
    """One card. `time` is empty where this printer cannot make it."""

    card: str
    title: str
    picture: Path
    time: str
    personal: bool


@dataclass(frozen=True)
class CollectionView:
    """One page of it. `empty` says why there is nothing."""

    title: str
    cards: tuple[CardView, ...]
    empty: str
    page: str


def present(model: Model, _: Translator) -> CollectionView:
    """The page that is open."""
    world, session = model.world, model.session
    first = session.page * world.cards_per_page
    cards = []
    for piece in world.pieces[first : first + world.cards_per_page]:
        facts = piece.print_for(world.info)
        cards.append(
            CardView(
                card=piece.card.id,
                title=piece.card.title.in_language(session.language),
                picture=piece.picture,
                time=duration(facts.estimate_s, _) if facts else "",
                personal=piece.card.is_personal,
            )
        )
    count = pages(model)
    return CollectionView(
        title=_("Wat wil je maken?"),
        cards=tuple(cards),
        empty="" if cards else _("Er zijn nog geen modellen. Vraag het aan de balie."),
        page=_("{page} van {pages}", page=session.page + 1, pages=count) if count > 1 else "",
    )


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Arrows, where there is more than one page."""
    last = pages(model) - 1
    if last == 0:
        return ()
    page = model.session.page
    return (
        Action("previous-page", _("Vorige"), "chevron-left", TurnPage(-1), enabled=page > 0),
        Action("next-page", _("Volgende"), "chevron-right", TurnPage(1), enabled=page < last),
    )

"""The collection as pictures."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.collection import found, pages
from kiosk.domain.intents import LookFor, Search, TurnPage
from kiosk.domain.model import Model
from kiosk.domain.printing import obstacle, own_obstacle
from kiosk.locale import Translator
from kiosk.presenters.faults import obstacle_words, short_obstacle
from kiosk.presenters.search import filter_icon, filter_word
from kiosk.presenters.views import Action, Badge, Tone
from kiosk.presenters.words import duration


@dataclass(frozen=True)
class CardView:
    """One card. `why` says why it cannot be printed now: then it is grey, and still to be looked at."""

    card: str
    title: str
    picture: Path
    time: str
    personal: bool
    why: str


@dataclass(frozen=True)
class CollectionView:
    """One page of it. `empty` says why there is nothing; `printer` why nothing at all can be printed now."""

    title: str
    cards: tuple[CardView, ...]
    empty: str
    page: str
    printer: Badge | None


def present(model: Model, _: Translator) -> CollectionView:
    """The page that is open."""
    world, session = model.world, model.session
    first = session.page * world.cards_per_page
    cards = []
    for piece in found(model)[first : first + world.cards_per_page]:
        facts, why = piece.print_for(world.info), own_obstacle(world, piece)
        cards.append(
            CardView(
                card=piece.card.id,
                title=piece.card.title.in_language(session.language),
                picture=piece.picture,
                time=duration(facts.estimate_s, _) if facts else "",
                personal=piece.card.is_personal,
                why=short_obstacle(why, _) if why else "",
            )
        )
    count, out = pages(model), obstacle(world, None)
    return CollectionView(
        title=filter_word(session.looking_for, _) if session.looking_for else _("Wat wil je maken?"),
        cards=tuple(cards),
        empty="" if cards else _("Er zijn nog geen modellen. Vraag het aan de balie."),
        printer=Badge(obstacle_words(out, world, _), "alert", Tone.WAIT) if out else None,
        page=_("{page} van {pages}", page=session.page + 1, pages=count) if count > 1 else "",
    )


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """What to look for; arrows, where there is more than one page."""
    last, wanted = pages(model) - 1, model.session.looking_for
    search: tuple[Action, ...] = (Action("search", _("Zoek"), "magnify", Search()),)
    if wanted:
        search = (
            Action("look-for:all", _("Toon alles"), "close", LookFor(None)),
            Action("search", filter_word(wanted, _), filter_icon(wanted), Search()),
        )
    if last == 0:
        return search
    page = model.session.page
    return (
        *search,
        Action("previous-page", _("Vorige"), "chevron-left", TurnPage(-1), enabled=page > 0),
        Action("next-page", _("Volgende"), "chevron-right", TurnPage(1), enabled=page < last),
    )

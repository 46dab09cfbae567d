"""The collection as a visitor looks through it: what they look for, a page at a time."""

from catalogue.cards import Level, Theme
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.printing import Obstacle, ends_before_closing, own_obstacle
from kiosk.domain.session import Filter, Span

QUICK_S = 20 * 60.0
SEARCH_GROUPS = 3
"""Themes, times, levels."""


def fits(model: Model, piece: Piece, wanted: Filter | None) -> bool:
    """Whether it is what somebody looks for; None: anything."""
    match wanted:
        case Theme():
            return piece.card.theme is wanted
        case Level():
            return piece.card.level is wanted
        case Span():
            facts = piece.print_for(model.world.info)
            if facts is None or own_obstacle(model.world, piece) not in (None, Obstacle.TOO_LATE):
                return False
            return facts.estimate_s <= QUICK_S if wanted is Span.QUICK else ends_before_closing(model.world, facts)
    return True


def found(model: Model) -> tuple[Piece, ...]:
    """What is shown, all pages of it."""
    wanted = model.session.looking_for
    return tuple(piece for piece in model.world.pieces if fits(model, piece, wanted))


def pages(model: Model) -> int:
    """How many pages that makes; at least one."""
    return max(1, -(-len(found(model)) // model.world.cards_per_page))


def can_find(model: Model, wanted: Filter) -> bool:
    """There is something of it."""
    if wanted is Span.BEFORE_CLOSING and model.world.closes_in_s is None:
        return False
    return any(fits(model, piece, wanted) for piece in model.world.pieces)

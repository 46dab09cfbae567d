"""What one may look for in the collection: a theme, a time, a level."""

from dataclasses import dataclass

from catalogue.cards import Level, Theme
from kiosk.domain.collection import SEARCH_GROUPS, can_find
from kiosk.domain.intents import LookFor, TurnPage
from kiosk.domain.model import Model
from kiosk.domain.session import Filter, Span
from kiosk.locale import Translator
from kiosk.presenters.views import Action, Role


@dataclass(frozen=True)
class GroupView:
    """A heading and its choices."""

    title: str
    choices: tuple[Action, ...]


@dataclass(frozen=True)
class SearchView:
    """Everything that can be chosen, at once."""

    title: str
    groups: tuple[GroupView, ...]


def present(model: Model, _: Translator) -> SearchView:
    """What there is nothing of is grey. Where there is little room, one group at a time."""
    groups = (
        GroupView(_("Waarover?"), _choices(model, tuple(Theme), _)),
        GroupView(_("Hoe lang?"), _choices(model, tuple(Span), _)),
        GroupView(_("Wat doe je?"), _choices(model, tuple(Level), _)),
    )
    if model.world.is_roomy:
        return SearchView(_("Wat zoek je?"), groups)
    group = groups[model.session.step]
    return SearchView(group.title, (group,))


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """All of it; arrows where the groups stand on pages."""
    step = model.session.step
    every = (Action("look-for:all", _("Toon alles"), "apps", LookFor(None), Role.PRIMARY),)
    if model.world.is_roomy:
        return every
    return (
        Action("previous-page", _("Vorige"), "chevron-left", TurnPage(-1), enabled=step > 0),
        Action("next-page", _("Volgende"), "chevron-right", TurnPage(1), enabled=step < SEARCH_GROUPS - 1),
        *every,
    )


def filter_word(wanted: Filter, _: Translator) -> str:
    """As it stands on a button."""
    return {
        Theme.LIBRARY: _("Boeken en bib"),
        Theme.WRITING: _("Letters en namen"),
        Theme.PLAY: _("Spelen"),
        Theme.HOME: _("Voor thuis"),
        Theme.HERITAGE: _("Mijn streek"),
        Theme.JEWELLERY: _("Om te dragen"),
        Span.QUICK: _("Tot 20 minuten"),
        Span.BEFORE_CLOSING: _("Klaar voor we sluiten"),
        Level.LOOK: _("Kijken"),
        Level.TASTE: _("Proeven"),
        Level.MAKE: _("Maken"),
        Level.DESIGN: _("Ontwerpen"),
    }[wanted]


def filter_icon(wanted: Filter) -> str:
    """Beside its word."""
    return {
        Theme.LIBRARY: "book-open-variant",
        Theme.WRITING: "format-text",
        Theme.PLAY: "puzzle",
        Theme.HOME: "sofa",
        Theme.HERITAGE: "castle",
        Theme.JEWELLERY: "heart",
        Span.QUICK: "timer",
        Span.BEFORE_CLOSING: "clock",
        Level.LOOK: "eye",
        Level.TASTE: "cube-outline",
        Level.MAKE: "pencil",
        Level.DESIGN: "shape-plus",
    }[wanted]


def _choices(model: Model, wanted: tuple[Filter, ...], _: Translator) -> tuple[Action, ...]:
    return tuple(
        Action(
            name=f"look-for:{each.value}",
            text=filter_word(each, _),
            icon=filter_icon(each),
            intent=LookFor(each),
            enabled=can_find(model, each),
        )
        for each in wanted
    )

"""Make it yours: a text, and how it looks."""

from dataclasses import dataclass
from pathlib import Path

from catalogue.cards import ChoiceParameter
from kiosk.domain.draft import Draft, KeyPage, Step
from kiosk.domain.intents import ChooseOption, EditText, MakeIt, StopMaking, TurnPage
from kiosk.domain.making import parameter
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.session import Place
from kiosk.locale import Translator
from kiosk.presenters.faults import text_words
from kiosk.presenters.views import Action, Badge, Role, Tone


@dataclass(frozen=True)
class MakingView:
    """The worker's progress."""

    text: str
    explanation: str
    share: float


@dataclass(frozen=True)
class ChoiceView:
    """One question with its options; the chosen one is PRIMARY."""

    label: str
    options: tuple[Action, ...]


@dataclass(frozen=True)
class MakeView:
    """`typing`: the keyboard is open. `hint` is a friendly word about the text.

    `has_text` False: there is nothing to type, only `choices`.
    """

    has_text: bool
    choices: tuple[ChoiceView, ...]
    label: str
    text: str
    placeholder: str
    edit: Action
    hint: Badge | None
    page: KeyPage
    capital: bool
    typing: bool
    mesh: Path | None
    making: MakingView | None
    space: str
    done: str


def present(model: Model, _: Translator) -> MakeView:
    """The draft; there always is one here."""
    draft, wanted, piece = model.session.draft, parameter(model), model.world.piece(model.session.card)
    if draft is None or piece is None:
        raise LookupError("there is nothing to make of this card")
    making, language = draft.making, model.session.language
    return MakeView(
        has_text=wanted is not None,
        choices=tuple(_choice(choice, draft, language) for choice in shown_choices(model, piece)),
        label=wanted.label.in_language(language) if wanted else piece.card.title.in_language(language),
        text=draft.text,
        placeholder=_placeholder(wanted.example, model.session.modes.large, _) if wanted else "",
        edit=Action("edit-text", _("Verander"), "keyboard", EditText()),
        hint=_hint(draft, wanted.max_length if wanted else 0, _),
        page=draft.page,
        capital=draft.capital,
        typing=draft.typing,
        mesh=(draft.shape or piece).mesh,
        making=MakingView(*_steps(making.step, _), making.progress) if making else None,
        space=_("spatie"),
        done=_("Klaar"),
    )


def _hint(draft: Draft, max_length: int, _: Translator) -> Badge | None:
    if draft.trouble:
        return Badge(text_words(draft.trouble, max_length, _), "alert", Tone.WAIT)
    if not max_length:
        return None
    left = max_length - len(draft.text)
    return Badge(_.plural("Nog plaats voor {n} letter", "Nog plaats voor {n} letters", left), "pencil")


def _choice(choice: ChoiceParameter, draft: Draft, language: str) -> ChoiceView:
    chosen = dict(draft.choices).get(choice.id)
    return ChoiceView(
        label=choice.label.in_language(language),
        options=tuple(
            Action(
                f"option:{choice.id}:{option.id}",
                option.label.in_language(language),
                "check" if option.id == chosen else "",
                ChooseOption(choice.id, option.id),
                Role.PRIMARY if option.id == chosen else Role.PLAIN,
            )
            for option in choice.options
        ),
    )


def _placeholder(example: str, large: bool, _: Translator) -> str:
    """Of large letters only the example itself fits in the field."""
    return f"{example}…" if large else _("Bijvoorbeeld: {example}", example=example)


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Make it, or stop making it."""
    draft = model.session.draft
    if keyboard_alone(model):
        return ()
    if draft and draft.making:
        return (Action("stop-making", _("Stop"), "close", StopMaking()),)
    make = Action("make", _("Maak het"), "check", MakeIt(), Role.PRIMARY)
    piece = model.world.piece(model.session.card)
    choices = piece.card.choices if piece else ()
    if _has_room(model) or len(choices) < 2:
        return (make,)
    step, language = model.session.step, model.session.language
    last = step == len(choices) - 1
    other = choices[step - 1 if last else step + 1].label.in_language(language)
    icon = "chevron-left" if last else "chevron-right"
    return (Action("other-choice", other, icon, TurnPage(-1 if last else 1)), make)


def shown_choices(model: Model, piece: Piece) -> tuple[ChoiceParameter, ...]:
    """All, or where there is little room one at a time."""
    choices = piece.card.choices
    return choices if _has_room(model) else choices[model.session.step : model.session.step + 1]


def _has_room(model: Model) -> bool:
    """All questions stand on the glass together: large letters in its lower half have room for one."""
    return model.world.is_roomy and not (model.session.modes.large and model.session.modes.low)


def is_typing(model: Model) -> bool:
    """The keyboard is on the glass: always where there is room for it."""
    draft, at_make = model.session.draft, model.session.place is Place.MAKE
    is_open = bool(draft and not draft.making and (draft.typing or model.world.is_roomy))
    return at_make and is_open and parameter(model) is not None


def keyboard_alone(model: Model) -> bool:
    """The keyboard fills a small screen: its own key closes it."""
    return is_typing(model) and not model.world.is_roomy


def _steps(step: Step, _: Translator) -> tuple[str, str]:
    return {
        Step.SHAPE: (_("We maken de vorm"), _("Jouw letters worden een ding.")),
        Step.SLICING: (_("We tekenen alle laagjes"), _("De printer bouwt het straks laagje voor laagje op.")),
        Step.CHECKING: (_("We kijken alles na"), _("Past het op de plaat? Is het stevig genoeg?")),
        Step.PICTURES: (_("Bijna klaar"), _("We maken nog een foto van jouw ding.")),
    }[step]

"""Make it yours: a text, and how it looks."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.events import EditText, MakeIt, StopMaking
from kiosk.domain.making import parameter
from kiosk.domain.model import KeyPage, Model, Step
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
class MakeView:
    """`typing`: the keyboard is open. `hint` is a friendly word about the text."""

    label: str
    text: str
    placeholder: str
    edit: Action
    hint: Badge
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
    if draft is None or wanted is None or piece is None:
        raise LookupError("there is nothing to type for this card")
    if draft.trouble:
        hint = Badge(text_words(draft.trouble, wanted.max_length, _), "alert", Tone.WAIT)
    else:
        left = wanted.max_length - len(draft.text)
        hint = Badge(_.plural("Nog plaats voor {n} letter", "Nog plaats voor {n} letters", left), "pencil")
    making = draft.making
    return MakeView(
        label=wanted.label.in_language(model.session.language),
        text=draft.text,
        placeholder=_("Bijvoorbeeld: {example}", example=wanted.example),
        edit=Action("edit-text", _("Verander"), "keyboard", EditText()),
        hint=hint,
        page=draft.page,
        capital=draft.capital,
        typing=draft.typing,
        mesh=(draft.shape or piece).mesh,
        making=MakingView(*_steps(making.step, _), making.progress) if making else None,
        space=_("spatie"),
        done=_("Klaar"),
    )


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Make it, or stop making it."""
    draft = model.session.draft
    if keyboard_alone(model):
        return ()
    if draft and draft.making:
        return (Action("stop-making", _("Stop"), "close", StopMaking()),)
    return (Action("make", _("Maak het"), "check", MakeIt(), Role.PRIMARY),)


def keyboard_alone(model: Model) -> bool:
    """The keyboard fills a small screen: its own key closes it."""
    draft = model.session.draft
    return bool(draft and draft.typing and not draft.making and not model.world.is_roomy)


def _steps(step: Step, _: Translator) -> tuple[str, str]:
    return {
        Step.SHAPE: (_("We maken de vorm"), _("Jouw letters worden een ding.")),
        Step.SLICING: (_("We tekenen alle laagjes"), _("De printer bouwt het straks laagje voor laagje op.")),
        Step.CHECKING: (_("We kijken alles na"), _("Past het op de plaat? Is het stevig genoeg?")),
        Step.PICTURES: (_("Bijna klaar"), _("We maken nog een foto van jouw ding.")),
    }[step]

"""Make it yours: from a typed text to a piece that can be printed."""

from dataclasses import replace

from catalogue.cards import TextParameter
from kiosk.domain import keyboard
from kiosk.domain.draft import Draft, Making, TextProblem, Trouble
from kiosk.domain.effects import Effect, Forget, Make, StopWorker, WarmWorker
from kiosk.domain.model import Model
from kiosk.domain.news import MakingFailed, MakingProgress, PieceMade, ShapeMade
from kiosk.domain.refused import is_refused
from kiosk.domain.session import Place

Outcome = tuple[Model, tuple[Effect, ...]]


def parameter(model: Model) -> TextParameter | None:
    """What can be typed for the chosen card."""
    piece = model.world.piece(model.session.card)
    return piece.card.text if piece else None


def begin(model: Model) -> Outcome:
    """To the keyboard, with what was typed before if it was for the same card."""
    piece, draft = model.world.piece(model.session.card), model.session.draft
    if piece is None or not piece.card.is_personal:
        return model, ()
    if draft and draft.card == piece.card.id:
        return model.with_session(place=Place.MAKE, draft=replace(draft, typing=True)), (WarmWorker(),)
    choices = tuple((choice.id, choice.example) for choice in piece.card.choices)
    fresh = model.with_session(place=Place.MAKE, step=0, draft=Draft(card=piece.card.id, choices=choices))
    return fresh, (StopWorker(), Forget(), WarmWorker())


def press(model: Model, key: str) -> Outcome:
    """A key; a changed text asks for a new preview."""
    draft, wanted = model.session.draft, parameter(model)
    if draft is None or wanted is None or draft.making:
        return model, ()
    after = keyboard.press(draft, key, wanted.max_length)
    if after.text == draft.text:
        return model.with_session(draft=after), ()
    return _preview(model, replace(after, made=None))


def choose(model: Model, parameter_id: str, option: str) -> Outcome:
    """A shape or a size; the preview follows."""
    draft, piece = model.session.draft, model.world.piece(model.session.card)
    if draft is None or piece is None or draft.making:
        return model, ()
    known = {choice.id: {each.id for each in choice.options} for choice in piece.card.choices}
    if option not in known.get(parameter_id, ()) or (parameter_id, option) in draft.choices:
        return model, ()
    choices = tuple((key, option if key == parameter_id else value) for key, value in draft.choices)
    return _preview(model, replace(draft, choices=choices, made=None, trouble=None))


def _preview(model: Model, draft: Draft) -> Outcome:
    """Of what is wished now; nothing is made of an empty text or of a word that the library refuses."""
    if _text_problem(model, draft):
        return _wished(model, replace(draft, shape=None)), (StopWorker(),)
    asking = _wished(model, draft)
    return asking, (_wish(asking, shape_only=True),)


def _text_problem(model: Model, draft: Draft) -> TextProblem | None:
    if parameter(model) is None:
        return None
    if not draft.text.strip():
        return TextProblem.EMPTY
    return TextProblem.NOT_HERE if is_refused(draft.text, model.world.refused_words) else None


def make(model: Model) -> Outcome:
    """Slice it, or say why not."""
    draft = model.session.draft
    if draft is None or draft.making:
        return model, ()
    if draft.made:
        return model.with_session(place=Place.MODEL), ()
    if problem := _text_problem(model, draft):
        return model.with_session(draft=replace(draft, trouble=Trouble(problem), typing=True)), ()
    begun = _wished(model, replace(draft, making=Making(), trouble=None))
    return begun, (_wish(begun, shape_only=False),)


def stop(model: Model) -> Outcome:
    """Rather not."""
    draft = model.session.draft
    if draft is None or not draft.making:
        return model, ()
    return _wished(model, replace(draft, making=None)), (StopWorker(), WarmWorker())


def heard(model: Model, news: MakingProgress | ShapeMade | PieceMade | MakingFailed) -> Outcome:
    """The worker's answer, if it still answers what is wanted."""
    draft = model.session.draft
    if draft is None or news.wish != draft.wish:
        return model, ()
    match news:
        case MakingProgress(progress=progress, step=step):
            return model.with_session(draft=replace(draft, making=Making(progress, step))), ()
        case ShapeMade(piece=piece):
            return model.with_session(draft=replace(draft, shape=piece)), ()
        case PieceMade(piece=piece):
            place = Place.MODEL if model.session.place is Place.MAKE else model.session.place
            made = replace(draft, making=None, made=piece, shape=piece, typing=False)
            return model.with_session(draft=made, place=place), ()
        case MakingFailed(problem=problem, letters=letters):
            failed = replace(draft, making=None, typing=True, trouble=Trouble(problem, letters))
            return model.with_session(draft=failed), (WarmWorker(),)


def _wished(model: Model, draft: Draft) -> Model:
    """The draft under a new number: whatever was asked before no longer counts."""
    number = model.session.wishes + 1
    return model.with_session(draft=replace(draft, wish=number), wishes=number)


def _wish(model: Model, shape_only: bool) -> Make:
    draft, wanted = model.session.draft, parameter(model)
    if draft is None:
        raise LookupError("there is no draft to make")
    text = ((wanted.id, draft.text.strip()),) if wanted else ()
    return Make(draft.wish, draft.card, (*text, *draft.choices), shape_only)

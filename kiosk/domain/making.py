"""Make it yours: from a typed text to a piece that can be printed."""

from dataclasses import replace

from catalogue.cards import TextParameter
from kiosk.domain import keyboard
from kiosk.domain.effects import Effect, Forget, Make, StopWorker, WarmWorker
from kiosk.domain.events import MakingFailed, MakingProgress, PieceMade, ShapeMade
from kiosk.domain.model import Draft, Making, Model, Place, TextProblem, Trouble

Outcome = tuple[Model, tuple[Effect, ...]]


def parameter(model: Model) -> TextParameter | None:
    """What can be typed for the chosen card."""
    piece = model.world.piece(model.session.card)
    return next(iter(piece.card.parameters), None) if piece else None


def begin(model: Model) -> Outcome:
    """To the keyboard, with what was typed before if it was for the same card."""
    card, draft = model.session.card, model.session.draft
    if card is None or parameter(model) is None:
        return model, ()
    if draft and draft.card == card:
        return model.with_session(place=Place.MAKE, draft=replace(draft, typing=True)), (WarmWorker(),)
    fresh = model.with_session(place=Place.MAKE, draft=Draft(card=card))
    return fresh, (StopWorker(), Forget(), WarmWorker())


def press(model: Model, key: str) -> Outcome:
    """A key; a changed text asks for a new preview."""
    draft, wanted = model.session.draft, parameter(model)
    if draft is None or wanted is None or draft.making:
        return model, ()
    after = keyboard.press(draft, key, wanted.max_length)
    if after.text == draft.text:
        return model.with_session(draft=after), ()
    after = replace(after, made=None)
    if not after.text.strip():
        return _wished(model, replace(after, shape=None)), (StopWorker(),)
    asking = _wished(model, after)
    return asking, (_wish(asking, wanted, shape_only=True),)


def make(model: Model) -> Outcome:
    """Slice it, or say why not."""
    draft, wanted = model.session.draft, parameter(model)
    if draft is None or wanted is None or draft.making:
        return model, ()
    if draft.made:
        return model.with_session(place=Place.MODEL), ()
    if not draft.text.strip():
        empty = replace(draft, trouble=Trouble(TextProblem.EMPTY), typing=True)
        return model.with_session(draft=empty), ()
    begun = _wished(model, replace(draft, making=Making(), trouble=None))
    return begun, (_wish(begun, wanted, shape_only=False),)


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


def _wish(model: Model, wanted: TextParameter, shape_only: bool) -> Make:
    draft = model.session.draft
    if draft is None:
        raise LookupError("there is no draft to make")
    return Make(draft.wish, draft.card, ((wanted.id, draft.text.strip()),), shape_only)

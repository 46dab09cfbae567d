"""How was it? Three smileys and one reason, once, when the print is taken off."""

from dataclasses import replace

from firmware_bridge.contract import Feedback, FeedbackReason
from kiosk.domain.effects import Ask, Effect
from kiosk.domain.model import Model
from kiosk.domain.printing import resting_place
from kiosk.domain.session import Notice, Place, Rating

Outcome = tuple[Model, tuple[Effect, ...]]


def begin(model: Model, job: str) -> Model:
    """It was just taken off."""
    return model.with_session(place=Place.FEEDBACK, rating=Rating(job), card=None, sheet=None)


def rate(model: Model, smiley: int) -> Outcome:
    """1 (bad) to 3 (good); the reason may follow."""
    rating = model.session.rating
    if rating is None or smiley not in (1, 2, 3):
        return model, ()
    return model.with_session(rating=replace(rating, smiley=smiley)), ()


def end(model: Model, reason: FeedbackReason | None) -> Outcome:
    """With a reason, without, or (no smiley) without any answer."""
    rating = model.session.rating
    rest = model.with_session(place=resting_place(model.world), rating=None)
    if rating is None or rating.smiley is None:
        return rest, ()
    feedback = Feedback(job=rating.job, smiley=rating.smiley, reason=reason)
    return rest.with_session(notice=Notice.THANKS), (Ask(feedback),)

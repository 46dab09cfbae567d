"""How was it? Three smileys, then one reason."""

from dataclasses import dataclass

from firmware_bridge.contract import FeedbackReason
from kiosk.domain.intents import EndRating, Rate
from kiosk.domain.model import Model
from kiosk.locale import Translator
from kiosk.presenters.views import Action

_GOOD = 3


@dataclass(frozen=True)
class FeedbackView:
    """Smileys are large and stand beside each other, reasons are buttons under each other in two columns."""

    title: str
    explanation: str
    smileys: tuple[Action, ...]
    reasons: tuple[Action, ...]


def present(model: Model, _: Translator) -> FeedbackView:
    """The smileys, or the reasons once there is one."""
    rating = model.session.rating
    smiley = rating.smiley if rating else None
    if smiley is None:
        return FeedbackView(
            title=_("Hoe vind je het?"),
            explanation=_("Niemand weet dat jij het bent. Het helpt de bibliotheek."),
            smileys=(
                Action("rate:3", _("Mooi"), "emoticon-happy", Rate(3)),
                Action("rate:2", _("Gaat wel"), "emoticon-neutral", Rate(2)),
                Action("rate:1", _("Jammer"), "emoticon-sad", Rate(1)),
            ),
            reasons=(),
        )
    reasons = [FeedbackReason.NICE, FeedbackReason.TOO_LONG, FeedbackReason.OTHER]
    if smiley < _GOOD:
        reasons = [reason for reason in FeedbackReason if reason is not FeedbackReason.NICE]
    return FeedbackView(
        title=_("Waarom?"),
        explanation=_("Kies wat het beste past."),
        smileys=(),
        reasons=tuple(
            Action(f"reason:{reason.value}", reason_word(reason, _), _ICONS[reason], EndRating(reason))
            for reason in reasons
        ),
    )


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Nobody has to answer."""
    return (Action("skip", _("Sla over"), "chevron-right", EndRating(None)),)


def reason_word(reason: FeedbackReason, _: Translator) -> str:
    """In a visitor's words."""
    return {
        FeedbackReason.NICE: _("Het is mooi gelukt"),
        FeedbackReason.NOT_STRONG: _("Het is niet stevig"),
        FeedbackReason.NOT_PRETTY: _("Het is niet mooi"),
        FeedbackReason.TOO_LONG: _("Het duurde lang"),
        FeedbackReason.DID_NOT_FIT: _("Het past niet"),
        FeedbackReason.OTHER: _("Iets anders"),
    }[reason]


_ICONS = {
    FeedbackReason.NICE: "heart",
    FeedbackReason.NOT_STRONG: "heart-broken",
    FeedbackReason.NOT_PRETTY: "eye",
    FeedbackReason.TOO_LONG: "timer",
    FeedbackReason.DID_NOT_FIT: "ruler",
    FeedbackReason.OTHER: "comment-outline",
}

"""What the next visitor will see first: it can be made ready while nobody is there. Pure."""

from collections.abc import Iterator

from kiosk.domain.collection import found
from kiosk.domain.intents import ChooseCard, Intent, LookAt, Wake, WantPrint
from kiosk.domain.model import Model
from kiosk.domain.session import Aspect
from kiosk.domain.update import update


def coming(model: Model) -> Iterator[Model]:
    """After each of the first touches, the last one first: the plate, a card seen in every way, the collection."""
    pieces = found(model)
    looks = [LookAt(aspect) for aspect in (Aspect.LAYERS, Aspect.SIZE, Aspect.TURN)]
    if pieces:
        card = pieces[0].card.id
        yield from (_after(model, Wake(), ChooseCard(card), touch) for touch in (WantPrint(), *looks))
    yield _after(model, Wake())


def _after(model: Model, *intents: Intent) -> Model:
    for intent in intents:
        model, _effects = update(model, intent)
    return model

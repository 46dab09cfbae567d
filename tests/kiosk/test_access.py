"""What a visitor makes easier: chosen, taken back, put off, forgotten."""

from pathlib import Path

import pytest
from worlds import NOW, model

from kiosk.domain import idle, intents, news
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.modes import Contrast, Modes
from kiosk.domain.session import Place
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import access


def after(start: Model, *events: Event) -> Model:
    for event in events:
        start, _effects = update(start, event)
    return start


def test_modes_are_this_visitors_only(collection: Path) -> None:
    chosen = after(
        model(collection),
        intents.Wake(),
        intents.ChooseLanguage("ar"),
        intents.ChooseModes(Modes(large=True, contrast=Contrast.NIGHT, still=True)),
    )
    assert chosen.session.modes.large
    left = after(chosen, news.Tick(NOW, chosen.world.uptime_s + 120))
    assert (left.session.modes, left.session.language) == (Modes(), "nl")


@pytest.mark.parametrize(
    "chosen", [intents.ChooseModes(Modes(large=True)), intents.ChooseLanguage("fr"), intents.ReadAloud()]
)
def test_what_a_visitor_chose_is_never_taken_away_without_asking(chosen: Event, collection: Path) -> None:
    watching = model(collection).with_session(place=Place.JOB)
    quiet = news.Tick(NOW, watching.world.uptime_s + 95)
    assert idle.seconds_left(after(watching, quiet)) is None, "nobody chose anything: nothing to ask"
    assert idle.seconds_left(after(watching, chosen, quiet)) == 25


def test_the_countdown_can_be_put_off_as_often_as_wanted(collection: Path) -> None:
    there = after(model(collection), intents.Wake())
    for times in range(1, 13):
        there = after(there, news.Tick(NOW, 1000.0 + times * 110))
        assert idle.seconds_left(there) == 10
        there = after(there, intents.Touched())
        assert idle.seconds_left(there) is None
    assert there.session.place is Place.COLLECTION


def test_a_second_touch_takes_a_mode_back() -> None:
    _ = Translator("nl")
    for modes in (Modes(), Modes(False, Contrast.LIGHT, True, False), Modes(contrast=Contrast.NIGHT)):
        for action in access.sheet(modes, True, _).actions[:-1]:
            again = next(a for a in access.sheet(action.intent.modes, True, _).actions if a.name == action.name)
            assert action.intent.modes != modes
            if "contrast" not in action.icon and action.name not in ("mode:light", "mode:night"):
                assert again.intent.modes == modes


def test_modes_go_together() -> None:
    """Who sits in a wheelchair and sees little needs large letters and everything low."""
    modes = Modes()
    for name in ("mode:large", "mode:low", "mode:night"):
        actions = access.sheet(modes, True, Translator("nl")).actions
        modes = next(action.intent.modes for action in actions if action.name == name)
    assert modes == Modes(large=True, low=True, contrast=Contrast.NIGHT)


def test_low_reach_is_not_offered_where_the_glass_is_low() -> None:
    names = [action.name for action in access.sheet(Modes(), False, Translator("nl")).actions]
    assert "mode:low" not in names and "mode:large" in names

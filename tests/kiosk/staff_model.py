"""The model of a kiosk at which somebody of the library stands, and what is shown to them."""

from worlds import NOW

from firmware_bridge.contract import (
    Role,
    Session,
    Unlock,
)
from kiosk.domain import events, intents, news
from kiosk.domain.effects import Ask
from kiosk.domain.model import Model
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import present
from kiosk.presenters.staff.views import PageView, Tile
from kiosk.presenters.views import View

NL = Translator("nl")


def after(kiosk: Model, *events: events.Event) -> tuple[Model, list[object]]:
    """The model, and everything that was asked of the bridge."""
    asked: list[object] = []
    for event in events:
        kiosk, effects = update(kiosk, event)
        asked += [effect.request for effect in effects if isinstance(effect, Ask)]
    return kiosk, asked


def tick(kiosk: Model, seconds: float) -> Model:
    return after(kiosk, news.Tick(NOW, kiosk.world.uptime_s + seconds))[0]


def inside(kiosk: Model, role: Role) -> Model:
    digits = [intents.PressDigit(digit) for digit in "4711"]
    kiosk, asked = after(kiosk, intents.WantStaff(), *digits, intents.EnterPin())
    assert asked == [Unlock(pin="4711")]
    return after(kiosk, news.Accepted(Unlock(pin="4711"), Session(role=role, expires_in_s=120)))[0]


def shown(kiosk: Model) -> View:
    return present(kiosk, NL)


def tiles(kiosk: Model) -> dict[str, Tile]:
    body = shown(kiosk).body
    assert isinstance(body, PageView)
    return {tile.action.name: tile for tile in body.tiles if tile}


def words(kiosk: Model) -> str:
    body = shown(kiosk).body
    assert isinstance(body, PageView)
    return " ".join(line.text for line in body.lines)

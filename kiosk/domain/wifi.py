"""Choosing the Wi-Fi: the networks that the set-up service has found, a password, and what came of it."""

from dataclasses import replace

from kiosk.domain import intents, news
from kiosk.domain.draft import KeyPage
from kiosk.domain.effects import Effect, FindNetworks, JoinNetwork
from kiosk.domain.events import Event
from kiosk.domain.keyboard import CHARACTERS, PAGES, Special
from kiosk.domain.model import Model
from kiosk.domain.networks import Access, JoinStep, Network, Stage, WifiTrouble, WifiVisit
from kiosk.domain.session import Place

Outcome = tuple[Model, tuple[Effect, ...]]

SHORTEST, LONGEST = 8, 64
"""Of a WPA password."""
JOINABLE = frozenset({Access.OPEN, Access.PASSWORD})


def begin(model: Model) -> Outcome:
    """To the list; staff's PIN goes along for as long as they are here."""
    staff = model.session.staff
    visit = WifiVisit(pin=staff.pin if staff else "")
    return _at(model.with_session(place=Place.WIFI, step=0), visit, FindNetworks(visit.pin))


def handle(model: Model, event: Event) -> Outcome | None:
    """What is touched on these screens; None: it means what it means everywhere."""
    visit = model.session.wifi
    if visit is None or model.session.place is not Place.WIFI:
        return None
    match event:
        case intents.FindWifi():
            searching = replace(visit, stage=Stage.LIST, networks=None, trouble=None)
            return _at(model.with_session(step=0), searching, FindNetworks(visit.pin))
        case intents.PickNetwork(network=network):
            return _picked(model, visit, network)
        case intents.ShowPassword():
            return _at(model, replace(visit, shown=not visit.shown))
        case intents.PressKey(key=Special.DONE.value):
            return _entered(model, visit)
        case intents.PressKey(key=key) if visit.stage is Stage.PASSWORD:
            return _at(model, _typed(replace(visit, is_short=False), key))
        case intents.TurnPage(by=by):
            return model.with_session(step=max(0, model.session.step + by)), ()
        case intents.RetypePassword() if visit.chosen:
            return _at(model, replace(visit, stage=Stage.PASSWORD, trouble=None))
        case intents.GoBack() if visit.stage is Stage.PASSWORD:
            return _at(model, _without_password(replace(visit, stage=Stage.LIST)))
        case intents.GoBack() if visit.stage is not Stage.JOINING:
            return left(model), ()
    return None


def left(model: Model) -> Model:
    """Back to where they came from; nothing that was typed stays."""
    place = Place.STAFF if model.session.staff else Place.ATTRACT
    return model.with_session(place=place, wifi=None, step=0)


def heard(model: Model, event: Event) -> Model:
    """What the set-up service says; what nobody waits for any more is dropped."""
    visit = model.session.wifi
    if visit is None:
        return model
    match event:
        case news.NetworksFound(networks=networks) if visit.stage is Stage.LIST:
            visit = replace(visit, networks=networks)
        case news.JoinProgress(step=step) if visit.stage is Stage.JOINING:
            visit = replace(visit, step=step)
        case news.WifiEnded(trouble=trouble) if visit.stage is Stage.JOINING or trouble:
            ended = replace(visit, stage=Stage.ENDED, trouble=trouble)
            visit = ended if trouble is WifiTrouble.WRONG_PASSWORD else _without_password(ended)
    return model.with_session(wifi=visit)


def can_join(visit: WifiVisit) -> bool:
    """What is typed may be a password."""
    return SHORTEST <= len(visit.password) <= LONGEST


def _at(model: Model, visit: WifiVisit, *effects: Effect) -> Outcome:
    return model.with_session(wifi=visit), effects


def _picked(model: Model, visit: WifiVisit, wanted: str) -> Outcome:
    network = next((each for each in visit.networks or () if each.id == wanted), None)
    if network is None or network.access not in JOINABLE or visit.stage is not Stage.LIST:
        return model, ()
    chosen = _without_password(replace(visit, chosen=network, trouble=None))
    if network.access is Access.OPEN:
        return _joining(model, chosen, network)
    return _at(model, replace(chosen, stage=Stage.PASSWORD))


def _entered(model: Model, visit: WifiVisit) -> Outcome:
    if visit.stage is not Stage.PASSWORD or visit.chosen is None:
        return model, ()
    if not visit.password:
        return _at(model, replace(visit, stage=Stage.LIST))
    if not can_join(visit):
        return _at(model, replace(visit, is_short=True))
    return _joining(model, visit, visit.chosen)


def _joining(model: Model, visit: WifiVisit, network: Network) -> Outcome:
    joining = replace(visit, stage=Stage.JOINING, step=JoinStep.CONNECTING, trouble=None, shown=False)
    return _at(model, joining, JoinNetwork(network.id, visit.password, visit.pin))


def _typed(visit: WifiVisit, key: str) -> WifiVisit:
    match key:
        case Special.BACKSPACE.value:
            return replace(visit, password=visit.password[:-1])
        case Special.SHIFT.value:
            return replace(visit, capital=not visit.capital)
        case Special.SPACE.value:
            return _with(visit, " ")
    if key in PAGES:
        return replace(visit, page=PAGES[key])
    if len(key) == 1 and any(key in CHARACTERS[page] for page in KeyPage):
        return _with(visit, key.upper() if visit.capital else key)
    return visit


def _with(visit: WifiVisit, character: str) -> WifiVisit:
    password = (visit.password + character)[:LONGEST]
    return replace(visit, password=password, capital=False)


def _without_password(visit: WifiVisit) -> WifiVisit:
    return replace(visit, password="", capital=False, shown=False, is_short=False, page=KeyPage.LETTERS)

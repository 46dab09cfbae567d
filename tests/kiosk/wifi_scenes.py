"""Setting a kiosk up: the ticks, and the Wi-Fi by list and keyboard."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from kiosk.domain import intents, news
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.networks import Access, JoinStep, Network, Stage, WifiTrouble, WifiVisit
from kiosk.domain.session import Place
from kiosk.domain.setup import Mark, Setup, SetupCheck, WifiChoice

LIBRARY = Network("a:password", "Bibliotheek De Werkbank", 82, Access.PASSWORD)
GUESTS = Network("b:open", "Stad-Gasten", 55, Access.OPEN)
NETWORKS = (
    LIBRARY,
    GUESTS,
    Network("c:password", "W" * 32, 38, Access.PASSWORD),
    Network("d:password", "مكتبة المدينة", 31, Access.PASSWORD),
    Network("e:password", "Bib ?? nooit gezien (2)", 12, Access.PASSWORD),
    Network("f:enterprise", "eduroam", 90, Access.ENTERPRISE),
    Network("g:outdated", "linksys", 44, Access.OUTDATED),
    Network("h:hidden", "", 70, Access.HIDDEN),
    Network("i:open", "Bibliotheek De Werkbank", 9, Access.OPEN),
)
NETWORK = SetupCheck(
    "network",
    "Netwerk",
    Mark.BAD,
    "Er zit geen netwerkkabel in.",
    "Steek de kabel in het scherm en in de muur, of kies wifi.",
)
JOINED = SetupCheck(
    "network", "Netwerk", Mark.GOOD, "Verbonden met wifi ({address}).", values={"address": "192.0.2.7"}
)
PORTAL = SetupCheck(
    "network",
    "Netwerk",
    Mark.BAD,
    "Dit netwerk toont eerst een webpagina. Nummer van dit scherm: {number}.",
    "Vraag de ICT om dit scherm door te laten, of kies een ander netwerk.",
    {"number": "b8:27:eb:00:00:01"},
)
LATER = (
    SetupCheck("clock", "Klok", Mark.WAITING, "De klok wacht op het netwerk."),
    SetupCheck(
        "region",
        "Regio",
        Mark.BAD,
        "Dit scherm is nog niet aangemeld.",
        "Steek de USB-stick met het opstartbestand in het scherm.",
    ),
    SetupCheck("printer", "Printer", Mark.GOOD, "De printer antwoordt."),
    SetupCheck("test_print", "Proefprint", Mark.WAITING, "De proefprint wacht op de printer."),
)
NO_NETWORK = Setup(False, (NETWORK, *LATER), WifiChoice.FREE)


def wifi_scenes(
    dispatch: Callable[[Event], None], get: Callable[[], Model], put: Callable[[Model], None]
) -> Iterator[str]:
    """From the first tick to a network, and everything that may come in between. Nobody is there to be asked."""

    def show(**visit: object) -> None:
        put(get().with_session(place=Place.WIFI, wifi=replace(get().session.wifi or WifiVisit(), **visit)))

    before = get()
    put(before.with_session(place=Place.ATTRACT))
    dispatch(news.SetupSeen(NO_NETWORK))
    yield "setup"
    show()
    yield "wifi-searching"
    dispatch(news.NetworksFound(()))
    yield "wifi-none"
    dispatch(news.NetworksFound(NETWORKS))
    yield "wifi"
    dispatch(intents.TurnPage(1))
    yield "wifi-second-page"
    for _page in NETWORKS:
        dispatch(intents.TurnPage(1))
    yield "wifi-last-page"
    dispatch(intents.PickNetwork(NETWORKS[2].id))
    yield "wifi-password-empty"
    dispatch(intents.PressKey("done"))
    dispatch(intents.PickNetwork(LIBRARY.id))
    for key in ("w", "shift", "m", "done"):
        dispatch(intents.PressKey(key))
    yield "wifi-password-short"
    for page, keys in (("digits", "4!"), ("symbols", "@{\\"), ("letters", "qwe")):
        dispatch(intents.PressKey(page))
        for key in keys:
            dispatch(intents.PressKey(key))
        dispatch(intents.PressKey("shift"))
        yield f"wifi-password-{page}"
    dispatch(intents.ShowPassword())
    yield "wifi-password-shown"
    for key in "azertyuiopqsdfghjklm" * 3:
        dispatch(intents.PressKey(key))
    yield "wifi-password-long"
    show(stage=Stage.JOINING)
    for step in JoinStep:
        dispatch(news.JoinProgress(step))
        yield f"wifi-{step.value}"
    for trouble in WifiTrouble:
        show(stage=Stage.JOINING)
        dispatch(news.WifiEnded(trouble))
        yield f"wifi-{trouble.value}"
    show(stage=Stage.JOINING, chosen=GUESTS, step=JoinStep.CONNECTING)
    yield "wifi-open"
    dispatch(news.WifiEnded(None))
    yield "wifi-joined"
    dispatch(intents.GoBack())
    dispatch(news.SetupSeen(Setup(False, (JOINED, *LATER), WifiChoice.FREE)))
    yield "setup-joined"
    dispatch(news.SetupSeen(Setup(False, (PORTAL, *LATER), WifiChoice.FREE)))
    yield "setup-portal"
    put(before)

"""Choosing the Wi-Fi: the list, the password, joining, and what came of it."""

from dataclasses import dataclass

from kiosk.domain.draft import KeyPage
from kiosk.domain.intents import (
    FindWifi,
    GoBack,
    PickNetwork,
    PressKey,
    RetypePassword,
    ShowPassword,
    TurnPage,
)
from kiosk.domain.keyboard import PASSWORD_PAGES, Special
from kiosk.domain.model import Model
from kiosk.domain.networks import Access, JoinStep, Network, Stage, WifiTrouble, WifiVisit
from kiosk.domain.wifi import JOINABLE, can_join
from kiosk.locale import Translator
from kiosk.presenters.staff.views import PageView
from kiosk.presenters.views import Action, Badge, Role, Tone

COLUMNS = 2
ROWS, FEW_ROWS = 4, 2
MOST_BARS = 4


@dataclass(frozen=True)
class NetworkRow:
    """A network: `pick` has its name and its lock. `bars` is 1 to MOST_BARS. `words` say both, or why not."""

    pick: Action
    bars: int
    words: str


@dataclass(frozen=True)
class WifiView:
    """One page of the list, in `columns`; `note` where there is none."""

    title: str
    rows: tuple[NetworkRow, ...]
    columns: int
    note: str
    page: str


@dataclass(frozen=True)
class PasswordView:
    """The field: what was typed or dots for it, or `hint`; an `eye` and its word, `reveal`. And the keyboard."""

    title: str
    text: str
    hint: str
    eye: str
    reveal: str
    pages: tuple[KeyPage, ...]
    page: KeyPage
    capital: bool
    space: str
    done: str


def present(model: Model, visit: WifiVisit, _: Translator) -> tuple[str, object]:
    """The screen that shows it, and its body."""
    match visit.stage:
        case Stage.PASSWORD:
            return "wifi-password", _password(model, visit, _)
        case Stage.JOINING:
            return "wifi-join", _joining(visit, _)
        case Stage.ENDED:
            return "wifi-join", _ended(visit, _)
    return "wifi", _list(model, visit, _)


def actions(model: Model, visit: WifiVisit, _: Translator) -> tuple[Action, ...]:
    """At the bottom right."""
    match visit.stage:
        case Stage.PASSWORD if model.world.is_roomy:
            return _typing_actions(model, visit, _)
        case Stage.PASSWORD | Stage.JOINING:
            return ()
        case Stage.ENDED:
            return _after(visit, _)
    again = Action("wifi-again", _("Zoek opnieuw"), "refresh", FindWifi(), enabled=visit.networks is not None)
    count = _pages(model, visit)
    if count == 1:
        return (again,)
    step = _page(model, visit)
    return (
        Action("previous-page", _("Vorige"), "chevron-left", TurnPage(-1), enabled=step > 0),
        Action("next-page", _("Volgende"), "chevron-right", TurnPage(1), enabled=step < count - 1),
        again,
    )


def _typing_actions(model: Model, visit: WifiVisit, _: Translator) -> tuple[Action, ...]:
    """Where all is low the field is out of reach: its eye stands here, unless large letters leave it no room."""
    join = Action("wifi-join", _("Verbind"), "check", PressKey(Special.DONE.value), Role.PRIMARY, can_join(visit))
    modes = model.session.modes
    if not modes.low or modes.large:
        return (join,)
    eye, word = _eye(visit, _)
    return (Action("show-password", word, eye, ShowPassword()), join)


def is_typing(visit: WifiVisit | None) -> bool:
    """The keyboard is on the glass."""
    return visit is not None and visit.stage is Stage.PASSWORD


def has_back(model: Model, visit: WifiVisit | None) -> bool:
    """While it joins there is nothing to go back to; on a small glass the keyboard takes the lower bar's room."""
    if visit is None or visit.stage is Stage.JOINING:
        return False
    return model.world.is_roomy or not is_typing(visit)


def _list(model: Model, visit: WifiVisit, _: Translator) -> WifiView:
    networks, page = visit.networks, _page(model, visit)
    each = _columns(model) * _rows(model)
    shown = (networks or ())[page * each : (page + 1) * each]
    note = ""
    if networks is None:
        note = _("Het scherm zoekt wifi …")
    elif not networks:
        note = _("Er is hier geen wifi gevonden. Gebruik een netwerkkabel.")
    count = _pages(model, visit)
    return WifiView(
        title=_("Kies een wifinetwerk"),
        rows=tuple(_row(n, network, _) for n, network in enumerate(shown, page * each)),
        columns=_columns(model),
        note=note,
        page=f"{page + 1}/{count}" if count > 1 else "",
    )


def _row(number: int, network: Network, _: Translator) -> NetworkRow:
    joinable = network.access in JOINABLE
    name = network.name or _("Verborgen netwerk")
    icon = "lock-open-outline" if network.access is Access.OPEN else "lock"
    pick = Action(f"network:{number}", name, icon, PickNetwork(network.id), enabled=joinable)
    bars = min(MOST_BARS, 1 + network.strength * MOST_BARS // 101)
    return NetworkRow(pick, bars, _words(network, bars, _))


def _words(network: Network, bars: int, _: Translator) -> str:
    if network.access not in JOINABLE:
        return {
            Access.ENTERPRISE: _("Vraagt een gebruikersnaam: neem de kabel."),
            Access.OUTDATED: _("Te oude beveiliging: neem de kabel."),
        }.get(network.access, _("Vraag de ICT om de naam te tonen."))
    strength = _("zwak") if bars == 1 else _("redelijk") if bars == 2 else _("sterk")
    way = _("met wachtwoord") if network.access is Access.PASSWORD else _("zonder wachtwoord")
    return f"{strength}, {way}"


def _password(model: Model, visit: WifiVisit, _: Translator) -> PasswordView:
    is_empty = not visit.password or visit.is_short
    eye, word = _eye(visit, _)
    # A small field holds no more than how long it must be.
    hint = _("Wachtwoord: minstens 8 tekens") if model.world.is_roomy else "8 – 63"
    return PasswordView(
        title=_name(visit),
        text="" if is_empty else visit.password if visit.shown else "•" * len(visit.password),
        hint=hint if is_empty else "",
        eye=eye,
        reveal=word,
        pages=PASSWORD_PAGES,
        page=visit.page,
        capital=visit.capital,
        space=_("spatie"),
        done=_("Klaar"),
    )


def _eye(visit: WifiVisit, _: Translator) -> tuple[str, str]:
    """Icon and word."""
    return ("eye-off", _("Verberg")) if visit.shown else ("eye", _("Toon"))


def _joining(visit: WifiVisit, _: Translator) -> PageView:
    words = {
        JoinStep.CONNECTING: _("Netwerk zoeken"),
        JoinStep.CHECKING: _("Wachtwoord nakijken"),
        JoinStep.ADDRESS: _("Adres vragen"),
    }
    steps = list(JoinStep)
    if visit.chosen and visit.chosen.access is Access.OPEN:
        steps.remove(JoinStep.CHECKING)
    now = list(JoinStep).index(visit.step)
    lines = tuple(_step(words[step], list(JoinStep).index(step) - now) for step in steps)
    return PageView(title=_("Verbinden met {network} …", network=_name(visit)), lines=lines)


def _step(words: str, distance: int) -> Badge:
    if distance < 0:
        return Badge(words, "check", Tone.WELL)
    return Badge(words, "timer-sand", Tone.WAIT) if distance == 0 else Badge(words, "minus")


def _ended(visit: WifiVisit, _: Translator) -> PageView:
    if visit.trouble is None:
        joined = Badge(_("Verbonden met {network}.", network=_name(visit)), "check", Tone.WELL)
        portal = _portal(_)
        is_open = visit.chosen is not None and visit.chosen.access is Access.OPEN
        return PageView(title=_("Wifi"), lines=(joined, *((Badge(portal, "alert"),) if is_open else ())))
    happened, remedy = _trouble_words(visit.trouble, _)
    lines = (Badge(happened, "alert", Tone.STOP), Badge(remedy, "hand-pointing-right"))
    return PageView(title=_("Wifi"), lines=lines)


def _portal(_: Translator) -> str:
    return _("Moet je hier eerst een webpagina aanvaarden? Dat kan dit scherm niet: vraag raad aan de ICT.")


def _trouble_words(trouble: WifiTrouble, _: Translator) -> tuple[str, str]:
    return {
        WifiTrouble.WRONG_PASSWORD: (
            _("Dit wachtwoord klopt niet."),
            _("Kijk na of je hoofdletters juist zijn en typ het opnieuw."),
        ),
        WifiTrouble.NO_ADDRESS: (
            _("Het netwerk geeft dit scherm geen adres."),
            _("Vraag aan de ICT of dit scherm op dit netwerk mag (DHCP)."),
        ),
        WifiTrouble.OUT_OF_REACH: (
            _("Het netwerk antwoordt niet, of het is te ver weg."),
            _("Zet het scherm dichter bij het wifipunt, of neem een netwerkkabel."),
        ),
        WifiTrouble.PORTAL: (
            _("Verbonden, maar dit netwerk toont eerst een webpagina."),
            _portal(_),
        ),
        WifiTrouble.NO_CARD: (_("Dit scherm heeft geen wifi."), _("Gebruik een netwerkkabel.")),
        WifiTrouble.NOT_ALLOWED: (
            _("Alleen een technicus mag de wifi veranderen."),
            _("Meld je aan met de code van de technicus."),
        ),
        WifiTrouble.FAILED: (
            _("Verbinden lukt niet."),
            _("Probeer opnieuw, kies een ander netwerk of neem een netwerkkabel."),
        ),
        WifiTrouble.AWAY: (
            _("Het programma voor het netwerk antwoordt niet."),
            _("Zet het scherm uit en weer aan. Helpt dat niet: bel de regio."),
        ),
    }[trouble]


_HOPELESS = frozenset({WifiTrouble.NO_CARD, WifiTrouble.NOT_ALLOWED})


def _after(visit: WifiVisit, _: Translator) -> tuple[Action, ...]:
    if visit.trouble is None:
        return (Action("wifi-done", _("Verder"), "arrow-right", GoBack(), Role.PRIMARY),)
    if visit.trouble in _HOPELESS:
        return ()
    other = Action("wifi-other", _("Ander netwerk"), "wifi", FindWifi())
    if visit.trouble is WifiTrouble.WRONG_PASSWORD:
        return (other, Action("wifi-retype", _("Typ opnieuw"), "keyboard", RetypePassword(), Role.PRIMARY))
    return (other,)


def _name(visit: WifiVisit) -> str:
    return visit.chosen.name if visit.chosen else ""


def _columns(model: Model) -> int:
    return 1 if model.session.modes.large else COLUMNS


def _rows(model: Model) -> int:
    modes = model.session.modes
    if modes.large:
        return FEW_ROWS if model.world.is_roomy and not modes.low else 1
    return ROWS if model.world.is_roomy and not modes.low else FEW_ROWS


def _pages(model: Model, visit: WifiVisit) -> int:
    return max(1, -(-len(visit.networks or ()) // (_columns(model) * _rows(model))))


def _page(model: Model, visit: WifiVisit) -> int:
    return min(model.session.step, _pages(model, visit) - 1)

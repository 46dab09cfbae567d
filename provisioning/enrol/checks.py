"""What a kiosk needs before it can be left alone: five ticks, and for each that is missing, what to do.

Pure: facts in, ticks out. Words are Dutch, for who stands in front of the screen with a card in their hand; the
screen says them in its other languages too.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Final

BUILT: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right stands before it."""


def _(text: str) -> str:
    """Marks what the screen translates (kiosk/locale); here it stays Dutch."""
    return text


class Tick(Enum):
    """Green, red, or not yet to be known."""

    GOOD = "good"
    BAD = "bad"
    WAITING = "waiting"


class WifiChoice(Enum):
    """Whether the set-up screen offers Wi-Fi: not without a card or where the cable gives a network; then by
    anybody who sets up, later with a technician's PIN."""

    NO = "no"
    FREE = "free"
    PIN = "pin"


@dataclass(frozen=True)
class Check:
    """`what`: network, clock, region, printer or test_print. `values` stand in `said`. No `remedy` where all is
    well."""

    what: str
    title: str
    tick: Tick
    said: str
    remedy: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """`said`, with its values."""
        return self.said.format(**self.values) if self.values else self.said


@dataclass(frozen=True)
class SetupFacts:
    """Seen on this machine. `step`, `trouble` and `message`: of the enrolment (`run.py`); '' where it is over.
    `portal_card`: the hardware address that the network knows this machine by, where it wants a web page accepted
    before it lets through; '' where it does not."""

    addresses: tuple[str, ...]
    has_cable: bool
    has_wireless: bool
    now: datetime
    clock_is_synchronised: bool
    is_enrolled: bool
    step: str = ""
    trouble: str = ""
    message: str = ""
    broker_answers: bool = False
    bridge_answers: bool = False
    printer_connected: bool = False
    printer_fault: str = ""
    has_printed: bool = False
    is_printing: bool = False
    portal_card: str = ""


def checks(facts: SetupFacts) -> tuple[Check, ...]:
    """In the order in which they come good."""
    return (_network(facts), _clock(facts), _region(facts), _printer(facts), _test_print(facts))


def is_ready(ticks: tuple[Check, ...]) -> bool:
    """All five are green."""
    return all(check.tick is Tick.GOOD for check in ticks)


def is_set_up(facts: SetupFacts) -> bool:
    """Visitors may come; a region that is away later does not undo it."""
    return facts.is_enrolled and facts.has_printed


def wifi_choice(facts: SetupFacts) -> WifiChoice:
    """Wired first: where a cable gives a network nothing is asked."""
    if not facts.has_wireless or (facts.has_cable and facts.addresses):
        return WifiChoice.NO
    return WifiChoice.PIN if facts.is_enrolled else WifiChoice.FREE


def _network(facts: SetupFacts) -> Check:
    title = _("Netwerk")
    if facts.portal_card:
        said = _("Dit netwerk toont eerst een webpagina. Nummer van dit scherm: {number}.")
        remedy = _("Vraag de ICT om dit scherm door te laten, of kies een ander netwerk.")
        return Check("network", title, Tick.BAD, said, remedy, {"number": facts.portal_card})
    if facts.addresses:
        said = (
            _("Verbonden met de kabel ({address}).") if facts.has_cable else _("Verbonden met wifi ({address}).")
        )
        return Check("network", title, Tick.GOOD, said, values={"address": facts.addresses[0]})
    if facts.has_cable:
        said = _("De kabel zit erin, maar het netwerk geeft geen adres.")
        remedy = _("Vraag aan de ICT of dit netwerkpunt aan staat.")
    else:
        said = _("Er zit geen netwerkkabel in.")
        remedy = _("Steek de kabel in het scherm en in de muur.")
        if facts.has_wireless:
            remedy = _("Steek de kabel in het scherm en in de muur, of kies wifi.")
    return Check("network", title, Tick.BAD, said, remedy)


def _clock(facts: SetupFacts) -> Check:
    if facts.clock_is_synchronised and facts.now >= BUILT and facts.trouble != "clock":
        return Check("clock", _("Klok"), Tick.GOOD, _("De klok staat juist."))
    if not facts.addresses or facts.portal_card:
        return Check("clock", _("Klok"), Tick.WAITING, _("De klok wacht op het netwerk."))
    return Check(
        "clock",
        _("Klok"),
        Tick.BAD,
        _("De klok heeft de juiste tijd nog niet gekregen."),
        _("Wacht vijf minuten. Blijft dit rood? Vraag aan de ICT of NTP (poort 123) open staat."),
    )


_REGION_REMEDIES: Final = {
    "unreachable": _("Vraag aan de ICT of dit scherm de regio mag bereiken (poorten 8443 en 8883)."),
    "not_our_region": _("Er antwoordt een andere server dan in het opstartbestand staat. Bel de regio."),
    "clock": _("Eerst moet de klok juist staan."),
    "setup_file": _("Vraag de regio een nieuw opstartbestand."),
    "nonsense": _("Zet het scherm uit en weer aan. Helpt dat niet: bel de regio."),
}


def _region(facts: SetupFacts) -> Check:
    title = _("Regio")
    if facts.is_enrolled and facts.broker_answers:
        return Check("region", title, Tick.GOOD, _("Dit scherm is aangemeld bij de regio."))
    if facts.is_enrolled:
        if not facts.addresses or facts.portal_card:
            return Check("region", title, Tick.WAITING, _("Aangemeld. De regio wacht op het netwerk."))
        remedy = _("Vraag aan de ICT of dit scherm de regio mag bereiken (poort 8883).")
        return Check("region", title, Tick.BAD, _("Aangemeld, maar de regio antwoordt niet."), remedy)
    if facts.trouble == "refused":
        return Check("region", title, Tick.BAD, _("De regio zegt nee."), facts.message)
    if facts.portal_card or (facts.trouble == "unreachable" and not facts.addresses):
        return Check("region", title, Tick.WAITING, _("Het aanmelden wacht op het netwerk."))
    if facts.trouble:
        said = (
            _("Het opstartbestand is niet te gebruiken.")
            if facts.trouble == "setup_file"
            else _("Aanmelden lukt niet.")
        )
        return Check("region", title, Tick.BAD, said, _REGION_REMEDIES.get(facts.trouble, _("Bel de regio.")))
    if facts.step in ("", "wait"):
        remedy = _("Steek de USB-stick met het opstartbestand in het scherm.")
        return Check("region", title, Tick.BAD, _("Dit scherm is nog niet aangemeld."), remedy)
    return Check("region", title, Tick.WAITING, _("Het scherm meldt zich aan …"))


def _printer(facts: SetupFacts) -> Check:
    if facts.printer_connected and not facts.printer_fault:
        return Check("printer", _("Printer"), Tick.GOOD, _("De printer antwoordt."))
    if facts.printer_fault:
        remedy = _("Kijk op het scherm voor medewerkers wat er scheelt.")
        return Check("printer", _("Printer"), Tick.BAD, _("De printer meldt een probleem."), remedy)
    if not facts.bridge_answers:
        return Check("printer", _("Printer"), Tick.WAITING, _("Het programma voor de printer start …"))
    remedy = _("Zet de printer aan en steek de USB-kabel in het scherm en in de printer.")
    return Check("printer", _("Printer"), Tick.BAD, _("De printer antwoordt niet."), remedy)


def _test_print(facts: SetupFacts) -> Check:
    title = _("Proefprint")
    if facts.has_printed:
        return Check("test_print", title, Tick.GOOD, _("Er is een print gelukt."))
    if facts.is_printing:
        return Check("test_print", title, Tick.WAITING, _("De proefprint loopt …"))
    if not facts.printer_connected:
        return Check("test_print", title, Tick.WAITING, _("De proefprint wacht op de printer."))
    remedy = _("Kies op het scherm een klein model en print het.")
    return Check("test_print", title, Tick.BAD, _("Er is nog niets geprint."), remedy)

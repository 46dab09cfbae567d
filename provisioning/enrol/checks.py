"""What a kiosk needs before it can be left alone: five ticks, and for each that is missing, what to do.

Pure: facts in, ticks out. Words are Dutch, for who stands in front of the screen with a card in their hand.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final

BUILT: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right stands before it."""


class Tick(Enum):
    """Green, red, or not yet to be known."""

    GOOD = "good"
    BAD = "bad"
    WAITING = "waiting"


@dataclass(frozen=True)
class Check:
    """`what`: network, clock, region, printer or test_print. No `remedy` where it is good."""

    what: str
    title: str
    tick: Tick
    said: str
    remedy: str = ""


@dataclass(frozen=True)
class SetupFacts:
    """Seen on this machine. `step`, `trouble` and `message`: of the enrolment (`run.py`); '' where it is over."""

    addresses: tuple[str, ...]
    has_cable: bool
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


def checks(facts: SetupFacts) -> tuple[Check, ...]:
    """In the order in which they come good."""
    return (_network(facts), _clock(facts), _region(facts), _printer(facts), _test_print(facts))


def is_ready(ticks: tuple[Check, ...]) -> bool:
    """All five are green."""
    return all(check.tick is Tick.GOOD for check in ticks)


def is_set_up(facts: SetupFacts) -> bool:
    """Visitors may come; a region that is away later does not undo it."""
    return facts.is_enrolled and facts.has_printed


def _network(facts: SetupFacts) -> Check:
    if facts.addresses:
        way = "met de kabel" if facts.has_cable else "met wifi"
        return Check("network", "Netwerk", Tick.GOOD, f"Verbonden {way} ({facts.addresses[0]}).")
    if facts.has_cable:
        said, remedy = (
            "De kabel zit erin, maar het netwerk geeft geen adres.",
            "Vraag aan de ICT of dit netwerkpunt aan staat.",
        )
    else:
        said, remedy = "Er zit geen netwerkkabel in.", "Steek de kabel in het scherm en in de muur."
    return Check("network", "Netwerk", Tick.BAD, said, remedy)


def _clock(facts: SetupFacts) -> Check:
    if facts.clock_is_synchronised and facts.now >= BUILT and facts.trouble != "clock":
        return Check("clock", "Klok", Tick.GOOD, "De klok staat juist.")
    if not facts.addresses:
        return Check("clock", "Klok", Tick.WAITING, "De klok wacht op het netwerk.")
    return Check(
        "clock",
        "Klok",
        Tick.BAD,
        "De klok heeft de juiste tijd nog niet gekregen.",
        "Wacht vijf minuten. Blijft dit rood? Vraag aan de ICT of NTP (poort 123) open staat.",
    )


_REGION_REMEDIES: Final = {
    "unreachable": "Vraag aan de ICT of dit scherm de regio mag bereiken (poorten 8443 en 8883).",
    "not_our_region": "Er antwoordt een andere server dan in het opstartbestand staat. Bel de regio.",
    "clock": "Eerst moet de klok juist staan.",
    "setup_file": "Vraag de regio een nieuw opstartbestand.",
    "nonsense": "Zet het scherm uit en weer aan. Helpt dat niet: bel de regio.",
}


def _region(facts: SetupFacts) -> Check:
    title = "Regio"
    if facts.is_enrolled and facts.broker_answers:
        return Check("region", title, Tick.GOOD, "Dit scherm is aangemeld bij de regio.")
    if facts.is_enrolled:
        if not facts.addresses:
            return Check("region", title, Tick.WAITING, "Aangemeld. De regio wacht op het netwerk.")
        remedy = "Vraag aan de ICT of dit scherm de regio mag bereiken (poort 8883)."
        return Check("region", title, Tick.BAD, "Aangemeld, maar de regio antwoordt niet.", remedy)
    if facts.trouble == "refused":
        return Check("region", title, Tick.BAD, "De regio zegt nee.", facts.message)
    if facts.trouble == "unreachable" and not facts.addresses:
        return Check("region", title, Tick.WAITING, "Het aanmelden wacht op het netwerk.")
    if facts.trouble:
        said = (
            "Het opstartbestand is niet te gebruiken." if facts.trouble == "setup_file" else "Aanmelden lukt niet."
        )
        return Check("region", title, Tick.BAD, said, _REGION_REMEDIES.get(facts.trouble, "Bel de regio."))
    if facts.step in ("", "wait"):
        remedy = "Steek de USB-stick met het opstartbestand in het scherm."
        return Check("region", title, Tick.BAD, "Dit scherm is nog niet aangemeld.", remedy)
    return Check("region", title, Tick.WAITING, "Het scherm meldt zich aan …")


def _printer(facts: SetupFacts) -> Check:
    if facts.printer_connected and not facts.printer_fault:
        return Check("printer", "Printer", Tick.GOOD, "De printer antwoordt.")
    if facts.printer_fault:
        remedy = "Kijk op het scherm voor medewerkers wat er scheelt."
        return Check("printer", "Printer", Tick.BAD, "De printer meldt een probleem.", remedy)
    if not facts.bridge_answers:
        return Check("printer", "Printer", Tick.WAITING, "Het programma voor de printer start …")
    remedy = "Zet de printer aan en steek de USB-kabel in het scherm en in de printer."
    return Check("printer", "Printer", Tick.BAD, "De printer antwoordt niet.", remedy)


def _test_print(facts: SetupFacts) -> Check:
    title = "Proefprint"
    if facts.has_printed:
        return Check("test_print", title, Tick.GOOD, "Er is een print gelukt.")
    if facts.is_printing:
        return Check("test_print", title, Tick.WAITING, "De proefprint loopt …")
    if not facts.printer_connected:
        return Check("test_print", title, Tick.WAITING, "De proefprint wacht op de printer.")
    remedy = "Kies op het scherm een klein model en print het."
    return Check("test_print", title, Tick.BAD, "Er is nog niets geprint.", remedy)

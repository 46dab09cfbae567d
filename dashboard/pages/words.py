"""The words and icons of everything that the contract says in codes. Dutch here, other languages in locale/."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboard.pages import collection
from dashboard.pages.status import Condition, Connection, Reach
from firmware_bridge.contract import (
    AlertCode,
    Animal,
    CallReason,
    EventType,
    FaultCode,
    HealthCode,
    JobState,
    Origin,
    Ticket,
)


@dataclass(frozen=True, eq=False)
class Word:
    """A word, never without its icon; `tone` is the class of its colours (well, wait, stop or calm)."""

    text: Any
    icon: str
    tone: str = "calm"


SPANS: Final = {10: _("10 minuten"), 60: _("1 uur"), 360: _("6 uur"), 1440: _("24 uur"), 10_080: _("7 dagen")}
"""How far back a plot goes, in minutes."""

CONDITIONS: Final = {
    Condition.PRINTER_FAULT: Word(_("Storing"), "alert", "stop"),
    Condition.ATTENTION: Word(_("Wacht op hulp"), "alert", "stop"),
    Condition.JOB_FAILED: Word(_("Print mislukt"), "alert", "stop"),
    Condition.ALERT: Word(_("Alarm"), "alert", "stop"),
    Condition.NOT_REPORTING: Word(_("Meldt zich niet"), "silent", "wait"),
    Condition.PRINTER_AWAY: Word(_("Printer niet verbonden"), "unplugged", "wait"),
    Condition.UNKNOWN: Word(_("Niet bekend"), "unknown", "wait"),
    Condition.CLEAR_PLATE: Word(_("Plaat leegmaken"), "hand", "wait"),
    Condition.COLLECT: Word(_("Klaar om af te halen"), "gift", "wait"),
    Condition.WAITING_FOR_PLATE: Word(_("Wacht op lege plaat"), "hand", "wait"),
    Condition.PAUSED: Word(_("Pauze"), "pause", "wait"),
    Condition.HEATING: Word(_("Warmt op"), "heat", "well"),
    Condition.PRINTING: Word(pgettext_lazy("it is printing", "Print"), "printer", "well"),
    Condition.COOLING: Word(_("Koelt af"), "heat", "well"),
    Condition.BUSY: Word(_("Bezig"), "printer", "well"),
    Condition.FREE: Word(_("Vrij"), "check", "well"),
    Condition.OUT_OF_ORDER: Word(_("Buiten gebruik"), "wrench"),
    Condition.CLOSED: Word(_("Afgesloten"), "closed"),
}
REACHES: Final = {
    Reach.ONLINE: Word(_("meldt zich"), "check", "well"),
    Reach.LOST: Word(_("verbinding verbroken"), "silent", "wait"),
    Reach.SILENT: Word(_("verbonden, maar stil"), "silent", "wait"),
    Reach.CLOSED: Word(_("netjes afgesloten"), "closed"),
    Reach.NEVER: Word(_("nog nooit gehoord"), "unknown", "wait"),
    Reach.NOT_LISTENING: Word(_("niet bekend"), "unknown", "wait"),
}
CONNECTIONS: Final = {
    Connection.YES: Word(_("verbonden"), "check", "well"),
    Connection.NO: Word(_("niet verbonden"), "unplugged", "wait"),
    Connection.UNKNOWN: Word(_("niet bekend"), "unknown"),
}
JOB_STATES: Final = {
    JobState.SUBMITTED: Word(_("Ingediend"), "queue"),
    JobState.WAITING_FOR_STAFF: Word(_("Wacht op goedkeuring"), "hand", "wait"),
    JobState.QUEUED: Word(_("In de wachtrij"), "queue"),
    JobState.WAITING_FOR_PLATE: Word(_("Wacht op lege plaat"), "hand", "wait"),
    JobState.HEATING: Word(_("Warmt op"), "heat", "well"),
    JobState.PRINTING: Word(pgettext_lazy("it is printing", "Print"), "printer", "well"),
    JobState.PAUSED: Word(_("Pauze"), "pause", "wait"),
    JobState.COOLING: Word(_("Gelukt, koelt af"), "check", "well"),
    JobState.READY: Word(_("Gelukt, ligt klaar"), "gift", "well"),
    JobState.COLLECTED: Word(_("Gelukt, afgehaald"), "check", "well"),
    JobState.CANCELLED: Word(_("Gestopt"), "stop", "calm"),
    JobState.FAILED: Word(_("Mislukt"), "alert", "stop"),
    JobState.INTERRUPTED: Word(_("Onderbroken"), "alert", "stop"),
    JobState.EXPIRED: Word(_("Vervallen in de wachtrij"), "closed"),
}
FAULTS: Final = {
    FaultCode.PRINTER_MISSING: _("De printer is niet verbonden."),
    FaultCode.PRINTER_SILENT: _("De printer antwoordt niet meer."),
    FaultCode.PRINTER_RESET: _("De printer is onderweg herstart."),
    FaultCode.PRINTER_HALTED: _("De printer heeft zichzelf stilgelegd."),
    FaultCode.THERMAL: _("De temperatuur klopt niet met wat gevraagd is."),
    FaultCode.HEATING_TOO_SLOW: _("Het opwarmen duurt te lang."),
    FaultCode.COLD_EXTRUSION: _("De nozzle was te koud om te printen."),
    FaultCode.BAD_CONNECTION: _("De kabel naar de printer geeft te veel fouten."),
    FaultCode.WRONG_PRINTER: _("Het is een andere printer dan het profiel zegt."),
    FaultCode.UNSAFE_FIRMWARE: _("De firmware mist een beveiliging."),
    FaultCode.FILE_REFUSED: _("Het bestand is geweigerd bij de keuring."),
    FaultCode.DISK_FULL: _("De schijf van de kiosk is vol."),
    FaultCode.BRIDGE_STOPPED: _("De kiosk is tijdens de print gestopt."),
    FaultCode.POSITION_LOST: _("De printkop stond niet waar het bestand hem had gebracht."),
    FaultCode.EMERGENCY_STOP: _("Iemand drukte aan de kiosk op de noodstop."),
}
ALERTS: Final = {
    AlertCode.PRINTER_MISSING: _("Printer niet verbonden"),
    AlertCode.PRINTER_FAULT: _("Storing aan de printer"),
    AlertCode.JOB_FAILED: _("Print mislukt"),
    AlertCode.ATTENTION: _("De printer wacht op iemand"),
    AlertCode.DISK_FULL: _("De schijf is vol"),
    AlertCode.CALL: _("Een bezoeker roept hulp"),
    AlertCode.CLOSING: _("Print niet klaar voor sluitingstijd"),
    AlertCode.HEALTH: _("De kiosk zelf is niet in orde"),
}
REMEDIES: Final = {
    AlertCode.PRINTER_MISSING: _("Kijk of de printer aan staat en of de kabel vast zit."),
    AlertCode.PRINTER_FAULT: _(
        "Kijk of de printer koud is en of er niets klem zit. Zeg daarna aan de kiosk dat je gekeken hebt."
    ),
    AlertCode.JOB_FAILED: _("Haal de mislukte print van de plaat en zeg aan de kiosk dat de plaat leeg is."),
    AlertCode.ATTENTION: _("Ga naar de printer: op het scherm van de kiosk staat wat hij vraagt."),
    AlertCode.DISK_FULL: _("Er kan geen print meer bij. Laat een technicus plaats maken op de kiosk."),
    AlertCode.CALL: _("Ga naar de kiosk, of vraag een collega. Zeg hier dat er iemand komt."),
    AlertCode.CLOSING: _("Pauzeer of stop de print, of spreek af wie erbij blijft."),
    AlertCode.HEALTH: _("Laat een technicus ernaar kijken. Aan de kiosk staat meer bij Toestand."),
}
HEALTH: Final = {
    HealthCode.UNDERVOLTAGE: _("De voeding van de kiosk is te zwak."),
    HealthCode.HOT: _("De computer van de kiosk is te warm."),
    HealthCode.STORAGE_FAILING: _("De geheugenkaart bewaart niet wat erop geschreven wordt."),
    HealthCode.STORAGE_SLOW: _("De geheugenkaart schrijft traag."),
    HealthCode.STORAGE_LOW: _("De geheugenkaart is bijna vol."),
    HealthCode.WIFI_WEAK: _("Het wifisignaal is zwak."),
    HealthCode.CLOCK_NOT_SET: _("De klok is niet gelijkgezet."),
    HealthCode.PRINTER_LINK: _("De kabel naar de printer geeft veel fouten."),
    HealthCode.UPGRADE_WITHDRAWN: _("Een nieuwe versie werkte niet; de vorige draait weer."),
}
CALL_REASONS: Final = {
    CallReason.HELP: _("De bezoeker vraagt uitleg of hulp."),
    CallReason.DOES_NOT_STICK: _("De print kleeft niet aan de plaat."),
    CallReason.STRANGE: _("Er is iets vreemds: een geur of een geluid."),
    CallReason.PLATE: _("Er ligt iets op de plaat, of het komt er niet af."),
    CallReason.FILAMENT: _("Er is iets met het filament."),
    CallReason.OTHER: _("De bezoeker gaf geen reden."),
}
ANIMALS: Final = {
    Animal.BEAR: _("Beer"),
    Animal.BEE: _("Bij"),
    Animal.CAT: _("Kat"),
    Animal.COW: _("Koe"),
    Animal.DOG: _("Hond"),
    Animal.DUCK: _("Eend"),
    Animal.FISH: _("Vis"),
    Animal.FOX: _("Vos"),
    Animal.FROG: _("Kikker"),
    Animal.HARE: _("Haas"),
    Animal.HEDGEHOG: _("Egel"),
    Animal.HORSE: _("Paard"),
    Animal.MOUSE: _("Muis"),
    Animal.OWL: _("Uil"),
    Animal.SNAIL: _("Slak"),
    Animal.SWAN: _("Zwaan"),
}
EVENTS: Final = {
    EventType.BRIDGE_STARTED: _("Kiosk gestart"),
    EventType.BRIDGE_STOPPED: _("Kiosk gestopt"),
    EventType.PRINTER_CONNECTED: _("Printer verbonden"),
    EventType.PRINTER_LOST: _("Printer kwijt"),
    EventType.JOB_CHANGED: _("Print"),
    EventType.ALERT_RAISED: _("Alarm begonnen"),
    EventType.ALERT_CLEARED: _("Alarm voorbij"),
    EventType.COMMAND: _("Opdracht van het dashboard"),
    EventType.STAFF: _("Handeling van personeel aan de kiosk"),
    EventType.CALL: _("Hulp gevraagd"),
    EventType.FEEDBACK: _("Mening van een bezoeker"),
    EventType.FIRST_LAYER: _("Eerste laagje nagekeken"),
}
ORIGINS: Final = {
    Origin.KIOSK: _("aan de kiosk"),
    Origin.REGION: _("vanuit het dashboard"),
    Origin.PRINTER: _("door de printer"),
    Origin.FAULT: _("door een storing"),
    Origin.CLOSING: _("omdat de bibliotheek sluit"),
}


def why(state: JobState, by: Origin | None = None, fault: FaultCode | None = None) -> str:
    """Why it is in that state: the fault, else who asked for it; '' where nobody has to ask."""
    if fault is not None:
        return str(FAULTS[fault])
    return str(ORIGINS[by]) if by and state in (JobState.PAUSED, JobState.CANCELLED) else ""


def alert_name(code: object) -> str:
    """The alarm in words, '' for what is none."""
    names = {alert.value: name for alert, name in ALERTS.items()}
    return str(names.get(code, "")) if isinstance(code, str) else ""


def health(code: str) -> str:
    """What is not well with a kiosk; as it came where this version has no word for it."""
    names = {finding.value: text for finding, text in HEALTH.items()}
    return str(names.get(code, code))


def call_reason(detail: str) -> str:
    """Why a visitor calls; as it came where this version has no word for it."""
    reasons = {reason.value: text for reason, text in CALL_REASONS.items()}
    return str(reasons.get(detail, detail))


def ticket_name(ticket: Ticket | None) -> str:
    """As the visitor knows it, '' without one."""
    return f"{ANIMALS[ticket.animal]} {ticket.number}" if ticket else ""


def model_name(card: str) -> str:
    """Its title in the region's collection, else its id as a title."""
    return collection.title(card) or card.replace("-", " ").replace("_", " ").strip().capitalize() or "?"

"""A trouble of the diary in words: what it was, and what was done about it."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.figures.diary import Trouble
from dashboard.pages import command_words, formats, words
from firmware_bridge.contract import AlertCode, Event, EventType, JobState

ACTS: Final = {
    "job.cancel": gettext_lazy("de print gestopt"),
    "job.collect": gettext_lazy("gezegd dat de plaat leeg is"),
    "job.pause": gettext_lazy("de print gepauzeerd"),
    "job.resume": gettext_lazy("de print verder laten gaan"),
    "job.start": gettext_lazy("de print begonnen"),
    "printer.answer": gettext_lazy("de vraag van de printer beantwoord"),
    "printer.clear": gettext_lazy("de printer nagekeken en vrijgegeven"),
    "printer.confirm_thermal": gettext_lazy("de beveiliging van de printer bevestigd"),
    "printer.emergency": gettext_lazy("op de noodstop gedrukt"),
    "queue.approve": gettext_lazy("een print goedgekeurd"),
    "queue.first": gettext_lazy("een print vooraan gezet"),
    "queue.refuse": gettext_lazy("een print geweigerd"),
    "spool.set": gettext_lazy("een andere spoel ingesteld"),
    "staff.clear_call": gettext_lazy("de oproep opgelost"),
    "staff.cool": gettext_lazy("de verwarming uitgezet"),
    "staff.fan_off": gettext_lazy("de ventilator uitgezet"),
    "staff.heat": gettext_lazy("de printer verwarmd"),
    "staff.home": gettext_lazy("de kop naar zijn nulpunt gebracht"),
    "staff.jog": gettext_lazy("de kop verschoven"),
    "staff.load": gettext_lazy("filament geladen"),
    "staff.log": gettext_lazy("het logboek van de kiosk gelezen"),
    "staff.out_of_order": gettext_lazy("buiten gebruik gezet of weer in gebruik genomen"),
    "staff.take_call": gettext_lazy("gezegd dat er iemand komt"),
    "staff.unload": gettext_lazy("filament uitgehaald"),
}
"""Methods of the kiosk's socket that are written down when staff uses them."""


@dataclass(frozen=True)
class Entry:
    """One trouble. `solved`: what ended it, in a few words; '' while it is open."""

    kiosk: str
    since_ms: int
    until_ms: int | None
    lasted: str
    what: Any
    why: str
    model: str
    steps: list[str]
    solved: str


def entry(trouble: Trouble, card: str) -> Entry:
    """Of a trouble and the card of its job, '' without one."""
    alert = trouble.alert
    why = str(words.FAULTS[alert.fault.code]) if alert.fault else ""
    if alert.code is AlertCode.CALL:
        why = words.call_reason(alert.detail)
    steps = list(dict.fromkeys(filter(None, map(step, trouble.steps))))
    is_over = trouble.until_ms is not None
    return Entry(
        kiosk=trouble.kiosk,
        since_ms=alert.since_ms,
        until_ms=trouble.until_ms,
        lasted=formats.duration((trouble.until_ms - alert.since_ms) / 1000) if trouble.until_ms else "",
        what=words.ALERTS[alert.code],
        why=why,
        model=words.model_name(card) if card else "",
        steps=steps,
        solved=(steps[-1] if steps else _("Het ging vanzelf over.")) if is_over else "",
    )


def step(event: Event) -> str:
    """What somebody or something did; '' where there is no word for it."""
    match event.type:
        case EventType.STAFF:
            act = ACTS.get(str(event.data.get("act")))
            return _("Personeel heeft %(act)s.") % {"act": act} if act else _("Personeel was aan de kiosk bezig.")
        case EventType.COMMAND:
            names = {name.value: asking.done for name, asking in command_words.ASKING.items()}
            name = names.get(str(event.data.get("name")), "")
            return _("Vanuit het dashboard: %(command)s.") % {"command": name} if name else ""
        case EventType.CALL:
            is_taken = event.data.get("step") == "taken"
            return _("Er kwam iemand.") if is_taken else _("De oproep is opgelost.")
        case EventType.PRINTER_CONNECTED:
            return _("De printer was weer verbonden.")
        case EventType.BRIDGE_STARTED:
            return _("De kiosk is opnieuw gestart.")
    return str(_JOBS.get(event.job.state, "")) if event.job else ""


_JOBS: Final = {
    JobState.PRINTING: gettext_lazy("De print ging verder."),
    JobState.HEATING: gettext_lazy("De print ging verder."),
    JobState.PAUSED: gettext_lazy("De print werd gepauzeerd."),
    JobState.COOLING: gettext_lazy("De print raakte klaar."),
    JobState.READY: gettext_lazy("De print raakte klaar."),
    JobState.COLLECTED: gettext_lazy("De plaat werd leeggemaakt."),
    JobState.CANCELLED: gettext_lazy("De print werd gestopt."),
}

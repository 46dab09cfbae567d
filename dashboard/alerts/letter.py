"""A letter's words, in the language of who gets it."""

from dataclasses import dataclass
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.alerts.policy import NOT_LISTENING, NOT_REPORTING, Due, Notice, Person
from dashboard.pages import words
from dashboard.pages.formats import when
from firmware_bridge.contract import AlertCode

NAMES: Final = {alert.value: text for alert, text in words.ALERTS.items()} | {
    NOT_REPORTING: gettext_lazy("De kiosk meldt zich niet"),
    NOT_LISTENING: gettext_lazy("Het dashboard hoort geen enkele kiosk"),
}
REMEDIES: Final = {alert.value: text for alert, text in words.REMEDIES.items()} | {
    NOT_REPORTING: gettext_lazy(
        "Kijk of de kiosk aan staat en of het netwerk werkt. De printer kan gewoon doorgaan."
    ),
    NOT_LISTENING: gettext_lazy("Laat een technicus kijken naar de server van de regio: broker en recorder."),
}


@dataclass(frozen=True)
class Letter:
    """Plain text."""

    address: str
    subject: str
    body: str


def letter(person: Person, due: Due, libraries: dict[str, str], url: str) -> Letter:
    """`libraries`: names by kiosk. `url`: of the dashboard."""
    with translation.override(person.language):
        parts = [*(_new(n, libraries, url) for n in due.new), *(_over(n, libraries) for n in due.over)]
        parts.append(_("Wanneer je deze mail krijgt, kies je zelf: %(url)s/account/") % {"url": url})
        return Letter(person.address, _subject(due, libraries), "\n\n".join(parts) + "\n")


def confirmation(address: str, language: str, link: str) -> Letter:
    """Asks whether this address is theirs."""
    with translation.override(language):
        body = _(
            "Iemand wil op dit adres meldingen van de printers krijgen. Ben jij dat? Open dan binnen drie dagen"
            " deze link:\n\n%(link)s\n\nBen jij dat niet? Doe niets: dan komt hier geen mail meer."
        )
        return Letter(address, _("Is dit jouw adres?"), body % {"link": link} + "\n")


def _subject(due: Due, libraries: dict[str, str]) -> str:
    every = (*due.new, *due.over)
    if len(every) > 1:
        subject = ngettext("%(count)d melding van de printers", "%(count)d meldingen van de printers", len(every))
        return subject % {"count": len(every)}
    (notice,) = every
    name = {"library": _place(notice, libraries), "what": _name(notice)}
    return (_("%(library)s: %(what)s") if due.new else _("%(library)s: opgelost: %(what)s")) % name


def _new(notice: Notice, libraries: dict[str, str], url: str) -> str:
    lines = [f"{_place(notice, libraries)}: {_name(notice)}."]
    if notice.what == AlertCode.CALL.value and notice.detail:
        lines.append(words.call_reason(notice.detail))
    lines.append(_("Sinds %(when)s.") % {"when": when(notice.since_ms)})
    lines.append(str(REMEDIES.get(notice.what, "")))
    if notice.kiosk:
        lines.append(f"{url}/printers/{notice.kiosk}/")
    return "\n".join(filter(None, lines))


def _over(notice: Notice, libraries: dict[str, str]) -> str:
    said = {"library": _place(notice, libraries), "what": _name(notice), "when": when(notice.gone_ms)}
    return _("%(library)s: opgelost: %(what)s.\nVoorbij sinds %(when)s. Je hoeft niets meer te doen.") % said


def _place(notice: Notice, libraries: dict[str, str]) -> str:
    return libraries.get(notice.kiosk) or notice.kiosk or _("De regio")


def _name(notice: Notice) -> str:
    return str(NAMES.get(notice.what, _("Alarm")))

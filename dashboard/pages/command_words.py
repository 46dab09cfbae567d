"""The words of what staff ask from afar: the button, the question before it, and what became of it."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dashboard.commands import Step
from dashboard.pages.words import Word
from firmware_bridge.contract import CommandName, OutOfOrderReason


@dataclass(frozen=True)
class Asking:
    """`button` on the printer's page; `question`, `effect` and `yes` on the page that asks; `done` in lists."""

    button: Any
    icon: str
    question: Any
    effect: Any
    yes: Any
    done: Any
    grave: bool = False


ASKING: Final = {
    CommandName.PAUSE: Asking(
        _("Pauzeren"),
        "pause",
        _("De print pauzeren?"),
        _(
            "De kop gaat opzij en de print wacht. Na tien minuten koelt de nozzle af. Verdergaan kan hier"
            " en aan de kiosk."
        ),
        _("Ja, pauzeer"),
        _("Pauze"),
    ),
    CommandName.RESUME: Asking(
        _("Verdergaan"),
        "play",
        _("De print laten verdergaan?"),
        _("De printer warmt zo nodig op en print verder waar hij was. Weet je dat niemand eraan bezig is?"),
        _("Ja, ga verder"),
        _("Verdergaan"),
    ),
    CommandName.CANCEL: Asking(
        _("Stoppen"),
        "stop",
        _("De print stoppen?"),
        _("Wat er al is, blijft op de plaat liggen. Een print die gestopt is, kan niet verdergaan."),
        _("Ja, stop de print"),
        _("Stoppen"),
        grave=True,
    ),
    CommandName.APPROVE: Asking(
        _("Goedkeuren"),
        "check",
        _("De print goedkeuren?"),
        _("Hij komt in de wachtrij. Beginnen doet hij pas als iemand aan de kiosk zegt dat de plaat leeg is."),
        _("Ja, keur goed"),
        _("Goedkeuring"),
    ),
    CommandName.REFUSE: Asking(
        _("Weigeren"),
        "stop",
        _("De print weigeren?"),
        _("Hij vervalt. De bezoeker ziet dat aan de kiosk."),
        _("Ja, weiger"),
        _("Weigering"),
        grave=True,
    ),
    CommandName.TAKE_CALL: Asking(
        _("Ik kom"),
        "hand",
        _("Zeggen dat er iemand komt?"),
        _("De bezoeker ziet aan de kiosk dat er hulp onderweg is."),
        _("Ja, er komt iemand"),
        _("Er komt iemand"),
    ),
    CommandName.CLEAR_CALL: Asking(
        _("Opgelost"),
        "check",
        _("Is de vraag om hulp opgelost?"),
        _("De oproep verdwijnt, hier en aan de kiosk."),
        _("Ja, opgelost"),
        _("Oproep opgelost"),
    ),
    CommandName.OUT_OF_ORDER: Asking(
        _("Buiten gebruik zetten"),
        "wrench",
        _("De printer buiten gebruik zetten?"),
        _("Niemand kan dan nog een print vragen of beginnen. Wat nu geprint wordt, gaat door."),
        _("Ja, buiten gebruik"),
        _("Buiten gebruik"),
        grave=True,
    ),
    CommandName.IDENTIFY: Asking(
        _("Toon welk toestel"),
        "bell",
        _("Het toestel laten zien en horen welk het is?"),
        _("Het scherm van de kiosk toont even “Dit toestel” en er klinkt een bel. Een print gaat gewoon door."),
        _("Ja, toon het"),
        _("Toon welk toestel"),
    ),
}
OUT_OF_QUEUE: Final = Asking(
    _("Uit de rij halen"),
    "stop",
    _("De print uit de wachtrij halen?"),
    _("Hij vervalt en wordt niet meer geprint. De bezoeker kan hem aan de kiosk opnieuw vragen."),
    _("Ja, haal uit de rij"),
    _("Uit de rij halen"),
    grave=True,
)
IN_ORDER_AGAIN: Final = Asking(
    _("Weer in gebruik nemen"),
    "check",
    _("De printer weer in gebruik nemen?"),
    _("Bezoekers kunnen dan weer een print vragen."),
    _("Ja, weer in gebruik"),
    _("Weer in gebruik"),
)
REASONS: Final = {
    OutOfOrderReason.MAINTENANCE: _("Onderhoud"),
    OutOfOrderReason.BROKEN: _("Stuk"),
    OutOfOrderReason.NO_FILAMENT: _("Filament op"),
    OutOfOrderReason.RESERVED: _("Gereserveerd"),
    OutOfOrderReason.OTHER: _("Iets anders"),
}
STEPS: Final = {
    Step.WAITING: Word(_("Wordt verstuurd"), "queue"),
    Step.SENT: Word(_("Verstuurd, nog geen antwoord"), "queue", "wait"),
    Step.ACCEPTED: Word(_("Aangenomen, nog bezig"), "queue", "wait"),
    Step.FINISHED: Word(_("Uitgevoerd"), "check", "well"),
    Step.FAILED: Word(_("Niet gelukt"), "alert", "stop"),
    Step.REJECTED: Word(_("Geweigerd door de kiosk"), "alert", "stop"),
    Step.EXPIRED: Word(_("Vervallen: de kiosk nam het niet aan"), "closed", "stop"),
}

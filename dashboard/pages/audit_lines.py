"""Rows of the audit in words."""

import contextlib
import json
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dashboard import models
from dashboard.audit import Act
from dashboard.commands import Step
from dashboard.pages import command_words, words
from dashboard.pages.offers import command_name

ACTS: Final = {
    Act.SIGNED_IN: _("Aangemeld"),
    Act.SIGNED_OUT: _("Afgemeld"),
    Act.SIGN_IN_REFUSED: _("Aanmelding geweigerd"),
    Act.ACCOUNT_SET: _("Account gemaakt of veranderd"),
    Act.ACCOUNT_BLOCKED: _("Account geblokkeerd"),
    Act.ACCOUNT_LET_IN: _("Account weer toegelaten"),
    Act.LINK_MADE: _("Link voor een nieuw wachtwoord gemaakt"),
    Act.PASSWORD_SET: _("Wachtwoord gekozen met een link"),
    Act.PASSWORD_CHANGED: _("Eigen wachtwoord veranderd"),
    Act.MAIL_CONFIRMED: _("E-mailadres bevestigd"),
    Act.TWO_FACTOR_ON: _("Tweede stap bij het aanmelden aangezet"),
    Act.TWO_FACTOR_OFF: _("Tweede stap bij het aanmelden uitgezet"),
    Act.TWO_FACTOR_RESET: _("Tweede stap van een account gewist"),
    Act.CODE_REFUSED: _("Code geweigerd"),
    Act.RECOVERY_CODE_USED: _("Aangemeld met een herstelcode"),
    Act.RECOVERY_CODES_MADE: _("Nieuwe herstelcodes gemaakt"),
    Act.MAIL_SET: _("Meldingen per mail ingesteld"),
    Act.COMMAND: _("Opdracht"),
    Act.COMMAND_ENDED: _("Afloop van een opdracht"),
}


@dataclass(frozen=True)
class AuditLine:
    """One row."""

    at_ms: int
    who: str
    what: str
    detail: str
    kiosk: str


def audit_line(row: models.Audit) -> AuditLine:
    """As it came where this version has no word for it."""
    acts = {act.value: text for act, text in ACTS.items()}
    about: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        about = json.loads(row.about) if row.about else {}
    return AuditLine(row.at_ms, row.who, str(acts.get(row.act, row.act)), _detail(about), row.kiosk)


def _detail(about: dict[str, Any]) -> str:
    steps = {step.value: command_words.STEPS[step].text for step in Step}
    reasons = {reason.value: text for reason, text in command_words.REASONS.items()}
    said = [
        command_name(about["name"], None if about.get("reason", "-") else False) if about.get("name") else "",
        words.model_name(about["card"]) if about.get("card") else "",
        reasons.get(about.get("reason", ""), ""),
        steps.get(about.get("outcome", ""), ""),
        about.get("detail", ""),
        about.get("account", ""),
        about.get("role", ""),
        ", ".join(about.get("kiosks", ())),
    ]
    return " · ".join(str(one) for one in said if one)

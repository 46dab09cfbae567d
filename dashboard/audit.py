"""Who did what, written in the transaction that does it. Rows are never changed by the dashboard."""

import enum
import json
import time
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from dashboard.models import Audit


class Act(enum.Enum):
    """What can be written down."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    ACCOUNT_SET = "account_set"
    ACCOUNT_BLOCKED = "account_blocked"
    ACCOUNT_LET_IN = "account_let_in"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"
    PASSWORD_CHANGED = "password_changed"
    MAIL_SET = "mail_set"
    MAIL_CONFIRMED = "mail_confirmed"
    TWO_FACTOR_ON = "two_factor_on"
    TWO_FACTOR_OFF = "two_factor_off"
    TWO_FACTOR_RESET = "two_factor_reset"
    CODE_REFUSED = "code_refused"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    COMMAND = "command"
    COMMAND_ENDED = "command_ended"


def note(act: Act, who: str, kiosk: str = "", **about: Any) -> None:
    """`who` is an account's name, '' for who is not known; `about` what else matters, never a password."""
    Audit.objects.create(
        at_ms=time.time_ns() // 1_000_000,
        who=who,
        act=act.value,
        kiosk=kiosk,
        about=json.dumps(about, ensure_ascii=False) if about else "",
    )


def listen() -> None:
    """Write down signing in and out. A refused name is not kept: it may be a password in the wrong field."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_refused, dispatch_uid="audit")


def _signed_in(user: Any, **_: Any) -> None:
    note(Act.SIGNED_IN, user.get_username())


def _signed_out(user: Any, **_: Any) -> None:
    if user is not None:
        note(Act.SIGNED_OUT, user.get_username())


def _refused(**_: Any) -> None:
    note(Act.SIGN_IN_REFUSED, "")

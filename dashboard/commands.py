"""What staff ask of a kiosk from afar: nothing that starts a print or heats.

A command is written to the outbox with its audit row in one transaction. The recorder alone sends it, and writes
down what the kiosk answers, from `res/{name}` and again from the journal, which loses nothing.
"""

import enum
import re
import time
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from dashboard import audit
from dashboard.models import Command, Kiosk, Listening
from firmware_bridge.contract import COMMAND_EXPIRY_S, CommandName, Outcome, OutOfOrderReason

COMMAND_ID: Final = re.compile(r"[0-9a-f]{32}")
ANSWER_GRACE_MS: Final = 5_000
"""An answer to what was sent at the last moment is under way for so long at most."""


class Step(enum.Enum):
    """How far a command is."""

    WAITING = "waiting"
    """In the outbox."""
    SENT = "sent"
    """The broker has it."""
    ACCEPTED = "accepted"
    FINISHED = "finished"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    """Nobody took it in time; it will not be done any more."""

    @property
    def is_over(self) -> bool:
        """Nothing more is expected."""
        return self in _OVER


_OVER: Final = frozenset({Step.FINISHED, Step.FAILED, Step.REJECTED, Step.EXPIRED})
_ANSWERED: Final = {
    Outcome.ACCEPTED: Step.ACCEPTED,
    Outcome.FINISHED: Step.FINISHED,
    Outcome.FAILED: Step.FAILED,
    Outcome.REJECTED: Step.REJECTED,
}


def answered(step: Step, outcome: Outcome) -> Step:
    """The step after an answer. An answer corrects our own guess that it expired, never the kiosk's last word."""
    return step if step.is_over and step is not Step.EXPIRED else _ANSWERED[outcome]


def as_of(step: Step, expires_ms: int, now_ms: int) -> Step:
    """The step by the clock: what nobody has taken in time has expired, whether the recorder runs or not."""
    overdue = (step is Step.WAITING and now_ms >= expires_ms) or (
        step is Step.SENT and now_ms >= expires_ms + ANSWER_GRACE_MS
    )
    return Step.EXPIRED if overdue else step


@dataclass(frozen=True)
class Wish:
    """What is asked. `job`, with its `card` for who reads the audit; `reason` puts out of order, None in order."""

    name: CommandName
    job: str = ""
    card: str = ""
    reason: OutOfOrderReason | None = None


def ask(command_id: str, user: User, kiosk: Kiosk, wish: Wish) -> Command:
    """Write it to the outbox, once for each `command_id`: a form that is sent twice asks once."""
    now_ms = time.time_ns() // 1_000_000
    values = {
        "kiosk": kiosk,
        "name": wish.name.value,
        "job": wish.job,
        "card": wish.card,
        "value": wish.reason is not None if wish.name is CommandName.OUT_OF_ORDER else None,
        "reason": wish.reason.value if wish.reason else "",
        "by": user.get_username(),
        "staff": f"staff-{user.pk}",
        "asked_ms": now_ms,
        "expires_ms": now_ms + int(COMMAND_EXPIRY_S * 1000),
        "step": Step.WAITING.value,
        "step_ms": now_ms,
    }
    with transaction.atomic():
        command, is_new = Command.objects.get_or_create(id=command_id, defaults=values)
        if is_new:
            about = {"command": command_id, "name": wish.name.value, "job": wish.job, "card": wish.card}
            audit.note(audit.Act.COMMAND, command.by, kiosk.id, **about, reason=command.reason)
            Listening.objects.update(changes=F("changes") + 1)
    return command

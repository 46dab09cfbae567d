"""The buttons of a printer's page and what was asked of it lately, ready for the templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from dashboard import models
from dashboard.commands import Step, as_of
from dashboard.pages import actions, command_words, words
from dashboard.pages.asking import words_of
from dashboard.pages.command_words import Asking
from dashboard.pages.status import Known
from dashboard.pages.tiles import model
from dashboard.pages.words import Word
from firmware_bridge.contract import CommandName, Job, Outcome

COMMANDS_SHOWN: Final = 5
COMMANDS_SHOWN_MS: Final = 24 * 3600 * 1000
_STEPS: Final = {
    Outcome.ACCEPTED.value: Step.ACCEPTED,
    Outcome.FINISHED.value: Step.FINISHED,
    Outcome.FAILED.value: Step.FAILED,
    Outcome.REJECTED.value: Step.REJECTED,
}


@dataclass(frozen=True)
class Offer:
    """A button. `job` is its id or ''; `about` says to a screen reader which of several it is."""

    name: str
    job: str
    about: str
    asking: Asking
    url: str
    is_in_queue: bool


@dataclass(frozen=True)
class Waiting:
    """A job that is not on the printer, with its buttons."""

    job: Job
    model: str
    ticket: str
    state: Word
    actions: list[Offer]


@dataclass(frozen=True)
class Asked:
    """A command and how far it is."""

    id: str
    at_ms: int
    what: Any
    model: str
    by: str
    step: Word
    detail: str


def offers(known: Known) -> list[Offer]:
    """All that may be asked just now."""
    return [_offer(known, action) for action in actions.possible(known.state)]


def _offer(known: Known, action: actions.Action) -> Offer:
    assert known.state is not None, "there are actions only with a state"
    job = action.job
    url = reverse("ask", args=[known.kiosk, action.name.value])
    return Offer(
        name=action.name.value,
        job=job.id if job else "",
        about=model(job) if job else "",
        asking=words_of(action, known.state),
        url=f"{url}?{urlencode({'job': job.id})}" if job else url,
        is_in_queue=job is not None and not job.state.is_on_printer,
    )


def waiting(known: Known, all_offers: Iterable[Offer]) -> list[Waiting]:
    """Those that wait for staff first, then the queue in its order."""
    if known.state is None:
        return []
    by_job: dict[str, list[Offer]] = {}
    for offer in all_offers:
        by_job.setdefault(offer.job, []).append(offer)
    return [
        Waiting(
            job, model(job), words.ticket_name(job.ticket), words.JOB_STATES[job.state], by_job.get(job.id, [])
        )
        for job in (*known.state.for_staff, *known.state.queue)
    ]


def latest_commands(kiosk: str, now_ms: int) -> list[Asked]:
    """The newest first."""
    rows = models.Command.objects.filter(kiosk=kiosk, asked_ms__gt=now_ms - COMMANDS_SHOWN_MS)
    return [_asked(row, now_ms) for row in rows.order_by("-asked_ms")[:COMMANDS_SHOWN]]


def _asked(row: models.Command, now_ms: int) -> Asked:
    return Asked(
        id=row.id,
        at_ms=row.asked_ms,
        what=command_name(row.name, row.value),
        model=words.model_name(row.card) if row.card else "",
        by=row.by,
        step=command_words.STEPS[as_of(Step(row.step), row.expires_ms, now_ms)],
        detail=row.detail,
    )


def command_name(name: str, value: bool | None = None) -> Any:
    """What was asked, as lists have it; the name as it came where we have no word for it."""
    if name == CommandName.OUT_OF_ORDER.value and value is False:
        return command_words.IN_ORDER_AGAIN.done
    names = {command.value: asking.done for command, asking in command_words.ASKING.items()}
    return names.get(name, name)


def told(data: Mapping[str, Any]) -> str:
    """A journal's row about a command: which one and how far it came."""
    step = _STEPS.get(str(data.get("outcome")))
    said = [str(command_name(str(data.get("name", ""))))]
    return ": ".join([*said, str(command_words.STEPS[step].text)] if step else said)

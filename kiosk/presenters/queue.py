"""Who comes when: what is on the plate, and what waits for it."""

from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.contract import Job, JobState
from kiosk.domain.intents import GoToJob, TurnPage
from kiosk.domain.model import Model
from kiosk.domain.printing import left_s, plate_job, queue, queue_pages, queue_rows, waiting_job
from kiosk.domain.times import CHANGE_S
from kiosk.locale import Translator
from kiosk.presenters import promise, tickets
from kiosk.presenters.tickets import TicketView
from kiosk.presenters.views import Action, Role, Tone
from kiosk.presenters.watch import card_picture, card_title


@dataclass(frozen=True)
class RowView:
    """One job. `place` is its number in the queue, '' for what is on the plate. `is_mine`: just put there."""

    place: str
    title: str
    when: str
    picture: Path | None
    ticket: TicketView | None
    tone: Tone
    is_mine: bool


@dataclass(frozen=True)
class QueueView:
    """One page of it. `empty` says that nobody waits."""

    title: str
    rows: tuple[RowView, ...]
    empty: str
    page: str


def present(model: Model, _: Translator) -> QueueView:
    """The page that is open."""
    found = rows(model, model.session.mine, _)
    per_page, pages = queue_rows(model.world), queue_pages(model)
    first = model.session.step * per_page
    return QueueView(
        title=_("De rij"),
        rows=found[first : first + per_page],
        empty="" if found else _("Er wacht niemand. De printer is vrij."),
        page=_("{page} van {pages}", page=model.session.step + 1, pages=pages) if pages > 1 else "",
    )


def rows(model: Model, marked: str | None, _: Translator) -> tuple[RowView, ...]:
    """All of it; the job `marked` stands out."""
    found = []
    wait_s, place = 0.0, 0
    for job in queue(model.world):
        if job is not plate_job(model.world):
            place += 1
        found.append(_row(model, job, place, wait_s, job.id == marked, _))
        wait_s += left_s(model.world, job) + CHANGE_S
    return tuple(found)


def actions(model: Model, _: Translator) -> tuple[Action, ...]:
    """Arrows where there are pages; to the printer."""
    last, page = queue_pages(model) - 1, model.session.step
    arrows: tuple[Action, ...] = ()
    if last > 0:
        arrows = (
            Action("previous-page", _("Vorige"), "chevron-left", TurnPage(-1), enabled=page > 0),
            Action("next-page", _("Volgende"), "chevron-right", TurnPage(1), enabled=page < last),
        )
    if plate_job(model.world) is None and waiting_job(model.world) is None:
        return arrows
    return (*arrows, Action("watch-print", _("Kijk mee"), "printer-3d", GoToJob(), Role.PRIMARY))


def _row(model: Model, job: Job, place: int, wait_s: float, is_mine: bool, _: Translator) -> RowView:
    on_plate = job is plate_job(model.world)
    return RowView(
        place="" if on_plate else str(place),
        title=card_title(model, job),
        when=_plate_words(model, job, _) if on_plate else _waiting_words(model, job, wait_s, _),
        picture=card_picture(model, job),
        ticket=tickets.present(model.world, job, _),
        tone=Tone.WELL if job.state is JobState.WAITING_FOR_PLATE else Tone.PLAIN,
        is_mine=is_mine,
    )


def _plate_words(model: Model, job: Job, _: Translator) -> str:
    if job.state is JobState.READY:
        return _("Klaar om mee te nemen")
    if job.state is JobState.COOLING:
        return _("Koelt af")
    if job.state is JobState.PAUSED:
        return _("De print wacht")
    if not job.state.is_on_printer:
        return _("De print is gestopt")
    return promise.of_running(model.world, left_s(model.world, job), _)


def _waiting_words(model: Model, job: Job, wait_s: float, _: Translator) -> str:
    if job.state is JobState.WAITING_FOR_STAFF:
        return _("Een medewerker kijkt het eerst na")
    if job.state is JobState.WAITING_FOR_PLATE:
        return _("Nu aan de beurt")
    return promise.begins_in(model.world, wait_s, _)

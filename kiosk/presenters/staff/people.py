"""Visitors and their jobs: the queue, an open call, a printer that is out of order."""

from firmware_bridge.contract import (
    Approve,
    CallReason,
    Cancel,
    ClearCall,
    Job,
    JobState,
    OutOfOrderReason,
    QueueFirst,
    Refuse,
    SetOutOfOrder,
    TakeCall,
)
from kiosk.domain.desk import is_busy
from kiosk.domain.helping import call_waits_s
from kiosk.domain.intents import PickJob, StaffAsks, TurnPage
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job, queue
from kiosk.domain.staff import Desk
from kiosk.locale import Translator
from kiosk.presenters import queue as visitors_queue
from kiosk.presenters.faults import out_of_order_words
from kiosk.presenters.staff.views import JobChoice, PageView, QueuePageView, Tile
from kiosk.presenters.views import Action, Badge, Role, Tone
from kiosk.presenters.words import duration

ROWS, FEW_ROWS = 4, 2
"""On a page; few on a small glass, where two rows of buttons stand under them, and where all must be low."""


def queue_page(model: Model, desk: Desk, _: Translator) -> QueuePageView:
    """As visitors see it, and one of them picked."""
    picked = _picked(model, desk)
    rows = visitors_queue.rows(model, picked.id if picked else None, _)
    jobs = queue(model.world)
    per_page, (page, pages) = _rows(model), _page(model)
    shown = list(zip(jobs, rows, strict=True))[page * per_page : (page + 1) * per_page]
    return QueuePageView(
        title=_("Queue"),
        jobs=tuple(JobChoice(row, Action(f"job:{job.id}", row.title, "", PickJob(job.id))) for job, row in shown),
        empty="" if jobs else _("Er staat niets in de queue."),
        page=_("{page} van {pages}", page=page + 1, pages=pages) if pages > 1 else "",
    )


def queue_actions(model: Model, desk: Desk, _: Translator) -> tuple[Action, ...]:
    """What may be done with the one that is picked."""
    job, (page, pages) = _picked(model, desk), _page(model)
    arrows: tuple[Action, ...] = ()
    if pages > 1:
        arrows = (
            Action("previous-page", _("Vorige"), "chevron-left", TurnPage(-1), enabled=page > 0),
            Action("next-page", _("Volgende"), "chevron-right", TurnPage(1), enabled=page < pages - 1),
        )
    if job is None:
        return arrows
    free = not model.session.asking
    if job.state is JobState.WAITING_FOR_STAFF:
        refuse = Action("refuse", _("Weiger"), "close", StaffAsks(Refuse(job=job.id)), Role.DANGER, free)
        approve = Action("approve", _("Keur goed"), "check", StaffAsks(Approve(job=job.id)), Role.PRIMARY, free)
        return (*arrows, refuse, approve)
    if job is plate_job(model.world):
        if not job.state.is_on_printer:
            return arrows
        return (
            *arrows,
            Action("cancel", _("Stop deze job"), "stop", StaffAsks(Cancel(job=job.id)), Role.DANGER, free),
        )
    remove = Action("remove", _("Verwijder"), "close", StaffAsks(Cancel(job=job.id)), Role.DANGER, free)
    is_first = job.state is JobState.WAITING_FOR_PLATE
    first = StaffAsks(QueueFirst(job=job.id))
    return (
        *arrows,
        remove,
        Action("first", _("Eerst"), "arrow-up-bold", first, Role.PRIMARY, free and not is_first),
    )


def call_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """A visitor called: who comes?"""
    call = model.world.state.call if model.world.state else None
    free = not model.session.asking
    if call is None:
        return PageView(title=_("Oproep"), lines=(Badge(_("Niemand roept."), "check", Tone.WELL),))
    waits_s = call_waits_s(model)
    if waits_s is None:
        line = Badge(_("Er is gezegd dat er iemand komt."), "check", Tone.WELL)
    else:
        line = Badge(_("Wacht al {duration}.", duration=duration(waits_s, _)), "bell-ring", Tone.WAIT)
    return PageView(
        title=_("Oproep"),
        lines=(Badge(_call_words(call.reason, _), "comment-outline"), line),
        tiles=(
            Tile(_ask("call:take", _("Ik kom"), "human-greeting", TakeCall(), free and waits_s is not None)),
            Tile(_ask("call:clear", _("Opgelost"), "check", ClearCall(), free)),
        ),
        columns=2,
    )


def order_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """The reason is what visitors read, each in their own language."""
    state = model.world.state
    out, now = bool(state and state.out_of_order), state.out_of_order_reason if state else None
    free = not model.session.asking and state is not None
    says = Badge(_("Bezoekers lezen: “{words}”", words=out_of_order_words(now, _)), "eye", Tone.WAIT)
    runs = Badge(_("Wat nu geprint wordt, gaat door."), "printer-3d")
    names = {
        OutOfOrderReason.MAINTENANCE: (_("Onderhoud"), "wrench"),
        OutOfOrderReason.BROKEN: (_("Stuk"), "alert"),
        OutOfOrderReason.NO_FILAMENT: (_("Filament op"), "album"),
        OutOfOrderReason.RESERVED: (_("Voor een groep"), "account-multiple"),
        OutOfOrderReason.OTHER: (_("Andere reden"), "comment-outline"),
    }
    tiles = [
        Tile(
            _ask(
                f"order:{reason.value}",
                word,
                icon,
                SetOutOfOrder(reason=reason),
                free and not (out and now is reason),
            )
        )
        for reason, (word, icon) in names.items()
    ]
    back = _ask("order:back", _("Weer in gebruik"), "check", SetOutOfOrder(reason=None), free and out)
    well = Badge(_("De printer is in gebruik."), "check", Tone.WELL)
    lines = (says if out else well, *((runs,) if is_busy(model) else ()))
    return PageView(title=_("Buiten gebruik"), lines=lines, tiles=(*tiles, Tile(back)), columns=3)


def _page(model: Model) -> tuple[int, int]:
    """Which page of the queue is open, from 0, and how many there are."""
    pages = max(1, -(-len(queue(model.world)) // _rows(model)))
    return min(model.session.step, pages - 1), pages


def _rows(model: Model) -> int:
    is_low = model.session.modes.low and model.world.has_low_reach
    return ROWS if model.world.is_roomy and not is_low else FEW_ROWS


def _picked(model: Model, desk: Desk) -> Job | None:
    return next((job for job in queue(model.world) if job.id == desk.job), None)


def _ask(name: str, word: str, icon: str, request: object, free: bool) -> Action:
    return Action(name, word, icon, StaffAsks(request), enabled=free)  # type: ignore[arg-type]


def _call_words(reason: CallReason, _: Translator) -> str:
    return {
        CallReason.HELP: _("Iemand heeft hulp nodig."),
        CallReason.DOES_NOT_STICK: _("De eerste laag plakt niet."),
        CallReason.STRANGE: _("Een vreemde geur of een vreemd geluid: de printer is gestopt."),
        CallReason.PLATE: _("Er is iets met de plaat."),
        CallReason.FILAMENT: _("Er is iets met het filament."),
        CallReason.OTHER: _("Er is iets anders."),
    }[reason]

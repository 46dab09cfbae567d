"""The pages. Each reads the database alone: they show with the broker down."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from dashboard import models
from dashboard.pages import choice, collection, formats, parts, words
from dashboard.pages.audit_lines import audit_line
from dashboard.pages.doors import Door, door
from dashboard.pages.live import event_stream
from dashboard.pages.parts import Parts
from dashboard.pages.printer_parts import event_line
from dashboard.pages.printer_parts import printer as printer_parts
from dashboard.rights import Right, may
from firmware_bridge.contract import FaultCode, JobState, Origin

SPAN_MINUTES: Final = 60
JOBS_A_PAGE: Final = 30
EVENTS_A_PAGE: Final = 50
PICTURE_KEPT_S: Final = 24 * 3600


def printers(request: HttpRequest) -> HttpResponse:
    """All printers, or those that the address asks for; those that need a hand first."""
    asked = choice.read(request.GET)
    shown = parts.grid(asked)
    context = {
        "now_ms": parts.now_ms(),
        "choice": asked,
        "libraries": sorted({name or kiosk for name, kiosk in models.Kiosk.objects.values_list("library", "id")}),
        "states": [(need.name.lower(), text, need is asked.state) for need, text in choice.STATES.items()],
        "orders": [(order.value, text, order is asked.order) for order, text in choice.ORDERS.items()],
        "parts": shown.html,
        "tiles": shown.in_order("tiles"),
    }
    return render(request, "dashboard/printers.html", context)


@door(Door.STREAM)
def printers_live(request: HttpRequest) -> StreamingHttpResponse:
    """The stream of that page."""
    asked = choice.read(request.GET)
    return event_stream(request, lambda: parts.grid(asked), alike=("grid", asked))


def wall(request: HttpRequest) -> HttpResponse:
    """For a screen on the wall of the staff room: nothing to touch; it stays signed in while it hangs there."""
    asked = choice.read(request.GET)
    shown = parts.wall(asked)
    request.session.modified = True
    context = {
        "now_ms": parts.now_ms(),
        "choice": asked,
        "parts": shown.html,
        "tiles": shown.in_order("tiles"),
    }
    return render(request, "dashboard/wall.html", context)


@door(Door.STREAM)
def wall_live(request: HttpRequest) -> StreamingHttpResponse:
    """The stream of that screen."""
    asked = choice.read(request.GET)
    return event_stream(request, lambda: parts.wall(asked), alike=("wall", asked))


def picture(request: HttpRequest, card: str) -> FileResponse:
    """A model's picture, lit and without colour: the page gives it the spool's."""
    known = collection.model(card)
    if known is None or known.picture is None:
        raise Http404(card)
    headers = {"Cache-Control": f"private, max-age={PICTURE_KEPT_S}"}
    return FileResponse(known.picture.open("rb"), content_type="image/png", headers=headers)


def printer(request: HttpRequest, kiosk: str) -> HttpResponse:
    """One printer."""
    minutes = _minutes(request)
    shown = printer_parts(kiosk, minutes, with_actions=may(request.user, Right.COMMAND, kiosk))
    if shown is None:
        raise Http404(kiosk)
    library = models.Kiosk.objects.values_list("library", flat=True).get(pk=kiosk)
    context = {
        "now_ms": parts.now_ms(),
        "name": library or kiosk,
        "parts": shown.html,
        "minutes": minutes,
        "spans": words.SPANS,
        "stream": f"{reverse('printer-live', args=[kiosk])}?minutes={minutes}",
    }
    return render(request, "dashboard/printer.html", context)


@door(Door.STREAM)
def printer_live(request: HttpRequest, kiosk: str) -> StreamingHttpResponse:
    """The stream of that page; of a kiosk that is not there, an empty one."""
    minutes = _minutes(request)

    def shown() -> Parts:
        with_actions = may(request.user, Right.COMMAND, kiosk)
        return printer_parts(kiosk, minutes, with_actions=with_actions) or Parts({})

    return event_stream(request, shown)


def journal(request: HttpRequest, kiosk: str) -> HttpResponse:
    """What happened at one kiosk, the newest first."""
    row = get_object_or_404(models.Kiosk, pk=kiosk)
    page = Paginator(models.Event.objects.filter(kiosk=kiosk).order_by("-id"), EVENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"kiosk": kiosk, "name": row.library or kiosk, "page": page, "events": list(map(event_line, page))}
    return render(request, "dashboard/journal.html", context)


def audit(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first; for who may read it."""
    if not may(request.user, Right.READ_AUDIT):
        raise PermissionDenied
    page = Paginator(models.Audit.objects.order_by("-id"), EVENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dashboard/audit.html", {"page": page, "rows": list(map(audit_line, page))})


def jobs(request: HttpRequest) -> HttpResponse:
    """Finished jobs, the newest first."""
    rows = models.Job.objects.exclude(finished_ms=None).select_related("kiosk").order_by("-finished_ms", "-id")
    page = Paginator(rows, JOBS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "jobs": [_job_line(row) for row in page]}
    return render(request, "dashboard/jobs.html", context)


def _job_line(row: models.Job) -> dict[str, object]:
    state = JobState(row.state)
    return {
        "kiosk": row.kiosk_id,
        "library": row.kiosk.library or row.kiosk_id,
        "model": words.model_name(row.card),
        "personal": row.personal,
        "outcome": words.JOB_STATES[state],
        "why": words.why(
            state, Origin(row.ended_by) if row.ended_by else None, FaultCode(row.fault) if row.fault else None
        ),
        "finished": formats.when(row.finished_ms),
        "duration": formats.duration(row.printed_s) if row.printed_s else formats.NOTHING,
        "grams": formats.number(row.grams, 1) if row.started_ms else formats.NOTHING,
    }


def _minutes(request: HttpRequest) -> int:
    asked = request.GET.get("minutes", "")
    return int(asked) if asked in {str(minutes) for minutes in words.SPANS} else SPAN_MINUTES

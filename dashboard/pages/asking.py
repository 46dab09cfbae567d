"""Asking something of a kiosk: a page that says what will happen, and its form. Works without JavaScript."""

import uuid
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from dashboard import commands, models
from dashboard.commands import COMMAND_ID, Wish
from dashboard.pages import actions, command_words, readings
from dashboard.pages.actions import Action
from dashboard.pages.command_words import Asking
from dashboard.pages.parts import now_ms
from dashboard.pages.status import Reach, reach_of
from dashboard.pages.tiles import model
from dashboard.rights import Right, may
from firmware_bridge.contract import CommandName, OutOfOrderReason, State

GONE: Final = 409


def ask(request: HttpRequest, kiosk: str, name: str) -> HttpResponse:
    """GET asks, POST writes it to the outbox. 409 where the moment for it has passed."""
    known = readings.known(kiosk)
    if known is None or name not in {command.value for command in CommandName}:
        raise Http404(kiosk)
    if not may(request.user, Right.COMMAND, kiosk):
        raise PermissionDenied
    fields = request.POST if request.method == "POST" else request.GET
    back = reverse("printer", args=[kiosk])
    context = {"name": known.name, "back": back}
    reached = reach_of(known, readings.ears(), now_ms()) is Reach.ONLINE
    action = actions.find(known.state, name, fields.get("job", "")) if reached else None
    if request.method == "POST" and models.Command.objects.filter(pk=fields.get("id", "")).exists():
        return redirect(f"{back}#commands")  # the same form again
    if action is None or known.state is None:
        return render(request, "dashboard/too_late.html", context | {"reached": reached}, status=GONE)
    if request.method == "POST":
        wish = _wish(action, known.state, fields.get("reason", ""))
        if wish is None or not COMMAND_ID.fullmatch(fields.get("id", "")):
            return HttpResponseBadRequest("the form is not complete")
        commands.ask(fields["id"], request.user, models.Kiosk.objects.get(pk=kiosk), wish)
        return redirect(f"{back}#commands")
    context |= {
        "id": uuid.uuid4().hex,
        "action": action,
        "asking": words_of(action, known.state),
        "model": model(action.job) if action.job else "",
        "reasons": _reasons(action, known.state),
    }
    return render(request, "dashboard/ask.html", context)


def words_of(action: Action, state: State) -> Asking:
    """What the button and the page say."""
    if action.name is CommandName.OUT_OF_ORDER and state.out_of_order:
        return command_words.IN_ORDER_AGAIN
    if action.name is CommandName.CANCEL and action.job and not action.job.state.is_on_printer:
        return command_words.OUT_OF_QUEUE
    return command_words.ASKING[action.name]


def _reasons(action: Action, state: State) -> list[tuple[str, object]]:
    asks_why = action.name is CommandName.OUT_OF_ORDER and not state.out_of_order
    return [(reason.value, text) for reason, text in command_words.REASONS.items()] if asks_why else []


def _wish(action: Action, state: State, reason: str) -> Wish | None:
    """None where a reason is needed and none of ours came."""
    if not _reasons(action, state):
        job = action.job
        return Wish(action.name, job.id if job else "", job.card if job else "")
    reasons = {one.value: one for one in OutOfOrderReason}
    return Wish(action.name, reason=reasons[reason]) if reason in reasons else None

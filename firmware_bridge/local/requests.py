"""The kiosk's door: requests of the UNIX socket, answered by the controller's verbs."""

import math
import os
import re
from typing import Final

from firmware_bridge import contract
from firmware_bridge.contract import ErrorCode, Job, Origin, Part, Request, Role
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.jobs.intake import Rejected
from firmware_bridge.local.server import Answer, Reply, problem, refusal
from firmware_bridge.local.staff_requests import StaffRequests
from firmware_bridge.service.controller import Controller

CARD_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""A card's id and nothing that a visitor typed."""
LONGEST_S: Final = 7 * 24 * 3600.0
HEAVIEST_G: Final = 10_000.0
_ASKS_ONLY: Final = (contract.Hello, contract.GetState, contract.Subscribe, contract.OpenPart, contract.Unlock)
"""Change nothing; what becomes of a PIN is written down when it is known."""


class LocalRequests:
    """`handle` is what server.LocalApi calls, on its own thread."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._staff = StaffRequests(controller)

    def handle(self, client: int, request: Request, descriptors: tuple[int, ...], answer: Answer) -> None:
        """Have the request dealt with on the controller's thread."""
        self._controller.post(lambda: self._deal(client, request, descriptors, answer))

    def gone(self, client: int) -> None:
        """A client has left, and its role with it."""
        self._controller.post(lambda: self._controller.access.forget(client))

    def _deal(self, client: int, request: Request, descriptors: tuple[int, ...], answer: Answer) -> None:
        try:
            role = self._controller.access.check(client, request)
            if isinstance(request, contract.Submit):
                self._submit(request, descriptors, role, answer)
            elif not self._ask(request, role, answer):
                self._staff.ask(client, request, answer)
            if not isinstance(request, _ASKS_ONLY):
                self._controller.access.note(role, request)
        except RefusedError as error:
            _close(descriptors)
            answer(refusal(error))
        except Exception:
            answer(problem(ErrorCode.INTERNAL, "the bridge could not deal with this; its log says why"))
            raise

    def _ask(self, request: Request, role: Role, answer: Answer) -> bool:
        """The way of a visitor. False where the request is none of it."""

        def then(job: Job) -> None:
            answer(Reply(job))

        verbs = self._controller.verbs
        match request:
            case contract.Hello():
                answer(Reply(self._controller.info))
            case contract.GetState() | contract.Subscribe():
                answer(Reply(self._controller.state))
            case contract.Start():
                verbs.start(request.job, plate_is_empty=request.plate_is_empty, role=role, then=then)
            case contract.Pause():
                then(verbs.pause(request.job, Origin.KIOSK))
            case contract.Resume():
                then(verbs.resume(request.job, Origin.KIOSK))
            case contract.Cancel():
                verbs.cancel_as(role, request.job, then)
            case contract.Collect():
                verbs.collect(request.job, then)
            case contract.KeepTurn():
                verbs.keep_turn(request.job)
                answer(Reply(self._controller.state))
            case contract.OpenPart():
                answer(Reply({}, descriptor=verbs.open_part(request.job, request.part)))
            case contract.CheckFirstLayer():
                self._controller.opinions.check_first_layer(request, then)
            case contract.Feedback():
                self._controller.opinions.rate(request, then)
            case contract.CallStaff():
                self._controller.desk.call(request.reason, lambda call: answer(Reply(call)))
            case contract.Answer():
                self._controller.printer_verbs.answer(request.question, request.choice)
                answer(Reply(self._controller.state))
            case contract.Emergency():
                verbs.emergency()
                answer(Reply(self._controller.state))
            case _:
                return False
        return True

    def _submit(self, request: contract.Submit, descriptors: tuple[int, ...], role: Role, answer: Answer) -> None:
        wrong = _what_is_wrong(request, len(descriptors))
        if wrong:
            _close(descriptors)
            answer(problem(ErrorCode.INVALID_PARAMS, f"job.submit: {wrong}"))
            return

        def then(taken: Job | Rejected) -> None:
            if isinstance(taken, Rejected):
                answer(problem(taken.code, taken.message, taken.refusal))
            else:
                answer(Reply(taken))

        parts = tuple(zip(request.parts, descriptors, strict=True))
        self._controller.verbs.submit(request, parts, role, then)


def _what_is_wrong(request: contract.Submit, descriptors: int) -> str:
    if Part.GCODE not in request.parts:
        return "`parts` must have 'gcode'"
    if len(set(request.parts)) != len(request.parts):
        return "`parts` has one twice"
    if descriptors != len(request.parts):
        return f"{descriptors} descriptors came with it; {len(request.parts)} are needed, one for each of `parts`"
    if not CARD_ID.fullmatch(request.card):
        return "`card` must be a card's id: small letters, digits, - and _"
    if not (math.isfinite(request.estimate_s) and 0 <= request.estimate_s <= LONGEST_S):
        return f"`estimate_s` must be from 0 to {LONGEST_S:g}"
    if not (math.isfinite(request.grams) and 0 <= request.grams <= HEAVIEST_G):
        return f"`grams` must be from 0 to {HEAVIEST_G:g}"
    return ""


def _close(descriptors: tuple[int, ...]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)

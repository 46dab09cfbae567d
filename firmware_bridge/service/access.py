"""Roles at the kiosk: a PIN is looked at beside the controller's thread, the role belongs to one connection."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import msgspec

from firmware_bridge.contract import ErrorCode, EventType, PinRefusal, Request, Role, Session
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.journal.journal import NewEvent
from firmware_bridge.service.authority import SESSION_S, Sessions, check, method_of
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.pins import PinStore

log = logging.getLogger(__name__)

MAX_PENDING = 4
_SAYS_NOTHING = ("type", "pin", "name")
"""Fields of a request that are no part of what is written down: the PIN, and what somebody typed."""


class Access:
    """For the controller's thread; `then` is called there too."""

    def __init__(self, ledger: Ledger, pins: PinStore) -> None:
        self._ledger = ledger
        self._pins = pins
        self._sessions = Sessions()
        self._gone: set[int] = set()
        self._pending = 0
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pins")

    def role(self, client: int) -> Role:
        """Of a connection, now."""
        return self._sessions.role(client, self._ledger.now_s())

    def check(self, client: int, request: Request) -> Role:
        """The role it is asked in. Raises RefusedError with NOT_ALLOWED."""
        role = self.role(client)
        check(role, request)
        return role

    def note(self, role: Role, request: Request) -> None:
        """Write down what was done in a role; nobody knows by whom."""
        if role is not Role.VISITOR:
            fields = msgspec.to_builtins(request)
            about = {key: value for key, value in fields.items() if key not in _SAYS_NOTHING}
            self._write(method_of(request), role, about)

    def unlock(self, client: int, pin: str, then: Callable[[Session | RefusedError], None]) -> None:
        """Look at a PIN; one at a time, in the order of their coming."""
        if self._pending >= MAX_PENDING:
            raise RefusedError(ErrorCode.NOT_NOW, "other PINs are being looked at; try again in a moment")
        self._pending += 1

        def done(future: Future[Role | PinRefusal]) -> None:
            self._ledger.post(lambda: self._unlocked(client, future, then))

        self._worker.submit(self._pins.check, pin).add_done_callback(done)

    def _unlocked(
        self, client: int, future: Future[Role | PinRefusal], then: Callable[[Session | RefusedError], None]
    ) -> None:
        self._pending -= 1
        if future.cancelled() or (error := future.exception()) is not None:
            log.error("a PIN could not be looked at: %s", "stopping" if future.cancelled() else error)
            then(RefusedError(ErrorCode.INTERNAL, "the PIN could not be looked at; the bridge's log says why"))
            return
        outcome = future.result()
        if isinstance(outcome, PinRefusal):
            self._write("wrong_pin", Role.VISITOR, {"wait_s": outcome.wait_s})
            then(RefusedError(ErrorCode.WRONG_PIN, _why(outcome, self._pins.has_any), outcome))
            return
        if client in self._gone:
            self._gone.discard(client)
            return
        self._sessions.open(client, outcome, self._ledger.now_s())
        self._write("staff.unlock", outcome, {})
        then(Session(role=outcome, expires_in_s=SESSION_S))

    def lock(self, client: int) -> None:
        """A visitor again."""
        self._sessions.close(client)

    def forget(self, client: int) -> None:
        """The connection is gone; its number never comes again."""
        self._sessions.close(client)
        if self._pending:
            self._gone.add(client)
        else:
            self._gone.clear()

    def close(self) -> None:
        """Wait for the PIN that is being looked at."""
        self._worker.shutdown(cancel_futures=True)

    def _write(self, act: str, role: Role, about: dict[str, Any]) -> None:
        data = {"act": act, "role": role.value, "about": about}
        self._ledger.record(NewEvent(EventType.STAFF, data=data))


def _why(refusal: PinRefusal, has_any: bool) -> str:
    if not has_any:
        return "no PIN is set on this kiosk; set one with `python -m firmware_bridge pin staff`"
    if refusal.wait_s > 0:
        return f"wrong PIN too often: wait {refusal.wait_s:.0f} s"
    return f"wrong PIN; {refusal.tries_left} tries left"

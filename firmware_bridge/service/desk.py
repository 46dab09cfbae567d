"""What people say that stands until somebody says otherwise: a call for staff, out of order, the spool.

For the controller's thread; raises RefusedError for what does not fit the moment.
"""

from collections.abc import Callable

from msgspec.structs import replace

from firmware_bridge.contract import (
    IDENTIFY_S,
    Call,
    CallReason,
    ErrorCode,
    EventType,
    Info,
    Origin,
    OutOfOrderReason,
    Spool,
)
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.journal.journal import NewEvent
from firmware_bridge.service.ledger import Action, Ledger
from firmware_bridge.service.reporter import Reporter


def _nothing() -> None:
    """Nobody waits for it."""


class Desk:
    """`then` is called when it is on the disk."""

    def __init__(self, ledger: Ledger, reporter: Reporter) -> None:
        self._ledger = ledger
        self._reporter = reporter

    @property
    def info(self) -> Info:
        """Who we are, with the spool that is in."""
        return self._reporter.info

    def call(self, reason: CallReason, then: Callable[[Call], None]) -> None:
        """Have staff come; one call at a time."""
        situation = self._ledger.situation
        if situation.standing.call is not None:
            then(situation.standing.call)
            return
        running = situation.board.plate
        call = Call(since_ms=self._ledger.now_ms(), reason=reason, job=running.id if running is not None else None)
        self._say(call, "called", Origin.KIOSK, call, lambda: then(call))

    def take_call(self, by: Origin, then: Callable[[Call], None]) -> None:
        """Somebody comes; the first one who says so."""
        call = self._need_call()
        if call.taken_by is not None:
            then(call)
            return
        taken = replace(call, taken_by=by, taken_ms=self._ledger.now_ms())
        self._say(call, "taken", by, taken, lambda: then(taken))

    def clear_call(self, by: Origin, then: Action = _nothing) -> None:
        """It is solved."""
        self._say(self._need_call(), "cleared", by, None, then)

    def set_out_of_order(self, reason: OutOfOrderReason | None, then: Action = _nothing) -> None:
        """Close the printer for new prints, or open it again (None)."""
        self._ledger.stand(out_of_order=reason, then=then)

    def identify(self) -> None:
        """Let the glass show for a moment that it is this one; nothing that lasts."""
        self._ledger.situation.identify_until_s = self._ledger.now_s() + IDENTIFY_S

    def set_spool(self, spool: Spool, then: Callable[[Info], None]) -> None:
        """What is loaded from now on."""
        info = replace(self._reporter.info, spool=spool)
        self._reporter.tell_info(info)
        self._ledger.stand(spool=spool, then=lambda: then(info))

    def _need_call(self) -> Call:
        call = self._ledger.situation.standing.call
        if call is None:
            raise RefusedError(ErrorCode.NOT_NOW, "nobody calls")
        return call

    def _say(self, call: Call, step: str, by: Origin, standing: Call | None, then: Action) -> None:
        data = {"step": step, "by": by.value, "reason": call.reason.value, "job": call.job}
        self._ledger.stand(NewEvent(EventType.CALL, data=data), call=standing, then=then)

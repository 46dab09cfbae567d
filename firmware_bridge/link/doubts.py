"""What is done where an ok does not come: one line more than the window allows, and its answer tells."""

from typing import Final

from firmware_bridge.link.exchange import Exchange

MAX_FENCES: Final = 3
"""In flight at once; a printer that hangs must not be buried in questions."""
OVERBOOK_AFTER: Final = 4
"""Doubts after which a line goes even if the receive buffer might be full: it cannot be as it seems."""
LAST_PLACE_S: Final = 2.5
"""A printer that works on something long says so every 2 s."""


class Doubts:
    """Asked when a doubt is due (patience.py has the clocks)."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def are_due(self, now: float) -> bool:
        """Something is in flight, nothing is being recovered, and no ok has come for too long."""
        exchange = self._exchange
        return (
            now >= exchange.patience.doubt_at
            and exchange.reel.lines > 0
            and exchange.recovery.quiet_until is None
            and exchange.failure is None
        )

    def doubt(self, now: float) -> None:
        """No ok for a while: send one line more than the window allows, and wait twice as long for the next."""
        exchange = self._exchange
        sending, reel, patience = exchange.sending, exchange.reel, exchange.patience
        patience.doubt(now)
        fault = patience.fault(now, sending.alone)
        if fault is not None:
            exchange.give_up(fault)
            return
        if self._takes_last_place and patience.waited(now) < LAST_PLACE_S:
            return
        sending.out.release()
        if exchange.fence_answered and reel.has_only_fences:
            self._write_off()
            return
        repeats = sending.has_repeats
        if len(reel.fences) >= MAX_FENCES or not (repeats or self._asks):
            return
        size = sending.repeat_size if repeats else sending.fence_size
        if reel.size + size > sending.limits.bytes and not self._overbooks:
            return
        if repeats:
            exchange.repeat(now)
        else:
            exchange.fence(now)

    @property
    def _overbooks(self) -> bool:
        return self._exchange.patience.doubts >= OVERBOOK_AFTER

    @property
    def _asks(self) -> bool:
        """A fence may go: none is in flight, or those that are will hardly be answered."""
        exchange = self._exchange
        reel = exchange.reel
        if not reel.fences or self._overbooks:
            return True
        return exchange.patience.doubts > 1 and (reel.has_only_fences or exchange.fence_passed_over)

    @property
    def _takes_last_place(self) -> bool:
        """One line more would fill the command queue, and M108 may be seen only while that has room."""
        exchange = self._exchange
        return exchange.manners.runs_fragments and exchange.reel.lines >= exchange.sending.opening.most

    def _write_off(self) -> None:
        """Only fences are in flight and one was answered since: the others, which take no time, were so too, or
        are lost. Which one it was, nobody can tell; a fence that is alone will."""
        exchange = self._exchange
        exchange.timeouts += 1
        exchange.straggles = False
        exchange.reel.forget(exchange.reel.end)
        exchange.become_careful()
        exchange.count_recovery()

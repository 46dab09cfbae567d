"""Which lines an ok acknowledges: a plain one the oldest, a named one up to that, a fence's all before it."""

import re
from typing import Final

from firmware_bridge.link.exchange import Exchange
from firmware_bridge.link.replies import Ok

_PLAIN_OKS: Final = {b"ok\n" * count: count for count in range(1, 65)}
_NAMED_OKS: Final = re.compile(rb"(?:ok N\d+ P\d+ B\d+\n)*ok N(\d+) P\d+ B\d+\n")


class Credit:
    """Credit is never given for a line that may not have earned it; what comes too much is counted as a stray."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._names_oks = False
        self._unknown = False

    @property
    def is_plain(self) -> bool:
        """The next plain ok is the oldest line's."""
        return not self._unknown and not self._names_oks and not self._exchange.recovery.owes_ok

    def count(self, data: bytes) -> int:
        """So many lines are acknowledged, where `data` is nothing but oks; 0 for anything else."""
        count = _PLAIN_OKS.get(data)
        if count is None:
            match = _NAMED_OKS.fullmatch(data)
            count = int(match[1]) + 1 - self._exchange.reel.oldest if match is not None else 0
        return count if 0 < count <= self._exchange.reel.creditable else 0

    def any_ok(self, ok: Ok, now: float) -> None:
        """An ok of any form."""
        exchange = self._exchange
        sending, reel = exchange.sending, exchange.reel
        if ok.temperatures is not None:
            self.fence_ok(now)
        elif ok.line is not None and exchange.synced and self._in_flight(ok.line) < sending.end_of_whole:
            self._names_oks = exchange.manners.reports_apart
            self._up_to(self._in_flight(ok.line), now)
            exchange.proven = max(exchange.proven, reel.oldest)
            if not reel.fences:
                exchange.recovery.succeeded()
            if ok.commands_free is not None and not reel.lines:
                sending.learn_queue(ok.commands_free + 1)
        elif ok.line is None or ok.line == 0:
            self.plain_ok(now)

    def plain_ok(self, now: float) -> None:
        """An ok that does not say whose."""
        exchange = self._exchange
        exchange.patience.alive(now)
        if exchange.recovery.swallows(now):
            return
        if not exchange.synced:
            exchange.greeted()
        elif self._names_oks:
            # A line's own ok has its number: this one belongs to a stale copy that was skipped.
            exchange.strays += 1
        elif exchange.reel.creditable > 0:
            self._up_to(exchange.reel.oldest, now)
        else:
            self._stray_ok()

    def report(self, now: float) -> None:
        """Temperatures without an ok: the answer to a fence, where that stands on a line of its own."""
        exchange = self._exchange
        if exchange.manners.reports_apart and exchange.reel.fences and not self._names_oks:
            self.fence_ok(now)

    def unknown(self) -> None:
        """The printer does not know a command; the next ok belongs to that."""
        self._unknown = True
        self._exchange.recovery.expects_no_ok()

    def fence_ok(self, now: float) -> None:
        """A fence is answered; the oldest, as far as anybody knows."""
        exchange = self._exchange
        sending, patience, fences = exchange.sending, exchange.patience, exchange.reel.fences
        if not fences or fences[0] >= sending.end_of_whole:
            exchange.strays += 1
            return
        fence = fences[0]
        if fence > exchange.reel.oldest:
            self.missed_oks()
        elif patience.has_doubted:
            if len(fences) == 1:
                patience.was_unfounded()
        elif sending.fence_alone_at is not None:
            exchange.recovery.measured(now - sending.fence_alone_at)
        if fence == sending.trial:
            sending.trials, sending.trial = 0, None
            sending.opening.allow_holding()
        self._up_to(fence, now)
        exchange.proven = fence + 1
        exchange.fence_answered = True
        if fences and exchange.reel.has_only_fences:
            # Of several fences one was answered; which, is seen when the others are answered at once, or are not.
            exchange.straggles = True
            patience.hurry(now + patience.first_doubt_s)
        if not fences:
            exchange.recovery.succeeded()

    def missed_oks(self) -> None:
        """A fence is answered, and lines before it were not: the wire loses what the printer says, or lines."""
        exchange = self._exchange
        exchange.timeouts += 1
        if exchange.manners.checks_lines:
            exchange.become_careful()
        else:
            exchange.fail("an ok is missing, and this firmware cannot tell whether a line is missing, too")

    def _in_flight(self, line: int) -> int:
        """The line that a firmware means that counts with 16 bits only; not before the oldest in flight."""
        oldest = self._exchange.reel.oldest
        return oldest + (line - oldest & 0xFFFF)

    def _up_to(self, number: int, now: float) -> None:
        """Line `number` and all before it are done."""
        exchange = self._exchange
        sending, reel = exchange.sending, exchange.reel
        exchange.patience.answered(now)
        exchange.patience.alive(now)
        count = number + 1 - reel.oldest
        size = reel.credit_up_to(number)
        sending.alone = False
        self._unknown = False
        exchange.straggles = False
        exchange.fence_passed_over = False
        exchange.restart_patience(now)
        sending.opening.calm(count, size)
        if reel.lines == 1:
            sending.out.release()

    def _stray_ok(self) -> None:
        """An ok that nothing in flight has earned."""
        exchange = self._exchange
        exchange.strays += 1
        exchange.fence_passed_over = bool(exchange.reel.fences)
        explained = self._unknown or not exchange.manners.runs_fragments
        self._unknown = False
        if exchange.recovery.of_refusal and not explained:
            exchange.fail("the printer may have carried out a fragment of a line that was damaged on the wire")

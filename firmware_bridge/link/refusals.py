"""What a Resend means: which line, whether that can be, and what becomes of those that were under way."""

from typing import Final

from firmware_bridge.link.exchange import Exchange
from firmware_bridge.link.replies import Resend

FALSE_OKS: Final = 4
"""At the start so many oks may be nobody's: an empty line's, a second greeting's, a damaged line's."""


class Refusals:
    """A Resend is believed where it is possible: from the last fence that was answered to the next new line."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._asked_for_first = False

    def resend(self, resend: Resend, now: float) -> None:
        """The printer asks for a line."""
        exchange = self._exchange
        sending, recovery, patience = exchange.sending, exchange.recovery, exchange.patience
        recovery.refused(resend.with_ok)
        sending.trial = None
        patience.alive(now)
        if not exchange.synced or not exchange.manners.checks_lines:
            return
        number, reel = self._meant(resend.line), exchange.reel
        if recovery.quiet_until is not None and number == reel.end:
            # The same again, for a line that was under way behind the bad one.
            recovery.wait(now)
            return
        exchange.count_recovery()
        if number == 1 and reel.oldest > 1 + FALSE_OKS:
            # Damaged on its way; or it has restarted, and its word of that is lost: then it asks so again.
            if self._asked_for_first:
                exchange.fail("the printer asks for the first line again: it has restarted")
                return
            self._asked_for_first = True
            number = None
        if number is None or not self._lowest <= number <= reel.next:
            # A number that cannot be: damaged on its way. A fence makes the printer say it again.
            exchange.become_careful()
            patience.hurry(now + patience.first_doubt_s)
            return
        if number == reel.next and reel.end == reel.next:
            return
        self._asked_for_first = False
        self._send_again(number, now)

    def _send_again(self, number: int, now: float) -> None:
        """From line `number` on, when the wire is quiet."""
        exchange = self._exchange
        founded = exchange.patience.doubts > 0
        is_last = number + 1 == exchange.sending.end_of_whole
        stale = exchange.reel.rewind(number)
        exchange.straggles = False
        exchange.sending.alone = False
        exchange.resends += 1
        exchange.timeouts += founded
        exchange.become_careful()
        exchange.restart_patience(now)
        exchange.recovery.begin(number, now, stale, is_last)

    def end_trial(self, now: float) -> None:
        """A command was unknown: where a backspace was on trial before a fence, this printer does not take any."""
        exchange = self._exchange
        number = exchange.sending.trial
        if number is not None:
            exchange.sending.trials, exchange.sending.trial = 0, None
            exchange.reel.rewind(number)
            exchange.recovery.wait(now)

    @property
    def _lowest(self) -> int:
        """Lines before it are surely done, or not known any more."""
        return max(self._exchange.proven, self._exchange.reel.first_kept)

    def _meant(self, number: int | None) -> int | None:
        """The line that a firmware means that has forgotten the upper bits of its number."""
        bits = self._exchange.manners.number_bits
        if number is None or bits >= 32:
            return number
        return self._lowest + (number - self._lowest & (1 << bits) - 1)

"""Flow control and resend: bytes and time in, bytes and replies out. No I/O, no clock of its own.

The rules, and why:

* Every line has a number and a checksum, so the firmware itself says what it has not understood.
* In flight (sent, not yet acknowledged) is at most what the firmware's receive buffer surely holds, in bytes, and
  what its command queue holds, in lines: more would be dropped without a word, or parsed long after a Resend.
* Credit comes from a real `ok` only, first in, first out. A plain ok carries no name, so one that is lost or
  doubled shifts the count. M105 is the cure: its answer, `ok T:…`, can belong to nothing else. A *fence* is an
  M105 in the stream; when its ok comes, every line before it has been acknowledged and the count is true again.
  A plain ok never passes a fence.
* `Resend: n` is believed where it is possible: n lies between the last fence and the next new line. Then lines
  before n still owe an ok, lines from n on are lost. Nothing is sent until the wire has been quiet for as long as
  what was in flight can take: every stale line costs another Resend, and a fresh one could be flushed with it.
  Asked for the same line again and again, it waits longer each time: the wire may have stood still.
* After a Resend one line at a time goes, with a fence behind the last repeated one; then the window opens again,
  one line after each calm stretch.
* Some firmwares run *fragments*: Marlin's refusal of a line throws away what it has received of the next one, and
  carries out the rest of that as a command without a number, which it does not check. A fragment is harmless
  unless the cut falls exactly before the command's letter: one place in some 40, at each damaged line that has
  others behind it. No framing helps, since what follows that letter reads the same in the whole line. So there,
  only one line is whole (and a fence: it may run), and the next is *held open*: sent up to its checksum, and
  completed when the ok of the one before has come, which keeps the wire as busy. On a refusal it is erased with
  backspaces, whatever part of it is left. Whether the printer takes backspaces is tried first, on a fence. Several
  whole lines go only after TRUST_BYTES without any trouble; while nothing else is said, long fences earn that. A
  fragment that ran nevertheless shows as an ok too many, and the job must fail. (Smoothie flushes nothing: there
  only the wire itself makes fragments, whatever is in flight.)
* Where the firmware checks nothing, no number goes out and no line goes twice: a missing ok is a failure.
* Two clocks. *No ok*: one more line (the next one, or a fence) goes although the window is full; whatever was
  lost, a line or an ok, the answer to that one tells. How long is too long, the last oks have shown. *No data*:
  the printer is gone.
* Most of the time nothing but oks comes. `take_oks` counts these and nothing else; whatever is not that simple is
  left to `receive`.
* All of it is bounded: too many recoveries without a passed fence, or too long without an ok, is a failure.
"""

from collections import deque
from typing import Final

from firmware_bridge.contract import Fault
from firmware_bridge.link.credit import Credit
from firmware_bridge.link.doubts import Doubts
from firmware_bridge.link.exchange import Exchange
from firmware_bridge.link.parsing import parse
from firmware_bridge.link.refusals import Refusals
from firmware_bridge.link.replies import (
    Busy,
    Firmware,
    Idle,
    LineLost,
    Ok,
    Reply,
    Resend,
    TemperatureReport,
    UnknownCommand,
)
from firmware_bridge.link.sending import FENCE, PROOF, Limits
from firmware_bridge.profile import Dialect

__all__ = ["FENCE", "Limits", "Link"]

MAX_REPLY_BYTES: Final = 4096


class Link:
    """One connection's conversation, from `hello` on. Times are seconds of any one monotonic clock."""

    def __init__(self, dialect: Dialect, limits: Limits) -> None:
        self.dialect = dialect
        self.limits = limits
        self._exchange = exchange = Exchange(dialect, limits)
        self._sending, self._reel = exchange.sending, exchange.reel
        self._patience = exchange.patience
        self._credit = Credit(exchange)
        self._refusals = Refusals(exchange)
        self._doubts = Doubts(exchange)
        self._partial = b""
        self._is_simple = False

    # --- what the machine asks ----------------------------------------------------------------------

    @property
    def failure(self) -> Fault | None:
        """Why nothing more goes."""
        return self._exchange.failure

    @property
    def synced(self) -> bool:
        """The printer has answered `hello`."""
        return self._exchange.synced

    @property
    def resends(self) -> int:
        """Lines that were sent again because the printer asked for them."""
        return self._exchange.resends

    @property
    def timeouts(self) -> int:
        """How often an ok did not come and something was lost."""
        return self._exchange.timeouts

    @property
    def strays(self) -> int:
        """Oks that no line had earned."""
        return self._exchange.strays

    @property
    def window(self) -> int:
        """Lines that may be in flight now."""
        return self._sending.opening.lines

    @property
    def in_flight(self) -> int:
        """Lines sent and not acknowledged, or to be sent again."""
        return self._reel.next - self._reel.oldest

    @property
    def waits_long(self) -> bool:
        """What is in flight may take any time."""
        return self._sending.alone

    @property
    def next_number(self) -> int:
        """The number of the next new line."""
        return self._reel.next

    @property
    def heard_at(self) -> float:
        """When the last byte came."""
        return self._patience.heard_at

    def has_passed(self, number: int) -> bool:
        """A fence behind line `number`, or that fence itself, has been acknowledged: the line is surely done."""
        return number < self._exchange.proven

    def deadline(self) -> float | None:
        """When `tick` has something to do, if nothing comes before."""
        exchange = self._exchange
        if exchange.recovery.quiet_until is not None:
            return exchange.recovery.quiet_until
        return self._patience.doubt_at if self._reel.lines or exchange.has_spent_numbers else None

    # --- what goes ----------------------------------------------------------------------------------

    def hello(self, now: float) -> None:
        """Ask the firmware to count from 1; again, where no answer came. `synced` when it is answered."""
        self._patience.heard_at = now
        self._patience.alive(now)
        self._sending.hello()

    def may_send(self, command: bytes) -> bool:
        """Whether `send` may be called with it now."""
        return self._exchange.is_open and self._sending.may_send(command)

    def send(self, command: bytes, now: float) -> int:
        """Send one new line; returns its number. Raises FramingError."""
        self._is_simple = False
        was_idle = not self._reel.lines
        number = self._sending.send(command)
        self._exchange.sent(was_idle, now)
        return number

    def stream(self, lines: deque[bytes], now: float) -> int:
        """Send as many of the ordinary `lines` as may go now, taken from the left; returns how many.

        Stops before what must be alone, and before a heater's command. Raises FramingError.
        """
        if not (self._is_simple or self._exchange.is_open):
            return 0
        was_idle = not self._reel.lines
        if self._sending.alone and not was_idle:
            return 0
        count = self._sending.stream(lines)
        if count:
            self._exchange.sent(was_idle, now)
        return count

    def prepare(self) -> None:
        """What can be done for the next lines now, while the printer has something to do."""
        self._sending.prepare()

    def prove(self, now: float) -> None:
        """Nothing else is to be said: let the wire show whether it is sound."""
        if self._sending.opening.wants_proof and not self._reel.lines and self._exchange.is_open:
            self.send(PROOF, now)

    def send_unasked(self, line: bytes, now: float) -> None:
        """Send a line without number at once, past the window, for an emergency parser. Its ok is a stray."""
        self._is_simple = False
        self._sending.out.put(line + b"\n")
        self._sending.fence_due = True
        self._exchange.restart_patience(now)

    def stop(self) -> None:
        """Send nothing more, whatever comes: the printer has halted."""
        self._is_simple = False
        self._sending.out.clear()
        self._exchange.fail("the printer has halted")

    def outgoing(self) -> bytes:
        """What is to be written now; all of it, in this order."""
        return self._sending.out.take()

    # --- what comes ---------------------------------------------------------------------------------

    def take_oks(self, data: bytes, now: float) -> bool:
        """Count what is nothing but oks while nothing else goes on; False: `receive` must look at it."""
        if not self._is_simple:
            return False
        count = self._credit.count(data)
        if not count:
            return False
        self._sending.opening.calm(count, self._reel.credit(count))
        self._patience.satisfied(now)
        return True

    def receive(self, data: bytes, now: float) -> list[Reply]:
        """Take what the wire brought; returns the replies that say more than a plain ok."""
        self._patience.heard_at = now
        lines = (self._partial + data).split(b"\n")
        self._partial = lines.pop()
        if len(self._partial) > MAX_REPLY_BYTES:
            self._partial = b""
        replies: list[Reply] = []
        for line in lines:
            if line == b"ok":
                self._credit.plain_ok(now)
            elif line and line != b"\r":
                reply = parse(line, self.dialect)
                self._follow(reply, now)
                if not (isinstance(reply, Ok) and not reply.text):
                    replies.append(reply)
        self.tick(now)
        return replies

    def tick(self, now: float) -> None:
        """Let time pass."""
        exchange = self._exchange
        if exchange.recovery.ends(now):
            self._sending.out.erase()
        if self._doubts.are_due(now):
            self._doubts.doubt(now)
        if self._sending.fence_due or self._sending.has_repeats:
            exchange.proceed(now)
        self._reel.forget_history()
        if exchange.has_spent_numbers:
            exchange.count_anew(now)
        self._is_simple = self._has_nothing_special

    @property
    def _has_nothing_special(self) -> bool:
        """The next plain ok is a line's, and new lines may go."""
        sending = self._sending
        return (
            self._exchange.is_open
            and self._credit.is_plain
            and not sending.alone
            and not sending.out.holds
            and sending.trial is None
            and not self._partial
        )

    def _follow(self, reply: Reply, now: float) -> None:
        """What a reply means for what is in flight."""
        match reply:
            case Ok():
                self._credit.any_ok(reply, now)
            case TemperatureReport():
                self._credit.report(now)
            case Firmware(with_ok=True):
                self._credit.plain_ok(now)
            case Resend():
                self._refusals.resend(reply, now)
            case UnknownCommand():
                self._credit.unknown()
                self._refusals.end_trial(now)
            case Busy():
                self._patience.alive(now)
                self._exchange.restart_patience(now)
            case LineLost():
                self._patience.hurry(now)
            case Idle() if self._reel.lines:
                self._patience.idle(now)

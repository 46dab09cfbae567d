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
* After a Resend one line at a time goes, with a fence behind the last repeated one; then the window opens again,
  one line after each calm stretch.
* Some firmwares run *fragments*: Marlin's refusal of a line throws away what it has received of the next one, and
  carries out the rest of that as a command without a number, which it does not check. A fragment is harmless
  unless the cut falls exactly before the command's letter: one place in some 40, at each damaged line that has
  others behind it. No framing helps, since what follows that letter reads the same in the whole line. So there,
  only one line is whole (and a fence: it may run), and the next is *held open*: sent up to its checksum, and
  completed when the ok of the one before has come, which keeps the wire as busy. On a refusal it is erased with
  backspaces, whatever part of it is left. Whether the printer takes backspaces is tried first, on a fence. Several
  whole lines go only after TRUST_LINES without any trouble. A fragment that ran nevertheless shows as an ok too
  many, and the job must fail.
* Where the firmware checks nothing, no number goes out and no line goes twice: a missing ok is a failure.
* Two clocks. *No ok*: one more line (the next one, or a fence) goes although the window is full; whatever was
  lost, a line or an ok, the answer to that one tells. *No data*: the printer is gone.
* All of it is bounded: too many recoveries without a passed fence, or too long without an ok, is a failure.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import Fault, FaultCode
from firmware_bridge.link import framing
from firmware_bridge.link.dialects import MANNERS, is_unbounded
from firmware_bridge.link.in_flight import InFlight
from firmware_bridge.link.opening import Opening
from firmware_bridge.link.outbox import BACKSPACE, Outbox
from firmware_bridge.link.patience import FIRST_DOUBT_S, Patience
from firmware_bridge.link.recovery import Recovery
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
    parse,
)
from firmware_bridge.profile import Dialect

FENCE: Final = b"M105"
HISTORY_LINES: Final = 2048
FENCE_EVERY_LINES: Final = 500
MAX_FENCES: Final = 3
"""In flight at once; a printer that hangs must not be buried in questions."""
OVERBOOK_AFTER: Final = 4
"""Doubts after which a line goes even if the receive buffer might be full: it cannot be as it seems."""
ERASE_TRIALS: Final = 3
TRIAL: Final = b"?" + BACKSPACE
"""Before a fence: where the backspace is not taken, that line is an unknown command instead."""
MAX_REPLY_BYTES: Final = 4096


@dataclass(frozen=True)
class Limits:
    """What may be in flight: `bytes` framed, `lines`; `baud` says how long bytes are under way."""

    bytes: int
    lines: int
    baud: int = 115_200


class Link:
    """One connection's conversation, from `hello` on. Times are seconds of any one monotonic clock."""

    def __init__(self, dialect: Dialect, limits: Limits) -> None:
        self.dialect = dialect
        self.limits = limits
        self.failure: Fault | None = None
        self.synced = False
        self.resends = 0
        self.timeouts = 0
        self.strays = 0
        self._manners = MANNERS[dialect]
        self._checks = self._manners.checks_lines
        self._partial = b""
        self._out = Outbox()
        # Lines from _flight.end to _next - 1 were sent before and are to be sent again; all before _proven are
        # known to have been taken.
        self._flight = InFlight()
        self._next = 1
        self._proven = 1
        self._history: deque[bytes] = deque(maxlen=HISTORY_LINES)
        self._alone = False
        self._opening = Opening(limits.lines, guarded=self._manners.runs_fragments)
        self._patience = Patience()
        self._trials = ERASE_TRIALS if self._manners.may_erase else 0
        self._trial: int | None = None
        self._fence_due = False
        self._fenced_at = 0
        self._fence_answered = False
        self._fence_alone_at: float | None = None
        self._recovery = Recovery(limits.baud)
        self._straggles = False
        self._unknown = False
        self._idle_seen = 0

    # --- what the machine asks ----------------------------------------------------------------------

    @property
    def window(self) -> int:
        """Lines that may be in flight now."""
        return self._opening.lines

    @property
    def in_flight(self) -> int:
        """Lines sent and not acknowledged, or to be sent again."""
        return self._next - self._flight.oldest

    @property
    def next_number(self) -> int:
        """The number of the next new line."""
        return self._next

    @property
    def heard_at(self) -> float:
        """When the last byte came."""
        return self._patience.heard_at

    def has_passed(self, number: int) -> bool:
        """A fence behind line `number`, or that fence itself, has been acknowledged: the line is surely done."""
        return number < self._proven

    def hello(self, now: float) -> None:
        """Ask the firmware to count from 1; again, where no answer came. `synced` when it is answered."""
        self._patience.heard_at = now
        self._patience.alive(now)
        self._out.put(framing.HELLO if self._checks else framing.PLAIN_HELLO)

    def may_send(self, command: bytes) -> bool:
        """Whether `send` may be called with it now."""
        flight = self._flight
        in_flight = len(flight.sizes)
        if in_flight == 0:
            return self._is_open
        if in_flight >= self._opening.lines or self._alone or not self._is_open:
            return False
        if flight.bytes + framing.framed_size(self._next, command) > self.limits.bytes:
            return False
        return command[:2] == b"G1" or not is_unbounded(command)

    @property
    def _is_open(self) -> bool:
        """No hello, recovery or fence comes before what is new."""
        return (
            self._flight.end == self._next
            and self._recovery.quiet_until is None
            and not self._fence_due
            and not self._straggles
            and self.synced
            and self.failure is None
        )

    def send(self, command: bytes, now: float) -> int:
        """Send one new line; returns its number. Raises FramingError."""
        number = self._next
        framed = framing.frame(number, command) if self._checks else framing.plain(command)
        self._history.append(framed)
        self._next = number + 1
        if command[:2] != b"G1":
            self._alone = is_unbounded(command)
        self._put(framed, command == FENCE, now)
        if number - self._fenced_at > FENCE_EVERY_LINES:
            self._fence_due = True
            self._fenced_at = number
        return number

    def send_unasked(self, line: bytes, now: float) -> None:
        """Send a line without number at once, past the window, for an emergency parser. Its ok is a stray."""
        self._out.put(line + b"\n")
        self._fence_due = True
        self._restart_patience(now)

    def stop(self) -> None:
        """Send nothing more, whatever comes: the printer has halted."""
        self._out.clear()
        self._fail("the printer has halted")

    def outgoing(self) -> bytes:
        """What is to be written now; all of it, in this order."""
        return self._out.take()

    def deadline(self) -> float | None:
        """When `tick` has something to do, if nothing comes before."""
        if self._recovery.quiet_until is not None:
            return self._recovery.quiet_until
        return self._patience.doubt_at if self._flight.sizes else None

    # --- what comes ---------------------------------------------------------------------------------

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
                self._plain_ok(now)
            elif line and line != b"\r":
                reply = parse(line, self.dialect)
                self._follow(reply, now)
                if not (isinstance(reply, Ok) and not reply.text):
                    replies.append(reply)
        self.tick(now)
        return replies

    def tick(self, now: float) -> None:
        """Let time pass."""
        if self._recovery.ends(now):
            self._out.erase()
        if (
            now >= self._patience.doubt_at
            and self._flight.sizes
            and self._recovery.quiet_until is None
            and self.failure is None
        ):
            self._doubt(now)
        if self._fence_due or self._flight.end < self._next:
            self._proceed(now)

    def _follow(self, reply: Reply, now: float) -> None:
        if isinstance(reply, Ok):
            self._any_ok(reply, now)
        elif isinstance(reply, TemperatureReport):
            return
        elif isinstance(reply, Firmware):
            if reply.with_ok:
                self._plain_ok(now)
        elif isinstance(reply, Resend):
            self._resend(reply, now)
        elif isinstance(reply, UnknownCommand):
            self._unknown = True
            self._recovery.expects_no_ok()
            if self._trial is not None:
                self._end_trial(self._trial, now)
        elif isinstance(reply, Busy):
            self._patience.alive(now)
            self._restart_patience(now)
        elif isinstance(reply, LineLost):
            self._patience.hurry(now)
        elif isinstance(reply, Idle) and self._flight.sizes:
            self._idle_seen += 1
            self._patience.hurry(now if self._idle_seen > 1 else now + FIRST_DOUBT_S)

    # --- credit -------------------------------------------------------------------------------------

    def _any_ok(self, ok: Ok, now: float) -> None:
        if ok.temperatures is not None:
            self._fence_ok(now)
        elif ok.line is not None and self.synced and self._in_flight(ok.line) < self._end_of_whole:
            self._credit_up_to(self._in_flight(ok.line), now)
        elif ok.line is None or ok.line == 0:
            self._plain_ok(now)

    def _in_flight(self, line: int) -> int:
        """The line that a firmware means that counts with 16 bits only; not before the oldest in flight."""
        oldest = self._flight.oldest
        return oldest + (line - oldest & 0xFFFF)

    @property
    def _end_of_whole(self) -> int:
        """Lines before it are on their way as a whole; the one that is held open is not."""
        return self._flight.end - self._out.holds

    def _plain_ok(self, now: float) -> None:
        self._patience.alive(now)
        if self._recovery.swallows(now):
            return
        if not self.synced:
            self.synced = True
            self._fence_due = self._trials > 0
            return
        if self._flight.credit():
            self._credited(now)
        else:
            self._stray_ok()

    def _credit_up_to(self, number: int, now: float) -> None:
        self._patience.alive(now)
        self._flight.credit_up_to(number)
        self._credited(now)

    def _fence_ok(self, now: float) -> None:
        flight = self._flight
        if not flight.fences or flight.fences[0] >= self._end_of_whole:
            self.strays += 1
            return
        fence = flight.fences[0]
        if fence > flight.oldest:
            self._missed_oks()
        elif self._patience.doubts:
            if len(flight.fences) == 1:
                self._patience.was_unfounded()
        elif self._fence_alone_at is not None:
            self._recovery.measured(now - self._fence_alone_at)
        if fence == self._trial:
            self._trials, self._trial = 0, None
            self._opening.allow_holding()
        self._credit_up_to(fence, now)
        self._proven = fence + 1
        self._fence_answered = True
        if flight.fences and flight.has_only_fences:
            # Of several fences one was answered; which, is seen when the others are answered at once, or are not.
            self._straggles = True
            self._patience.hurry(now + FIRST_DOUBT_S)
        if not flight.fences:
            self._recovery.succeeded()

    def _missed_oks(self) -> None:
        """A fence is answered, and lines before it were not: the wire loses what the printer says, or lines."""
        self.timeouts += 1
        if self._checks:
            self._become_careful()
        else:
            self._fail("an ok is missing, and this firmware cannot tell whether a line is missing, too")

    def _credited(self, now: float) -> None:
        self._alone = False
        self._unknown = False
        self._idle_seen = 0
        self._restart_patience(now)
        self._straggles = False
        self._opening.calm()
        if len(self._flight.sizes) == 1:
            self._out.release()

    def _stray_ok(self) -> None:
        """An ok that nothing in flight has earned."""
        self.strays += 1
        explained = self._unknown or not self._manners.runs_fragments
        self._unknown = False
        if self._recovery.quiet_until is not None and not explained:
            self._fail("the printer may have carried out a fragment of a line that was damaged on the wire")

    # --- recovery -----------------------------------------------------------------------------------

    def _resend(self, resend: Resend, now: float) -> None:
        self._recovery.refused(resend.with_ok)
        self._trial = None
        self._patience.alive(now)
        if not self.synced or not self._checks:
            return
        number, flight = resend.line, self._flight
        if self._recovery.quiet_until is not None and number == flight.end:
            # The same again, for a line that was under way behind the bad one.
            self._recovery.wait(now)
            return
        self._count_recovery()
        lowest = max(self._proven, self._next - len(self._history))
        if number is None or not lowest <= number <= self._next:
            # A number that cannot be: damaged on its way. A fence makes the printer say it again.
            self._become_careful()
            self._patience.hurry(now + FIRST_DOUBT_S)
            return
        if number == self._next and flight.end == self._next:
            return
        founded = self._patience.doubts > 0
        is_last = number + 1 == self._end_of_whole
        stale = flight.rewind(number)
        self._straggles = False
        self._alone = False
        self.resends += 1
        self.timeouts += founded
        self._become_careful()
        self._restart_patience(now)
        self._recovery.begin(now, stale, is_last)

    def _end_trial(self, number: int, now: float) -> None:
        """The fence `number` was spoiled by the backspace before it: this printer does not take any."""
        self._trials, self._trial = 0, None
        self._flight.rewind(number)
        self._recovery.wait(now)

    def _become_careful(self) -> None:
        self._opening.trouble()
        self._patience.was_founded()
        self._fence_due = True

    def _proceed(self, now: float) -> None:
        """Send again what is to be sent again, and the fence behind it, as far as the window allows."""
        if (
            self._recovery.quiet_until is not None
            or self._straggles
            or self.failure is not None
            or not self.synced
        ):
            return
        while self._flight.end < self._next and self._fits(len(self._again)):
            self._repeat(now)
        if self._fence_due and self._flight.end == self._next and self._fits(self._fence_size):
            self._fence(now)

    @property
    def _again(self) -> bytes:
        return self._history[self._flight.end - self._next]

    @property
    def _fence_size(self) -> int:
        return framing.framed_size(self._next, FENCE)

    def _fits(self, size: int) -> bool:
        flight = self._flight
        if not flight.sizes:
            return True
        return len(flight.sizes) < self.window and not self._alone and flight.bytes + size <= self.limits.bytes

    def _repeat(self, now: float) -> None:
        framed = self._again
        command = framing.command_of(framed)
        self._alone = self._alone or is_unbounded(command)
        self._put(framed, command == FENCE, now)

    def _fence(self, now: float) -> None:
        self._fence_due = False
        self._fenced_at = self._next
        framed = framing.frame(self._next, FENCE) if self._checks else framing.plain(FENCE)
        self._history.append(framed)
        self._next += 1
        self._fence_alone_at = None if self._flight.sizes else now
        self._put(framed, True, now)

    def _put(self, framed: bytes, is_fence: bool, now: float) -> None:
        """The line `_flight.end` goes out."""
        flight = self._flight
        if not flight.sizes:
            self._patience.alive(now)
            self._restart_patience(now)
            if is_fence and self._trials > 0:
                self._trials -= 1
                self._trial = flight.end
                self._out.put(TRIAL)
            self._out.put(framed)
        elif self._opening.holds and not is_fence:
            self._out.put_held(framed)
        else:
            self._out.put(framed)
        self._fence_answered = False
        flight.put(len(framed), is_fence)

    # --- the clocks ---------------------------------------------------------------------------------

    def _restart_patience(self, now: float) -> None:
        self._patience.restart(now, self._alone)

    def _doubt(self, now: float) -> None:
        """No ok for a while: send one line more than the window allows, and wait twice as long for the next."""
        self._patience.doubt(now)
        fault = self._patience.fault(now, self._alone)
        if fault is not None:
            self._give_up(fault)
            return
        flight = self._flight
        self._out.release()
        if self._fence_answered and flight.has_only_fences:
            self._write_off()
            return
        if len(flight.fences) >= MAX_FENCES:
            return
        repeats = flight.end < self._next
        overbooks = self._patience.doubts >= OVERBOOK_AFTER
        asks_again = self._patience.doubts > 1 and flight.has_only_fences
        if not repeats and flight.fences and not overbooks and not asks_again:
            return
        size = len(self._again) if repeats else self._fence_size
        if flight.bytes + size > self.limits.bytes and not overbooks:
            return
        if repeats:
            self._repeat(now)
        else:
            self._fence(now)

    def _write_off(self) -> None:
        """Only fences are in flight and one was answered since: the others, which take no time, were so too, or
        are lost. Which one it was, nobody can tell; a fence that is alone will."""
        self.timeouts += 1
        self._straggles = False
        self._flight.forget(self._flight.end)
        self._become_careful()
        self._count_recovery()

    def _count_recovery(self) -> None:
        if not self._recovery.count():
            self._fail("the connection loses too much: nothing gets through any more")

    def _fail(self, detail: str) -> None:
        self._give_up(Fault(code=FaultCode.BAD_CONNECTION, detail=detail))

    def _give_up(self, fault: Fault) -> None:
        self.failure = self.failure or fault
        # With half a line before them, the last words would be refused.
        self._out.erase()

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
  whole lines go only after TRUST_BYTES without any trouble; while nothing else is said, long fences earn that. A
  fragment that ran nevertheless shows as an ok too many, and the job must fail.
* Where the firmware checks nothing, no number goes out and no line goes twice: a missing ok is a failure.
* Two clocks. *No ok*: one more line (the next one, or a fence) goes although the window is full; whatever was
  lost, a line or an ok, the answer to that one tells. *No data*: the printer is gone.
* Most of the time nothing but oks comes. `take_oks` counts these and nothing else; whatever is not that simple is
  left to `receive`.
* All of it is bounded: too many recoveries without a passed fence, or too long without an ok, is a failure.
"""

import re
from collections import deque
from typing import Final

from firmware_bridge.contract import Fault, FaultCode
from firmware_bridge.link.dialects import MANNERS
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
from firmware_bridge.link.sending import FENCE, PROOF, Limits, Sending
from firmware_bridge.profile import Dialect

__all__ = ["FENCE", "Limits", "Link"]

MAX_FENCES: Final = 3
"""In flight at once; a printer that hangs must not be buried in questions."""
OVERBOOK_AFTER: Final = 4
"""Doubts after which a line goes even if the receive buffer might be full: it cannot be as it seems."""
RENUMBER_AT: Final = 9_000_000
"""Numbers of seven digits are what the vet leaves room for in a line (gcode.read.FRAME_BYTES)."""
LAST_PLACE_S: Final = 2.5
"""A printer that works on something long says so every 2 s."""
FALSE_OKS: Final = 4
"""At the start so many oks may be nobody's: an empty line's, a second greeting's, a damaged line's."""
MAX_REPLY_BYTES: Final = 4096
_OKS: Final = {b"ok\n" * count: count for count in range(1, 65)}
_NAMED_OKS: Final = re.compile(rb"(?:ok N\d+ P\d+ B\d+\n)*ok N(\d+) P\d+ B\d+\n")


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
        self._partial = b""
        self._sending = Sending(self._manners, limits)
        self._reel = self._sending.reel
        self._recovery = Recovery(limits.baud)
        self._patience = Patience()
        self._proven = 1
        self._names_oks = False
        self._asked_for_first = False
        self._fence_answered = False
        self._straggles = False
        self._fence_passed_over = False
        self._unknown = False
        self._idle_seen = 0
        self._is_simple = False

    # --- what the machine asks ----------------------------------------------------------------------

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
        return number < self._proven

    def hello(self, now: float) -> None:
        """Ask the firmware to count from 1; again, where no answer came. `synced` when it is answered."""
        self._patience.heard_at = now
        self._patience.alive(now)
        self._sending.hello()

    def may_send(self, command: bytes) -> bool:
        """Whether `send` may be called with it now."""
        return self._is_open and self._sending.may_send(command)

    @property
    def _is_open(self) -> bool:
        """No hello, recovery or fence comes before what is new."""
        return (
            self._recovery.quiet_until is None
            and not self._sending.has_repeats
            and not self._sending.fence_due
            and not self._straggles
            and self.synced
            and self.failure is None
            and self._reel.next < RENUMBER_AT
        )

    def send(self, command: bytes, now: float) -> int:
        """Send one new line; returns its number. Raises FramingError."""
        self._is_simple = False
        was_idle = not self._reel.lines
        number = self._sending.send(command)
        self._sent(was_idle, now)
        return number

    def stream(self, lines: deque[bytes], now: float) -> int:
        """Send as many of the ordinary `lines` as may go now, taken from the left; returns how many.

        Stops before what must be alone, and before a heater's command. Raises FramingError.
        """
        if not (self._is_simple or self._is_open):
            return 0
        was_idle = not self._reel.lines
        if self._sending.alone and not was_idle:
            return 0
        count = self._sending.stream(lines)
        if count:
            self._sent(was_idle, now)
        return count

    def prove(self, now: float) -> None:
        """Nothing else is to be said: let the wire show whether it is sound."""
        if self._sending.opening.wants_proof and not self._reel.lines and self._is_open:
            self.send(PROOF, now)

    def send_unasked(self, line: bytes, now: float) -> None:
        """Send a line without number at once, past the window, for an emergency parser. Its ok is a stray."""
        self._is_simple = False
        self._sending.out.put(line + b"\n")
        self._sending.fence_due = True
        self._restart_patience(now)

    def stop(self) -> None:
        """Send nothing more, whatever comes: the printer has halted."""
        self._sending.out.clear()
        self._fail("the printer has halted")

    def outgoing(self) -> bytes:
        """What is to be written now; all of it, in this order."""
        return self._sending.out.take()

    def deadline(self) -> float | None:
        """When `tick` has something to do, if nothing comes before."""
        if self._recovery.quiet_until is not None:
            return self._recovery.quiet_until
        return self._patience.doubt_at if self._reel.lines or self._reel.next >= RENUMBER_AT else None

    # --- what comes ---------------------------------------------------------------------------------

    def take_oks(self, data: bytes, now: float) -> bool:
        """Count what is nothing but plain oks while nothing else goes on; False: `receive` must look at it."""
        if not self._is_simple:
            return False
        count = _OKS.get(data) or self._named(data)
        if not 0 < count <= self._reel.creditable:
            return False
        self._sending.opening.calm(count, self._reel.credit(count))
        self._patience.satisfied(now)
        return True

    def _named(self, data: bytes) -> int:
        """How many lines are done, where nothing but `ok N… P… B…` has come; 0 for anything else."""
        match = _NAMED_OKS.fullmatch(data)
        return int(match[1]) + 1 - self._reel.oldest if match is not None else 0

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
            self._sending.out.erase()
        if (
            now >= self._patience.doubt_at
            and self._reel.lines
            and self._recovery.quiet_until is None
            and self.failure is None
        ):
            self._doubt(now)
        if self._sending.fence_due or self._sending.has_repeats:
            self._proceed(now)
        self._reel.forget_history()
        if self._reel.next >= RENUMBER_AT:
            self._count_anew(now)
        self._is_simple = self._has_nothing_special

    @property
    def _has_nothing_special(self) -> bool:
        """The next plain ok is a line's, and new lines may go."""
        sending = self._sending
        return (
            self._is_open
            and not sending.alone
            and not sending.out.holds
            and sending.trial is None
            and not self._recovery.owes_ok
            and not self._partial
            and not self._unknown
            and not self._names_oks
        )

    def _follow(self, reply: Reply, now: float) -> None:
        if isinstance(reply, Ok):
            self._any_ok(reply, now)
        elif isinstance(reply, TemperatureReport):
            if self._manners.reports_apart and self._reel.fences and not self._names_oks:
                self._fence_ok(now)
        elif isinstance(reply, Firmware):
            if reply.with_ok:
                self._plain_ok(now)
        elif isinstance(reply, Resend):
            self._resend(reply, now)
        elif isinstance(reply, UnknownCommand):
            self._unknown = True
            self._recovery.expects_no_ok()
            if self._sending.trial is not None:
                self._end_trial(self._sending.trial, now)
        elif isinstance(reply, Busy):
            self._patience.alive(now)
            self._restart_patience(now)
        elif isinstance(reply, LineLost):
            self._patience.hurry(now)
        elif isinstance(reply, Idle) and self._reel.lines:
            self._idle_seen += 1
            self._patience.hurry(now if self._idle_seen > 1 else now + FIRST_DOUBT_S)

    # --- credit -------------------------------------------------------------------------------------

    def _any_ok(self, ok: Ok, now: float) -> None:
        if ok.temperatures is not None:
            self._fence_ok(now)
        elif ok.line is not None and self.synced and self._in_flight(ok.line) < self._sending.end_of_whole:
            self._names_oks = self._manners.reports_apart
            self._credit_up_to(self._in_flight(ok.line), now)
            self._proven = max(self._proven, self._reel.oldest)
            if not self._reel.fences:
                self._recovery.succeeded()
            if ok.commands_free is not None and not self._reel.lines:
                self._sending.learn_queue(ok.commands_free + 1)
        elif ok.line is None or ok.line == 0:
            self._plain_ok(now)

    def _in_flight(self, line: int) -> int:
        """The line that a firmware means that counts with 16 bits only; not before the oldest in flight."""
        oldest = self._reel.oldest
        return oldest + (line - oldest & 0xFFFF)

    def _plain_ok(self, now: float) -> None:
        self._patience.alive(now)
        if self._recovery.swallows(now):
            return
        if not self.synced:
            self._greeted()
            return
        if self._names_oks:
            # A line's own ok has its number: this one belongs to a stale copy that was skipped.
            self.strays += 1
            return
        if self._reel.creditable > 0:
            self._credit_up_to(self._reel.oldest, now)
        else:
            self._stray_ok()

    def _greeted(self) -> None:
        """The printer counts from 1."""
        self.synced = True
        self._sending.fence_due = self._sending.trials > 0
        if self._reel.next >= RENUMBER_AT:
            self._sending.restart()
            self._proven = 1
            self._sending.fence_due = True

    def _credit_up_to(self, number: int, now: float) -> None:
        """Line `number` and all before it are done."""
        self._patience.alive(now)
        count = number + 1 - self._reel.oldest
        size = self._reel.credit_up_to(number)
        self._sending.alone = False
        self._unknown = False
        self._idle_seen = 0
        self._straggles = False
        self._fence_passed_over = False
        self._restart_patience(now)
        self._sending.opening.calm(count, size)
        if self._reel.lines == 1:
            self._sending.out.release()

    def _fence_ok(self, now: float) -> None:
        sending, fences = self._sending, self._reel.fences
        if not fences or fences[0] >= sending.end_of_whole:
            self.strays += 1
            return
        fence = fences[0]
        if fence > self._reel.oldest:
            self._missed_oks()
        elif self._patience.doubts:
            if len(fences) == 1:
                self._patience.was_unfounded()
        elif sending.fence_alone_at is not None:
            self._recovery.measured(now - sending.fence_alone_at)
        if fence == sending.trial:
            sending.trials, sending.trial = 0, None
            sending.opening.allow_holding()
        self._credit_up_to(fence, now)
        self._proven = fence + 1
        self._fence_answered = True
        if fences and self._reel.has_only_fences:
            # Of several fences one was answered; which, is seen when the others are answered at once, or are not.
            self._straggles = True
            self._patience.hurry(now + FIRST_DOUBT_S)
        if not fences:
            self._recovery.succeeded()

    def _missed_oks(self) -> None:
        """A fence is answered, and lines before it were not: the wire loses what the printer says, or lines."""
        self.timeouts += 1
        if self._manners.checks_lines:
            self._become_careful()
        else:
            self._fail("an ok is missing, and this firmware cannot tell whether a line is missing, too")

    def _stray_ok(self) -> None:
        """An ok that nothing in flight has earned."""
        self.strays += 1
        self._fence_passed_over = bool(self._reel.fences)
        explained = self._unknown or not self._manners.runs_fragments
        self._unknown = False
        if self._recovery.of_refusal and not explained:
            self._fail("the printer may have carried out a fragment of a line that was damaged on the wire")

    # --- recovery -----------------------------------------------------------------------------------

    def _resend(self, resend: Resend, now: float) -> None:
        self._recovery.refused(resend.with_ok)
        self._sending.trial = None
        self._patience.alive(now)
        if not self.synced or not self._manners.checks_lines:
            return
        number, reel = self._meant(resend.line), self._reel
        if self._recovery.quiet_until is not None and number == reel.end:
            # The same again, for a line that was under way behind the bad one.
            self._recovery.wait(now)
            return
        self._count_recovery()
        lowest = max(self._proven, reel.first_kept)
        if number == 1 and reel.oldest > 1 + FALSE_OKS:
            # Damaged on its way; or it has restarted, and its word of that is lost: then it asks so again.
            if self._asked_for_first:
                self._fail("the printer asks for the first line again: it has restarted")
                return
            self._asked_for_first = True
            number = None
        if number is None or not lowest <= number <= reel.next:
            # A number that cannot be: damaged on its way. A fence makes the printer say it again.
            self._become_careful()
            self._patience.hurry(now + FIRST_DOUBT_S)
            return
        if number == reel.next and reel.end == reel.next:
            return
        self._asked_for_first = False
        founded = self._patience.doubts > 0
        is_last = number + 1 == self._sending.end_of_whole
        stale = reel.rewind(number)
        self._straggles = False
        self._sending.alone = False
        self.resends += 1
        self.timeouts += founded
        self._become_careful()
        self._restart_patience(now)
        self._recovery.begin(now, stale, is_last)

    def _meant(self, number: int | None) -> int | None:
        """The line that a firmware means that has forgotten the upper bits of its number."""
        if number is None or self._manners.number_bits >= 32:
            return number
        lowest = max(self._proven, self._reel.first_kept)
        return lowest + (number - lowest & (1 << self._manners.number_bits) - 1)

    def _count_anew(self, now: float) -> None:
        """Count from 1 again, when every line is surely done: some firmwares do so only when M110 is executed."""
        if self._reel.lines or self._recovery.quiet_until is not None or self.failure is not None:
            return
        if self.synced and self._proven < self._reel.next:
            self._fence(now)
        elif self.synced or now >= self._patience.doubt_at:
            self._count_recovery()
            self.synced = False
            self._sending.hello()
            self._patience.restart(now, unbounded=True)

    def _end_trial(self, number: int, now: float) -> None:
        """The fence `number` was spoiled by the backspace before it: this printer does not take any."""
        self._sending.trials, self._sending.trial = 0, None
        self._reel.rewind(number)
        self._recovery.wait(now)

    def _become_careful(self) -> None:
        self._sending.opening.trouble()
        self._patience.was_founded()
        self._sending.fence_due = True

    def _proceed(self, now: float) -> None:
        """Send again what is to be sent again, and the fence behind it, as far as the window allows."""
        if (
            self._recovery.quiet_until is not None
            or self._straggles
            or self.failure is not None
            or not self.synced
        ):
            return
        sending = self._sending
        while sending.has_repeats and sending.fits(sending.repeat_size):
            self._repeat(now)
        if sending.fence_due and not sending.has_repeats and sending.fits(sending.fence_size):
            self._fence(now)

    def _repeat(self, now: float) -> None:
        was_idle = not self._reel.lines
        self._sending.repeat()
        self._sent(was_idle, now)

    def _fence(self, now: float) -> None:
        was_idle = not self._reel.lines
        self._sending.fence(now)
        self._sent(was_idle, now)

    def _sent(self, was_idle: bool, now: float) -> None:
        """Something new is in flight."""
        self._fence_answered = False
        if was_idle:
            self._patience.alive(now)
            self._restart_patience(now)

    # --- the clocks ---------------------------------------------------------------------------------

    def _restart_patience(self, now: float) -> None:
        self._patience.restart(now, self._sending.alone)

    def _doubt(self, now: float) -> None:
        """No ok for a while: send one line more than the window allows, and wait twice as long for the next."""
        sending, reel = self._sending, self._reel
        self._patience.doubt(now)
        fault = self._patience.fault(now, sending.alone)
        if fault is not None:
            self._give_up(fault)
            return
        if self._takes_last_place and self._patience.waited(now) < LAST_PLACE_S:
            return
        sending.out.release()
        if self._fence_answered and reel.has_only_fences:
            self._write_off()
            return
        if len(reel.fences) >= MAX_FENCES:
            return
        repeats = sending.has_repeats
        overbooks = self._patience.doubts >= OVERBOOK_AFTER
        asks_again = self._patience.doubts > 1 and (reel.has_only_fences or self._fence_passed_over)
        if not repeats and reel.fences and not overbooks and not asks_again:
            return
        size = sending.repeat_size if repeats else sending.fence_size
        if reel.size + size > self._sending.limits.bytes and not overbooks:
            return
        if repeats:
            self._repeat(now)
        else:
            self._fence(now)

    @property
    def _takes_last_place(self) -> bool:
        """One line more would fill the command queue, and M108 may be seen only while that has room."""
        return self._manners.runs_fragments and self._reel.lines >= self._sending.opening.most

    def _write_off(self) -> None:
        """Only fences are in flight and one was answered since: the others, which take no time, were so too, or
        are lost. Which one it was, nobody can tell; a fence that is alone will."""
        self.timeouts += 1
        self._straggles = False
        self._reel.forget(self._reel.end)
        self._become_careful()
        self._count_recovery()

    def _count_recovery(self) -> None:
        if not self._recovery.count():
            self._fail("the connection loses too much: nothing gets through any more")

    def _fail(self, detail: str) -> None:
        self._give_up(Fault(code=FaultCode.BAD_CONNECTION, detail=detail))

    def _give_up(self, fault: Fault) -> None:
        self.failure = self.failure or fault
        self._is_simple = False
        # With half a line before them, the last words would be refused.
        self._sending.out.erase()

"""Heaters off, at a printer that nobody hosts any more: bytes and time in, bytes and a verdict out. Pure.

What the firmware was left in is unknown: half a line in its buffer, a queue full of moves, a wait for heat, a
count of lines that nobody remembers. So, and why:

* A line feed first: it ends what half a line there may be. A firmware that numbers its lines refuses that half and
  throws away what has arrived behind it, so nothing follows until that is over.
* M108 breaks a wait for heat; M410, where the printer does not come to our lines, drops the moves before them.
* Round after round M104 S0, M140 S0 and M105: plain, then numbered behind an M110. Every firmware takes a plain
  line, except those that are set to want checksums; and these take M110 with any number.
* A line goes when the one before is answered. Without answers none follows: M112 must still find room in the
  command queue of a firmware that looks there for it.
* M112 where the targets do not become 0; a pulse on DTR where that does not help and the board resets on it.
* An answer may be older than our lines, and a number in it damaged: cold is what two rounds have read.
"""

import enum
from collections import deque
from collections.abc import Callable, Generator
from typing import Final

from firmware_bridge.contract import FaultCode, Temperatures
from firmware_bridge.link.framing import HELLO, frame
from firmware_bridge.link.parsing import parse
from firmware_bridge.link.replies import Fatal, Ok, Other, Reply, Started, TemperatureReport
from firmware_bridge.profile import Dialect

NOZZLE_OFF: Final = b"M104 S0"
BED_OFF: Final = b"M140 S0"
ASK: Final = b"M105"
BREAK_WAIT: Final = b"M108"
DROP_MOVES: Final = b"M410"
HALT: Final = b"M112"

SETTLE_S: Final = 0.1
ANSWER_S: Final = 1.0
"""So long the temperatures are waited for behind their ok, before the next round."""
COLD_ROUNDS: Final = 2
HURRY_SHARE, HALT_SHARE, RESET_SHARE = 0.1, 0.3, 0.42
"""When the next stronger means is taken, as shares of the time that there is."""
MAX_REPLY_BYTES: Final = 4096

_BREAKS_WAITS: Final = frozenset({Dialect.MARLIN, Dialect.REPRAPFIRMWARE})
_DROPS_MOVES: Final = frozenset({Dialect.MARLIN})
_ANSWERS_APART: Final = frozenset({Dialect.REPETIER})
"""M105's answer is a line of its own, behind the ok."""

Talk = Generator[None, None, None]


class Verdict(enum.Enum):
    """What is known of the heaters at the end; they are off in all cases but the last."""

    COLD = "cold"
    HALTED = "halted"
    RESTARTED = "restarted"
    UNKNOWN = "unknown"


class Cooling:
    """One attempt. `verdict` is None until it is over, after `timeout_s` at the latest.

    `temperatures` is the last reading, `has_heard` whether anything came at all, `has_understood` whether it was a
    printer's (at a wrong speed it is not), `escalations` what was done
    beyond asking. `halts_at_once`: in danger, where the machine is to stop moving, too.
    """

    def __init__(
        self,
        dialect: Dialect,
        now: float,
        timeout_s: float,
        *,
        resets_on_dtr: bool,
        halts_at_once: bool = False,
    ) -> None:
        self.verdict: Verdict | None = None
        self.temperatures = Temperatures()
        self.has_heard = False
        self.has_understood = False
        self.escalations: list[str] = []
        self._dialect = dialect
        self._resets_on_dtr = resets_on_dtr
        self._now = now
        self._out: list[bytes] = []
        self._partial = b""
        self._is_waiting = False
        self._is_asked = False
        self._cold_rounds = 0
        self._reset_due = False
        self._halt_sent = False
        self._stages: deque[tuple[float, Callable[[], None]]] = deque(
            (
                (now + HURRY_SHARE * timeout_s, self._hurry),
                (now + HALT_SHARE * timeout_s, self._halt),
                (now + RESET_SHARE * timeout_s, self._reset),
                (now + timeout_s, self._give_up),
            )
        )
        self._talk = self._rounds()
        if halts_at_once:
            self._halt()
        self.tick(now)

    # --- what the edge does ----------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take what the wire brought."""
        self.has_heard = True
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[-MAX_REPLY_BYTES:]
        for line in lines:
            self._hear(parse(line, self._dialect))
        self.tick(now)

    def tick(self, now: float) -> None:
        """Let time pass; at least every 0.05 s."""
        self._now = now
        while self.verdict is None and now >= self._stages[0][0]:
            self._stages.popleft()[1]()
        if self.verdict is None:
            next(self._talk)

    def outgoing(self) -> bytes:
        """What is to be written now."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def begin_anew(self) -> None:
        """The line's speed is another one: all that was said is to be said again."""
        self._partial = b""
        self._out.clear()
        self._talk = self._rounds()
        if self._halt_sent:
            self._say_halt()

    def take_reset(self) -> bool:
        """Whether DTR is to be pulsed now; asked once."""
        due, self._reset_due = self._reset_due, False
        return due

    # --- what is said ----------------------------------------------------------------------------------

    def _rounds(self) -> Talk:
        """Until a stronger means is taken."""
        self._out.append(b"\n")
        yield from self._rest(SETTLE_S)
        if self._dialect in _BREAKS_WAITS:
            self._say(BREAK_WAIT + b"\n")
        while True:
            yield from self._ask(NOZZLE_OFF + b"\n")
            yield from self._ask(BED_OFF + b"\n")
            yield from self._read(ASK + b"\n")
            yield from self._ask(HELLO)
            yield from self._ask(frame(1, NOZZLE_OFF))
            yield from self._ask(frame(2, BED_OFF))
            yield from self._read(frame(3, ASK))
            yield from self._rest(SETTLE_S)

    def _ask(self, line: bytes) -> Talk:
        """Say it, and wait for an ok, or for a stronger means."""
        self._say(line)
        self._is_waiting = True
        while self._is_waiting:
            yield

    def _read(self, line: bytes) -> Talk:
        """Ask for the temperatures, and wait until they come; for a while only."""
        self._is_asked = True
        yield from self._ask(line)
        until = self._now + ANSWER_S
        while self._is_asked and self._now < until:
            yield
        self._is_asked = False

    def _rest(self, seconds: float) -> Talk:
        until = self._now + seconds
        while self._now < until:
            yield

    def _say(self, line: bytes) -> None:
        """Behind a line feed, in case what went before was cut off by a full buffer."""
        self._out.append(b"\n" + line)

    # --- what is heard ---------------------------------------------------------------------------------

    def _hear(self, reply: Reply) -> None:
        self.has_understood = self.has_understood or not isinstance(reply, Other)
        if isinstance(reply, Ok):
            self._is_waiting = False  # perhaps not ours, but it works its queue off
            if reply.temperatures is not None:
                self._measure(reply.temperatures, is_answer=self._dialect not in _ANSWERS_APART)
        elif isinstance(reply, TemperatureReport):
            self._measure(reply.temperatures, is_answer=self._dialect in _ANSWERS_APART)
        elif isinstance(reply, Started):
            self.verdict = self.verdict or Verdict.RESTARTED
        elif isinstance(reply, Fatal) and reply.code is FaultCode.PRINTER_HALTED:
            # Some firmwares only say so and take the next command; M112 makes sure.
            if not self._halt_sent:
                self._halt()
            self.verdict = self.verdict or Verdict.HALTED

    def _measure(self, measured: Temperatures, *, is_answer: bool) -> None:
        self.temperatures = measured
        if not (is_answer and self._is_asked):
            return
        self._is_asked = False
        self._cold_rounds = self._cold_rounds + 1 if _is_cold(measured) else 0
        if self._cold_rounds >= COLD_ROUNDS:
            self.verdict = self.verdict or Verdict.COLD

    # --- stronger means --------------------------------------------------------------------------------

    def _hurry(self) -> None:
        # It may take M112's place in the queue: only where DTR can make up for that.
        if self._dialect in _DROPS_MOVES and self._resets_on_dtr:
            self.escalations.append("M410")
            self._say(DROP_MOVES + b"\n")

    def _halt(self) -> None:
        """Plain, as an emergency parser wants it, and numbered; and once more what may have been lost."""
        if self._halt_sent:
            return
        self._halt_sent = True
        self.escalations.append("M112")
        self._say_halt()
        self._talk = self._rounds()

    def _say_halt(self) -> None:
        self._say(HALT + b"\n" + HELLO + frame(1, HALT) + NOZZLE_OFF + b"\n" + BED_OFF + b"\n")

    def _reset(self) -> None:
        if self._resets_on_dtr:
            self.escalations.append("DTR")
            self._reset_due = True
            self._partial = b""
            self._talk = self._rounds()

    def _give_up(self) -> None:
        self.verdict = Verdict.UNKNOWN


def _is_cold(measured: Temperatures) -> bool:
    """Both targets are 0; a printer without a heated bed names none."""
    has_no_bed = measured.bed_c is None and measured.bed_target_c is None
    return measured.nozzle_target_c == 0.0 and (measured.bed_target_c == 0.0 or has_no_bed)

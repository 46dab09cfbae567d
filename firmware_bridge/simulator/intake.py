"""The receive buffer and the queue of commands: what fits, what is lost, what waits at the host's end."""

from collections import deque
from typing import Final

from firmware_bridge.simulator.checks import (
    Checker,
    Command,
    Nothing,
    Refusal,
    Skip,
    erased,
    split_commands,
)
from firmware_bridge.simulator.firmwares.form import Cause, Flow, LineRules, TooLong

READ_BYTES: Final = 4096

Answer = Refusal | Skip | Nothing


class Intake:
    """`rx_buffer_bytes`: what arrives beyond it, while nothing can be taken out, is lost or not read."""

    def __init__(self, rx_buffer_bytes: int, rules: LineRules) -> None:
        self.rules = rules
        self.rx_buffer_bytes = rx_buffer_bytes
        self.queue: deque[Command] = deque()
        self.checker = Checker(rules)
        self.taken = 0
        """Commands since the reset."""
        self.overflowed_bytes = 0
        self.early: list[bytes] = []
        """Commands that came into the queue since somebody emptied this list."""
        self._rx = bytearray()
        self._line = b""
        self._erases = rules.erases
        self._splits_at = rules.line_max_bytes if rules.too_long is TooLong.SPLIT else 0

    def arrive(self, data: bytes) -> None:
        """Bytes from the wire. Call `fill` until it brings nothing more, then `lose_overflow`."""
        self._rx += data.replace(b"\r", b"\n") if b"\r" in data else data

    def room(self) -> int:
        """How many bytes may be read from the host now."""
        if self.rules.flow is Flow.DROPS:
            return READ_BYTES
        if self.rules.flow is Flow.HOLDS_AT_FULL_QUEUE and len(self.queue) >= self.rules.queue_lines:
            return 0
        return max(0, self.rx_buffer_bytes - len(self._rx))

    def lose_overflow(self) -> None:
        """What found no room is gone, without a word."""
        if self.rules.flow is not Flow.DROPS:
            return
        too_many = len(self._rx) - (self.rx_buffer_bytes - 1)
        if too_many > 0:
            del self._rx[-too_many:]
            self.overflowed_bytes += too_many

    @property
    def has_bytes(self) -> bool:
        """Something waits in the receive buffer."""
        return bool(self._rx)

    @property
    def has_partial_line(self) -> bool:
        """A line has begun and not ended."""
        return bool(self._line)

    def give_up_partial_line(self) -> Refusal:
        """It has waited too long for its end."""
        self._line = b""
        complaint = Cause.BROKEN_OFF not in self.rules.refuses
        if not complaint:
            self._refused()
        return Refusal(Cause.BROKEN_OFF, complaint=complaint)

    def clear(self) -> None:
        """A reset: everything that was received is gone."""
        self._rx.clear()
        self._line = b""
        self.queue.clear()
        self.early.clear()
        self.taken = 0
        self.checker.restart()

    def fill(self) -> Answer | None:
        """Move whole lines into the queue while it has room; one that is not taken, and answered, ends it."""
        rx, queue, room = self._rx, self.queue, self.rules.queue_lines
        start = 0
        answer = None
        while len(queue) < room:
            end = rx.find(b"\n", start)
            if self._splits_at:
                end = self._forced_end(start, end)
            if end < 0:
                self._line += rx[start:]
                if self._erases:
                    self._line = erased(self._line) if b"\b" in self._line else self._line
                # Only as much as shows that it is too long.
                self._line = self._line[: self.rules.line_max_bytes + 1]
                start = len(rx)
                break
            line = self._line + rx[start:end]
            self._line = b""
            start = end + (rx[end : end + 1] == b"\n")
            answer = self._take(line)
            if answer is not None:
                break
        del rx[:start]
        if isinstance(answer, Refusal) and not answer.complaint:
            self._refused()
        return answer

    def _forced_end(self, start: int, end: int) -> int:
        """Where the line ends, at its end or because it is full."""
        full = start + self._splits_at - len(self._line)
        return full if (end < 0 and len(self._rx) > full) or end > full else end

    def _take(self, line: bytes) -> Answer | None:
        verdict = self.checker.check(line)
        if verdict is None or not isinstance(verdict, Command):
            return verdict
        self.taken += 1
        if not self.rules.splits_commands:
            self.queue.append(verdict)
        else:
            self.queue.extend(Command(text, verdict.number) for text in split_commands(verdict.text))
        if verdict.text[:1] == b"M":
            self.early.append(verdict.text)
        return None

    def _refused(self) -> None:
        self.checker.refused()
        if self.rules.flushes:
            del self._rx[: self.rx_buffer_bytes - 1]

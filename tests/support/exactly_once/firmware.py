"""What all firmwares have in common: a receive buffer, a line, a queue of commands, one command at a time.

Written down from the firmwares' manners. A command is executed when it is finished; that is what a test compares.
"""

import random
from collections import deque
from dataclasses import dataclass
from typing import Final

from support.exactly_once.wire import DAMAGED, LINE_END, damaged, is_damaged, values

IDLE_S: Final = 1.0
BUSY_S: Final = 2.0
REPORT: Final = "T:210.0 /210.0 B:60.0 /60.0 @:0 B@:0"


@dataclass(frozen=True)
class Machine:
    """How quick it is. `poll_s`: from a line's end until it is read, so that part of the next is there already."""

    command_s: float = 0.0
    poll_s: float = 0.0
    ring_bytes: int = 127
    says_wait: bool = False
    says_busy: bool = False
    numbers_oks: bool = False
    erases: bool = True


@dataclass(frozen=True)
class Command:
    """`number` None: it ran without one. `unseen`: the wire has changed it, and this protocol cannot know."""

    number: int | None
    text: str
    unseen: bool = False


class Firmware:
    """One printer's receiving end. `receive` what has arrived, `run`, and take what it says from `out`."""

    queue_lines = 4
    max_line = 95
    flow_controlled = False
    numbers_lines = True
    may_say_wait = True
    says_ok_when_taken = False

    def __init__(self, machine: Machine, rng: random.Random) -> None:
        self.machine = machine
        self.rng = rng
        self.executed: list[Command] = []
        self.out: list[str] = []
        self.overflowed = 0
        self.accepted = 0
        self.refusals = 0
        self.last_n = 0
        self.hung = False
        self.halted = False
        self.stalled_until = 0.0
        self.extra_s = 0.0
        self._ring = ""
        self._line = ""
        self._end_was_damaged = False
        self._overflows = False
        self._heard_at = 0.0
        self._said_at = 0.0
        self._queue: deque[Command] = deque()
        self._busy_until: float | None = None

    # --- time ---------------------------------------------------------------------------------------

    def receive(self, text: str, now: float) -> None:
        """Bytes into the receive buffer; what it does not hold is lost without a word."""
        if not self.flow_controlled:
            if self._overflows:
                text = damaged(ord(text[0]) & 0xFF) + text[1:]
            room = self.machine.ring_bytes - len(self._ring)
            self._overflows = len(text) > room
            if self._overflows:
                self.overflowed += len(text) - room
                text = text[:room]
        self._ring += text
        self._heard_at = now

    @property
    def unread(self) -> int:
        """Bytes in the receive buffer."""
        return len(self._ring)

    @property
    def is_idle(self) -> bool:
        """No command waits or is being executed."""
        return not self._queue

    def run(self, now: float) -> None:
        """Read and execute what can be now."""
        if self.hung or now < self.stalled_until:
            return
        while True:
            while self._read(now):
                pass
            if not self._execute(now):
                break
        self._let_time_pass(now)

    def wakes_at(self, line_arrives_at: float | None) -> float | None:
        """When `run` has something to do, given when the next line is complete."""
        if self.hung:
            return None
        times = []
        if self._busy_until is not None:
            times.append(self._busy_until)
        if line_arrives_at is not None and len(self._queue) < self.queue_lines:
            times.append(line_arrives_at + self.machine.poll_s)
        timer = self._timer()
        if timer is not None:
            times.append(timer)
        if self._ring and self.stalled_until:
            times.append(self.stalled_until)
        return max(min(times), self.stalled_until) if times else None

    def _timer(self) -> float | None:
        if self.machine.says_busy and self._busy_until is not None:
            return self._said_at + BUSY_S
        if self.machine.says_wait and self.may_say_wait and not self._queue:
            return max(self._heard_at, self._said_at) + IDLE_S
        return None

    def _let_time_pass(self, now: float) -> None:
        timer = self._timer()
        if timer is not None and now >= timer:
            self._said_at = now
            self.say("wait" if self._busy_until is None else self._busy_line())

    def _busy_line(self) -> str:
        return "echo:busy: processing"

    # --- receiving ----------------------------------------------------------------------------------

    def _read(self, now: float) -> bool:
        if len(self._queue) >= self.queue_lines:
            return False
        end = LINE_END.search(self._ring)
        if end is None:
            self._line += self._ring
            self._ring = ""
            return False
        line = self._line + self._ring[: end.start()]
        end_is_damaged = ord(self._ring[end.start()]) >= DAMAGED
        self._ring = self._ring[end.end() :]
        self._line = ""
        begins_damaged = self._end_was_damaged or (bool(line) and ord(line[0]) >= DAMAGED)
        self._end_was_damaged = end_is_damaged
        self._take(line, begins_damaged)
        return True

    def _take(self, line: str, begins_damaged: bool) -> None:
        """One line as it came, with its marks of damage."""
        raise NotImplementedError

    def _is_damaged(self, line: str) -> bool:
        """The line that is being taken, or its end, is the wire's work."""
        return self._end_was_damaged or is_damaged(line)

    def _flush(self) -> None:
        self._ring = ""

    def _accept(self, command: Command) -> None:
        self.accepted += 1
        self._queue.append(command)

    # --- executing ----------------------------------------------------------------------------------

    def _execute(self, now: float) -> bool:
        if self._busy_until is None:
            if not self._queue:
                return False
            is_quick = self._queue[0].text[:1] == "M"
            self._busy_until = now + (0.0 if is_quick else self.machine.command_s) + self.extra_s
            self._said_at = now
            self.extra_s = 0.0
        if now < self._busy_until:
            return False
        self._busy_until = None
        self._finish(self._queue.popleft())
        return True

    def _finish(self, command: Command) -> None:
        if self.halted:
            self._refuse_halted(command)
            return
        text = command.text
        if text[:4] == "M105":
            self._report(command)
        elif text[:4] == "M110":
            self._count_from(command)
        elif text[:1] in "GMT" and text[1:2].isdigit():
            self.executed.append(command)
            self._ok(command)
        else:
            self._unknown(command)

    def _report(self, command: Command) -> None:
        self.say(f"ok {REPORT}")

    def _count_from(self, command: Command) -> None:
        self._ok(command)

    def _unknown(self, command: Command) -> None:
        if command.number is not None or not self.numbers_lines:
            # A line of the file that the wire has made into something else, with its number and sum intact.
            self.executed.append(command)
        self._complain(command)
        self._ok(command)

    def _complain(self, command: Command) -> None:
        self.say(f'echo:Unknown command: "{command.text}"')

    def _ok(self, command: Command) -> None:
        self.say("ok")

    def _refuse_halted(self, command: Command) -> None:
        """Silence."""

    # --- speaking, and what goes wrong --------------------------------------------------------------

    def say(self, text: str) -> None:
        self.out.append(text)

    def reset(self) -> None:
        """A brown-out: everything is forgotten."""
        self._forget()
        self.last_n = 0
        self.say("start")

    def halt(self) -> None:
        """Somebody pressed the button."""
        self._forget()
        self.halted = True
        self.say("Error:Printer halted. kill() called!")

    def overheat(self) -> None:
        """The firmware's own protection trips."""
        self._forget()
        self.halted = True
        self.say("Error:Thermal Runaway, system stopped! Heater_ID: 0")
        self.say("Error:Printer halted. kill() called!")

    def storm(self, times: int) -> None:
        """The same refusal again and again."""
        for _ in range(times):
            self._say_refusal("Line Number is not Last Line Number+1")

    def _say_refusal(self, why: str) -> None:
        self.say(f"Error:{why}, Last Line: {self.last_n}")
        self.say(f"Resend: {self.last_n + 1}")

    def _forget(self) -> None:
        self._queue.clear()
        self._ring = self._line = ""
        self._busy_until = None


def leading_int(text: str) -> int:
    """As strtol reads: 0 where there is no digit."""
    digits = 0
    while digits < len(text) and "0" <= text[digits] <= "9":
        digits += 1
    return int(text[:digits]) if digits else 0


def checksum(text: str) -> int:
    """All bytes XORed."""
    total = 0
    for value in values(text).encode("latin-1"):
        total ^= value
    return total


def command_of(body: str) -> str:
    """Without the number before it."""
    return body[1:].lstrip("0123456789").strip() if body.startswith("N") else body.strip()

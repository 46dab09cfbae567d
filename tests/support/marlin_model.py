"""Marlin 2.1's receiving end, written down from its manners alone, and a wire that damages bytes.

Shares no code with the bridge. Time is virtual: `Wire.step` lets a millisecond pass.
"""

import random
from collections import deque
from dataclasses import dataclass, field

MAX_COMMAND = 95


@dataclass
class Marlin:
    """`executed`: commands with a number, in order. `fragments`: what ran without one."""

    seconds_per_command: float = 0.0
    ring_bytes: int = 127
    queue_lines: int = 4
    erases: bool = True
    advanced_ok: bool = False
    resend_has_ok: bool = True
    executed: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    overflowed: int = 0
    out: bytearray = field(default_factory=bytearray)
    last_n: int = 0
    _ring: deque[int] = field(default_factory=deque)
    _line: bytearray = field(default_factory=bytearray)
    _comment: bool = False
    _queue: deque[tuple[int | None, str]] = field(default_factory=deque)
    _busy_until: float = 0.0
    _running: bool = False

    def byte(self, value: int) -> None:
        if len(self._ring) >= self.ring_bytes:
            self.overflowed += 1
            return
        self._ring.append(value)

    def step(self, now: float) -> None:
        progress = True
        while progress:
            progress = self._read() | self._execute(now)

    def say(self, text: str) -> None:
        self.out += text.encode() + b"\n"

    def _read(self) -> bool:
        progress = False
        while self._ring and len(self._queue) < self.queue_lines:
            progress = True
            value = self._ring.popleft()
            if value in b"\r\n":
                line = bytes(self._line).decode("latin-1")
                self._line.clear()
                self._comment = False
                if line:
                    self._take(line)
            elif value == ord(";"):
                self._comment = True
            elif value == 8 and self.erases and not self._comment:
                del self._line[-1:]
            elif not self._comment and len(self._line) < MAX_COMMAND and (self._line or value != 32):
                self._line.append(value)
        return progress

    def _take(self, line: str) -> None:
        if not line.startswith("N"):
            self._queue.append((None, line))
            return
        digits = line[1:].lstrip(" ")
        number = _leading_int(digits)
        is_m110 = "M110" in line
        if is_m110 and "N" in line[4:]:
            number = _leading_int(line[line.index("N", 4) + 1 :])
        if number != self.last_n + 1 and not is_m110:
            if number in (self.last_n, self.last_n - 1):
                return
            return self._refuse("Line Number is not Last Line Number+1")
        star = line.rfind("*")
        if star < 0:
            return self._refuse("No Checksum with line number")
        total = 0
        for character in line[:star]:
            total ^= ord(character)
        if _leading_int(line[star + 1 :]) != total:
            return self._refuse("checksum mismatch")
        self.last_n = number
        self._queue.append((number, line[:star].lstrip("N").lstrip("0123456789").strip()))

    def _refuse(self, why: str) -> None:
        self._ring.clear()
        self.say(f"Error:{why}, Last Line: {self.last_n}")
        self.say(f"Resend: {self.last_n + 1}")
        if self.resend_has_ok:
            self.say("ok")

    def _execute(self, now: float) -> bool:
        if self._running:
            if now < self._busy_until:
                return False
            self._running = False
            number, command = self._queue.popleft()
            self._finish(number, command)
            return True
        if not self._queue:
            return False
        self._running = True
        self._busy_until = now + (0.0 if self._queue[0][1].startswith("M1") else self.seconds_per_command)
        return True

    def _finish(self, number: int | None, command: str) -> None:
        if command.startswith("M105"):
            return self.say("ok T:210.0 /210.0 B:60.0 /60.0 @:0 B@:0")
        if command.startswith("M110"):
            return self._ok(number)
        known = command[:1] in "GMT" and command[1:2].isdigit()
        if not known:
            self.say(f'echo:Unknown command: "{command}"')
        elif number is None:
            self.fragments.append(command)
        if number is not None:
            self.executed.append(command)
        self._ok(number)

    def _ok(self, number: int | None) -> None:
        if not self.advanced_ok:
            return self.say("ok")
        self.say(f"ok N{number} P15 B3" if number is not None else "ok P15 B3")


def _leading_int(text: str) -> int:
    digits = ""
    for character in text:
        if character not in "0123456789":
            break
        digits += character
    return int(digits) if digits else 0


@dataclass
class Wire:
    """Two directions at `bytes_per_s` with `latency_s`; each byte is hit with `error_rate`."""

    rng: random.Random
    error_rate: float = 0.0
    bytes_per_s: float = 1e9
    latency_s: float = 0.0
    hits: int = 0
    _down: deque[tuple[float, int]] = field(default_factory=deque)
    _up: deque[tuple[float, int]] = field(default_factory=deque)

    def to_printer(self, data: bytes, now: float) -> None:
        self._load(self._down, data, now)

    def to_host(self, data: bytes, now: float) -> None:
        self._load(self._up, data, now)

    def at_printer(self, now: float) -> bytes:
        return _arrived(self._down, now)

    def at_host(self, now: float) -> bytes:
        return _arrived(self._up, now)

    def _load(self, lane: deque[tuple[float, int]], data: bytes, now: float) -> None:
        at = max(now + self.latency_s, lane[-1][0] if lane else 0.0)
        for value in data:
            at += 1.0 / self.bytes_per_s
            for damaged in self._damage(value):
                lane.append((at, damaged))

    def _damage(self, value: int) -> tuple[int, ...]:
        if self.rng.random() >= self.error_rate:
            return (value,)
        self.hits += 1
        kind = self.rng.choice(("flip", "flip", "replace", "drop", "double"))
        if kind == "flip":
            return (value ^ (1 << self.rng.randrange(8)),)
        if kind == "replace":
            return (self.rng.randrange(256),)
        return () if kind == "drop" else (value, value)


def _arrived(lane: deque[tuple[float, int]], now: float) -> bytes:
    data = bytearray()
    while lane and lane[0][0] <= now:
        data.append(lane.popleft()[1])
    return bytes(data)

"""What can go wrong, and the two directions of a wire on which it does, at places that are known beforehand."""

import random
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from support.exactly_once.wire import DAMAGED, Lane, damaged


class Fault(StrEnum):
    """By where it happens: on the way to the printer, in the printer, on the way back."""

    FLIP_DOWN = "flip to printer"
    DROP_DOWN = "drop to printer"
    DOUBLE_DOWN = "double to printer"
    SPLIT_DOWN = "split to printer"
    MERGE_DOWN = "merge to printer"
    STAR_TO_NEWLINE = "* to newline"
    LINE_LOST = "line lost"
    LINE_DOUBLED = "line doubled"
    NOISE = "noise both ways"
    STALL = "printer stalls"
    BUSY = "busy"
    WAIT = "wait"
    STORM = "resend storm"
    RESET = "reset"
    HALT = "halt"
    RUNAWAY = "runaway"
    HANG = "hang"
    OK_LOST = "ok lost"
    OK_DOUBLED = "ok doubled"
    RESEND_NUMBER = "resend number"
    REFUSAL_LOST = "refusal lost"
    FLIP_UP = "flip to host"
    DROP_UP = "drop to host"
    DOUBLE_UP = "double to host"
    SPLIT_UP = "split to host"
    MERGE_UP = "merge to host"


ENDS_THE_JOB: Final = frozenset({Fault.RESET, Fault.HALT, Fault.RUNAWAY, Fault.HANG})
HARMS_NOTHING: Final = frozenset(
    {Fault.STALL, Fault.BUSY, Fault.WAIT, Fault.SPLIT_UP, Fault.MERGE_UP, Fault.MERGE_DOWN}
)
"""No byte and no answer is lost or wrong; a printer may still throw half a line away after a while."""
NEEDS_CHECKS: Final = frozenset({Fault.STAR_TO_NEWLINE, Fault.RESEND_NUMBER, Fault.REFUSAL_LOST})
"""They happen to what only a firmware with numbers and checksums has."""
SPOILS_A_LINE: Final = frozenset({Fault.RESEND_NUMBER, Fault.REFUSAL_LOST})
"""They happen to a refusal, which needs a reason."""

ON_THE_WAY: Final = frozenset(
    {
        Fault.FLIP_DOWN,
        Fault.DROP_DOWN,
        Fault.DOUBLE_DOWN,
        Fault.SPLIT_DOWN,
        Fault.MERGE_DOWN,
        Fault.STAR_TO_NEWLINE,
        Fault.LINE_LOST,
        Fault.LINE_DOUBLED,
    }
)
_REPLIES: Final = frozenset(
    {
        Fault.OK_LOST,
        Fault.OK_DOUBLED,
        Fault.RESEND_NUMBER,
        Fault.REFUSAL_LOST,
        Fault.FLIP_UP,
        Fault.DROP_UP,
        Fault.DOUBLE_UP,
        Fault.SPLIT_UP,
        Fault.MERGE_UP,
        Fault.WAIT,
    }
)
IN_PRINTER: Final = frozenset(Fault) - ON_THE_WAY - _REPLIES - {Fault.NOISE}


@dataclass(frozen=True)
class Planned:
    """`after`: bytes to the printer, lines taken by it, or replies, from now on. `size`: bits, times, or bytes of
    the reply, as the fault needs it; `seconds` where it lasts, each time."""

    fault: Fault
    after: int
    size: int = 1
    seconds: float = 0.0


class ToPrinter:
    """The direction with the marks of damage."""

    def __init__(self, lane: Lane[str], rng: random.Random, fired: Counter[Fault]) -> None:
        self.lane = lane
        self.sent = 0
        self._rng = rng
        self._fired = fired
        self._planned: list[tuple[int, Planned]] = []
        self._noise = Noise(rng)
        self._after_loss = False

    def plan(self, planned: Planned) -> None:
        self._planned.append((self.sent + planned.after, planned))

    def set_noise(self, rate: float, first: int | None = None) -> None:
        self._noise.set(rate, first)

    def write(self, data: bytes, now: float) -> None:
        text = data.decode("latin-1")
        begin, self.sent = self.sent, self.sent + len(text)
        due = [entry for entry in self._planned if entry[0] < self.sent]
        pause_at, pause_s, holds_s = len(text), 0.0, 0.0
        for entry in sorted(due, key=lambda entry: entry[0], reverse=True):
            place, planned = max(0, entry[0] - begin), entry[1]
            fault = planned.fault
            if fault is Fault.SPLIT_DOWN:
                pause_at, pause_s = place, planned.seconds
            elif fault is Fault.MERGE_DOWN:
                holds_s = planned.seconds
            else:
                changed = _spoilt(text, place, planned)
                if changed is None:
                    continue
                text = changed
            self._planned.remove(entry)
            self._fired[fault] += 1
        text = self._noisy(text)
        if self._after_loss and text:
            text = damaged(ord(text[0]) & 0xFF) + text[1:]
            self._after_loss = False
        if text.endswith(_LOST):
            self._after_loss = True
        text = _settled(text)
        if holds_s and text:
            return self.lane.hold(text, now, holds_s)
        for part, pause in ((text[:pause_at], 0.0), (text[pause_at:], pause_s)):
            if part:
                self.lane.put(part, now, pause)

    def _noisy(self, text: str) -> str:
        for place in reversed(self._noise.hits(len(text))):
            self._fired[Fault.NOISE] += 1
            kind = self._rng.choice((Fault.FLIP_DOWN, Fault.FLIP_DOWN, Fault.DROP_DOWN, Fault.DOUBLE_DOWN))
            bits = 1 << self._rng.randrange(8)
            text = _spoilt(text, place, Planned(kind, 0, bits)) or text
        return text


class ToHost:
    """The direction of the answers; one call of `write` brings one reply line."""

    def __init__(self, lane: Lane[bytes], rng: random.Random, fired: Counter[Fault]) -> None:
        self.lane = lane
        self.replies = 0
        self._rng = rng
        self._fired = fired
        self._planned: list[tuple[int, Planned]] = []
        self._noise = Noise(rng)
        self._muted_at = -1.0

    def plan(self, planned: Planned) -> None:
        self._planned.append((self.replies + planned.after, planned))

    def set_noise(self, rate: float, first: int | None = None) -> None:
        self._noise.set(rate, first)

    def write(self, reply: str, now: float) -> None:
        if now == self._muted_at:
            return
        data = reply.encode("latin-1") + b"\n"
        pause_at, pause_s, holds_s = len(data), 0.0, 0.0
        for entry in [entry for entry in self._planned if entry[0] <= self.replies]:
            planned = entry[1]
            fault = planned.fault
            place = planned.size % len(data)
            if fault is Fault.SPLIT_UP:
                pause_at, pause_s = place, planned.seconds
            elif fault is Fault.MERGE_UP:
                holds_s = planned.seconds
            elif fault is Fault.REFUSAL_LOST:
                if not reply.startswith(("Error", "Resend", "rs ")):
                    continue
                # Its other lines are said in the same breath.
                self._muted_at = now
                data = b""
            else:
                changed = _reply_spoilt(data, place, planned)
                if changed is None:
                    continue
                data = changed
            self._planned.remove(entry)
            self._fired[fault] += 1
            if not data:
                break
        self.replies += 1
        for place in reversed(self._noise.hits(len(data))):
            self._fired[Fault.NOISE] += 1
            kind = self._rng.choice((Fault.FLIP_UP, Fault.FLIP_UP, Fault.DROP_UP, Fault.DOUBLE_UP))
            data = _reply_spoilt(data, place, Planned(kind, 0, 1 << self._rng.randrange(8))) or b""
        if holds_s and data:
            return self.lane.hold(data, now, holds_s)
        for part, pause in ((data[:pause_at], 0.0), (data[pause_at:], pause_s)):
            if part:
                self.lane.put(part, now, pause)


class Noise:
    """Which bytes are hit where each is hit with the same probability."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._rate = 0.0
        self._next = 0

    def set(self, rate: float, first: int | None) -> None:
        """`first`: the first hit falls so many bytes ahead; None: where it falls."""
        self._rate = rate
        self._next = self._gap() if first is None else first

    def hits(self, size: int) -> list[int]:
        """Of the next `size` bytes, those at these places."""
        places: list[int] = []
        if self._rate == 0.0:
            return places
        while self._next < size:
            places.append(self._next)
            self._next += 1 + self._gap()
        self._next -= size
        return places

    def _gap(self) -> int:
        return int(self._rng.expovariate(self._rate)) if self._rate else 0


_LOST: Final = chr(2 * DAMAGED)
"""Stands where a byte was lost until the next one bears the mark."""


def _spoilt(text: str, place: int, planned: Planned) -> str | None:
    """None where it does not happen here."""
    fault = planned.fault
    if fault is Fault.STAR_TO_NEWLINE:
        star = text.find("*", place)
        return None if star < 0 else text[:star] + damaged(10) + text[star + 1 :]
    if fault in (Fault.LINE_LOST, Fault.LINE_DOUBLED):
        begin = text.find("\n", place) + 1
        end = text.find("\n", begin) + 1
        if not begin or not end:
            begin, end = 0, text.find("\n") + 1
        if not end or place > end:
            return None
        line = "".join(damaged(ord(character) & 0xFF) for character in text[begin:end])
        again = _LOST if fault is Fault.LINE_LOST else text[begin:end] + line
        return text[:begin] + again + text[end:]
    if place >= len(text):
        return None
    value = ord(text[place]) & 0xFF
    if fault is Fault.DROP_DOWN:
        return text[:place] + _LOST + text[place + 1 :]
    if fault is Fault.DOUBLE_DOWN:
        return text[: place + 1] + damaged(value) + text[place + 1 :]
    return text[:place] + damaged(value ^ (planned.size & 0xFF or 1)) + text[place + 1 :]


def _settled(text: str) -> str:
    """The byte behind a lost one bears the mark."""
    while _LOST in text:
        before, _, after = text.partition(_LOST)
        text = before + (damaged(ord(after[0]) & 0xFF) + after[1:] if after and after[0] != _LOST else after)
    return text


def _reply_spoilt(data: bytes, place: int, planned: Planned) -> bytes | None:
    fault = planned.fault
    if fault is Fault.WAIT:
        return data + b"wait\n"
    if fault is Fault.OK_LOST:
        return b"" if data.startswith(b"ok") else None
    if fault is Fault.OK_DOUBLED:
        return data + data if data.startswith(b"ok") else None
    if fault is Fault.RESEND_NUMBER:
        return _other_number(data, planned.size)
    if place >= len(data):
        return None
    if fault is Fault.DROP_UP:
        return data[:place] + data[place + 1 :]
    if fault is Fault.DOUBLE_UP:
        return data[: place + 1] + data[place:]
    return data[:place] + bytes((data[place] ^ (planned.size & 0xFF or 1),)) + data[place + 1 :]


def _other_number(data: bytes, size: int) -> bytes | None:
    """The last digit of what a Resend asks for is another one, or a digit is added."""
    if not data.startswith((b"Resend", b"rs")):
        return None
    digit = data.rstrip()[-1:]
    if not digit.isdigit():
        return None
    wrong = b"%d" % ((int(digit) + 1 + size % 9) % 10)
    return data.rstrip()[:-1] + (wrong if size % 2 else digit + wrong) + b"\n"

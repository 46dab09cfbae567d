"""From bytes to commands: the receive buffer, lines, line numbers and checksums, as Marlin and Prusa do it.

Marlin's order of checks decides what it says, so it stands here step by step (`Intake._take`). A line is
refused with three lines of text, and everything that has arrived behind it is thrown away.
"""

import enum
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_INTEGER: Final = re.compile(rb"[-+]?[0-9]+")
_BACKSPACE: Final = 8

LINE_MAX_BYTES: Final = 95
"""MAX_CMD_SIZE less its closing zero."""
QUEUE_SIZE: Final = 4
"""BUFSIZE."""


class Command(NamedTuple):
    """A line that was accepted: without number, checksum and comment."""

    text: bytes
    number: int | None


CRITICAL: Final = frozenset({b"M108", b"M112", b"M410"})
"""Firmware without an emergency parser minds these as soon as they are in the queue."""


class Numbering(enum.Enum):
    """How the two firmwares differ in line numbers."""

    MARLIN = "marlin"
    """The last line and the one before are dropped silently; M110 counts as soon as it is read; a checksum
    needs no number."""
    PRUSA = "prusa"
    """Every wrong number is asked for again; M110 counts when it is executed; a checksum needs a number."""


def xor_checksum(data: bytes) -> int:
    """XOR of all bytes (at most 128), folded instead of walked: a line takes half a microsecond."""
    folded = int.from_bytes(data, "big")
    folded ^= folded >> 512
    folded ^= folded >> 256
    folded ^= folded >> 128
    folded ^= folded >> 64
    folded ^= folded >> 32
    folded ^= folded >> 16
    folded ^= folded >> 8
    return folded & 0xFF


@dataclass
class Intake:
    """`rx_buffer_bytes`: what arrives beyond it, while nothing can be taken out, is lost."""

    rx_buffer_bytes: int
    numbering: Numbering
    queue: deque[Command] = field(default_factory=deque)
    last_number: int = 0
    resends: int = 0
    overflowed_bytes: int = 0
    critical: list[bytes] = field(default_factory=list)
    """CRITICAL commands that came into the queue since somebody emptied this list."""
    _rx: bytearray = field(default_factory=bytearray)
    _line: bytes = b""

    def arrive(self, data: bytes) -> None:
        """Bytes from the wire. Call `fill` until it brings nothing more, then `lose_overflow`."""
        self._rx += data.replace(b"\r", b"\n") if b"\r" in data else data

    def lose_overflow(self) -> None:
        """What found no room is gone, without a word."""
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

    def forget_partial_line(self) -> None:
        """Prusa's RX timeout."""
        self._line = b""

    def clear(self) -> None:
        """A reset: everything that was received is gone."""
        self._rx.clear()
        self._line = b""
        self.queue.clear()
        self.critical.clear()
        self.last_number = 0

    def fill(self) -> str | None:
        """Move whole lines into the queue while it has room; the text of a refusal ends it."""
        rx, queue = self._rx, self.queue
        start = 0
        refusal = None
        while len(queue) < QUEUE_SIZE:
            end = rx.find(b"\n", start)
            if end < 0:
                self._line = self._erased(self._line + rx[start:])[:LINE_MAX_BYTES]
                start = len(rx)
                break
            line = self._line + rx[start:end]
            self._line = b""
            start = end + 1
            refusal = self._take(line)
            if refusal is not None:
                start = min(len(rx), start + self.rx_buffer_bytes - 1)
                break
        del rx[:start]
        return refusal

    def _take(self, line: bytes) -> str | None:
        if b";" in line:
            line = line[: line.index(b";")]
        line = self._erased(line)[:LINE_MAX_BYTES]
        if not line:
            return None
        command = line.lstrip(b" ")
        star = command.rfind(b"*")
        if command[:1] != b"N":
            if star < 0:
                self._accept(command, None)
            elif self.numbering is Numbering.PRUSA:
                return self._refuse("No Line Number with checksum")
            else:
                self._accept(command[:star], None)
            return None
        return self._take_numbered(command, star)

    def _take_numbered(self, command: bytes, star: int) -> str | None:
        at = 1
        is_m110 = b"M110" in command
        if is_m110 and self.numbering is Numbering.MARLIN:
            second = command.find(b"N", 4)
            at = second + 1 if second > 0 else 1
        number = leading_int(command, at)
        if number != self.last_number + 1 and not is_m110:
            if self.numbering is Numbering.MARLIN and self.last_number - 1 <= number <= self.last_number:
                return None
            return self._refuse("Line Number is not Last Line Number+1")
        if star < 0:
            return self._refuse("No Checksum with line number")
        if leading_int(command, star + 1) != xor_checksum(command[:star]):
            return self._refuse("checksum mismatch")
        self.last_number = number
        self._accept(_without_number(command[:star]), number)
        return None

    def _erased(self, line: bytes) -> bytes:
        """Marlin's backspace takes the byte before it away, as far as there is one."""
        if b"\b" not in line or self.numbering is not Numbering.MARLIN:
            return line
        kept = bytearray()
        for byte in line:
            if byte != _BACKSPACE:
                kept.append(byte)
            elif kept:
                kept.pop()
        return bytes(kept)

    def _accept(self, text: bytes, number: int | None) -> None:
        text = text.strip(b" ")
        self.queue.append(Command(text, number))
        if text in CRITICAL:
            self.critical.append(text)

    def _refuse(self, why: str) -> str:
        self.resends += 1
        return f"Error:{why}, Last Line: {self.last_number}\nResend: {self.last_number + 1}\nok\n"


def leading_int(text: bytes, at: int) -> int:
    """C's strtol from there: 0 where there is no number."""
    match = _INTEGER.match(text, at)
    return int(match[0]) if match else 0


def _without_number(command: bytes) -> bytes:
    match = _INTEGER.match(command, 1)
    return command[match.end() if match else 1 :]

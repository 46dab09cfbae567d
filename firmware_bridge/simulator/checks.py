"""One line, as it came: a command, or why it is not taken. The order of the checks decides what is said.

Pure, but for the number of the last line that was taken.
"""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from firmware_bridge.simulator.firmwares.form import M110, Cause, LineRules, TooLong

_INTEGER: Final = re.compile(rb"[-+]?[0-9]+")
_NEXT_CODE: Final = re.compile(rb"(?<=..)[GM]")
_NUMBER_OF: Final = re.compile(rb"^N[-+0-9 ]*", re.IGNORECASE)
_BACKSPACE: Final = 8


class Command(NamedTuple):
    """A line that was taken: without number, checksum and comment."""

    text: bytes
    number: int | None


class Refusal(NamedTuple):
    """The line is asked for again; `complaint`: not even that. `got`: its number."""

    cause: Cause
    got: int = 0
    complaint: bool = False


class Skip(NamedTuple):
    """The line was there already, or was under way behind a refused one."""

    got: int


class Nothing(NamedTuple):
    """An empty line that is answered."""


Verdict = Command | Refusal | Skip | Nothing | None
"""None: not a word."""


def xor_checksum(data: bytes) -> int:
    """XOR of all bytes (at most 256), folded instead of walked: a line takes half a microsecond."""
    folded = int.from_bytes(data, "big")
    if len(data) > 128:
        folded ^= folded >> 1024
    folded ^= folded >> 512
    folded ^= folded >> 256
    folded ^= folded >> 128
    folded ^= folded >> 64
    folded ^= folded >> 32
    folded ^= folded >> 16
    folded ^= folded >> 8
    return folded & 0xFF


def leading_int(text: bytes, at: int) -> int:
    """C's strtol from there: 0 where there is no number."""
    match = _INTEGER.match(text, at)
    return int(match[0]) if match else 0


class Checker:
    """Reads by the rules of one firmware."""

    def __init__(self, rules: LineRules) -> None:
        self._rules = rules
        self._compares = Cause.WRONG_NUMBER in rules.refuses
        self._mask = (1 << rules.number_bits) - 1
        self.last_number = 0
        self._skips_left = 0

    def restart(self) -> None:
        """A reset."""
        self.last_number = 0
        self._skips_left = 0

    def refused(self) -> None:
        """The last verdict, or a broken off line, was answered with a Resend."""
        self._skips_left = self._rules.skipped_after_resend

    def check(self, line: bytes) -> Verdict:
        """One line without its end."""
        rules = self._rules
        line = self._cleaned(line)
        if len(line) > rules.line_max_bytes:
            if rules.too_long is TooLong.REFUSED:
                return Refusal(Cause.TOO_LONG)
            line = line[: rules.line_max_bytes]
        if not line:
            return Nothing() if rules.empty_line_ok else None
        command = line.lstrip(b" ")
        if not rules.numbers:
            return _unchecked(command)
        star = command.find(b"*") if rules.first_star else command.rfind(b"*")
        if command[:1] == b"N":
            return self._numbered(command, star)
        if star >= 0:
            if rules.checksum_first and leading_int(command, star + 1) != xor_checksum(command[:star]):
                return Refusal(Cause.WRONG_CHECKSUM) if rules.answers_bad_checksum else None
            if Cause.NO_NUMBER in rules.complains:
                return Refusal(Cause.NO_NUMBER, complaint=True)
            if Cause.NO_NUMBER in rules.refuses:
                return Refusal(Cause.NO_NUMBER)
            command = command[:star]
        return Command(command.strip(b" "), None)

    def _cleaned(self, line: bytes) -> bytes:
        rules = self._rules
        for mark in rules.comment:
            if mark in line:
                line = line[: line.index(mark)]
        if rules.erases and b"\b" in line:
            line = erased(line)
        if rules.ignores_high_bytes and not line.isascii():
            line = bytes(byte for byte in line if byte < 0x80)
        return line

    def _numbered(self, command: bytes, star: int) -> Verdict:
        rules = self._rules
        is_m110 = b"M110" in command
        at = 1
        if is_m110 and rules.m110_last_n_wins:
            second = command.find(b"N", 4)
            at = second + 1 if second > 0 else 1
        number = leading_int(command, at)
        wrong_sum = self._wrong_sum(command, star)
        if rules.checksum_first and wrong_sum is not None:
            return Refusal(wrong_sum, number) if rules.answers_bad_checksum else None
        if self._compares and (number - self.last_number - 1) & self._mask and not is_m110:
            return self._wrong_number(number)
        if wrong_sum is not None:
            return Refusal(wrong_sum, number)
        self.last_number = number
        self._skips_left = 0
        text = command[:star] if star >= 0 else command
        match = _INTEGER.match(text, 1)
        return Command(text[match.end() if match else 1 :].strip(b" "), number)

    def _wrong_sum(self, command: bytes, star: int) -> Cause | None:
        if star < 0:
            return Cause.NO_CHECKSUM if Cause.NO_CHECKSUM in self._rules.refuses else None
        return None if leading_int(command, star + 1) == xor_checksum(command[:star]) else Cause.WRONG_CHECKSUM

    def _wrong_number(self, number: int) -> Verdict:
        rules = self._rules
        behind = (self.last_number - number) & self._mask
        if rules.silent_repeats and behind <= 1:
            return None
        if rules.skipped_repeats and behind < rules.skipped_repeats:
            return Skip(number)
        if self._skips_left:
            self._skips_left -= 1
            return Skip(number)
        return Refusal(Cause.WRONG_NUMBER, number)

    def number_executed(self, number: int) -> None:
        """M110 has its turn."""
        if self._rules.m110 is M110.WHEN_EXECUTED:
            self.last_number = number


def erased(line: bytes) -> bytes:
    """A backspace takes the byte before it away, as far as there is one."""
    kept = bytearray()
    for byte in line:
        if byte != _BACKSPACE:
            kept.append(byte)
        elif kept:
            kept.pop()
    return bytes(kept)


def split_commands(text: bytes) -> list[bytes]:
    """`G1 X1 M106`: a new command at every further G or M."""
    starts = [0, *(match.start() for match in _NEXT_CODE.finditer(text)), len(text)]
    return [text[a:b].strip(b" ") for a, b in pairwise(starts)]


def _unchecked(command: bytes) -> Command:
    text = _NUMBER_OF.sub(b"", command).partition(b"*")[0]
    return Command(text.strip(b" "), None)

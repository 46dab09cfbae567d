"""What a bad cable does to bytes: by rate, and to one line when it is told to."""

import enum
import random
from typing import Final


class Kind(enum.Enum):
    """Each hits one byte."""

    FLIP = "flip"
    """One bit is another."""
    DROP = "drop"
    DOUBLE = "double"
    SPLIT = "split"
    """A line end appears before it."""
    MERGE = "merge"
    """The next line end is lost."""


_LF: Final = 10


class Damage:
    """One direction of a cable; the same seed and stream are damaged in the same places, however they are cut."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._rates: dict[Kind, float] = {}
        self._total = 0.0
        self._gap = 0
        self._strikes: list[Kind] = []
        self._merges = 0
        self.hits = 0

    def set_rate(self, kind: Kind, rate: float) -> None:
        """So many of all bytes are hit, 0 to 1."""
        if not 0.0 <= rate <= 1.0:
            raise ValueError(f"a rate is between 0 and 1, not {rate:g}")
        self._rates[kind] = rate
        self._total = sum(self._rates.values())
        self._gap = self._next_gap()

    def strike(self, kind: Kind) -> None:
        """Hit the line that passes next, somewhere."""
        self._strikes.append(kind)

    def pass_on(self, data: bytes) -> bytes:
        """The bytes as they arrive."""
        if self._strikes and data:
            data = self._struck(data)
        if not self._total or self._gap >= len(data):
            self._gap -= len(data)
            return self._merged(data)
        passed = bytearray()
        start = 0
        while self._gap < len(data):
            passed += self._merged(data[start : self._gap])
            passed += self._merged(self._hit(data[self._gap], self._kind()))
            start = self._gap + 1
            self._gap += 1 + self._next_gap()
        self._gap -= len(data)
        return bytes(passed) + self._merged(data[start:])

    def _struck(self, data: bytes) -> bytes:
        kinds, self._strikes = self._strikes, []
        for kind in kinds:
            end = data.find(b"\n")
            at = self._random.randrange(max(1, end if end >= 0 else len(data)))
            data = data[:at] + self._hit(data[at], kind) + data[at + 1 :]
        return data

    def _merged(self, data: bytes) -> bytes:
        while self._merges and b"\n" in data:
            data = data.replace(b"\n", b"", 1)
            self._merges -= 1
        return data

    def _hit(self, byte: int, kind: Kind) -> bytes:
        self.hits += 1
        if kind is Kind.FLIP:
            return bytes([byte ^ 1 << self._random.randrange(8)])
        if kind is Kind.DROP:
            return b""
        if kind is Kind.DOUBLE:
            return bytes([byte, byte])
        if kind is Kind.SPLIT:
            return bytes([_LF, byte])
        self._merges += 1
        return bytes([byte])

    def _kind(self) -> Kind:
        kinds = list(self._rates)
        return kinds[0] if len(kinds) == 1 else self._random.choices(kinds, list(self._rates.values()))[0]

    def _next_gap(self) -> int:
        return int(self._random.expovariate(self._total)) if self._total else 0

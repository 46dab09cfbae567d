"""A serial line: how fast bytes pass, how late they arrive, and what noise does to them."""

import random
from typing import Final

_GRAIN_BYTES: Final = 16
"""Delivered together when more is on its way: a compromise between exactness and waking up."""


class Wire:
    """One direction. Bytes leave one behind the other at `bytes_per_s` (None: at once), `latency_s` later."""

    def __init__(self, bytes_per_s: float | None, latency_s: float = 0.0) -> None:
        self._bytes_per_s = bytes_per_s
        self._latency_s = latency_s
        self._data = bytearray()
        self._clock = 0.0

    def __len__(self) -> int:
        return len(self._data)

    def push(self, data: bytes, now: float) -> None:
        """Bytes handed to the sender's end."""
        if not self._data:
            self._clock = max(self._clock, now + self._latency_s)
        self._data += data

    def pop(self, now: float) -> bytes:
        """Bytes that have arrived at the other end."""
        count = self._arrived(now)
        if count <= 0:
            return b""
        if self._bytes_per_s is not None:
            self._clock += count / self._bytes_per_s
        data = bytes(self._data[:count])
        del self._data[:count]
        return data

    def clear(self) -> None:
        """Lose what is under way."""
        self._data.clear()

    def next_due(self) -> float | None:
        """When `pop` will bring something, None while nothing is under way."""
        if not self._data:
            return None
        if self._bytes_per_s is None:
            return self._clock
        return self._clock + min(len(self._data), _GRAIN_BYTES) / self._bytes_per_s

    def _arrived(self, now: float) -> int:
        if not self._data or now < self._clock:
            return 0
        if self._bytes_per_s is None:
            return len(self._data)
        return min(len(self._data), int((now - self._clock) * self._bytes_per_s + 1e-6))


class Noise:
    """Changes about one byte in `every`, always the same ones for the same seed and stream."""

    def __init__(self, every: float, seed: int) -> None:
        self._random = random.Random(seed)
        self.corrupted = 0
        self.set(every)

    def set(self, every: float) -> None:
        """0: no noise."""
        self._every = every
        self._gap = self._next_gap()

    def corrupt(self, data: bytes) -> bytes:
        """The bytes as they arrive."""
        if self._every <= 0 or self._gap >= len(data):
            self._gap -= len(data)
            return data
        dirty = bytearray(data)
        while self._gap < len(dirty):
            dirty[self._gap] ^= 1 << self._random.randrange(8)
            self.corrupted += 1
            self._gap += 1 + self._next_gap()
        self._gap -= len(dirty)
        return bytes(dirty)

    def _next_gap(self) -> int:
        return int(self._random.expovariate(1.0 / self._every)) if self._every > 0 else 0

"""A serial line: how fast bytes pass, and how late they arrive."""

from collections import deque
from typing import Final

_GRAIN_BYTES: Final = 16
"""Delivered together when more is on its way: a compromise between exactness and waking up."""


class Wire:
    """One direction. Bytes leave one by one at `bytes_per_s` (None: at once) and arrive `latency_s` later."""

    def __init__(self, bytes_per_s: float | None, latency_s: float = 0.0) -> None:
        self._bytes_per_s = bytes_per_s
        self._latency_s = latency_s
        self._waiting = bytearray()
        self._clock = 0.0
        self._under_way: deque[tuple[float, bytes]] = deque()

    @property
    def bytes_on_it(self) -> int:
        """Not sent yet, or not arrived."""
        return len(self._waiting) + sum(len(data) for _, data in self._under_way)

    def push(self, data: bytes, now: float) -> None:
        """Bytes handed to the sender's end."""
        if not self._waiting:
            self._clock = max(self._clock, now)
        self._waiting += data

    def pop(self, now: float) -> bytes:
        """Bytes that have arrived at the other end."""
        sent = self._send(now)
        if not self._latency_s:
            return sent
        if sent:
            self._under_way.append((now + self._latency_s, sent))
        arrived = b""
        while self._under_way and self._under_way[0][0] <= now:
            arrived += self._under_way.popleft()[1]
        return arrived

    def clear(self) -> None:
        """Lose what is under way."""
        self._waiting.clear()
        self._under_way.clear()

    def next_due(self) -> float | None:
        """When `pop` has something to do, None while nothing is under way."""
        due = [self._under_way[0][0]] if self._under_way else []
        if self._waiting:
            grain = min(len(self._waiting), _GRAIN_BYTES)
            due.append(self._clock + grain / self._bytes_per_s if self._bytes_per_s else self._clock)
        return min(due) if due else None

    def _send(self, now: float) -> bytes:
        count = len(self._waiting)
        if self._bytes_per_s is not None and count:
            count = min(count, int((now - self._clock) * self._bytes_per_s + 1e-6))
            self._clock += count / self._bytes_per_s
        if not count:
            return b""
        data = bytes(self._waiting[:count])
        del self._waiting[:count]
        return data

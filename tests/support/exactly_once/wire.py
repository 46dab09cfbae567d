"""One direction of a serial wire on virtual time, and the marks of damage that the bytes to the printer carry.

What goes to the printer is a `str` of one character a byte. A byte that the wire has damaged is its value plus
`DAMAGED`, so that the model of a firmware, which acts on the value, can tell afterwards which damage its protocol
could not see.
"""

import re
from collections import deque
from typing import Final, Generic, TypeVar

DAMAGED: Final = 0x100
LINE_END: Final = re.compile("[\n\r\u010a\u010d]")
_VALUES: Final = {DAMAGED + value: value for value in range(256)}

Data = TypeVar("Data", str, bytes)


def damaged(value: int) -> str:
    """The character of a byte that the wire has made."""
    return chr(DAMAGED | value)


def is_damaged(text: str) -> bool:
    """Any byte of it was changed, added, or stands where one was lost."""
    return any(ord(character) & DAMAGED for character in text)


def values(text: str) -> str:
    """What the printer sees of it."""
    return text if text.isascii() else text.translate(_VALUES)


class Lane(Generic[Data]):
    """Bytes under way, in order; `byte_s` seconds each, `latency_s` before the first."""

    __slots__ = ("_byte_s", "_free_at", "_latency_s", "_parts")

    def __init__(self, byte_s: float, latency_s: float) -> None:
        self._byte_s = byte_s
        self._latency_s = latency_s
        self._free_at = 0.0
        # When its first byte arrives, the time between two bytes, the bytes.
        self._parts: deque[tuple[float, float, Data]] = deque()

    def put(self, data: Data, now: float, pause_s: float = 0.0) -> None:
        """Write; `pause_s`: the wire stands still before it."""
        start = max(now + self._latency_s, self._free_at) + pause_s + self._byte_s
        self._parts.append((start, self._byte_s, data))
        self._free_at = start + self._byte_s * (len(data) - 1)

    def hold(self, data: Data, now: float, pause_s: float) -> None:
        """Write; it arrives later and all at once, with what is written meanwhile close behind."""
        start = max(now + self._latency_s, self._free_at) + pause_s
        self._parts.append((start, 0.0, data))
        self._free_at = start

    def take(self, now: float, empty: Data) -> Data:
        """What has arrived."""
        parts = self._parts
        arrived = []
        while parts and parts[0][0] <= now:
            start, byte_s, data = parts.popleft()
            count = len(data) if byte_s == 0.0 else int((now - start) / byte_s + 1e-6) + 1
            arrived.append(data[:count])
            if count < len(data):
                parts.appendleft((start + count * byte_s, byte_s, data[count:]))
                break
        return empty.join(arrived)

    @property
    def part_arrives_at(self) -> float | None:
        """When the whole of what was written first is there."""
        if not self._parts:
            return None
        start, byte_s, data = self._parts[0]
        return start + byte_s * (len(data) - 1)

    @property
    def is_empty(self) -> bool:
        """Nothing is under way."""
        return not self._parts

    def line_arrives_at(self) -> float | None:
        """When the next line is complete; of the lane to the printer."""
        for start, byte_s, data in self._parts:
            end = LINE_END.search(data)
            if end is not None:
                return start + byte_s * end.start()
        return None

    @property
    def size(self) -> int:
        """Bytes under way."""
        return sum(len(data) for _, _, data in self._parts)

"""The lines by their number: acknowledged, in flight, to be sent again, framed ahead."""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

HISTORY_LINES: Final = 2048
"""Of the acknowledged lines so many are kept, in case the printer asks for one again."""


class Reel:
    """`oldest` to `end` - 1 are in flight, `end` to `next` - 1 were sent before and are to be sent again.

    Lines from `next` on are framed ahead: nobody has been promised that they go. `fences` are numbers in flight.
    """

    __slots__ = ("_base", "_frames", "_offsets", "end", "fences", "next", "oldest")

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Nothing is in flight, nothing is kept, and the next line is 1."""
        self.oldest = self.end = self.next = self._base = 1
        self.fences: deque[int] = deque()
        self._frames: list[bytes] = []
        self._offsets = [0]

    # --- what there is ------------------------------------------------------------------------------

    @property
    def first_kept(self) -> int:
        """Older lines are not known any more."""
        return self._base

    @property
    def lines(self) -> int:
        """In flight."""
        return self.end - self.oldest

    @property
    def size(self) -> int:
        """Bytes in flight."""
        return self.bytes_between(self.oldest, self.end)

    def bytes_between(self, first: int, end: int) -> int:
        """Of the lines `first` to `end` - 1."""
        return self._offsets[end - self._base] - self._offsets[first - self._base]

    @property
    def ahead(self) -> int:
        """How many lines are framed ahead."""
        return len(self._frames) - (self.next - self._base)

    def frame(self, number: int) -> bytes:
        """The bytes of a line that is kept."""
        return self._frames[number - self._base]

    @property
    def has_only_fences(self) -> bool:
        """Every line in flight is a fence."""
        return len(self.fences) == self.lines

    # --- what is added ------------------------------------------------------------------------------

    def add(self, framed: bytes) -> None:
        """One more line, number `next`; not in flight yet. What was framed ahead is void."""
        self.drop_ahead()
        self.add_ahead((framed,))
        self.next += 1

    def add_ahead(self, frames: Sequence[bytes]) -> None:
        """Lines behind all others."""
        offsets = accumulate(map(len, frames), initial=self._offsets.pop())
        self._offsets.extend(offsets)
        self._frames.extend(frames)

    def drop_ahead(self) -> None:
        """Something else comes first."""
        kept = self.next - self._base
        del self._frames[kept:]
        del self._offsets[kept + 1 :]

    # --- what goes ----------------------------------------------------------------------------------

    def reach(self, most_bytes: int, most_lines: int) -> int:
        """The end of what may be in flight, lines framed ahead included, within these bounds."""
        base, oldest = self._base, self.oldest
        most = self._offsets[oldest - base] + most_bytes
        return min(bisect_right(self._offsets, most, self.end - base) + base - 1, oldest + most_lines)

    def take(self, end: int) -> bytes:
        """Lines up to `end` - 1 are in flight from now on; returns their bytes, in one piece."""
        data = b"".join(self._frames[self.end - self._base : end - self._base])
        self.end = end
        if end > self.next:
            self.next = end
        return data

    # --- what comes back ----------------------------------------------------------------------------

    @property
    def creditable(self) -> int:
        """So many plain oks may be in flight; a fence has an answer of its own."""
        return (self.fences[0] if self.fences else self.end) - self.oldest

    def credit(self, count: int) -> int:
        """The `count` oldest lines are acknowledged, no fence among them; returns their bytes."""
        index = self.oldest - self._base
        self.oldest += count
        return self._offsets[index + count] - self._offsets[index]

    def credit_up_to(self, number: int) -> int:
        """Every line up to that one is acknowledged; returns their bytes."""
        while self.fences and self.fences[0] <= number:
            self.fences.popleft()
        return self.credit(number + 1 - self.oldest)

    def rewind(self, number: int) -> int:
        """Line `number` is the next to be sent; returns the bytes behind it that may still be under way."""
        self.drop_ahead()
        if not self.oldest <= number <= self.end:
            stale = self.size
            self.forget(number)
            return stale
        stale = self.bytes_between(number, self.end)
        self.end = number
        while self.fences and self.fences[-1] >= number:
            self.fences.pop()
        return stale

    def forget(self, number: int) -> None:
        """Nothing is in flight, and line `number` is to be sent."""
        self.fences.clear()
        self.oldest = self.end = number

    def forget_history(self) -> None:
        """Let go of what is older than anybody may ask for."""
        surplus = self.oldest - self._base - HISTORY_LINES
        if surplus > HISTORY_LINES:
            del self._frames[:surplus]
            del self._offsets[:surplus]
            self._base += surplus

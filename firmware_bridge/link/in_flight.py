"""The lines between the host and their ok, and how many there may be."""

from collections import deque
from typing import Final

CALM_LINES: Final = 24
MAX_CALM_LINES: Final = 16_000


class InFlight:
    """Lines `oldest` to `end` - 1: sent, not yet acknowledged. `bytes`: their size; `fences`: the M105s."""

    __slots__ = ("bytes", "end", "fences", "oldest", "sizes")

    def __init__(self) -> None:
        self.oldest = 1
        self.end = 1
        self.bytes = 0
        self.sizes: deque[int] = deque()
        self.fences: deque[int] = deque()

    def put(self, size: int, is_fence: bool) -> None:
        """Line `end` is sent."""
        if is_fence:
            self.fences.append(self.end)
        self.end += 1
        self.sizes.append(size)
        self.bytes += size

    def credit(self) -> bool:
        """A plain ok; False where nothing has earned it: nothing is in flight, or a fence comes first."""
        fences = self.fences
        if not self.sizes or (fences and fences[0] == self.oldest):
            return False
        self.bytes -= self.sizes.popleft()
        self.oldest += 1
        return True

    def credit_up_to(self, number: int) -> None:
        """An ok that is known to be that line's."""
        while self.oldest <= number:
            self.bytes -= self.sizes.popleft()
            self.oldest += 1
        while self.fences and self.fences[0] <= number:
            self.fences.popleft()

    def rewind(self, number: int) -> int:
        """Line `number` is the next to be sent; returns the bytes behind it that may still be under way."""
        before = self.bytes
        if self.oldest <= number <= self.end:
            while self.end > number:
                self.bytes -= self.sizes.pop()
                self.end -= 1
            while self.fences and self.fences[-1] >= number:
                self.fences.pop()
        else:
            self.forget(number)
        return before - self.bytes

    def forget(self, number: int) -> None:
        """Nothing is in flight, and line `number` is the next."""
        self.sizes.clear()
        self.fences.clear()
        self.bytes = 0
        self.oldest = self.end = number

    @property
    def has_only_fences(self) -> bool:
        """Every line in flight is a fence."""
        return len(self.fences) == len(self.sizes)


class Opening:
    """How many lines may be in flight: one at first, one more after each calm stretch, one after each trouble.

    `relapse_lines` is the least stretch after a trouble; each further one doubles it, each calm one halves it.
    """

    __slots__ = ("_calm", "_most", "_needed", "_relapse_lines", "lines")

    def __init__(self, most: int, relapse_lines: int) -> None:
        self.lines = 1
        self._most = most
        self._relapse_lines = relapse_lines
        self._calm = 0
        self._needed = CALM_LINES

    def calm(self) -> None:
        """One more line was acknowledged as it should be."""
        self._calm += 1
        if self._calm >= self._needed and self.lines < self._most:
            self.lines += 1
            self._calm = 0
            self._needed = max(CALM_LINES, self._needed // 2)

    def trouble(self) -> None:
        """Something was lost."""
        self.lines = 1
        self._calm = 0
        self._needed = min(2 * max(self._needed, self._relapse_lines), MAX_CALM_LINES)

"""The lines between the host and their ok."""

from collections import deque


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

"""How many lines may be in flight, as trust in the wire grows and breaks. Why so stands in window.py."""

from typing import Final

CALM_LINES: Final = 12
MAX_CALM_LINES: Final = 384
HOLD_LINES: Final = 3
"""Calm lines before a line is held open: about as safe as one at a time."""
TRUST_LINES: Final = 1000
"""Calm lines before several whole lines are in flight where fragments are run: 35 kB without a damaged byte. With
one in 10,000 damaged, that is not reached in 97 of 100 cases."""


class Opening:
    """One line at first, one more after each calm stretch, one after each trouble; never more than `most`.

    The calm stretch doubles with each trouble that follows soon after another, and shrinks again with calm.

    `guarded`: whole lines behind a damaged one are dangerous. Then the second line is held open (`holds`) as soon
    as the printer has shown that it can erase it (`allow_holding`), and more than that needs TRUST_LINES; a
    trouble with several lines in flight ends that trust for the rest of the connection.
    """

    __slots__ = ("_calm", "_can_hold", "_guarded", "_most", "_next", "_stretch", "_trusts", "holds", "lines")

    def __init__(self, most: int, guarded: bool) -> None:
        self.lines = 1
        self.holds = False
        self._most = most
        self._guarded = guarded
        self._can_hold = False
        self._trusts = True
        self._calm = 0
        self._stretch = CALM_LINES
        self._next = TRUST_LINES if guarded else CALM_LINES

    def allow_holding(self) -> None:
        """The printer can erase what it has of a line."""
        self._can_hold = True
        if self.lines == 1:
            self._next = self._calm + HOLD_LINES

    def calm(self, lines: int) -> None:
        """So many more lines were acknowledged as they should be."""
        self._calm += lines
        if self._calm >= self._next:
            self._open()

    def trouble(self) -> None:
        """Something was lost. Said several times of one incident, it counts once."""
        if self._calm >= CALM_LINES:
            self._stretch = min(2 * self._stretch, MAX_CALM_LINES) if self._calm < TRUST_LINES else CALM_LINES
        if self.lines > 1:
            self._trusts = False
        self.lines = 1
        self.holds = False
        self._calm = 0
        if self._guarded:
            self._next = HOLD_LINES if self._can_hold else TRUST_LINES
        else:
            self._next = self._stretch

    def _open(self) -> None:
        self._stretch = max(CALM_LINES, self._stretch // 2)
        self._next = self._calm + self._stretch
        if not self._guarded:
            self.lines = min(self.lines + 1, self._most)
        elif self._calm >= TRUST_LINES and self._trusts:
            self.holds = False
            self.lines = min(self.lines + 1, self._most)
        elif self._can_hold and self._most > 1:
            self.holds = True
            self.lines = 2
            self._next = max(self._next, TRUST_LINES)

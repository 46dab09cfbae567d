"""How many lines may be in flight, as trust in the wire grows and breaks. Why so stands in window.py."""

from typing import Final

CALM_LINES: Final = 12
MAX_CALM_LINES: Final = 384
HOLD_LINES: Final = 3
"""Calm lines before a line is held open: about as safe as one at a time."""
TRUST_BYTES: Final = 36_000
"""Bytes without trouble before several whole lines are in flight where fragments are run. With one in 10,000
damaged, that is not reached in 97 of 100 cases."""
MAX_TRUST_BYTES: Final = 8 * TRUST_BYTES


class Opening:
    """`first` lines at first, one more after each calm stretch, one after each trouble; never more than `most`.

    The calm stretch doubles with each trouble that follows soon after another, and shrinks again with calm.

    `guarded`: whole lines behind a damaged one are dangerous. Then the second line is held open (`holds`) as soon
    as the printer has shown that it can erase it (`allow_holding`), and more than that needs TRUST_BYTES, twice as
    many after each trouble; a trouble with several lines in flight ends that trust for the rest of the connection.
    """

    __slots__ = (
        "_calm",
        "_calm_bytes",
        "_can_hold",
        "_guarded",
        "_next",
        "_stretch",
        "_trust_bytes",
        "_trusts",
        "holds",
        "lines",
        "most",
    )

    def __init__(self, most: int, guarded: bool, first: int = 1) -> None:
        self.lines = first
        self.holds = False
        self.most = most
        self._guarded = guarded
        self._can_hold = False
        self._trusts = True
        self._trust_bytes = TRUST_BYTES
        self._calm = 0
        self._calm_bytes = 0
        self._stretch = CALM_LINES
        self._next = CALM_LINES

    @property
    def wants_proof(self) -> bool:
        """More would be allowed if more bytes, or then a few more lines, had gone without trouble."""
        return self._guarded and self._trusts and (self.lines < self.most or self.holds)

    def allow_holding(self) -> None:
        """The printer can erase what it has of a line."""
        self._can_hold = True
        self._next = min(self._next, self._calm + HOLD_LINES)

    def calm(self, lines: int, size: int) -> None:
        """So many more lines, of `size` bytes, were acknowledged as they should be."""
        self._calm += lines
        self._calm_bytes += size
        if self._calm >= self._next:
            self._open()

    def trouble(self) -> None:
        """Something was lost. Said several times of one incident, it counts once."""
        if self._calm >= CALM_LINES:
            self._stretch = min(2 * self._stretch, MAX_CALM_LINES) if not self._is_proven else CALM_LINES
            self._trust_bytes = min(2 * self._trust_bytes, MAX_TRUST_BYTES)
        if self.lines > 1 and not self.holds:
            self._trusts = False
        self.lines = 1
        self.holds = False
        self._calm = 0
        self._calm_bytes = 0
        self._next = HOLD_LINES if self._guarded and self._can_hold else self._stretch

    @property
    def _is_proven(self) -> bool:
        return self._calm_bytes >= self._trust_bytes

    def _open(self) -> None:
        self._stretch = max(CALM_LINES, self._stretch // 2)
        self._next = self._calm + self._stretch
        if not self._guarded or (self._is_proven and self._trusts):
            self.holds = False
            self.lines = min(self.lines + 1, self.most)
        elif self._can_hold and self.most > 1:
            self.holds = True
            self.lines = 2

"""One recovery at a time: from the first word of a refusal until the wire is quiet again."""

from typing import Final

MAX_RECOVERIES: Final = 15
"""Without a fence passed in between."""
QUIET_S: Final = 0.03
LEAST_QUIET_S: Final = 0.001
MAX_QUIET_S: Final = 2.0
FENCE_AND_ANSWER_BYTES: Final = 40
"""At least; so many bytes are in a measured round trip."""


class Recovery:
    """`quiet_until`: nothing is sent before; None while nothing is to be recovered. `owes_ok`: see `refused`.

    `of_refusal`: it is quiet because a line was refused, and what was behind it may be in pieces.
    """

    __slots__ = (
        "_again",
        "_bytes_per_s",
        "_count",
        "_is_last",
        "_line",
        "_round_trip_s",
        "of_refusal",
        "owes_ok",
        "quiet_until",
    )

    def __init__(self, baud: int) -> None:
        self.quiet_until: float | None = None
        self.of_refusal = False
        self._bytes_per_s = baud / 20.0
        self._count = 0
        self.owes_ok = False
        self._is_last = False
        self._line = 0
        self._again = 0
        self._round_trip_s = QUIET_S

    def begin(self, line: int, now: float, stale_bytes: int, is_last: bool) -> None:
        """A line was refused with so many bytes behind it, which cost answers of their own unless it `is_last`.

        The same line once more: the quiet is twice as long, for the wire may have stood still, with all that was
        sent again still on it. (Repetier asks again after each 200 ms of silence.)
        """
        self._again = self._again + 1 if line == self._line else 0
        self._line = line
        self._is_last = is_last
        self.of_refusal = True
        quiet_s = self._quiet_s(stale_bytes)
        self._be_quiet(now + max(quiet_s, min(quiet_s * 2**self._again, MAX_QUIET_S)))

    def wait(self, now: float) -> None:
        """Be quiet for as long as what is still under way can take."""
        self._be_quiet(now + self._quiet_s(0))

    def _quiet_s(self, stale_bytes: int) -> float:
        byte_s = min(1.0 / self._bytes_per_s, self._round_trip_s / FENCE_AND_ANSWER_BYTES)
        return max(LEAST_QUIET_S, min(3.0 * self._round_trip_s, QUIET_S)) + stale_bytes * byte_s

    def _be_quiet(self, until: float) -> None:
        self.quiet_until = max(self.quiet_until or 0.0, until)

    def refused(self, with_ok: bool) -> None:
        """A Resend has come: an ok may follow that belongs to no line."""
        self.owes_ok = not with_ok

    def expects_no_ok(self) -> None:
        """The next ok belongs to something else."""
        self.owes_ok = False

    def swallows(self, now: float) -> bool:
        """Whether this ok is the refusal's. It is its last word."""
        if not self.owes_ok:
            return False
        self.owes_ok = False
        if self.quiet_until is not None and self._is_last and not self._again:
            self.quiet_until = min(self.quiet_until, now + max(LEAST_QUIET_S, self._round_trip_s))
        return True

    def ends(self, now: float) -> bool:
        """True once, when it has been quiet for long enough."""
        if self.quiet_until is None or now < self.quiet_until:
            return False
        self.quiet_until = None
        self.of_refusal = False
        self.owes_ok = False
        return True

    def count(self) -> bool:
        """One more; False when it were too many."""
        self._count += 1
        return self._count <= MAX_RECOVERIES

    def succeeded(self) -> None:
        """A fence has passed, and none is left."""
        self._count = 0

    def measured(self, round_trip_s: float) -> None:
        """How long an answer takes."""
        self._round_trip_s = min(self._round_trip_s, round_trip_s)

"""Which of the region's brokers to try next, and when. Pure but for its dice.

The list is in order of preference. Who loses a broker goes on to the next within a second; only when a whole round
has failed does the wait grow. Who reports to a later one looks now and then whether an earlier one is back.
"""

import random
from typing import Final

HOP_S: Final = 1.0
"""From one broker to the next, at most."""
FIRST_RETRY_S: Final = 1.0
LAST_RETRY_S: Final = 60.0
LOOK_BACK_S: Final = 60.0
LAST_LOOK_BACK_S: Final = 900.0
"""A first broker that lets nobody in after all is believed ever less."""


class Roster:
    """`at`: the place in the list of the broker to try, or to report to."""

    def __init__(self, brokers: int, dice: random.Random) -> None:
        self._brokers = brokers
        self._dice = dice
        self._failures = 0
        self._look_back_s = LOOK_BACK_S
        self._look_due_s = 0.0
        self.at = 0

    def welcomed(self, now_s: float) -> None:
        """The broker at `at` has let us in."""
        self._failures = 0
        self._look_later(now_s)

    def lost(self) -> float:
        """It did not, or the connection ended: `at` is the next one; seconds to wait before it is tried."""
        self._failures += 1
        self.at = (self.at + 1) % self._brokers
        rounds, hops = divmod(self._failures, self._brokers)
        wait_s = HOP_S if hops else min(FIRST_RETRY_S * 2 ** (rounds - 1), LAST_RETRY_S)
        return wait_s * self._dice.uniform(0.5, 1.0)

    def earlier(self, now_s: float) -> range:
        """Places of better brokers to look at now; empty most of the time."""
        if self.at == 0 or now_s < self._look_due_s:
            return range(0)
        self._look_later(now_s)
        return range(self.at)

    def go_back(self, to: int) -> None:
        """That one answers again: it is the next to try."""
        self.at = to
        self._failures = 0
        self._look_back_s = min(2 * self._look_back_s, LAST_LOOK_BACK_S)

    def _look_later(self, now_s: float) -> None:
        self._look_due_s = now_s + self._look_back_s * self._dice.uniform(0.5, 1.0)

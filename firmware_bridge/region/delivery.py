"""Which journal rows go to the region next: go-back-N from the cursor that the recorder acknowledges. Pure.

The broker's PUBACK says that the broker has a row, not that it is recorded; so only the recorder's `ack` counts.
"""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import Ack

WINDOW: Final = 200
"""Rows that may be under way, beyond the cursor."""
PATIENCE_S: Final = 10.0
MAX_PATIENCE_S: Final = 300.0
"""A recorder that stays away is asked ever less often."""


@dataclass(frozen=True)
class Verdict:
    """What an `ack` meant: the cursor after it, and why it was not believed ('' when it was)."""

    cursor: int
    distrust: str = ""


class Delivery:
    """State of the conversation with the recorder. `jitter` in 0..1 keeps a thousand kiosks out of step."""

    def __init__(self, journal: str, cursor: int, jitter: float = 0.0) -> None:
        self._journal = journal
        self._stretch = 1.0 + jitter / 2
        self.cursor = cursor
        self._next = cursor + 1
        self._progress_s = 0.0
        self._patience_s = PATIENCE_S

    def connected(self, now_s: float) -> None:
        """A new connection: all that is not acknowledged goes out again."""
        self._next = self.cursor + 1
        self._progress_s = now_s
        self._patience_s = PATIENCE_S

    def acknowledged(self, ack: Ack, last_seq: int, now_s: float) -> Verdict:
        """The recorder says how far it is: usually further; further back when it was restored from a backup."""
        if ack.journal != self._journal:
            return Verdict(self.cursor, f"it is of another journal ({ack.journal[:40]})")
        if not 0 <= ack.seq <= last_seq:
            return Verdict(self.cursor, f"{ack.seq} rows are acknowledged where there are {last_seq}")
        if ack.seq < self.cursor:
            self._next = ack.seq + 1
        if ack.seq != self.cursor:
            self._progress_s = now_s
            self._patience_s = PATIENCE_S
        self.cursor = ack.seq
        self._next = max(self._next, self.cursor + 1)
        return Verdict(self.cursor)

    def due(self, last_seq: int, now_s: float) -> range:
        """Numbers of the rows to send now; they count as sent."""
        if self._next == self.cursor + 1:
            self._progress_s = now_s
        elif now_s - self._progress_s >= self._patience_s * self._stretch:
            self._next = self.cursor + 1
            self._progress_s = now_s
            self._patience_s = min(2 * self._patience_s, MAX_PATIENCE_S)
        rows = range(self._next, min(last_seq, self.cursor + WINDOW) + 1)
        self._next = max(self._next, rows.stop)
        return rows

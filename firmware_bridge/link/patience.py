"""The two clocks: how long no ok, and how long nothing at all."""

from typing import Final

from firmware_bridge.contract import Fault, FaultCode

LEAST_DOUBT_S: Final = 0.02
"""The first doubt of a printer that answers at once; a busy host is late by less."""
FIRST_DOUBT_S: Final = 0.15
"""The first doubt of one of which nothing is known."""
WAITS: Final = 4.0
"""Times the longest wait of late: that long, and an ok is missed."""
MEMORY_S: Final = 2.0
"""Of waiting. A busy host is late now and then, by more than a printer that answers at once ever takes."""
SLOW_DOUBT_S: Final = 2.0
"""The first doubt of a printer that has proven to be slow but sound, and of a command of unknown length."""
LAST_DOUBT_S: Final = 8.0
PATIENCE_S: Final = 30.0
UNBOUNDED_PATIENCE_S: Final = 600.0


class Patience:
    """`doubt_at`: when the next doubt is due; `doubts`: how often in a row; `heard_at`: the last byte.

    The first doubt comes after some times the longest wait of late, and not before `least_s`; later, where it has
    proven to be unfounded. `has_doubted`: whether there was a reason is not known yet.
    """

    __slots__ = (
        "_idle_seen",
        "_least_s",
        "_longest_s",
        "_ok_at",
        "_proven_s",
        "_waits_since",
        "doubt_at",
        "doubts",
        "has_doubted",
        "heard_at",
    )

    def __init__(self, least_s: float = LEAST_DOUBT_S) -> None:
        self.doubts = 0
        self.has_doubted = False
        self.doubt_at = 0.0
        self.heard_at = 0.0
        self._least_s = self._proven_s = least_s
        self._longest_s = FIRST_DOUBT_S / WAITS
        self._ok_at = 0.0
        self._waits_since = 0.0
        self._idle_seen = 0

    @property
    def first_doubt_s(self) -> float:
        """After so long an ok is missed."""
        return max(self._proven_s, WAITS * self._longest_s)

    def alive(self, now: float) -> None:
        """An ok, or what shows that one will come."""
        self._ok_at = now

    def satisfied(self, now: float) -> None:
        """A line's ok, and nothing else came."""
        self.answered(now)
        self.heard_at = self._ok_at = self._waits_since = now
        self.doubts = 0
        self.doubt_at = now + self.first_doubt_s

    def answered(self, now: float) -> None:
        """A line's ok: how long it was waited for tells when to miss the next."""
        waited_s = now - self._waits_since
        if waited_s < self._longest_s:
            self._longest_s -= (self._longest_s - waited_s) * min(waited_s / MEMORY_S, 1.0)
        else:
            self._longest_s = min(waited_s, FIRST_DOUBT_S / WAITS)

    def restart(self, now: float, unbounded: bool) -> None:
        """The next ok is awaited from now on; `unbounded`: it may take any time."""
        self.doubts = 0
        self._idle_seen = 0
        self._waits_since = now
        self.doubt_at = now + (SLOW_DOUBT_S if unbounded else self.first_doubt_s)

    def hurry(self, at: float) -> None:
        """Doubt then, if not before."""
        self.doubt_at = min(self.doubt_at, at)

    def idle(self, now: float) -> None:
        """The printer says that it has nothing to do; said once, it may just have missed what is on its way."""
        self._idle_seen += 1
        self.hurry(now if self._idle_seen > 1 else now + FIRST_DOUBT_S)

    def doubt(self, now: float) -> None:
        """One more, and twice as long until the next: those after the first are in no hurry."""
        self.doubts += 1
        self.has_doubted = True
        self.doubt_at = now + min(max(self.first_doubt_s, FIRST_DOUBT_S) * 2.0**self.doubts, LAST_DOUBT_S)

    def was_unfounded(self) -> None:
        """Nothing was lost, the printer is slow: doubt it later."""
        self.has_doubted = False
        self._proven_s = min(2.0 * self.first_doubt_s, SLOW_DOUBT_S)

    def was_founded(self) -> None:
        """Something was lost: doubt soon."""
        self.has_doubted = False
        self._proven_s = self._least_s

    def waited(self, now: float) -> float:
        """Since the last ok, or sign that one will come."""
        return now - self._ok_at

    def fault(self, now: float, unbounded: bool) -> Fault | None:
        """Why waiting makes no sense any more."""
        waited = self.waited(now)
        if waited <= (UNBOUNDED_PATIENCE_S if unbounded else PATIENCE_S):
            return None
        silent = now - self.heard_at > PATIENCE_S
        code = FaultCode.PRINTER_SILENT if silent else FaultCode.BAD_CONNECTION
        return Fault(code=code, detail=f"no ok for {waited:.0f} s")

"""The two clocks: how long no ok, and how long nothing at all."""

from typing import Final

from firmware_bridge.contract import Fault, FaultCode

FIRST_DOUBT_S: Final = 0.15
SLOW_DOUBT_S: Final = 2.0
"""The first doubt of a printer that has proven to be slow but sound, and of a command of unknown length."""
LAST_DOUBT_S: Final = 8.0
PATIENCE_S: Final = 30.0
UNBOUNDED_PATIENCE_S: Final = 600.0


class Patience:
    """`doubt_at`: when the next doubt is due; `doubts`: how often in a row; `heard_at`: the last byte."""

    __slots__ = ("_first_s", "_idle_seen", "_ok_at", "doubt_at", "doubts", "heard_at")

    def __init__(self) -> None:
        self.doubts = 0
        self.doubt_at = 0.0
        self.heard_at = 0.0
        self._first_s = FIRST_DOUBT_S
        self._ok_at = 0.0
        self._idle_seen = 0

    def alive(self, now: float) -> None:
        """An ok, or what shows that one will come."""
        self._ok_at = now

    def satisfied(self, now: float) -> None:
        """A line's ok, and nothing else came."""
        self.heard_at = self._ok_at = now
        self.doubts = 0
        self.doubt_at = now + self._first_s

    def restart(self, now: float, unbounded: bool) -> None:
        """The next ok is awaited from now on; `unbounded`: it may take any time."""
        self.doubts = 0
        self._idle_seen = 0
        self.doubt_at = now + (SLOW_DOUBT_S if unbounded else self._first_s)

    def hurry(self, at: float) -> None:
        """Doubt then, if not before."""
        self.doubt_at = min(self.doubt_at, at)

    def idle(self, now: float) -> None:
        """The printer says that it has nothing to do; said once, it may just have missed what is on its way."""
        self._idle_seen += 1
        self.hurry(now if self._idle_seen > 1 else now + FIRST_DOUBT_S)

    def doubt(self, now: float) -> None:
        """One more, and twice as long until the next."""
        self.doubts += 1
        self.doubt_at = now + min(self._first_s * 2.0**self.doubts, LAST_DOUBT_S)

    def was_unfounded(self) -> None:
        """Nothing was lost, the printer is slow: doubt it later."""
        self._first_s = min(2.0 * self._first_s, SLOW_DOUBT_S)

    def was_founded(self) -> None:
        """Something was lost: doubt soon."""
        self._first_s = FIRST_DOUBT_S

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

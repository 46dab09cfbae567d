"""One heater as the host sees it: has it settled, how long will it take, is it well. Pure."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import Fault, FaultCode

SETTLED_S: Final = 1.0
"""In the window for so long."""
RATE_OVER_S: Final = 12.0
ABOVE_CAP_C: Final = 15.0
"""No firmware overshoots so far: the heater does not obey."""


@dataclass(frozen=True)
class HeaterLimits:
    """`window_c`: near enough to print. It must gain `rise_c` in every `rise_s` while it is below that.

    While it is more than `over_c` above its target and hotter than `warm_c`, it must lose `rise_c` in every
    `fall_s`; cooler than that, the room decides.
    """

    name: str
    window_c: float
    rise_c: float
    rise_s: float
    over_c: float
    warm_c: float
    fall_s: float


NOZZLE: Final = HeaterLimits("nozzle", 3.0, rise_c=2.0, rise_s=40.0, over_c=15.0, warm_c=80.0, fall_s=40.0)
BED: Final = HeaterLimits("bed", 2.0, rise_c=1.0, rise_s=90.0, over_c=8.0, warm_c=48.0, fall_s=180.0)


class Heater:
    """Fed with what the printer measures. Celsius; seconds of any one monotonic clock."""

    def __init__(self, limits: HeaterLimits, cap_c: float) -> None:
        self.limits = limits
        self.target_c = 0.0
        self._cap_c = cap_c
        self._actual_c: float | None = None
        self._near_since: float | None = None
        self._was_near = False
        self._best_c = 0.0
        self._best_at = 0.0
        self._too_hot = 0
        self._least_c = 0.0
        self._least_at: float | None = None
        self._samples: deque[tuple[float, float]] = deque()

    def set_target(self, target_c: float, now: float) -> None:
        """What the printer has been told. The patience begins anew."""
        if target_c == self.target_c:
            return
        self.target_c = target_c
        self._near_since = None
        self._was_near = False
        self._restart_patience(now)

    def observe(self, actual_c: float | None, now: float, said_target_c: float | None = None) -> None:
        """One measurement; 0.0 is what some firmwares say before their first. `said_target_c`: the printer's."""
        if not actual_c:
            return
        self._actual_c = actual_c
        self._samples.append((now, actual_c))
        while self._samples[0][0] < now - RATE_OVER_S:
            self._samples.popleft()
        self._too_hot = self._too_hot + 1 if actual_c > self._cap_c + ABOVE_CAP_C else 0
        self._watch_fall(actual_c, now, max(self.target_c, said_target_c or 0.0))
        if abs(actual_c - self.target_c) <= self.limits.window_c:
            self._near_since = now if self._near_since is None else self._near_since
            self._was_near = True
            self._restart_patience(now)
            return
        self._near_since = None
        if actual_c > self.target_c or actual_c >= self._best_c + self.limits.rise_c:
            self._restart_patience(now)

    def _watch_fall(self, actual_c: float, now: float, target_c: float) -> None:
        """A target that somebody has set at the printer's own knob is a target, too."""
        limits = self.limits
        if actual_c <= max(target_c + limits.over_c, limits.warm_c):
            self._least_at = None
        elif self._least_at is None or actual_c <= self._least_c - limits.rise_c:
            self._least_c, self._least_at = actual_c, now

    def _restart_patience(self, now: float) -> None:
        self._best_c = self._actual_c or 0.0
        self._best_at = now

    def has_settled(self, now: float, from_above: bool = False) -> bool:
        """Near the target for a while. `from_above`: wait for cooling too (M109 R), else hotter is good enough."""
        if self._actual_c is None:
            return False
        if not from_above and self._actual_c > self.target_c + self.limits.window_c:
            return True
        return self._near_since is not None and now - self._near_since >= SETTLED_S

    def remaining_s(self) -> float | None:
        """A guess from the present pace; None while there is none."""
        if self._actual_c is None or len(self._samples) < 3:
            return None
        (began_at, began_c), (ended_at, ended_c) = self._samples[0], self._samples[-1]
        missing_c = self.target_c - self._actual_c
        if ended_at - began_at < 2.0 or missing_c * (ended_c - began_c) <= 0.0:
            return None
        return missing_c * (ended_at - began_at) / (ended_c - began_c)

    def fault(self, now: float) -> Fault | None:
        """Why the print must end: the heater does not heat, does not hold, or does not stop."""
        name, actual = self.limits.name, self._actual_c
        if actual is not None and self._too_hot >= 2:
            return Fault(code=FaultCode.THERMAL, detail=f"the {name} is at {actual:g} °C, cap {self._cap_c:g} °C")
        if self._least_at is not None and now - self._least_at >= self.limits.fall_s:
            detail = f"the {name} stays at {actual:g} °C, above its {self.target_c:g} °C"
            return Fault(code=FaultCode.THERMAL, detail=detail)
        if actual is None or self.target_c <= 0.0 or now - self._best_at < self.limits.rise_s:
            return None
        if self._was_near:
            return Fault(
                code=FaultCode.THERMAL, detail=f"the {name} fell to {actual:g} °C of {self.target_c:g} °C"
            )
        detail = f"the {name} stays at {actual:g} °C of {self.target_c:g} °C"
        return Fault(code=FaultCode.HEATING_TOO_SLOW, detail=detail)

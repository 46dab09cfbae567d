"""A heater as a first-order system, solved exactly: no step size, any time may pass between two looks."""

import enum
import math
from dataclasses import dataclass
from typing import Final

from firmware_bridge.simulator.firmwares.form import Trouble

AMBIENT_C: Final = 22.5
_CHECK_EVERY_S: Final = 0.5


class Fault(enum.Enum):
    """What can be wrong with a heater."""

    NONE = "none"
    NO_POWER = "no_power"
    """A broken wire: it only cools."""
    ALWAYS_ON = "always_on"
    """A shorted transistor: it heats whatever the target is."""
    STUCK_SENSOR = "stuck_sensor"
    """It reports for ever what it reported last."""


@dataclass
class Heater:
    """`gain_c`: how far above ambient full power brings it in the end; `tau_s`: its time constant.

    `overshoot`: by that part of what it rose it shoots beyond its target, most of it after `peak_s`.
    """

    gain_c: float
    tau_s: float
    overshoot: float = 0.0
    peak_s: float = 1.0
    target_c: float = 0.0
    fault: Fault = Fault.NONE
    _real_c: float = AMBIENT_C
    _low_c: float = AMBIENT_C
    """Where the rise began."""
    _beyond_c: float = 0.0
    _beyond_s: float = 0.0
    _stuck_c: float = AMBIENT_C

    @property
    def reading_c(self) -> float:
        """What the thermistor says."""
        if self.fault is Fault.STUCK_SENSOR:
            return self._stuck_c
        past = self._beyond_s / self.peak_s
        return self._real_c + self._beyond_c * past * math.exp(1.0 - past)

    @property
    def power(self) -> int:
        """Marlin's `@`: 0 to 127."""
        if self.target_c <= 0.0 or self.reading_c > self.target_c + 0.05:
            return 0
        if self.reading_c < self.target_c - 0.05:
            return 127
        return round(127 * max(0.0, self.target_c - AMBIENT_C) / self.gain_c)

    @property
    def needs_watching(self) -> bool:
        """Something may go wrong with it by itself."""
        return self.target_c > 0.0 or self.fault is not Fault.NONE

    def break_with(self, fault: Fault) -> None:
        """From now on it has this fault."""
        self._stuck_c = self._real_c = self.reading_c
        self._beyond_c = 0.0
        self.fault = fault

    def leap(self) -> None:
        """Be at the target at once, where the fault allows it."""
        if self.fault is Fault.NONE:
            self._real_c = max(self.target_c, AMBIENT_C)

    def advance(self, dt_s: float) -> None:
        """Let time pass."""
        self._beyond_s += dt_s
        if self.fault is Fault.ALWAYS_ON:
            self._approach(AMBIENT_C + self.gain_c, dt_s)
        elif self.fault is Fault.NO_POWER or self.target_c <= AMBIENT_C:
            self._approach(AMBIENT_C, dt_s)
        elif self.fault is Fault.STUCK_SENSOR:
            self._approach(AMBIENT_C + self.gain_c if self._stuck_c < self.target_c else AMBIENT_C, dt_s)
        else:
            self._regulate(dt_s)

    def _regulate(self, dt_s: float) -> None:
        end_c = AMBIENT_C + self.gain_c if self._real_c < self.target_c else AMBIENT_C
        if abs(self._real_c - self.target_c) < 1e-9:
            return
        if self.target_c >= end_c > self._real_c:
            # More than it can do.
            self._approach(end_c, dt_s)
            return
        until_target_s = self.tau_s * math.log((end_c - self._real_c) / (end_c - self.target_c))
        if dt_s < until_target_s:
            self._low_c = min(self._low_c, self._real_c)
            self._approach(end_c, dt_s)
            return
        self._real_c = self.target_c
        self._beyond_c = self.overshoot * max(0.0, self.target_c - self._low_c)
        self._beyond_s = dt_s - until_target_s
        self._low_c = self.target_c

    def _approach(self, end_c: float, dt_s: float) -> None:
        self._real_c = end_c + (self._real_c - end_c) * math.exp(-dt_s / self.tau_s)


def nozzle() -> Heater:
    """A V6-like hot end: 2.9 °C/s at first, 1.9 °C/s near 200 °C; from 215 to 50 °C in five minutes."""
    return Heater(gain_c=500.0, tau_s=170.0, overshoot=0.014, peak_s=6.0)


def bed() -> Heater:
    """A MK52-like bed: 0.6 °C/s at first, 0.5 °C/s near 60 °C; from 60 to 40 °C in seven minutes."""
    return Heater(gain_c=360.0, tau_s=600.0, overshoot=0.03, peak_s=20.0)


@dataclass
class Guard:
    """Marlin's thermal protection of one heater, in machine seconds."""

    watch_s: float
    rise_c: float = 2.0
    runaway_s: float = 40.0
    runaway_c: float = 4.0
    _target_c: float = 0.0
    _reached: bool = False
    _deadline_s: float = 0.0
    _must_reach_c: float = 0.0

    def check(self, heater: Heater, now_s: float) -> Trouble | None:
        """What is wrong, None while nothing is."""
        now_c = heater.reading_c
        if heater.target_c != self._target_c:
            self._target_c = heater.target_c
            self._reached = now_c >= heater.target_c - self.runaway_c
            self._begin_watch(now_c, now_s)
        if heater.target_c <= 0.0:
            return None
        if not self._reached:
            return self._while_heating(now_c, now_s)
        if now_c >= heater.target_c - self.runaway_c:
            self._deadline_s = now_s + self.runaway_s
        return Trouble.RUNAWAY if now_s > self._deadline_s else None

    def _while_heating(self, now_c: float, now_s: float) -> Trouble | None:
        if now_c >= self._target_c - self.runaway_c:
            self._reached = True
            self._deadline_s = now_s + self.runaway_s
        elif now_c >= self._must_reach_c:
            self._begin_watch(now_c, now_s)
        elif now_s > self._deadline_s:
            return Trouble.HEATING_FAILED
        return None

    def _begin_watch(self, now_c: float, now_s: float) -> None:
        self._deadline_s = now_s + self.watch_s
        self._must_reach_c = now_c + self.rise_c


class Protection:
    """The firmware's watch over both heaters."""

    def __init__(self) -> None:
        self._nozzle = Guard(watch_s=20.0)
        self._bed = Guard(watch_s=60.0, runaway_s=20.0)
        self._next_check_s = 0.0

    def check(self, nozzle: Heater, bed: Heater, now_s: float) -> tuple[Trouble, bool] | None:
        """(What, whether it is the bed) for the first thing that is wrong."""
        if now_s < self._next_check_s:
            return None
        self._next_check_s = now_s + _CHECK_EVERY_S
        for heater, guard in ((nozzle, self._nozzle), (bed, self._bed)):
            what = guard.check(heater, now_s)
            if what is not None:
                return what, heater is bed
        return None

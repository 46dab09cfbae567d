"""From which temperature on hands may come near, and how long that still takes."""

import math
from dataclasses import dataclass

from firmware_bridge.contract import Telemetry, Temperatures

NOZZLE_SAFE_C, BED_SAFE_C = 50.0, 40.0
ROOM_C = 22.0
_NOZZLE_S, _BED_S = 155.0, 720.0
"""Time in which the distance to the room's temperature falls to 1/e: of common printers, until it is measured."""
_MEASURED_AFTER_S = 20.0
_LEAST_FALL_C = 1.0


@dataclass(frozen=True)
class Sample:
    """Both temperatures when nothing heats any more."""

    at_s: float
    nozzle_c: float
    bed_c: float


def is_hot(temperatures: Temperatures | None) -> bool:
    """Hands off. A printer that says nothing is not called hot."""
    if temperatures is None:
        return False
    return (temperatures.nozzle_c or 0) >= NOZZLE_SAFE_C or (temperatures.bed_c or 0) >= BED_SAFE_C


def first_sample(known: Sample | None, telemetry: Telemetry, uptime_s: float) -> Sample | None:
    """Where this cooling began; None while something heats."""
    t = telemetry.temperatures
    if t.nozzle_target_c or t.bed_target_c or t.nozzle_c is None or t.bed_c is None:
        return None
    return known or Sample(uptime_s, t.nozzle_c, t.bed_c)


def left_s(first: Sample | None, temperatures: Temperatures | None, uptime_s: float) -> float | None:
    """Until hands may come near, at the pace of this cooling. None: nobody knows."""
    if temperatures is None or first is None:
        return None
    passed_s = uptime_s - first.at_s
    nozzle = _falls_in_s(first.nozzle_c, temperatures.nozzle_c, passed_s, NOZZLE_SAFE_C, _NOZZLE_S)
    bed = _falls_in_s(first.bed_c, temperatures.bed_c, passed_s, BED_SAFE_C, _BED_S)
    return max(nozzle, bed)


def _falls_in_s(first_c: float, now_c: float | None, passed_s: float, safe_c: float, nominal_s: float) -> float:
    """Newton's law of cooling."""
    if now_c is None or now_c < safe_c:
        return 0.0
    constant_s = nominal_s
    if passed_s >= _MEASURED_AFTER_S and first_c - now_c >= _LEAST_FALL_C:
        constant_s = passed_s / math.log((first_c - ROOM_C) / (now_c - ROOM_C))
    return constant_s * math.log((now_c - ROOM_C) / (safe_c - ROOM_C))

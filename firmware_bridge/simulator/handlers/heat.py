"""Nozzle and bed: targets, waits, reports."""

from firmware_bridge.simulator.firmware import Firmware, Wait
from firmware_bridge.simulator.handlers.words import numbers
from firmware_bridge.simulator.heaters import Heater


def heat_nozzle(fw: Firmware, text: bytes) -> None:
    """M104."""
    _set_target(fw, fw.nozzle, text)


def heat_bed(fw: Firmware, text: bytes) -> None:
    """M140."""
    _set_target(fw, fw.bed, text)


def heat_nozzle_and_wait(fw: Firmware, text: bytes) -> Wait:
    """M109."""
    _set_target(fw, fw.nozzle, text)
    yield from _until_hot(fw, fw.nozzle, is_bed=False, cools="R" in numbers(text))


def heat_bed_and_wait(fw: Firmware, text: bytes) -> Wait:
    """M190."""
    _set_target(fw, fw.bed, text)
    yield from _until_hot(fw, fw.bed, is_bed=True, cools="R" in numbers(text))


def _set_target(fw: Firmware, heater: Heater, text: bytes) -> None:
    found = numbers(text)
    target = found.get("S", found.get("R"))
    if target is not None:
        heater.target_c = target
        if fw.instant:
            heater.leap()


def _until_hot(fw: Firmware, heater: Heater, *, is_bed: bool, cools: bool) -> Wait:
    """Near the target for some seconds; M108 ends the wait. A target below needs no wait unless R asks for it."""
    stay_s = 3.0 if fw.manners.is_prusa else 10.0
    wait = fw.begin_heat_wait(is_bed)
    fw.motion.expect_pause()
    fw.user_continues = False
    while not fw.user_continues:
        off = heater.reading_c - heater.target_c
        if not cools and off > 1.0:
            return
        if abs(off) > 1.0:
            wait.near_since_s = None
        elif wait.near_since_s is None:
            wait.near_since_s = fw.now
        elif fw.now >= wait.near_since_s + stay_s:
            return
        yield _look_again(fw, wait.near_since_s is not None)


def _look_again(fw: Firmware, near: bool) -> float | None:
    if not fw.instant:
        return fw.now + 0.05 * fw.options.speed
    return fw.now + 1.0 if near else None


def temperatures(fw: Firmware, text: bytes) -> None:
    """M105: the answer is on the line of its ok."""


def report_temperatures(fw: Firmware, text: bytes) -> None:
    """M155."""
    fw.report_every(numbers(text).get("S", 0.0))


def allow_cold(fw: Firmware, text: bytes) -> None:
    """M302."""
    found = numbers(text)
    fw.cold_extrusion_allowed = bool(found.get("P", found.get("S") == 0.0))

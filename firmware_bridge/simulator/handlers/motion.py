"""Moves, homing, dwelling, positions."""

import re
from typing import Final

from firmware_bridge.simulator.firmware import Firmware, Wait
from firmware_bridge.simulator.handlers.words import numbers, rest

EXTRUDE_MIN_C: Final = 170.0
EXTRUDE_MAX_MM: Final = 200.0
_HOMING_S: Final = 8.0
_MESH_S: Final = 45.0
_NUMBER: Final = rb"(-?(?:\d+\.?\d*|\.\d+))"
_MOVE: Final = re.compile(
    rb"G[01](?: X" + _NUMBER + rb")?(?: Y" + _NUMBER + rb")?(?: Z" + _NUMBER + rb")?"
    rb"(?: E" + _NUMBER + rb")?(?: F" + _NUMBER + rb")?"
)


def move(fw: Firmware, text: bytes) -> Wait | None:
    """G0, G1: through when the planner has taken it."""
    match = _MOVE.fullmatch(text)
    if match is not None:
        words = [None if value is None else float(value) for value in match.groups()]
    else:
        found = numbers(text)
        words = [found.get(letter) for letter in "XYZEF"]
    if fw.motion.free_blocks(fw.now) > 0:
        _plan(fw, words)
        return None
    return _plan_when_free(fw, words)


def _plan_when_free(fw: Firmware, words: list[float | None]) -> Wait:
    while fw.motion.free_blocks(fw.now) <= 0:
        yield fw.motion.next_end
    _plan(fw, words)


def _plan(fw: Firmware, words: list[float | None]) -> None:
    motion = fw.motion
    feed = words[4]
    if feed is not None and feed > 0.0:
        motion.feed_mm_s = feed / 60.0
    goal = list(motion.position)
    for axis in range(4):
        value = words[axis]
        if value is not None:
            goal[axis] = motion.target(axis, value)
    filament = goal[3] - motion.position[3]
    if filament and fw.nozzle.reading_c < EXTRUDE_MIN_C and not fw.cold_extrusion_allowed:
        motion.position[3] = goal[3]
        fw.say("echo: cold extrusion prevented\n")
    elif abs(filament) > EXTRUDE_MAX_MM:
        motion.position[3] = goal[3]
        fw.say("echo: too long extrusion prevented\n")
    motion.enqueue(goal, fw.now)


def drain(fw: Firmware) -> Wait:
    fw.motion.expect_pause()
    while fw.motion.ends_at(fw.now) > fw.now:
        yield fw.motion.ends_at(fw.now)


def finish_moves(fw: Firmware, text: bytes) -> Wait:
    """M400, M84: through when the planner is empty."""
    yield from drain(fw)


def dwell(fw: Firmware, text: bytes) -> Wait:
    """G4."""
    yield from drain(fw)
    found = numbers(text)
    until = fw.now + found.get("S", 0.0) + found.get("P", 0.0) / 1000.0
    if until > fw.now and not fw.manners.is_prusa:
        fw.say("//action:notification Sleep...\n")
    while fw.now < until:
        yield until


def home(fw: Firmware, text: bytes) -> Wait:
    """G28."""
    yield from take_time(fw, _HOMING_S)
    axes = [axis for axis in range(3) if "XYZ"[axis].encode() in rest(text)] or [0, 1, 2]
    for axis in axes:
        fw.motion.position[axis] = 0.0
    if not fw.manners.is_prusa:
        fw.say(fw.manners.position(fw.motion.position))


def probe_bed(fw: Firmware, text: bytes) -> Wait:
    """G80."""
    yield from take_time(fw, _MESH_S)


def take_time(fw: Firmware, seconds: float) -> Wait:
    yield from drain(fw)
    until = fw.now + seconds
    while fw.now < until:
        yield until


def absolute(fw: Firmware, text: bytes) -> None:
    """G90."""
    fw.motion.relative = False
    if not fw.manners.is_prusa:
        fw.motion.e_relative = False


def relative(fw: Firmware, text: bytes) -> None:
    """G91."""
    fw.motion.relative = True
    if not fw.manners.is_prusa:
        fw.motion.e_relative = True


def e_absolute(fw: Firmware, text: bytes) -> None:
    """M82."""
    fw.motion.e_relative = False


def e_relative(fw: Firmware, text: bytes) -> None:
    """M83."""
    fw.motion.e_relative = True


def set_position(fw: Firmware, text: bytes) -> None:
    """G92."""
    found = numbers(text)
    for axis, letter in enumerate("XYZE"):
        if letter in found or not found:
            fw.motion.position[axis] = found.get(letter, 0.0)


def acceleration(fw: Firmware, text: bytes) -> None:
    """M204."""
    found = numbers(text)
    value = found.get("P") or found.get("S")
    if value:
        fw.motion.acceleration_mm_s2 = value


def where(fw: Firmware, text: bytes) -> None:
    """M114."""
    fw.say(fw.manners.position(fw.motion.position))


def quick_stop(fw: Firmware, text: bytes) -> None:
    """M410."""
    fw.motion.stop(fw.now)

"""Moves, homing, dwelling, positions."""

import re
from typing import Final

from firmware_bridge.simulator.board import Board
from firmware_bridge.simulator.execution import Wait
from firmware_bridge.simulator.handlers.words import numbers, rest

EXTRUDE_MIN_C: Final = 170.0
EXTRUDE_MAX_MM: Final = 200.0
_HOMING_S: Final = 8.0
_MESH_S: Final = 45.0
_NUMBER: Final = rb"(-?(?:\d{1,9}\.?\d*|\.\d+))"
_MOVE: Final = re.compile(
    rb"G[01](?: X" + _NUMBER + rb")?(?: Y" + _NUMBER + rb")?(?: Z" + _NUMBER + rb")?"
    rb"(?: E" + _NUMBER + rb")?(?: F" + _NUMBER + rb")?"
)


def move(board: Board, text: bytes) -> Wait | None:
    """G0, G1: through when the planner has taken it."""
    match = _MOVE.fullmatch(text)
    if match is not None:
        words = [None if value is None else float(value) for value in match.groups()]
    else:
        found = numbers(text)
        words = [found.get(letter) for letter in "XYZEF"]
    if board.motion.takes_move(board.now):
        _plan(board, words)
        return None
    return _plan_when_free(board, words)


def _plan_when_free(board: Board, words: list[float | None]) -> Wait:
    while not board.motion.takes_move(board.now):
        yield board.motion.takes_move_at()
    _plan(board, words)


def _plan(board: Board, words: list[float | None]) -> None:
    motion = board.motion
    feed = words[4]
    if feed is not None and feed > 0.0:
        motion.feed_mm_s = feed / 60.0
    goal = list(motion.position)
    for axis in range(4):
        value = words[axis]
        if value is not None:
            goal[axis] = motion.target(axis, value)
    texts = board.firmware.texts
    if texts.unhomed and not motion.homed and goal[:3] != motion.position[:3]:
        board.say(board.voice.about_move(texts.unhomed, goal))
        return
    reached = motion.within_reach(goal)
    if texts.out_of_reach and reached != goal:
        board.say(board.voice.about_move(texts.out_of_reach, goal))
        return
    filament = goal[3] - motion.position[3]
    if filament and board.nozzle.reading_c < EXTRUDE_MIN_C and not board.cold_extrusion_allowed:
        motion.position[3] = goal[3]
        board.say(texts.cold_extrusion)
    elif abs(filament) > EXTRUDE_MAX_MM:
        motion.position[3] = goal[3]
        board.say(texts.too_long_extrusion)
    motion.enqueue(reached, board.now)


def drain(board: Board) -> Wait:
    board.motion.expect_pause()
    while board.motion.ends_at(board.now) > board.now:
        yield board.motion.ends_at(board.now)


def finish_moves(board: Board, text: bytes) -> Wait:
    """M400, M84: through when the planner is empty."""
    yield from drain(board)


def dwell(board: Board, text: bytes) -> Wait:
    """G4."""
    yield from drain(board)
    found = numbers(text)
    until = board.now + found.get("S", 0.0) + found.get("P", 0.0) / 1000.0
    if until > board.now:
        board.say(board.firmware.texts.dwell)
    while board.now < until:
        yield until


def home(board: Board, text: bytes) -> Wait:
    """G28."""
    yield from take_time(board, _HOMING_S)
    axes = [axis for axis in range(3) if "XYZ"[axis].encode() in rest(text)] or [0, 1, 2]
    for axis in axes:
        board.motion.position[axis] = 0.0
    board.motion.homed = True
    if board.firmware.texts.position_after_homing:
        board.say(board.voice.position() + "\n")


def probe_bed(board: Board, text: bytes) -> Wait:
    """G80."""
    yield from take_time(board, _MESH_S)


def take_time(board: Board, seconds: float) -> Wait:
    yield from drain(board)
    until = board.now + seconds
    while board.now < until:
        yield until


def absolute(board: Board, text: bytes) -> None:
    """G90."""
    board.motion.relative = False
    if board.firmware.e_follows_g91:
        board.motion.e_relative = False


def relative(board: Board, text: bytes) -> None:
    """G91."""
    board.motion.relative = True
    if board.firmware.e_follows_g91:
        board.motion.e_relative = True


def e_absolute(board: Board, text: bytes) -> None:
    """M82."""
    board.motion.e_relative = False


def e_relative(board: Board, text: bytes) -> None:
    """M83."""
    board.motion.e_relative = True


def set_position(board: Board, text: bytes) -> None:
    """G92."""
    found = numbers(text)
    for axis, letter in enumerate("XYZE"):
        if letter in found or not found:
            board.motion.position[axis] = found.get(letter, 0.0)


def acceleration(board: Board, text: bytes) -> None:
    """M204."""
    found = numbers(text)
    value = found.get("P") or found.get("S")
    if value:
        board.motion.acceleration_mm_s2 = value


def where(board: Board, text: bytes) -> None:
    """M114."""
    board.answer(board.voice.position(), on_ok=board.firmware.texts.position_on_ok)


def report_position(board: Board, text: bytes) -> None:
    """M154."""
    board.talk.position_every(numbers(text).get("S", 0.0))


def quick_stop(board: Board, text: bytes) -> None:
    """M410."""
    board.motion.stop(board.now)

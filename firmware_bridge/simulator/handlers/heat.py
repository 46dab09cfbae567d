"""Nozzle and bed: targets, waits, reports."""

from typing import Final

from firmware_bridge.simulator.board import Board
from firmware_bridge.simulator.execution import Wait
from firmware_bridge.simulator.handlers.words import numbers
from firmware_bridge.simulator.heaters import Heater

TARGET_MAX_C: Final = 999.0
_NEAR_C: Final = 1.0
_AWAY_C: Final = 3.0
"""Marlin's TEMP_WINDOW and TEMP_HYSTERESIS."""


def heat_nozzle(board: Board, text: bytes) -> None:
    """M104."""
    _set_target(board, board.nozzle, text)


def heat_bed(board: Board, text: bytes) -> None:
    """M140."""
    _set_target(board, board.bed, text)


def heat_nozzle_and_wait(board: Board, text: bytes) -> Wait:
    """M109."""
    _set_target(board, board.nozzle, text)
    yield from _until_hot(board, board.nozzle, is_bed=False, cools="R" in numbers(text))


def heat_bed_and_wait(board: Board, text: bytes) -> Wait:
    """M190."""
    _set_target(board, board.bed, text)
    yield from _until_hot(board, board.bed, is_bed=True, cools="R" in numbers(text))


def _set_target(board: Board, heater: Heater, text: bytes) -> None:
    found = numbers(text)
    target = found.get("S", found.get("R"))
    if target is not None:
        heater.target_c = min(max(target, 0.0), TARGET_MAX_C)
        board.say(board.voice.target(heater is board.bed, target))
        if board.instant:
            heater.leap()


def _until_hot(board: Board, heater: Heater, *, is_bed: bool, cools: bool) -> Wait:
    """Near the target for some seconds; M108 ends the wait. A target below needs no wait unless R asks for it."""
    stay_s = board.firmware.heat_stay_s
    if not cools and heater.reading_c > heater.target_c + _NEAR_C:
        return
    wait = board.talk.begin_heat_wait(is_bed)
    board.motion.expect_pause()
    board.person.listen()
    while not board.person.has_answered:
        off = heater.reading_c - heater.target_c
        if abs(off) > _AWAY_C:
            wait.near_since_s = None
        elif wait.near_since_s is None and abs(off) <= _NEAR_C:
            wait.near_since_s = board.now
        elif wait.near_since_s is not None and board.now >= wait.near_since_s + stay_s:
            return
        yield _look_again(board, wait.near_since_s is not None)


def _look_again(board: Board, near: bool) -> float | None:
    if not board.instant:
        return board.now + 0.05 * board.options.speed
    return board.now + 1.0 if near else None


def temperatures(board: Board, text: bytes) -> None:
    """M105."""
    board.answer(board.voice.temperatures(), on_ok=board.firmware.texts.temperatures_on_ok)


def report_temperatures(board: Board, text: bytes) -> None:
    """M155."""
    board.talk.temperatures_every(numbers(text).get("S", 0.0))


def allow_cold(board: Board, text: bytes) -> None:
    """M302."""
    found = numbers(text)
    board.cold_extrusion_allowed = bool(found.get("P", found.get("S") == 0.0))

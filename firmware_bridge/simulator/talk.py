"""What a firmware says by itself as time passes: busy, temperatures, positions, wait, half lines given up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from firmware_bridge.simulator.board import Board

_BUSY_S: Final = 2.0
_HEAT_LINE_S: Final = 1.0
_WAITING_S: Final = 1.0
_LOOK_AT_HEATERS_S: Final = 0.5
_RESIDENCY_S: Final = 10.0


@dataclass
class HeatWait:
    """M109 or M190 is running."""

    is_bed: bool
    near_since_s: float | None = None


class Talk:
    """Keeps to wall time. `due` says when, `speak` says what."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.restart()

    def restart(self) -> None:
        """A reset."""
        self.heat_wait: HeatWait | None = None
        self._next_busy = 0.0
        self._next_heat_line = 0.0
        self._temperatures_every = 0.0
        self._next_temperatures = 0.0
        self._position_every = 0.0
        self._next_position = 0.0
        self._last_byte = 0.0
        self._next_waiting = 0.0

    def heard(self, wall: float) -> None:
        """A byte has come."""
        self._last_byte = wall
        self._next_waiting = wall + _WAITING_S

    def command_begins(self) -> None:
        """A command that takes time."""
        self._next_busy = self._board.wall + _BUSY_S

    def command_ends(self) -> None:
        """It is through."""
        self.heat_wait = None

    def temperatures_every(self, seconds: float) -> None:
        """M155."""
        self._temperatures_every = seconds
        self._next_temperatures = self._board.wall + seconds

    def position_every(self, seconds: float) -> None:
        """M154."""
        self._position_every = seconds
        self._next_position = self._board.wall + seconds

    def begin_heat_wait(self, is_bed: bool) -> HeatWait:
        """From now on, until its command is through, it says every second how hot it is."""
        wait = self.heat_wait = HeatWait(is_bed)
        self._next_heat_line = self._board.wall
        return wait

    def due(self) -> list[float]:
        """When there is something to say, or to look at."""
        board = self._board
        due = []
        if board.nozzle.needs_watching or board.bed.needs_watching:
            due.append(board.wall + _LOOK_AT_HEATERS_S)
        if self._temperatures_every:
            due.append(self._next_temperatures)
        if self._position_every:
            due.append(self._next_position)
        if board.execution.running is not None or self._is_stopped:
            due.append(self._next_busy)
            if self.heat_wait is not None:
                due.append(self._next_heat_line)
        if self._is_waiting:
            due.append(self._next_waiting)
        if self._is_broken_off:
            due.append(self._last_byte + board.firmware.lines.broken_off_s)
        return due

    def speak(self) -> None:
        """All that is due."""
        board, wall = self._board, self._board.wall
        if wall >= self._next_busy and (board.execution.running is not None or self._is_stopped):
            self._next_busy = wall + _BUSY_S
            board.say(self._busy())
        if self.heat_wait is not None and wall >= self._next_heat_line:
            self._next_heat_line = wall + _HEAT_LINE_S
            board.say(board.voice.heat_wait(self.heat_wait.is_bed, self._seconds_left(self.heat_wait)))
        elif self._temperatures_every and wall >= self._next_temperatures:
            self._next_temperatures = wall + self._temperatures_every
            board.say(board.voice.report())
        if self._position_every and wall >= self._next_position:
            self._next_position = wall + self._position_every
            board.say(board.voice.position() + "\n")
        if self._is_waiting and wall >= self._next_waiting:
            self._next_waiting = wall + _WAITING_S
            board.say(board.firmware.texts.waiting)
        if self._is_broken_off and wall >= self._last_byte + board.firmware.lines.broken_off_s:
            board.reply(board.intake.give_up_partial_line())

    @property
    def _is_broken_off(self) -> bool:
        return bool(self._board.firmware.lines.broken_off_s) and self._board.intake.has_partial_line

    @property
    def _is_waiting(self) -> bool:
        board = self._board
        return bool(board.firmware.texts.waiting) and board.execution.running is None and not board.intake.queue

    @property
    def _is_stopped(self) -> bool:
        return self._board.execution.halted is not None and self._board.execution.halted.forgets_lines

    def _busy(self) -> str:
        texts = self._board.firmware.texts
        if self._is_stopped or self._board.person.question is not None:
            return texts.busy_user
        return texts.busy_heating if self.heat_wait is not None else texts.busy

    def _seconds_left(self, wait: HeatWait) -> int | None:
        if wait.near_since_s is None:
            return None
        return max(0, round(_RESIDENCY_S - (self._board.now - wait.near_since_s)))

"""One command after the other: begun, waited for, acknowledged; or refused by a firmware that has halted."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Final

from firmware_bridge.simulator.checks import Command
from firmware_bridge.simulator.firmwares.form import Halt

if TYPE_CHECKING:
    from firmware_bridge.simulator.board import Board

Wait = Generator[float | None, None, None]
Handler = Callable[["Board", bytes], Wait | None]

_MOVES: Final = ("G0", "G1", "G2", "G3", "G5")


class Execution:
    """`running`: the handler that has not come to its end; `halted`: how commands are refused."""

    running: Wait | None
    halted: Halt | None

    def __init__(self, board: Board, handlers: dict[str, Handler]) -> None:
        self._board = board
        self._handlers = handlers
        self._executed: list[bytes] = []
        self.count = 0
        self.restart()

    def restart(self) -> None:
        """A reset."""
        self.running = None
        self.halted = None
        self._refusal = ""
        self._wake: float | None = None
        self._is_injected = False
        self._injected: list[bytes] = []

    def inject(self, *commands: bytes) -> None:
        """See `Board.inject`."""
        self._injected.extend(commands)

    def take_executed(self) -> list[bytes]:
        """Commands that were executed since the last call, in order."""
        taken, self._executed = self._executed, []
        return taken

    def wakes_at(self) -> float | None:
        """Machine time at which the running handler wants to look again."""
        return self._wake if self.running is not None else None

    def look_again(self) -> None:
        """What the running handler waits for may have come about out of its turn."""
        self._wake = None

    def refuse_all(self, halt: Halt, refusal: str) -> None:
        """From now on; what is running ends, and gets its ok."""
        self.halted = halt
        self._refusal = refusal
        if self.running is not None:
            self.running = None
            self._finish()

    def step(self) -> bool:
        """Begin, or go on with, what is next; False where there is nothing to do at this moment."""
        if self.running is not None:
            return self._resume(self.running)
        if self._injected:
            self._begin(self._injected.pop(0), injected=True)
        elif self._board.intake.queue:
            self._begin(self._board.intake.queue[0].text, injected=False)
        else:
            return False
        return True

    def _begin(self, text: bytes, *, injected: bool) -> None:
        board = self._board
        self._is_injected = injected
        code = text.partition(b" ")[0].decode("latin-1")
        if board.firmware.lines.any_case:
            code = code.upper()
        if board.firmware.acknowledges_first and not injected:
            self._acknowledge(board.intake.queue[0])
        halt_before = self.halted
        if halt_before is not None and not self._still_obeys(halt_before, code):
            return
        self._executed.append(text)
        self.count += 1
        handler = self._handlers.get(code)
        wait = None
        if handler is None:
            board.say(board.voice.unknown(text))
        else:
            wait = handler(board, text)
        if board.dead or board.booting:
            return
        if wait is not None:
            self.running = wait
            self._wake = None
            board.talk.command_begins()
        elif self.halted is not halt_before and self.halted is not None and not self.halted.refusal_ok:
            board.intake.queue.popleft()
        else:
            self._finish()

    def _still_obeys(self, halt: Halt, code: str) -> bool:
        """Whether a halted firmware does this; if not, it is answered here."""
        board = self._board
        if code == halt.leave:
            self.halted = None
            board.say(halt.left)
            return True
        if code in halt.allowed or (halt.only_moves and code not in _MOVES):
            return True
        board.say(self._refusal)
        if halt.refusal_ok:
            self._finish()
        elif not self._is_injected:
            number = board.intake.queue.popleft().number
            if number is not None and halt.forgets_lines:
                board.intake.checker.last_number = number - 1
        return False

    def _resume(self, running: Wait) -> bool:
        """Let the running handler go on; False while it waits."""
        board = self._board
        if self._wake is not None and self._wake > board.now and not board.person.has_spoken():
            if not board.instant:
                return False
            board.let_pass(self._wake - board.now)
        try:
            self._wake = next(running)
        except StopIteration:
            if not board.dead and self.running is running:
                self.running = None
                self._finish()
            return True
        return board.instant and self._wake is not None

    def _finish(self) -> None:
        board = self._board
        board.talk.command_ends()
        if self._is_injected or not board.intake.queue:
            return
        command = board.intake.queue.popleft()
        if not board.firmware.acknowledges_first:
            self._acknowledge(command)

    def _acknowledge(self, command: Command) -> None:
        board = self._board
        board.say(board.acknowledging.of(command, board.motion.free_blocks(board.now)))

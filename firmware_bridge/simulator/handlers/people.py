"""What waits for somebody, and what is said to somebody or to the host."""

from collections.abc import Generator

from firmware_bridge.simulator.board import Board
from firmware_bridge.simulator.execution import Wait
from firmware_bridge.simulator.firmwares.form import Trouble
from firmware_bridge.simulator.handlers.motion import drain, take_time
from firmware_bridge.simulator.handlers.words import numbers, rest
from firmware_bridge.simulator.person import MENU


def wait_for_user(board: Board, text: bytes) -> Wait:
    """M0, M1."""
    message = rest(text).decode("latin-1")
    if message:
        board.say(board.firmware.texts.user_message.format(message=message))
    yield from drain(board)
    yield from _ask(board, message or "M0/1 Break Called", "Continue")


def change_filament(board: Board, text: bytes) -> Wait:
    """M600: parks, waits for new filament, and purges until somebody has seen enough."""
    if board.firmware.prompts:
        show(board, "Pause", "Dismiss")
        board.act("paused")
    yield from take_time(board, 3.0)
    yield from _ask(board, "Nozzle Parked", "Continue")
    yield from take_time(board, 2.0)
    if board.firmware.prompts:
        while (yield from _ask(board, "Paused", *MENU)) != MENU.index("Continue"):
            yield from take_time(board, 2.0)
        show(board, "Resuming", "Dismiss")
    yield from take_time(board, 2.0)
    if board.firmware.prompts:
        board.act("prompt_end", "resumed")


def _ask(board: Board, question: str, *choices: str) -> Generator[float | None, None, int]:
    if board.firmware.prompts:
        show(board, question, *choices)
    board.person.ask(question, choices)
    while not board.person.has_answered:
        yield None
    return board.person.close()


def show(board: Board, question: str, *choices: str) -> None:
    """A question on the host's screen; the one before it is gone."""
    buttons = (f"prompt_button {choice}" for choice in choices)
    board.act("prompt_end", f"prompt_begin {question}", *buttons, "prompt_show")


def answer(board: Board, text: bytes) -> None:
    """M876, where nobody minded it earlier."""
    if not board.firmware.emergency_parser:
        board.person.answer_line(text)


def identify(board: Board, text: bytes) -> None:
    """M115; Prusa's `M115 U` only compares versions."""
    if b"U" not in text:
        board.answer(board.voice.identity().removesuffix("\n"), on_ok=board.firmware.texts.identity_on_ok)


def echo(board: Board, text: bytes) -> None:
    """M118."""
    words = rest(text).decode("latin-1")
    for mark, said in board.firmware.texts.echo_marks:
        if words.startswith(mark):
            words = said + words[len(mark) :]
    board.say(board.firmware.texts.echo.format(message=words))


def line_number(board: Board, text: bytes) -> None:
    """M110: most have counted already."""
    found = numbers(text)
    if "N" in found:
        board.intake.checker.number_executed(int(found["N"]))


def start_timer(board: Board, text: bytes) -> None:
    """M75."""
    board.print_timer.start(board.wall)


def pause_timer(board: Board, text: bytes) -> None:
    """M76."""
    board.print_timer.stop(board.wall)
    board.say(board.firmware.texts.pause_timer)


def stop_timer(board: Board, text: bytes) -> None:
    """M77."""
    board.print_timer.stop(board.wall)


def print_time(board: Board, text: bytes) -> None:
    """M31."""
    board.say(board.firmware.texts.print_time.format(seconds=int(board.print_timer.elapsed_s(board.wall))))


def settings(board: Board, text: bytes) -> None:
    """M503."""
    board.say(board.firmware.texts.settings)


def halt(board: Board, text: bytes) -> None:
    """M112, where nobody minded it earlier."""
    if board.execution.halted is None:
        board.halt(Trouble.M112)


def tool(board: Board, text: bytes) -> None:
    """T1 and up: there is one extruder."""
    board.say(board.voice.invalid_tool(text))


def accept(board: Board, text: bytes) -> None:
    """Known, and of no consequence here."""

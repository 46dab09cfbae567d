"""The slicing worker: a process that is started ahead, so that it stands ready when the last letter is typed.

What a visitor typed goes through its standard input; its folder is emptied when the visitor is gone.
"""

import contextlib
import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from catalogue.cards import Entry
from kiosk.domain.effects import Make
from kiosk.domain.events import MakingFailed, MakingProgress, News, PieceMade, ShapeMade
from kiosk.domain.model import Piece, Step, TextProblem

log = logging.getLogger(__name__)

PREVIEW_DELAY_S = 0.25
"""A preview waits for the next letter: who types fast needs only the last one."""


class _Error(msgspec.Struct, frozen=True):
    code: str
    detail: str = ""
    letters: str = ""


class Answer(msgspec.Struct, frozen=True):
    """One line of the worker: progress, or its end."""

    progress: float | None = None
    step: str = ""
    done: Entry | None = None
    error: _Error | None = None


class Worker:
    """`post` gets what happened, on threads of its own. `profile` is the printer's, once it is known."""

    def __init__(self, command: Sequence[str], session: Path, post: Callable[[News], None]) -> None:
        self._command, self._session, self._post = list(command), session.absolute(), post
        self._spare: subprocess.Popen[bytes] | None = None
        self._busy: subprocess.Popen[bytes] | None = None
        self._delay: threading.Timer | None = None
        self.profile = ""

    def warm(self) -> None:
        """Start a process that waits for its request."""
        if self._spare is None or self._spare.poll() is not None:
            self._spare = self._spawn()

    def make(self, wish: Make) -> None:
        """Make this, and nothing that was wished before."""
        self.stop()
        if wish.shape_only:
            self._delay = threading.Timer(PREVIEW_DELAY_S, self._begin, (wish,))
            self._delay.start()
        else:
            self._begin(wish)

    def stop(self) -> None:
        """Whatever is being made is not wanted."""
        if self._delay:
            self._delay.cancel()
        _end(self._busy)
        self._busy = None

    def forget(self) -> None:
        """Erase all files of the session."""
        if not self._session.exists():
            return
        for path in self._session.iterdir():
            with contextlib.suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def close(self) -> None:
        """End every process and erase the session."""
        self.stop()
        _end(self._spare)
        self._spare = None
        self.forget()

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        try:
            return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            log.error("the slicing worker does not start: %s: %s", self._command[0], error)
            return None

    def _begin(self, wish: Make) -> None:
        self.warm()
        process, self._spare = self._spare, None
        if process is None or process.stdin is None:
            self._post(MakingFailed(wish.wish, TextProblem.WORKER_FAILED))
            return
        self._busy = process
        out = self._session / str(wish.wish)
        out.mkdir(parents=True, exist_ok=True)
        request = {
            "card": wish.card,
            "profile": self.profile,
            "values": dict(wish.values),
            "out": str(out),
            "preview": wish.shape_only,
        }
        try:
            process.stdin.write(msgspec.json.encode(request) + b"\n")
            process.stdin.close()
        except OSError:
            log.error("the slicing worker ended before it was asked")
        threading.Thread(target=self._read, args=(process, wish, out), name="worker", daemon=True).start()
        if wish.shape_only:
            self.warm()

    def _read(self, process: subprocess.Popen[bytes], wish: Make, out: Path) -> None:
        ended = False
        for line in process.stdout or ():
            news = heard(line, wish, out)
            if news is not None:
                ended |= not isinstance(news, MakingProgress)
                self._post(news)
        code = process.wait()
        if not ended and code >= 0:
            log.error("the slicing worker ended with %d and no answer", code)
            self._post(MakingFailed(wish.wish, TextProblem.WORKER_FAILED))


def heard(line: bytes, wish: Make, out: Path) -> News | None:
    """What one line of the worker means; None when it means nothing to the screen."""
    try:
        answer = msgspec.json.decode(line, type=Answer)
    except msgspec.MsgspecError as error:
        log.error("a line of the slicing worker was dropped: %s", error)
        return None
    if answer.done is not None:
        piece = Piece(answer.done, out)
        return ShapeMade(wish.wish, piece) if wish.shape_only else PieceMade(wish.wish, piece)
    if answer.error is not None:
        return MakingFailed(wish.wish, _problem(answer.error), answer.error.letters)
    if answer.progress is None or wish.shape_only or answer.step not in Step._value2member_map_:
        return None
    return MakingProgress(wish.wish, answer.progress, Step(answer.step))


def _problem(error: _Error) -> TextProblem:
    if error.code in TextProblem._value2member_map_:
        return TextProblem(error.code)
    log.error("the slicing worker failed: %s: %s", error.code, error.detail)
    return TextProblem.WORKER_FAILED


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()

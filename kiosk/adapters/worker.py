"""The slicing worker: a process that is started ahead, so that it stands ready when the last letter is typed.

What a visitor typed goes through its standard input; its folder is emptied when the visitor is gone.
"""

import contextlib
import errno
import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from catalogue.cards import Entry
from kiosk.domain.draft import Step, TextProblem
from kiosk.domain.effects import Make
from kiosk.domain.news import MakingFailed, MakingProgress, News, PieceMade, ShapeMade
from kiosk.domain.piece import Piece

log = logging.getLogger(__name__)

GRACE_S = 3.0
SILENCE_S = 120.0
"""A worker that says nothing for so long hangs: it tells when each step begins, and how far slicing is."""
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


@dataclass(frozen=True)
class _Job:
    """A process that makes something into a folder."""

    process: subprocess.Popen[bytes]
    out: Path


class Worker:
    """`post` gets what happened, on threads of its own. `profile` is the printer's, once it is known."""

    def __init__(
        self,
        command: Sequence[str],
        session: Path,
        post: Callable[[News], None],
        silence_s: float = SILENCE_S,
    ) -> None:
        self._command, self._session, self._post = list(command), session.absolute(), post
        self._silence_s = silence_s
        self._spare: subprocess.Popen[bytes] | None = None
        self._busy: _Job | None = None
        self._wanted: Make | None = None
        self._lock = threading.RLock()
        self.profile = ""

    def warm(self) -> None:
        """Start a process that waits for its request."""
        with self._lock:
            self._warm()

    def _warm(self) -> None:
        if self._spare is None or self._spare.poll() is not None:
            self._spare = self._spawn()

    def make(self, wish: Make) -> None:
        """Make this, and nothing that was wished before."""
        with self._lock:
            self.stop()
            self._wanted = wish
        if wish.shape_only:
            later = threading.Timer(PREVIEW_DELAY_S, self._begin, (wish,))
            later.daemon = True
            later.start()
        else:
            self._begin(wish)

    def stop(self) -> None:
        """Whatever is being made is not wanted; it is ended beside the screen, which waits for nobody."""
        with self._lock:
            self._wanted = None
            job, self._busy = self._busy, None
        if job and job.process.poll() is None:
            threading.Thread(target=_end, args=(job.process, job.out), name="worker-end", daemon=True).start()

    def forget(self) -> None:
        """Erase all files of the session; no process waits any more for a text."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare:
            threading.Thread(target=_end, args=(spare,), name="worker-end", daemon=True).start()
        if self._session.is_dir():
            for path in self._session.iterdir():
                _erase(path)

    def close(self) -> None:
        """End every process and erase the session."""
        with self._lock:
            self._wanted = None
            if self._busy:
                _end(self._busy.process, self._busy.out)
            if self._spare:
                _end(self._spare)
            self._busy = self._spare = None
        self.forget()

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        try:
            return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            log.error("the slicing worker does not start: %s: %s", self._command[0], error)
            return None

    def _begin(self, wish: Make) -> None:
        with self._lock:
            if wish is not self._wanted:
                return
            out = self._session / str(wish.wish)
            try:
                out.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                log.error("there is no folder for the slicing worker: %s: %s", out, error.strerror)
                is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
                problem = TextProblem.DISK_FULL if is_full else TextProblem.WORKER_FAILED
                self._post(MakingFailed(wish.wish, problem))
                return
            self._warm()
            process, self._spare = self._spare, None
            if process is None or process.stdin is None:
                self._post(MakingFailed(wish.wish, TextProblem.WORKER_FAILED))
                return
            self._busy = _Job(process, out)
            self._ask(process, process.stdin, wish, out)
            if wish.shape_only:
                self._warm()

    def _ask(self, process: subprocess.Popen[bytes], pipe: IO[bytes], wish: Make, out: Path) -> None:
        request = {
            "card": wish.card,
            "profile": self.profile,
            "values": dict(wish.values),
            "out": str(out),
            "preview": wish.shape_only,
        }
        try:
            pipe.write(msgspec.json.encode(request) + b"\n")
            pipe.close()
        except OSError:
            log.error("the slicing worker ended before it was asked")
        threading.Thread(target=self._read, args=(process, wish, out), name="worker", daemon=True).start()

    def _read(self, process: subprocess.Popen[bytes], wish: Make, out: Path) -> None:
        ended = False
        for line in self._lines(process, out):
            news = heard(line, wish, out)
            if news is not None:
                ended |= not isinstance(news, MakingProgress)
                self._post(news)
        code = process.wait()
        with self._lock:
            is_awaited = wish is self._wanted
        if is_awaited and not ended:
            log.error("the slicing worker ended with %d and no answer", code)
            self._post(MakingFailed(wish.wish, TextProblem.WORKER_FAILED))

    def _lines(self, process: subprocess.Popen[bytes], out: Path) -> Iterator[bytes]:
        """As they come. One that hangs is ended."""
        while process.stdout:
            hangs = threading.Timer(self._silence_s, _end, (process, out))
            hangs.daemon = True
            hangs.start()
            line = process.stdout.readline()
            hangs.cancel()
            if not line:
                return
            yield line


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


def _end(process: subprocess.Popen[bytes], out: Path | None = None) -> None:
    """Until it is gone; then what it left in `out` goes too."""
    process.terminate()
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()
    if out:
        _erase(out)


def _erase(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)

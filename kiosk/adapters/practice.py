"""The bridge for training: a process beside the screen, in a folder of its own that is erased with it."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from firmware_bridge.contract import Info
from kiosk.domain.news import News, PracticeEnded, PracticeReady

log = logging.getLogger(__name__)

SOCKET = "bridge.sock"
GRACE_S = 15.0
"""A print that runs is ended properly first."""


class Practice:
    """One exercise at a time. `post` gets what happened, on a thread of its own."""

    def __init__(self, command: Sequence[str], post: Callable[[News], None]) -> None:
        self._command, self._post = tuple(command), post
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path()
        self._thread: threading.Thread | None = None

    @property
    def socket(self) -> Path:
        """Of the bridge that runs."""
        return self._folder / SOCKET

    def start(self, real: Info) -> None:
        """Like the real one: its profile, its spool. PracticeReady follows, or PracticeEnded."""
        self.end()
        self._folder = Path(tempfile.mkdtemp(prefix="maakhoek-practice-"))
        told = {
            "folder": str(self._folder),
            "profile": real.profile,
            "library": real.library,
            "material": real.spool.material,
            "colour": real.spool.colour,
            "name": real.spool.name,
        }
        words = [f"--{key}={value}" for key, value in told.items()]
        try:
            process = subprocess.Popen(
                [*self._command, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            log.error("no exercise: %s: %s", self._command[0], error)
            _erase(self._folder)
            self._post(PracticeEnded())
            return
        self._process = process
        arguments = (process, self._folder)
        self._thread = threading.Thread(target=self._follow, args=arguments, name="practice", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """At once for the screen; the process ends beside it."""
        process, self._process = self._process, None
        if process and process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def close(self) -> None:
        """End it, and wait until nothing of it is left."""
        self.end()
        if self._thread:
            self._thread.join(GRACE_S + 5)

    def _follow(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdout
        for line in process.stdout:
            if line == b"ready\n" and process is self._process:
                self._post(PracticeReady())
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            log.error("the exercise does not end: killed")
        # Its simulated printer too, where it could not end that itself.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _erase(folder)
        if process is self._process:
            log.error("the exercise ended by itself, with %s", process.returncode)
            self._process = None
            self._post(PracticeEnded())


def _erase(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)

"""The fast printer as a process, and what it tells of a print."""

import json
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Self

import msgspec

START_S: Final = 10.0
PRIORITY: Final = -20
"""Its Nice, where that is allowed: a real printer does not share the host's processors."""


class PrinterError(Exception):
    """The printer did not start, or what was waited for did not happen; the message says what."""


class Progress(msgspec.Struct, frozen=True):
    """At a moment (CLOCK_MONOTONIC). Useful bytes are of executed lines other than M105."""

    at_s: float
    moves: int
    commands: int
    useful_bytes: int


class Counts(msgspec.Struct, frozen=True):
    """What the printer did until its end. `starved_*`: how long it had nothing to do before a measured move."""

    moves: int
    moves_crc: int
    refused: int
    overflowed_bytes: int
    corrupted_bytes: int
    runs_dry: int
    starved_p50_us: float
    starved_p99_us: float
    starved_longest_us: float


class FastPrinter:
    """A context; its port is the symlink `link`."""

    def __init__(self, program: Path, link: Path, options: Sequence[str], priority: Sequence[str] = ()) -> None:
        self._command = [*priority, str(program), "--link", str(link), *options]
        self._told: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, bufsize=0, start_new_session=True)
        assert self._process.stdout is not None
        self._stdout = self._process.stdout
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self.is_realtime = bool(self._wait_for("ready", START_S)["realtime"])
        return self

    def __exit__(self, *raised: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._selector.close()
        self._stdout.close()

    def wait_for(self, event: str, timeout_s: float, check: Callable[[], None]) -> Progress | None:
        """When `first` or `last` came; None after the time. `check` raises when there is nothing to wait for."""
        message = self._message(event, timeout_s, check)
        return None if message is None else msgspec.convert(message, Progress)

    def progress(self) -> Progress:
        """How far it is now. Raises PrinterError."""
        self._process.send_signal(signal.SIGUSR1)
        return msgspec.convert(self._wait_for("progress", START_S), Progress)

    def stop(self) -> Counts:
        """End it. Raises PrinterError."""
        self._process.send_signal(signal.SIGTERM)
        return msgspec.convert(self._wait_for("counts", START_S), Counts)

    def _wait_for(self, event: str, timeout_s: float) -> dict[str, Any]:
        message = self._message(event, timeout_s, lambda: None)
        if message is None:
            raise PrinterError(f"the printer did not say '{event}' within {timeout_s:.0f} s")
        return message

    def _message(self, event: str, timeout_s: float, check: Callable[[], None]) -> dict[str, Any] | None:
        """The next message of that kind; others are kept until somebody wants them."""
        deadline_s = time.monotonic() + timeout_s
        while event not in self._told:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                return None
            if not self._selector.select(min(left_s, 0.2)):
                check()
                continue
            line = self._stdout.readline()
            if not line:
                raise PrinterError(f"the printer ended with exit code {self._process.wait()}")
            message: dict[str, Any] = json.loads(line)
            self._told[message["event"]] = message
        return self._told.pop(event)

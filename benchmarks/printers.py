"""The two printers that hosts are measured on: one that answers at once, and the project's simulated one.

Both say when the first and the last measured move was executed, and at the end what was.
"""

import json
import selectors
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, Self

from benchmarks.gcode_files import GcodeFile, is_move
from benchmarks.hosts import ROOT

POLL_S: Final = 0.002
START_S: Final = 10.0


class PrinterError(Exception):
    """The printer did not start, or what was waited for did not happen; the message says what."""


@dataclass(frozen=True)
class Counts:
    """What a printer did until its end. `exact`: the moves of the file, each once and in order."""

    exact: bool
    refused: int
    overflowed_bytes: int = 0
    corrupted_bytes: int = 0
    runs_dry: int = 0


class Printer(Protocol):
    """A process with a serial port; a context. `check` raises when there is nothing to wait for any more."""

    def __enter__(self) -> Self:
        """Started, its port is there."""

    def __exit__(self, *raised: object) -> None:
        """Gone."""

    def first(self, timeout_s: float, check: Callable[[], None]) -> float:
        """When the first measured move was executed (CLOCK_MONOTONIC); waits for it. Raises PrinterError."""

    def last(self, timeout_s: float, check: Callable[[], None]) -> float:
        """When the last measured move was executed; waits for it. Raises PrinterError."""

    def stop(self) -> Counts:
        """End it."""


class InstantPrinter:
    """`instant_printer.py` as a process, one object a line on its stdout."""

    def __init__(self, link: Path, file: GcodeFile) -> None:
        self._file = file
        script = Path(__file__).parent / "instant_printer.py"
        measured = ("--first", str(file.first_move), "--last", str(file.last_move))
        self._command: list[str | Path] = [sys.executable, script, "--link", link, *measured]
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        self._stdout = self._process.stdout
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self._wait_for("ready", START_S, lambda: None)
        return self

    def __exit__(self, *raised: object) -> None:
        _end(self._process)
        self._selector.close()
        self._stdout.close()

    def first(self, timeout_s: float, check: Callable[[], None]) -> float:
        return float(self._wait_for("first", timeout_s, check)["at_s"])

    def last(self, timeout_s: float, check: Callable[[], None]) -> float:
        return float(self._wait_for("last", timeout_s, check)["at_s"])

    def stop(self) -> Counts:
        self._process.terminate()
        counts = self._wait_for("counts", START_S, lambda: None)
        exact = (counts["moves"], counts["moves_crc"]) == (self._file.moves, self._file.moves_crc)
        return Counts(exact=exact, refused=counts["errors"])

    def _wait_for(self, event: str, timeout_s: float, check: Callable[[], None]) -> dict[str, Any]:
        deadline_s = time.monotonic() + timeout_s
        while not self._selector.select(0.2):
            check()
            if time.monotonic() > deadline_s:
                raise PrinterError(f"the printer did not say '{event}' within {timeout_s:.0f} s")
        message: dict[str, Any] = json.loads(self._stdout.readline() or "{}")
        if message.get("event") != event:
            raise PrinterError(f"the printer said {message} instead of '{event}'")
        return message


class SimulatedPrinter:
    """`firmware_bridge simulate` as a process. Its log, read every few milliseconds, tells what was executed."""

    def __init__(self, link: Path, file: GcodeFile, options: Sequence[str]) -> None:
        self._link = link
        self._file = file
        self._log_path = link.with_name("executed.log")
        self._said_path = link.with_name("simulator.log")
        self._command: list[str | Path] = [sys.executable, "-m", "firmware_bridge", "simulate", *options]
        self._command += ["--profile", file.profile, "--link", link, "--log", self._log_path]
        self._partial = b""
        self._moves = 0
        self._crc = 0

    def __enter__(self) -> Self:
        self._log_path.write_bytes(b"")
        self._link.unlink(missing_ok=True)
        with self._said_path.open("wb") as said:
            self._process = subprocess.Popen(self._command, stdout=said, stderr=said, cwd=ROOT)
        self._log = self._log_path.open("rb")
        deadline_s = time.monotonic() + START_S
        while not self._link.exists():
            if self._process.poll() is not None or time.monotonic() > deadline_s:
                raise PrinterError(f"the simulated printer did not start: {self._said_path.read_text()}")
            time.sleep(POLL_S)
        return self

    def __exit__(self, *raised: object) -> None:
        _end(self._process)
        self._log.close()

    def first(self, timeout_s: float, check: Callable[[], None]) -> float:
        return self._until_moves(self._file.first_move, timeout_s, check)

    def last(self, timeout_s: float, check: Callable[[], None]) -> float:
        return self._until_moves(self._file.last_move, timeout_s, check)

    def stop(self) -> Counts:
        self._process.terminate()
        self._process.wait(START_S)
        self._follow()
        counts = json.loads(self._said_path.read_text().strip().splitlines()[-1])
        return Counts(
            exact=(self._moves, self._crc) == (self._file.moves, self._file.moves_crc),
            refused=counts["resends"],
            overflowed_bytes=counts["overflowed_bytes"],
            corrupted_bytes=counts["corrupted_bytes"],
            runs_dry=counts["runs_dry"],
        )

    def _until_moves(self, moves: int, timeout_s: float, check: Callable[[], None]) -> float:
        deadline_s = time.monotonic() + timeout_s
        while self._follow() < moves:
            check()
            if time.monotonic() > deadline_s:
                raise PrinterError(f"{self._moves} of {moves} moves within {timeout_s:.0f} s")
            time.sleep(POLL_S)
        return time.monotonic()

    def _follow(self) -> int:
        """Read what was executed since the last look; returns the number of moves until now."""
        *commands, self._partial = (self._partial + self._log.read()).split(b"\n")
        for command in commands:
            if is_move(command.decode("latin-1")):
                self._moves += 1
                self._crc = zlib.crc32(command, self._crc)
        return self._moves


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()

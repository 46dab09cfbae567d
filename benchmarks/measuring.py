"""One print of one file by one host on the instant printer, measured from outside."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from benchmarks.cpu import tree_cpu_s
from benchmarks.gcode_files import GcodeFile
from benchmarks.hosts import ROOT, Host

START_S: Final = 180.0
"""How long a host may take from its start to the first measured move."""
SLOWEST_LINES_PER_S: Final = 40.0
END_S: Final = 60.0


class MeasuringError(Exception):
    """A run that says nothing: the host failed, or the printer did not get what is in the file."""


@dataclass(frozen=True)
class Run:
    """Between the first and the last measured move, except where the name says otherwise.

    `whole_cpu_s` and `memory_mb` are of the whole process, from its start to its end.
    """

    lines: int
    seconds: float
    cpu_s: float
    whole_cpu_s: float
    memory_mb: float
    exact: bool
    errors: int

    @property
    def lines_per_s(self) -> float:
        """Commands of the file a second."""
        return self.lines / self.seconds

    @property
    def cpu_us_per_line(self) -> float:
        """Microseconds of host CPU, user and system, for one command of the file."""
        return self.cpu_s / self.lines * 1e6


class Printer:
    """The instant printer as a process; use as a context."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        self._stdout = self._process.stdout
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._selector.close()
        self._stdout.close()

    def wait_for(
        self, event: str, timeout_s: float, host: subprocess.Popen[bytes] | None = None
    ) -> dict[str, Any]:
        """The next event, which must be this one.

        Raises MeasuringError when it does not come in time or the host ends before it.
        """
        deadline_s = time.monotonic() + timeout_s
        while not self._selector.select(0.2):
            if host is not None and host.poll() not in (None, 0):
                raise MeasuringError(f"the host ended with exit code {host.returncode} before '{event}'")
            if time.monotonic() > deadline_s:
                raise MeasuringError(f"the printer did not say '{event}' within {timeout_s:.0f} s")
        message: dict[str, Any] = json.loads(self._stdout.readline() or "{}")
        if message.get("event") != event:
            raise MeasuringError(f"the printer said {message} instead of '{event}'")
        return message

    def stop(self) -> dict[str, Any]:
        """End it, and what it counted."""
        self._process.terminate()
        return self.wait_for("counts", 10)


def instant_printer(link: Path, file: GcodeFile) -> Printer:
    """A fresh instant printer that reports the measured moves of this file."""
    script = Path(__file__).parent / "instant_printer.py"
    first, last = str(file.first_move), str(file.last_move)
    return Printer([sys.executable, script, "--link", link, "--first", first, "--last", last])


def measure(host: Host, file: GcodeFile, scratch: Path) -> Run:
    """Print the file once.

    Raises MeasuringError, with the host's last words, when it was not printed.
    """
    link, log = scratch / "printer", scratch / f"{host.name}.log"
    with instant_printer(link, file) as printer:
        printer.wait_for("ready", 10)
        command = [str(c) for c in host.command(link, file, scratch)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=ROOT)
        try:
            first = printer.wait_for("first", START_S, process)
            cpu_before_s = tree_cpu_s(process.pid)
            last = printer.wait_for("last", START_S + file.commands / SLOWEST_LINES_PER_S, process)
            cpu_after_s = tree_cpu_s(process.pid)
            exit_code, usage = _wait(process)
        except MeasuringError as error:
            words = log.read_text(errors="replace").strip().splitlines()[-5:]
            raise MeasuringError(f"{host.name}: {error}; its last words: {' / '.join(words) or 'none'}") from error
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        counts = printer.stop()
    if exit_code:
        raise MeasuringError(f"{host.name}: exit code {exit_code}, see {log}")
    return Run(
        lines=file.measured_commands,
        seconds=last["at_s"] - first["at_s"],
        cpu_s=cpu_after_s - cpu_before_s,
        whole_cpu_s=usage.ru_utime + usage.ru_stime,
        memory_mb=usage.ru_maxrss / 1024,
        exact=(counts["moves"], counts["moves_crc"]) == (file.moves, file.moves_crc),
        errors=counts["errors"],
    )


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, Any]:
    """Exit code and resource usage of a process that is about to end."""
    deadline_s = time.monotonic() + END_S
    while time.monotonic() < deadline_s:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        time.sleep(0.02)
    raise MeasuringError(f"it did not end within {END_S:.0f} s of the last move")

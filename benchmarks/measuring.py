"""One print of one file by one host on one printer, measured from outside."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.gcode_files import GcodeFile
from benchmarks.hosts import ROOT, Host
from benchmarks.printers import Counts, InstantPrinter, Printer, PrinterError
from benchmarks.process_tree import tree_usage

START_S: Final = 180.0
"""How long a host may take from its start to the first measured move."""
SLOWEST_LINES_PER_S: Final = 40.0
END_S: Final = 60.0


class MeasuringError(Exception):
    """A run that says nothing: the host failed, or did not print the file in time."""


@dataclass(frozen=True)
class Run:
    """Between the first and the last measured move, except where the name says otherwise.

    `whole_cpu_s` is of the whole process, from its start to its end; `memory_mb` the highest until the last move.
    """

    lines: int
    seconds: float
    cpu_s: float
    whole_cpu_s: float
    memory_mb: float
    counts: Counts

    @property
    def lines_per_s(self) -> float:
        """Commands of the file a second."""
        return self.lines / self.seconds

    @property
    def cpu_us_per_line(self) -> float:
        """Microseconds of host CPU, user and system, for one command of the file."""
        return self.cpu_s / self.lines * 1e6


def measure_instant(host: Host, file: GcodeFile, scratch: Path) -> Run:
    """Print the file once on the printer that answers at once. Raises MeasuringError."""
    link = scratch / "printer"
    return measure(host, file, scratch, link, InstantPrinter(link, file))


def measure(host: Host, file: GcodeFile, scratch: Path, link: Path, printer: Printer) -> Run:
    """Print the file once on a printer that has not been started yet.

    Raises MeasuringError, with the host's last words, when it was not printed.
    """
    log = scratch / f"{host.name.replace(' ', '-')}.log"
    try:
        with printer, log.open("wb") as output:
            command = [str(c) for c in host.command(link, file, scratch)]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=ROOT)
            try:
                return _follow(process, file, printer)
            finally:
                if process.returncode is None:
                    process.kill()
                    process.wait()
    except (PrinterError, MeasuringError) as error:
        raise MeasuringError(f"{host.name}: {error}; its last words: {_last_words(log)}") from error


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join([line.strip() for line in lines if any(map(str.isalnum, line))][-2:]) or "none"


def _follow(process: subprocess.Popen[bytes], file: GcodeFile, printer: Printer) -> Run:
    check = _alive(process)
    first_s = printer.first(START_S, check)
    before = tree_usage(process.pid)
    last_s = printer.last(START_S + file.commands / SLOWEST_LINES_PER_S, check)
    after = tree_usage(process.pid)
    exit_code, usage = _wait(process)
    if exit_code:
        raise MeasuringError(f"exit code {exit_code}")
    return Run(
        lines=file.measured_commands,
        seconds=last_s - first_s,
        cpu_s=after.cpu_s - before.cpu_s,
        whole_cpu_s=usage.ru_utime + usage.ru_stime,
        memory_mb=after.memory_mb,
        counts=printer.stop(),
    )


def _alive(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    def check() -> None:
        stat = Path(f"/proc/{process.pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(") ")[2].startswith("Z"):
            raise MeasuringError("it ended before the file did")

    return check


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

"""One print of one file by one host on one printer, measured from outside."""

import configparser
import contextlib
import functools
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.hosts import ROOT, Host, Task
from benchmarks.printer import PRIORITY, Counts, FastPrinter, PrinterError, Progress
from benchmarks.process_tree import tree_usage

UNIT: Final = ROOT / "systemd" / "maakhoek-bridge.service"
START_S: Final = 90.0
"""How long a host may take from its start to the first measured move."""
END_S: Final = 60.0


class MeasuringError(Exception):
    """A run that says nothing: the host failed, or printed nothing in time."""


@dataclass(frozen=True)
class Run:
    """Between the first measured move and the last, or the one at which time was up (`complete` False).

    `useful_bytes`: of the printed lines, as the host framed them; `later_*`: of the time's later half, 0 where the
    file was printed before. `memory_mb`: the most that the largest process has had. `exact`: the moves of the file
    until then, each once and in order. `realtime`: the printer had its processor for itself.
    """

    lines: int
    seconds: float
    useful_bytes: int
    later_seconds: float
    later_bytes: int
    cpu_s: float
    memory_mb: float
    counts: Counts
    exact: bool
    complete: bool
    slow_syncs: int
    realtime: bool

    @property
    def lines_per_s(self) -> float:
        """Commands of the file a second."""
        return self.lines / self.seconds

    @property
    def cpu_us_per_line(self) -> float:
        """Microseconds of host CPU, user and system, for one command of the file."""
        return self.cpu_s / self.lines * 1e6

    def wire_share(self, baud: int) -> float:
        """The share of the wire's bytes that were the file's lines."""
        return self.useful_bytes / self.seconds / (baud / 10)

    def later_wire_share(self, baud: int) -> float:
        """The same in the later half, when a host has learnt to trust the wire."""
        return self.later_bytes / self.later_seconds / (baud / 10) if self.later_seconds else 0.0

    def allowed_share(self, baud: int, latency_ms: float, most_bytes: int, most_lines: int) -> float:
        """The share of the wire that whole lines can use at best with so much in flight.

        From a line's first byte to its ok, its own bytes, the latency and the ok's bytes pass; in that time no
        more can be sent than what fits beside it.
        """
        line_bytes = self.useful_bytes / self.lines
        bytes_per_s = baud / 10
        in_flight = line_bytes * min(most_bytes // line_bytes, most_lines)
        round_trip_s = (line_bytes + len("ok\n")) / bytes_per_s + latency_ms / 1000
        return min(1.0, in_flight / round_trip_s / bytes_per_s)


@functools.cache
def host_nice() -> int:
    """Of every host, ours and the peers': what the bridge's own unit has."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(UNIT.read_text())
    return unit.getint("Service", "Nice")


@functools.cache
def priority(nice: int) -> tuple[str, ...]:
    """What to write before a command so that it runs with that Nice; nothing where that is not allowed."""
    prefix = ("nice", "-n", str(nice))
    tried = subprocess.run([*prefix, "true"], capture_output=True)
    return () if tried.returncode or tried.stderr else prefix


def measure(host: Host, task: Task, program: Path, seed: int) -> Run:
    """Print the file once on a fresh printer. Raises MeasuringError, with the host's last words."""
    shutil.rmtree(task.scratch, ignore_errors=True)
    task.scratch.mkdir(parents=True)
    log = task.scratch / "host.log"
    options = [*task.setting.printer_options(seed), "--first", str(task.file.first_move)]
    options += ["--last", str(task.file.moves)]
    try:
        with (
            FastPrinter(program, task.port, options, priority(PRIORITY)) as printer,
            _started(host, task, log) as process,
        ):
            return _follow(process, task, printer)
    except (PrinterError, MeasuringError) as error:
        raise MeasuringError(f"{error}; its last words: {_last_words(log)}") from error


@contextmanager
def _started(host: Host, task: Task, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The host and all that it starts, gone afterwards."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*priority(host_nice()), *map(str, host.command(task))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env={**os.environ, **(task.slow_disk() if host.on_slow_disk else {})},
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join([line.strip() for line in lines if any(map(str.isalnum, line))][-2:]) or "none"


def _follow(process: subprocess.Popen[bytes], task: Task, printer: FastPrinter) -> Run:
    check, half_s = _alive(process), task.setting.most_s / 2
    first = printer.wait_for("first", START_S, check)
    if first is None:
        raise MeasuringError(f"no move within {START_S:.0f} s")
    before = tree_usage(process.pid)
    middle: Progress | None = None
    last = printer.wait_for("last", half_s, check)
    if last is None:
        middle = printer.progress()
        last = printer.wait_for("last", half_s, check)
    end = last or printer.progress()
    after = tree_usage(process.pid)
    if last is not None:
        _ended(process)
    counts = printer.stop()
    lines = task.file.line_of[end.moves] - task.file.line_of[first.moves]
    if not lines:
        raise MeasuringError(f"one move within {task.setting.most_s:.0f} s")
    return Run(
        lines=lines,
        seconds=end.at_s - first.at_s,
        useful_bytes=end.useful_bytes - first.useful_bytes,
        later_seconds=end.at_s - middle.at_s if middle else 0.0,
        later_bytes=end.useful_bytes - middle.useful_bytes if middle else 0,
        cpu_s=after.cpu_s - before.cpu_s,
        memory_mb=after.memory_mb,
        counts=counts,
        exact=counts.moves <= task.file.moves and counts.moves_crc == task.file.crc_after[counts.moves],
        complete=last is not None,
        slow_syncs=task.slow_syncs,
        realtime=printer.is_realtime,
    )


def _alive(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    def check() -> None:
        if process.poll() is not None:
            raise MeasuringError(f"it ended before the file did, with exit code {process.returncode}")

    return check


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        exit_code = process.wait(END_S)
    except subprocess.TimeoutExpired:
        raise MeasuringError(f"it did not end within {END_S:.0f} s of the last move") from None
    if exit_code:
        raise MeasuringError(f"exit code {exit_code} after the last move")

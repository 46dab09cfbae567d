"""Starts programs one after the other, watches them, and stops them all."""

import ctypes
import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.workbench.guard import Guard, Notifications

STOP_TIMEOUT_S = 10.0
_PR_SET_PDEATHSIG = 1


class StartError(RuntimeError):
    """A program did not come up; the message names it and where its log is."""


@dataclass(frozen=True)
class Program:
    """One process. `is_ready` is asked until it says yes; `where` tells people where to find it.

    `watchdog_s`: it gives signs of life as systemd wants them, and is killed when they stop for so long.
    `after_end`: run when it has ended for whatever reason.
    """

    name: str
    command: Sequence[str]
    where: str
    is_ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    start_timeout_s: float = 30.0
    watchdog_s: float = math.inf
    after_end: Sequence[str] = ()

    @property
    def is_guarded(self) -> bool:
        """Its hang or its end has consequences."""
        return bool(self.after_end) or self.watchdog_s < math.inf


def say(text: str) -> None:
    """To whoever looks at the terminal."""
    print(f"  {text}", flush=True)


class Supervisor:
    """Owns the processes. Logs go to `<logs>/<name>.log`."""

    def __init__(self, logs: Path, say: Callable[[str], None] = say) -> None:
        self._logs = logs
        self._say = say
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._guards: dict[str, Guard] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def log_of(self, name: str) -> Path:
        """Where that program's output is."""
        return self._logs / f"{name}.log"

    def pid_of(self, name: str) -> int:
        """The process id of a running program."""
        return self._running[name].pid

    def start(self, program: Program) -> None:
        """Start it and wait until it is ready.

        Raises StartError when it ends or is not ready in time.
        """
        notifications = Notifications() if program.is_guarded else None
        environment = {**os.environ, **program.environment}
        if notifications is not None and program.watchdog_s < math.inf:
            environment |= notifications.environment(program.watchdog_s)
        with self.log_of(program.name).open("wb") as log:
            try:
                process = subprocess.Popen(
                    program.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    start_new_session=True,
                    preexec_fn=_end_with_parent,
                )
            except OSError as error:
                raise StartError(f"{program.name} cannot be started: {error}") from error
        self._running[program.name] = process
        if notifications is not None:
            self._guards[program.name] = Guard(
                process,
                program.name,
                self._say,
                after_end=program.after_end,
                notifications=notifications,
                watchdog_s=program.watchdog_s,
            )
        deadline = time.monotonic() + program.start_timeout_s
        while not program.is_ready():
            if process.poll() is not None:
                raise StartError(self._last_words(program.name, f"ended with code {process.returncode}"))
            if time.monotonic() > deadline:
                raise StartError(self._last_words(program.name, f"not ready in {program.start_timeout_s:g} s"))
            time.sleep(0.05)

    def take_ended(self) -> dict[str, int]:
        """Names and exit codes of programs that have ended by themselves since the last call."""
        ended = {n: p.returncode for n, p in self._running.items() if p.poll() is not None}
        for name in ended:
            del self._running[name]
            self._join_guard(name)
        return ended

    def stop(self) -> None:
        """Stop all, the last started first: SIGTERM, and SIGKILL for one that does not go."""
        for name in reversed(list(self._running)):
            process = self._running.pop(name)
            _signal_group(process, signal.SIGTERM)
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()
            self._join_guard(name)

    def _join_guard(self, name: str) -> None:
        """What follows a program's end needs those that were started before it."""
        guard = self._guards.pop(name, None)
        if guard is not None:
            guard.join()

    def _last_words(self, name: str, what: str) -> str:
        tail = self.log_of(name).read_text(errors="replace").splitlines()[-8:]
        return "\n".join([f"{name}: {what}; log: {self.log_of(name)}", *(f"    {line}" for line in tail)])


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)


def _end_with_parent() -> None:
    """In the child: be told to stop when the supervisor dies, however it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

"""The simulated printer as a process, and a SerialMachine on it with its events in a list."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from firmware_bridge.machine.interface import Connected, Ended, MachineEvent
from firmware_bridge.machine.serial_port import SerialMachine
from firmware_bridge.profile import load_profile
from support.programs import running
from support.simulated_printer import tell
from support.waiting import until

E = TypeVar("E")


@dataclass(frozen=True)
class LivePrinter:
    """`log` holds each executed command; `profile` is the model that it is."""

    port: Path
    log: Path
    control: Path
    profile: str
    process: subprocess.Popen[bytes]

    def tell(self, command: str) -> str:
        """A fault, or a question; see `simulate --help`."""
        return tell(self.control, command)

    def executed(self) -> list[str]:
        """Every command so far."""
        return self.log.read_bytes().decode("latin-1").splitlines() if self.log.exists() else []


@contextmanager
def live_printer(folder: Path, *options: str, profile: str = "prusa-mk3s") -> Iterator[LivePrinter]:
    """Started; the port is there."""
    port, log, control = folder / "printer", folder / "executed.log", folder / "control"
    command = [sys.executable, "-m", "firmware_bridge", "simulate", "--link", port, "--log", log]
    command += ["--control", control, "--profile", profile, "--no-reset-on-open", *options]
    with running(command, folder / "simulator.out") as process:
        until(port.exists, what="the simulated printer's port")
        yield LivePrinter(port, log, control, profile, process)


@dataclass
class Watched:
    """A machine and what it has told."""

    machine: SerialMachine
    events: list[MachineEvent] = field(default_factory=list)

    def last(self, kind: type[E]) -> E | None:
        """The latest event of that kind."""
        return next((event for event in reversed(self.events) if isinstance(event, kind)), None)

    def wait_for(self, kind: type[E], timeout_s: float = 120.0) -> E:
        """Until there is one."""
        return until(lambda: self.last(kind), timeout_s, what=kind.__name__)

    def ended(self) -> Ended:
        """The job's end; exactly one."""
        end = self.wait_for(Ended)
        assert len([event for event in self.events if isinstance(event, Ended)]) == 1
        return end


@contextmanager
def watched(port: Path, profile: str, connect: bool = True) -> Iterator[Watched]:
    """Started, connected unless that is not to be waited for, and closed at the end."""
    told: list[MachineEvent] = []
    machine = SerialMachine(port, load_profile(profile), told.append)
    machine.start()
    try:
        result = Watched(machine, told)
        if connect:
            result.wait_for(Connected)
        yield result
    finally:
        machine.close()

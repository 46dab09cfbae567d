"""The bridge as a process of its own, on a simulated printer as another one."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.bridge_client import BridgeClient, client
from support.broker import Broker
from support.hand_bridge import write_config
from support.programs import running
from support.simulated_printer import tell
from support.waiting import until


@dataclass(frozen=True)
class SimulatedPrinter:
    """`folder` holds its port, its control socket and the log of executed commands."""

    folder: Path

    @property
    def port(self) -> Path:
        """What the bridge opens."""
        return self.folder / "tty"

    def executed(self) -> list[str]:
        """All commands so far."""
        return (self.folder / "executed.log").read_text().splitlines()

    def control(self, command: str) -> str:
        """One line to its control socket, and the answer."""
        return tell(self.folder / "control", command)

    def status(self) -> Any:
        """What it is doing."""
        return json.loads(self.control("status"))


@contextlib.contextmanager
def simulated_printer(folder: Path, speed: float = 60.0, *options: str) -> Iterator[SimulatedPrinter]:
    """Plugged in and switched on."""
    printer = SimulatedPrinter(folder)
    command = [sys.executable, "-m", "firmware_bridge", "simulate", "--link", printer.port, "--speed", str(speed)]
    command += ["--profile", "prusa-mk3s", "--log", folder / "executed.log", "--control", folder / "control"]
    with running([*command, *options], folder / "printer.log"):
        until(lambda: printer.port.exists() and (folder / "control").exists(), what="the printer is there")
        yield printer


@dataclass
class BridgeProcess:
    """`process` may be killed by the test."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def socket(self) -> Path:
        """Where it serves."""
        return self.folder / "s"

    def log(self) -> str:
        """All that bridges in this folder have logged."""
        return (self.folder / "bridge.log").read_text()

    def descriptors(self) -> int:
        """How many the process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@contextlib.contextmanager
def bridge_process(
    folder: Path,
    port: Path,
    broker: Broker | None = None,
    environment: Mapping[str, str] | None = None,
    more: str = "",
) -> Iterator[BridgeProcess]:
    """`python -m firmware_bridge run`, serving. `more`: of the configuration."""
    config = write_config(folder, port=str(port), broker=broker, more=more)
    command = [sys.executable, "-m", "firmware_bridge", "run", "--config", config]
    with running(command, folder / "bridge.log", env={**os.environ, **(environment or {})}) as process:
        bridge = BridgeProcess(folder, process)
        until(lambda: serves(bridge), what="the bridge serves")
        yield bridge


def serves(bridge: BridgeProcess) -> bool:
    """Whether it answers."""
    with contextlib.suppress(OSError), client(bridge.socket) as kiosk:
        return bool(kiosk.call("hello"))
    return False


def start_print(kiosk: BridgeClient, gcode: Path, **params: Any) -> str:
    """Submit a file and start it; returns the job's id."""
    job = kiosk.submit(gcode, **params)
    kiosk.call("job.start", job=job["id"], plate_is_empty=True)
    return str(job["id"])

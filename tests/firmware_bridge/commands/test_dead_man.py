"""The heaters' dead man: whatever ends or stops the bridge, both heaters are off within ten seconds.

The processes are those of the workbench, under its supervisor, which stands for systemd.
"""

import dataclasses
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.bridge_client import client
from support.bridge_process import start_print
from support.gcode import write_tower
from support.simulated_printer import tell
from support.waiting import until

from provisioning.workbench.stack import Options, Stack
from provisioning.workbench.supervisor import Program, Supervisor

PROMISED_S = 10.0
SPEED = 10.0


class Bench:
    """Printer and bridge of the workbench, and nothing else of it; `said` is what its terminal would show."""

    def __init__(self, folder: Path, *printer_options: str) -> None:
        stack = Stack(Options(data=folder / "run", collection=folder / "collection", speed=SPEED))
        programs = {program.name: program for program in stack.programs()}
        printer = programs["printer"]
        self.said: list[str] = []
        self.supervisor = Supervisor(folder / "logs", self.said.append)
        self.bridge: Program = programs["bridge"]
        self.socket = Path(self.bridge.where)
        self._control = stack.printer_control
        self.supervisor.start(dataclasses.replace(printer, command=(*printer.command, *printer_options)))

    def status(self) -> Any:
        """What the printer itself says."""
        return json.loads(self.tell("status"))

    def tell(self, command: str) -> str:
        """To the printer's control socket."""
        return tell(self._control, command)

    def are_heaters(self, *, on: bool) -> bool:
        """Whether both are on, or both off."""
        status = self.status()
        return {bool(status["nozzle_target_c"]), bool(status["bed_target_c"])} == {on}

    def start_bridge(self) -> int:
        """Its process."""
        self.supervisor.start(self.bridge)
        return self.supervisor.pid_of("bridge")

    def cooled_after(self, strike: Callable[[], None]) -> float:
        """Seconds from the strike to both targets 0, by the printer itself."""
        began = time.monotonic()
        strike()
        until(lambda: self.are_heaters(on=False), timeout_s=60, what="both heaters are off")
        return time.monotonic() - began


@contextmanager
def bench(folder: Path, *printer_options: str) -> Iterator[Bench]:
    """Everything stopped at the end."""
    workbench = Bench(folder, *printer_options)
    try:
        yield workbench
    finally:
        workbench.supervisor.stop()


def in_mid_heating(workbench: Bench, folder: Path) -> str:
    """A started job, both heaters on, not yet hot."""
    with client(workbench.socket) as kiosk:
        kiosk.until_connected()
        job = start_print(kiosk, write_tower(folder / "tower.gcode", layers=200, rounds=10))
        kiosk.until_job("heating")
        until(lambda: workbench.are_heaters(on=True), what="both heaters are on")
    return job


def in_mid_print(workbench: Bench, folder: Path) -> str:
    """A started job, plastic being laid down."""
    job = in_mid_heating(workbench, folder)
    with client(workbench.socket) as kiosk:
        kiosk.until_job("printing", timeout_s=90)
        until(lambda: workbench.status()["e"] > 3.0, timeout_s=60, what="plastic")
    assert workbench.are_heaters(on=True)
    return job


def assert_interrupted(workbench: Bench, job: str) -> None:
    """The next bridge knows what happened."""
    workbench.start_bridge()
    with client(workbench.socket) as kiosk:
        state = kiosk.state()["job"]
        assert (state["id"], state["state"]) == (job, "interrupted")


@pytest.mark.parametrize(
    ("opening", "strike", "moment"),
    [
        ("--no-reset-on-open", signal.SIGKILL, in_mid_heating),
        ("--no-reset-on-open", signal.SIGKILL, in_mid_print),
        ("--no-reset-on-open", signal.SIGSTOP, in_mid_heating),
        ("--no-reset-on-open", signal.SIGSTOP, in_mid_print),
        ("--reset-on-open", signal.SIGKILL, in_mid_print),
    ],
)
def test_the_heaters_go_off(
    tmp_path: Path, opening: str, strike: signal.Signals, moment: Callable[[Bench, Path], str]
) -> None:
    """A bridge that is killed, and one that hangs, at any moment; the board may or may not reset when opened."""
    with bench(tmp_path, opening) as workbench:
        process = workbench.start_bridge()
        job = moment(workbench, tmp_path)
        seconds = workbench.cooled_after(lambda: os.kill(process, strike))
        assert seconds < PROMISED_S
        until(workbench.supervisor.take_ended, what="the bridge's end")
        assert any("heaters" in line and line.endswith("(code 0)") for line in workbench.said), workbench.said
        hung = [line for line in workbench.said if "no sign of life" in line]
        assert len(hung) == (strike is signal.SIGSTOP)
        assert_interrupted(workbench, job)


def test_a_bridge_that_is_stopped_in_mid_print_leaves_it_cold(tmp_path: Path) -> None:
    with bench(tmp_path, "--no-reset-on-open") as workbench:
        process = workbench.start_bridge()
        in_mid_print(workbench, tmp_path)
        assert workbench.cooled_after(lambda: os.kill(process, signal.SIGTERM)) < PROMISED_S
        assert until(workbench.supervisor.take_ended, what="the bridge's end") == {"bridge": 0}


def test_a_bridge_beside_a_dead_port_is_left_alone(tmp_path: Path) -> None:
    """Its signs of life come for longer than the watchdog waits."""
    with bench(tmp_path) as workbench:
        workbench.start_bridge()
        in_mid_heating(workbench, tmp_path)
        workbench.tell("unplug")
        until_s = time.monotonic() + 1.5 * workbench.bridge.watchdog_s
        until(lambda: time.monotonic() > until_s, what="the watchdog has had its chance")
        assert workbench.supervisor.take_ended() == {}
        assert workbench.said == []

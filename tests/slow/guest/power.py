"""Runs in the guest: the whole bridge on a disk that outlives a power cut; a simulated printer that does not."""

import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from slow.guest.line import Line
from support.bridge_client import client
from support.bridge_process import BridgeProcess, SimulatedPrinter, bridge_process, simulated_printer, start_print
from support.journal import rows
from support.waiting import until

SLOW_MACHINE_S = 120.0
"""Everything is emulated here."""


class PowerAgent:
    """`disk` is a file system of the virtual disk; `volatile` is memory."""

    def __init__(self, line: Line, disk: Path, volatile: Path) -> None:
        self._line = line
        self._disk = disk
        self._volatile = volatile
        self._running = ExitStack()
        self._bridge: BridgeProcess
        self._printer: SimulatedPrinter

    def do_rows(self) -> Any:
        """The journal as the cut has left it, before any bridge has run again: number, kind, job, its state."""
        return [
            (row.seq, row.type.value, row.job.id if row.job else "", row.job.state.value if row.job else "")
            for row in (rows(self._disk) if (self._disk / "data").exists() else ())
        ]

    def do_start(self, speed: float) -> None:
        """Both processes, connected; states of jobs are told from now on."""
        self._printer = self._running.enter_context(simulated_printer(self._volatile, speed))
        self._bridge = self._running.enter_context(bridge_process(self._disk, self._printer.port))
        with client(self._bridge.socket) as kiosk:
            kiosk.until_connected()
        threading.Thread(target=self._watch, daemon=True).start()

    def do_print(self, gcode: str) -> str:
        """A job's id, once it is started."""
        path = self._volatile / "print.gcode"
        path.write_text(gcode)
        with client(self._bridge.socket, SLOW_MACHINE_S) as kiosk:
            return start_print(kiosk, path)

    def do_clear(self) -> None:
        """The plate is empty."""
        with client(self._bridge.socket, SLOW_MACHINE_S) as kiosk:
            job = until(lambda: kiosk.state()["job"], what="a job on the plate")
            kiosk.call("job.collect", job=job["id"])

    def do_job(self) -> Any:
        """What holds the plate: id and state, or nothing."""
        with client(self._bridge.socket, SLOW_MACHINE_S) as kiosk:
            job = kiosk.state()["job"]
            return [job["id"], job["state"]] if job else []

    def do_printer(self) -> Any:
        """What was carried out since it was switched on, and both targets."""
        status = self._printer.status()
        moves = [line for line in self._printer.executed() if line.startswith("G")]
        return {"moves": moves, "targets": [status["nozzle_target_c"], status["bed_target_c"]]}

    def _watch(self) -> None:
        told = ""
        with client(self._bridge.socket, timeout_s=3600.0) as kiosk:
            kiosk.call("subscribe")
            while (message := kiosk.read()) is not None:
                job = message["params"].get("job") if message.get("method") == "state" else None
                if job and told != (told := f"{job['id']} {job['state']}"):
                    self._line.tell("job", told)


if __name__ == "__main__":
    line = Line(sys.argv[1])
    line.serve(PowerAgent(line, Path("/run/disk"), Path("/run/printer")))

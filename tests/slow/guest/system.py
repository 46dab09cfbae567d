"""Runs in the guest, as a unit of the booted appliance: what a test wants done there as root."""

import json
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from slow.guest.line import Line
from support.bridge_client import BridgeClient, client

SOCKET = Path("/run/maakhoek/bridge.sock")
JOURNAL = "file:/var/lib/maakhoek/journal.sqlite?mode=ro"
SLOW_MACHINE_S = 600.0
"""Everything is emulated here."""


class SystemAgent:
    """A shell, a client of the bridge, a reader of its journal."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def do_run(self, command: str) -> str:
        """What it said. RuntimeError where it failed."""
        done = subprocess.run(("sh", "-c", command), capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            raise RuntimeError(f"{command}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def do_write(self, path: str, text: str) -> None:
        """A file."""
        Path(path).write_text(text)

    def do_call(self, method: str, **params: Any) -> Any:
        """The bridge's answer."""
        with client(SOCKET, SLOW_MACHINE_S) as kiosk:
            return kiosk.call(method, **params)

    def do_submit(self, gcode: str) -> str:
        """A job's id, once the bridge has taken the file in."""
        path = Path("/run/guest/print.gcode")
        path.write_text(gcode)
        with client(SOCKET, SLOW_MACHINE_S) as kiosk:
            return str(kiosk.submit(path)["id"])

    def do_watch(self) -> None:
        """From now on, each state of the job on the plate is told."""
        kiosk = BridgeClient(SOCKET, timeout_s=3600.0)
        kiosk.call("subscribe")
        threading.Thread(target=self._tell_jobs, args=(kiosk,), daemon=True).start()

    def do_rows(self) -> Any:
        """The journal's: number, kind, job, its state."""
        journal = sqlite3.connect(JOURNAL, uri=True)
        try:
            rows = journal.execute("SELECT seq, type, job FROM events ORDER BY seq").fetchall()
        finally:
            journal.close()
        jobs = [json.loads(job) if job else {"id": "", "state": ""} for _, _, job in rows]
        return [(seq, kind, job["id"], job["state"]) for (seq, kind, _), job in zip(rows, jobs, strict=True)]

    def _tell_jobs(self, kiosk: BridgeClient) -> None:
        told = ""
        while (message := kiosk.read()) is not None:
            job = message["params"].get("job") if message.get("method") == "state" else None
            if job and told != (told := f"{job['id']} {job['state']}"):
                self._line.tell("job", told)


if __name__ == "__main__":
    line = Line(sys.argv[1])
    line.serve(SystemAgent(line))

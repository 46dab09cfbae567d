"""Prints one file with OctoPrint's serial engine alone, without web server; runs in OctoPrint's own environment.

Settings are OctoPrint's defaults, without plugins: it does less here than when installed, which favours it.
"""

import sys
import threading
from pathlib import Path

from octoprint.plugin import plugin_manager
from octoprint.printer.profile import PrinterProfileManager
from octoprint.settings import settings
from octoprint.util.comm import MachineCom, MachineComPrintCallback


class Watcher(MachineComPrintCallback):
    """Says when the printer can be used, and how the job ended."""

    def __init__(self) -> None:
        self.operational = threading.Event()
        self.ended = threading.Event()
        self.error = ""

    def on_comm_state_change(self, state: int) -> None:
        if state == MachineCom.STATE_OPERATIONAL:
            self.operational.set()

    def on_comm_print_job_done(self, suppress_script: bool = False) -> None:
        self.ended.set()

    def on_comm_print_job_failed(self, reason: str | None = None) -> None:
        self.error = reason or "failed"
        self.ended.set()

    def on_comm_error(self, error: str, reason: str, *details: object, **named: object) -> None:
        self.error = f"{reason}: {error}"
        self.ended.set()


def main() -> int:
    """Arguments: port, baud, file, a scratch folder for OctoPrint's settings. Exit code 0 when the job is done."""
    port, baud, file, folder = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    settings(init=True, basedir=folder)
    plugin_manager(init=True, plugin_folders=[], plugin_entry_points=[], plugin_validators=[])
    watcher = Watcher()
    engine = MachineCom(port, int(baud), callbackObject=watcher, printerProfileManager=PrinterProfileManager())
    engine.start()
    if not watcher.operational.wait(60):
        print(f"OctoPrint found no printer: {watcher.error}", file=sys.stderr)
        return 1
    engine.selectFile(file, False)
    engine.startPrint()
    watcher.ended.wait()
    engine.close(is_error=bool(watcher.error), wait=False)
    print(watcher.error, file=sys.stderr)
    return 1 if watcher.error else 0


if __name__ == "__main__":
    sys.exit(main())

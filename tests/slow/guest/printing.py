"""Runs in the guest, beside the bridge: a simulated printer prints something of the collection."""

import subprocess
from pathlib import Path

from support.bridge_client import client
from support.waiting import until

FOLDER = Path("/run/simulated-printer")
GCODE = Path("/usr/share/maakhoek/collection/tangram/prusa-mk3s/print.gcode")
AT_ALL_S = 1800.0


def main() -> None:
    subprocess.run(("install", "-d", "-o", "maakhoek-bridge", FOLDER), check=True)
    Path("/dev/printer0").symlink_to(FOLDER / "tty")
    simulate = ("/usr/bin/maakhoek-bridge", "simulate", "--link", FOLDER / "tty", "--log", FOLDER / "log")
    unit = ("systemd-run", "-q", "--unit=simulated-printer", "--uid=maakhoek-bridge")
    subprocess.run((*unit, *simulate), check=True)
    until((FOLDER / "tty").exists, AT_ALL_S, "the printer's terminal")
    with client(Path("/run/maakhoek/bridge.sock"), AT_ALL_S) as caller:
        caller.until_connected(AT_ALL_S)
        job = caller.submit(GCODE, card="tangram")
        caller.call("job.start", job=job["id"], plate_is_empty=True)
        caller.until_job("printing", AT_ALL_S)


if __name__ == "__main__":
    main()

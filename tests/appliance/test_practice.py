"""Training inside the touchscreen's own unit: it needs a pseudo-terminal, a folder and a socket there."""

import socket

from support.waiting import until

from appliance.conftest import Boot
from appliance.machine import Machine
from appliance.scenes import KIOSK, PATIENCE_S

FOLDER = "/var/lib/maakhoek-kiosk/practice"
ONLY_AN_EXERCISE = f"""[Service]
Type=exec
WatchdogSec=0
ExecStart=
ExecStart=/bin/sh -c 'sleep infinity | /usr/bin/maakhoek-bridge practice --folder {FOLDER} 2>&1'
"""
"""In the place of the screen, which nobody can touch here; the unit's restrictions stay as shipped."""


def test_an_exercise_runs_inside_the_touchscreens_unit(boot: Boot) -> None:
    machine = boot(drop_ins={KIOSK: ONLY_AN_EXERCISE})
    until(lambda: "ready" in _journal(machine), PATIENCE_S, "the exercise is ready", 0.5)
    assert "Permission" not in _journal(machine) and "not permitted" not in _journal(machine)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_S)
        connection.connect(str(machine.path(f"{FOLDER}/bridge.sock")))


def _journal(machine: Machine) -> str:
    return machine.run(f"journalctl -u {KIOSK} -o cat --no-pager")

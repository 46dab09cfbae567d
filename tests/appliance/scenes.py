"""What happens again and again in the appliance's tests: it comes up, meets its printer, prints something."""

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from support.bridge_client import BridgeClient, client
from support.waiting import until

from appliance import printer
from appliance.machine import PATIENCE_S, Machine
from appliance.root import CHECKOUT

BRIDGE, KIOSK = "maakhoek-bridge.service", "maakhoek-kiosk.service"
UPGRADE = "maakhoek-upgrade.service"
WELL_SOON = "[Service]\nExecStart=\nExecStart=/usr/lib/maakhoek/upgrade --well-s 8\n"
"""A drop-in: three minutes are eight seconds for a new version."""
GCODE = CHECKOUT / "build/collection/munt/prusa-mk3s/print.gcode"
COLD = re.compile(r"heaters (?:are )?off")


def comes_up(machine: Machine) -> None:
    """Bridge and touchscreen have said that they are ready."""
    for unit in (BRIDGE, KIOSK):
        until(lambda unit=unit: _is_up(machine, unit), PATIENCE_S, f"{unit} is up", 0.2)


def _is_up(machine: Machine, unit: str) -> bool:
    state = machine.show(unit, "ActiveState")
    assert state != "failed", f"{unit} has given up:\n{machine.journal(unit)[-2000:]}"
    return state == "active"


def bridge(machine: Machine) -> AbstractContextManager[BridgeClient]:
    """As root, from outside, on the socket inside."""
    return client(machine.path("/run/maakhoek/bridge.sock"), PATIENCE_S)


def meets_its_printer(machine: Machine) -> None:
    """The bridge has found it."""
    with bridge(machine) as caller:
        caller.until_connected(PATIENCE_S)


def print_something(machine: Machine, gcode: Path = GCODE) -> str:
    """A job that prints; its id."""
    with bridge(machine) as caller:
        caller.until_connected(PATIENCE_S)
        job = caller.submit(gcode, card="munt")
        caller.call("job.start", job=job["id"], plate_is_empty=True)
        caller.until_job("printing", PATIENCE_S)
    return str(job["id"])


def is_hot(machine: Machine) -> bool:
    """Both heaters were given a target and none was taken back."""
    given = re.findall(r"^M(104|140) S(\d+)", "\n".join(printer.commands(machine)), re.MULTILINE)
    return {code for code, target in given if int(target)} == {"104", "140"} and int(given[-1][1]) > 0


def targets(machine: Machine) -> tuple[float, float]:
    """What nozzle and bed are to be, as the printer says it."""
    with bridge(machine) as caller:
        caller.until_connected(PATIENCE_S)
        caller.call("subscribe")
        return until(lambda: _measured(caller.read()), PATIENCE_S, "a measurement")


def _measured(message: dict[str, Any] | None) -> tuple[float, float] | None:
    told = (message or {}).get("params", {}).get("temperatures") or {}
    nozzle_c, bed_c = told.get("nozzle_target_c"), told.get("bed_target_c")
    return None if nozzle_c is None or bed_c is None else (nozzle_c, bed_c)

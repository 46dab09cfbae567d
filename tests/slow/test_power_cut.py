"""The plug is pulled: a virtual machine with the appliance is killed at any moment of a print.

The printer is outside and keeps its power: it goes on with what it was told last, as a real one does. What the
guest had not yet put on its journalled disk is gone, as with a real Pi. That disk is a file of this machine and
never lies about what it has written; a card that does is not shown here.
"""

import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.bridge_process import SimulatedPrinter, simulated_printer
from support.gcode import tower
from support.guest import BOOT_S
from support.programs import program
from support.system_guest import SystemGuest, system_guest
from support.waiting import until

CUTS = 10
SEED = 20_261_122
SPEED = 8.0
MOMENTS = ("heating", "printing")
"""A cut comes after the job heats or prints, at the latest so long after it; in turn."""
AFTER_S = 10.0
ON_PRINTER = {"heating", "printing", "paused"}
KIOSK = "maakhoek-kiosk.service"
MOVES, HEATS = ("G0", "G1", "G28"), ("M104 S", "M109 S", "M140 S", "M190 S")


@dataclass
class Known:
    """What outlives a cut, as somebody outside knows it. `told`: of the job on the plate, (id, state)."""

    rows: list[list[Any]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    waits: str = ""


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    image = tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(512 << 20)
    subprocess.run((program("mkfs.ext4"), "-q", image), check=True)
    return image


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    """The wire of the virtual adapter has no DTR: nothing resets the board."""
    folder = tmp_path / "printer"
    folder.mkdir()
    with simulated_printer(folder, SPEED, "--no-reset-on-open") as switched_on:
        yield switched_on


def test_ten_power_cuts_leave_a_cold_printer_and_lose_nothing(
    kiosk_root: Path, disk: Path, printer: SimulatedPrinter, tmp_path: Path
) -> None:
    devices = (
        *("-drive", f"file={disk},format=raw,if=virtio", "-chardev", f"serial,id=printer,path={printer.port}"),
        *("-device", "usb-serial,bus=usb.0,chardev=printer,serial=MAAK0001,always-plugged=on"),
    )
    chosen, known, states, met_hot = random.Random(SEED), Known(), set[str](), 0
    for boot in range(CUTS + 1):
        executed = len(printer.executed())
        met_hot += targets(printer) != (0, 0)
        with system_guest(tmp_path / f"boot{boot}", kiosk_root, *devices) as guest:
            until(lambda guest=guest: guest.call("state")["printer"]["connected"], BOOT_S, "the printer", 1.0)
            printer_is_cold(printer, executed)
            nothing_is_lost(guest, known)
            if boot < CUTS:
                print_until_the_cut(guest, known, MOMENTS[boot % len(MOMENTS)], chosen.uniform(0.0, AFTER_S))
                states |= {state for _, state in known.told}
            else:
                touchscreen_is_back(guest)
    assert ON_PRINTER - {"paused"} <= states, "there was something to lose"
    assert met_hot >= CUTS // 2, "there was something to cool"


def printer_is_cold(printer: SimulatedPrinter, executed: int) -> None:
    """Both targets are 0, and since the bridge has said its first word nothing moves or heats by itself."""
    until(lambda: targets(printer) == (0, 0), BOOT_S, "both heaters are off")
    since = printer.executed()[executed:]
    since = since[since.index("M115") :]
    assert [line for line in since if line.split()[0] in MOVES] == []
    assert {line for line in since if line.startswith(HEATS)} <= {"M104 S0", "M140 S0"}


def targets(printer: SimulatedPrinter) -> tuple[float, float]:
    status = printer.status()
    return status["nozzle_target_c"], status["bed_target_c"]


def nothing_is_lost(guest: SystemGuest, known: Known) -> None:
    """All rows of before, no gap, every state that anybody was told. The job that was on the printer is
    interrupted, which is told once; the one that waits is there."""
    rows: list[list[Any]] = guest.do("rows", timeout_s=BOOT_S)
    assert rows[: len(known.rows)] == known.rows, "what was there stays"
    assert all(after[0] == before[0] + 1 for before, after in pairwise(rows))
    recorded = [(row[2], row[3]) for row in rows]
    assert set(known.told) <= set(recorded), "what was told was kept first"
    ends = [job for job, state in recorded if state == "interrupted"]
    assert len(ends) == len(set(ends)), "an interruption is told once"
    state = guest.call("state")
    if known.told:
        job = known.told[-1][0]
        assert (state["job"]["id"], state["job"]["state"]) == (job, "interrupted")
        assert job in ends
    assert not known.waits or [job["id"] for job in state["queue"]] == [known.waits]
    known.rows = rows


def touchscreen_is_back(guest: SystemGuest) -> None:
    """Its unit says that it is ready: it has drawn."""
    guest.run(f"touch /run/guest/touchscreen; systemctl start {KIOSK}; systemctl is-active {KIOSK}")


def print_until_the_cut(guest: SystemGuest, known: Known, moment: str, after_s: float) -> None:
    """The job that waited through the last cut is printed: a file that is not whole would fail. Another waits."""
    plate = guest.call("state")["job"]
    if plate:
        guest.call("job.collect", job=plate["id"])
    gcode = tower(layers=100, rounds=10)
    job = known.waits or guest.do("submit", timeout_s=BOOT_S, gcode=gcode)
    known.waits = guest.do("submit", timeout_s=BOOT_S, gcode=gcode)
    guest.events.clear()
    guest.do("watch", timeout_s=BOOT_S)
    started = guest.call("job.start", job=job, plate_is_empty=True)
    known.told = [(started["id"], started["state"])]
    until(lambda: hear(guest, known, 1.0) & {moment, "failed"}, BOOT_S, f"the job is {moment}")
    deadline = time.monotonic() + after_s
    while (left := deadline - time.monotonic()) > 0:
        hear(guest, known, left)
    guest.process.kill()
    guest.process.wait(30)
    assert known.told[-1][1] in ON_PRINTER


def hear(guest: SystemGuest, known: Known, timeout_s: float) -> set[str]:
    """One message more; the states of the job on the plate that were told so far."""
    guest.hear(timeout_s)
    known.told += [(job, state) for kind, text in guest.events if kind == "job" for job, state in [text.split()]]
    guest.events.clear()
    return {state for _, state in known.told}

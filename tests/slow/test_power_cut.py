"""The plug is pulled: a virtual machine with the bridge and a journalled disk is killed at any moment.

What the guest had not yet put on its disk is gone, as with a real Pi. The disk itself is a file of this machine
and never lies about what it has written; a card that does is not shown here.
"""

import random
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import pytest
from support.gcode import tower
from support.guest import Guest, booted
from support.programs import program

CUTS = 10
SEED = 20_261_122
SPEED = 4.0
LATEST_CUT_S = 25.0
"""After the start of a print: it heats and prints by then, in emulated time."""
ON_PRINTER = {"heating", "printing", "paused"}


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    image = tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run((program("mkfs.ext4"), "-q", image), check=True)
    return image


def test_ten_power_cuts_lose_no_job_and_no_event(disk: Path, tmp_path: Path) -> None:
    moments = random.Random(SEED)
    seen: list[tuple[str, str]] = []
    last: list[list[str | int]] = []
    for cut in range(CUTS):
        drive = f"file={disk},format=raw,if=virtio"
        with booted(Guest, tmp_path / f"boot{cut}", "power", "-drive", drive) as guest:
            last = _journal_holds(guest, last, seen)
            guest.do("start", timeout_s=300.0, speed=SPEED)
            _nothing_goes_on(guest, seen)
            seen = _print_until_the_cut(guest, moments.uniform(0.0, LATEST_CUT_S))
    states = {state for _, state in seen}
    assert states, "there was something to lose"


def _journal_holds(
    guest: Guest, last: list[list[str | int]], seen: list[tuple[str, str]]
) -> list[list[str | int]]:
    """All rows of before, no gap, and every state that anybody was told."""
    rows: list[list[str | int]] = guest.do("rows")
    assert rows[: len(last)] == last, "what was there stays"
    assert all(after[0] == before[0] + 1 for before, after in pairwise(rows))
    recorded = {(row[2], row[3]) for row in rows}
    assert set(seen) <= recorded, "what was told was kept first"
    return rows


def _nothing_goes_on(guest: Guest, seen: list[tuple[str, str]]) -> None:
    """The job that was on the printer is interrupted; nothing moves or heats by itself."""
    printer = guest.do("printer")
    assert [move for move in printer["moves"] if move.startswith(("G1", "G28"))] == []
    assert printer["targets"] == [0, 0]
    if seen and seen[-1][1] in ON_PRINTER:
        assert guest.do("job") == [seen[-1][0], "interrupted"]
    if guest.do("job"):
        guest.do("clear")


def _print_until_the_cut(guest: Guest, after_s: float) -> list[tuple[str, str]]:
    """What was told of jobs until then."""
    guest.events.clear()
    guest.do("print", gcode=tower(layers=100, rounds=10))
    deadline = time.monotonic() + after_s
    while (left := deadline - time.monotonic()) > 0:
        guest.hear(left)
    guest.process.kill()
    guest.process.wait(30)
    return [
        (job, state) for job, _, state in (text.partition(" ") for kind, text in guest.events if kind == "job")
    ]

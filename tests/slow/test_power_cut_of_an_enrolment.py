"""The plug is pulled while a kiosk enrols: a virtual machine with a journalled disk is killed after each step."""

import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.enrolment import EnrolmentService, enrolment_service
from support.guest import BOOT_S, HOST, Guest, booted
from support.programs import program
from support.waiting import until

from provisioning import setup_file

LIBRARIES = {"aalter": "Bibliotheek Aalter", "bever": "Bibliotheek Bever"}
STEPS = ("", "take the setup file", "make a key", "fetch the region's root", "ask for a certificate")
"""A cut comes after each of them, at the latest so long after it; five for each of two kiosks."""
AFTER_S = 3.0
SEED = 20_261_122


@pytest.fixture
def region(tmp_path: Path) -> Iterator[EnrolmentService]:
    with enrolment_service(tmp_path / "region", also=(HOST,)) as service:
        yield service


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    image = tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run((program("mkfs.ext4"), "-q", image), check=True)
    return image


def test_ten_power_cuts_end_in_one_key_and_one_certificate(
    region: EnrolmentService, disk: Path, tmp_path: Path
) -> None:
    moments = random.Random(SEED)
    devices = ("-drive", f"file={disk},format=raw,if=virtio", "-nic", "user,model=virtio-net-pci")
    for kiosk, library in LIBRARIES.items():
        key = ""
        for step in STEPS:
            folder = tmp_path / f"{kiosk}-{STEPS.index(step)}"
            with booted(Guest, folder, "enrol", *devices) as guest:
                if not step:
                    setup = replace(region.setup(library), region=f"https://{HOST}:{region.settings.enrol_port}")
                    guest.do("stick", kiosk=kiosk, words=setup_file.text(setup), timeout_s=BOOT_S)
                key = whole(guest, kiosk, key)["key"]
                cut(guest, kiosk, step, moments.uniform(0.0, AFTER_S))
        with booted(Guest, tmp_path / f"{kiosk}-end", "enrol", *devices) as guest:
            whole(guest, kiosk, key)
            guest.do("enrol", kiosk=kiosk, timeout_s=BOOT_S)
            assert guest.wait_for("ended", BOOT_S) == "0"
            end = whole(guest, kiosk, key)
        assert (end["step"], end["setup_files"]) == ("DONE", 1), "the identity alone"
        assert end["key"] and end["key"] == end["certificate"]
        assert len(region.authority.register.certificates(kiosk)) == 1


def whole(guest: Guest, kiosk: str, key: str) -> Any:
    """What the cut has left: nothing that is half, and the key that was there before."""
    look = guest.do("look", kiosk=kiosk, timeout_s=BOOT_S)
    assert not key or look["key"] == key
    assert look["certificate"] in ("", look["key"])
    return look


def cut(guest: Guest, kiosk: str, step: str, after_s: float) -> None:
    """Enrol until that step is done or behind it, and a little more; then pull the plug."""
    guest.events.clear()
    guest.do("enrol", kiosk=kiosk, timeout_s=BOOT_S)
    done = tuple(f"{name}: done" for name in STEPS[STEPS.index(step) :])

    def is_done() -> bool:
        return any(kind == "ended" or text.endswith(done) for kind, text in guest.events)

    if step:
        until(lambda: is_done() or guest.hear(1.0), BOOT_S, f"{step} is done")
    deadline = time.monotonic() + after_s
    while (left := deadline - time.monotonic()) > 0:
        guest.hear(left)
    guest.process.kill()
    guest.process.wait(30)

"""What a container cannot show, in a virtual machine: the kernel's own walls, USB sticks, the watchdog."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.enrolment import EnrolmentService, enrolment_service
from support.guest import BOOT_S, HOST
from support.programs import program
from support.system_guest import PROMPTS, SystemGuest, system_guest
from support.waiting import until

from provisioning import setup_file

BRIDGE, KIOSK, STICK = "maakhoek-bridge.service", "maakhoek-kiosk.service", "maakhoek-stick@sda.service"
IDENTITY = "/var/lib/maakhoek-identity/identity.toml"
MOUNTED = "findmnt -n -t vfat,exfat"
NOTHING_MOUNTED = f'[ -z "$({MOUNTED})" ]'
SKIPPED = f"journalctl -q -u {STICK} -g 'unmet condition' >/dev/null"
TEMPTING = {
    "autorun.inf": "[autorun]\nopen=start.sh\n",
    "start.sh": "#!/bin/sh\npoweroff\n",
    "print.gcode": "G28\n",
}
"""What is on many a stick."""
PROBE = Path(__file__).parent / "guest" / "probe.py"
PROBED_BY = f"/run/systemd/system/{KIOSK}.d/probe.conf"
TOLD = "/var/lib/maakhoek-kiosk/told"
PROBED = """[Unit]
ConditionPathExists=
[Service]
Type=oneshot
Restart=no
WatchdogSec=0
ExecStart=
ExecStart=/usr/bin/python3 /run/guest/probe.py {port} {told}
"""
"""A drop-in for the touchscreen's unit: another program in the same sandbox."""
HUNG = """[Unit]
ConditionPathExists=
[Service]
Type=simple
Restart=no
WatchdogSec=0
ExecStart=
ExecStart=/bin/sh -c 'sleep 86400 & exec sleep 1d'
"""
HUNG_IS_THERE = "grep -qsa '[8]6400' /proc/[0-9]*/cmdline"
NO_WALLS = "RestrictAddressFamilies=\nPrivateNetwork=no\n"
WALLS = (
    ("", "Address family not supported by protocol"),
    ("RestrictAddressFamilies=\n", "Network is unreachable"),
    (NO_WALLS, "timed out"),
    (f"{NO_WALLS}IPAddressDeny=\n", "done"),
)
"""What who wants out is told: as shipped, then with one wall less each time; the last proves the probe."""
PORT_WALLS = (("", "Operation not permitted"), ("DeviceAllow=char-ttyS rw\n", "done"))
"""The same for a device that is none of the touchscreen's, and that everybody's file rights let in."""


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnrolmentService]:
    with enrolment_service(tmp_path_factory.mktemp("region"), also=(HOST,)) as service:
        yield service


@pytest.fixture(scope="module")
def guest(kiosk_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemGuest]:
    devices = ("-device", "i6300esb", "-action", "watchdog=reset", "-nic", "user,model=virtio-net-pci")
    with system_guest(tmp_path_factory.mktemp("guest"), kiosk_root, *devices) as booted:
        yield booted


def probed(guest: SystemGuest, port: int, fewer_walls: str = "") -> dict[str, str]:
    """What a program in the touchscreen's unit can do."""
    guest.write("/run/guest/probe.py", PROBE.read_text())
    guest.write(PROBED_BY, PROBED.format(port=port, told=TOLD) + fewer_walls)
    guest.run(f"rm -f {TOLD}; systemctl daemon-reload; systemctl start {KIOSK}")
    return dict(json.loads(guest.run(f"cat {TOLD}")))


def test_the_touchscreen_reaches_the_bridge_and_nothing_else(guest: SystemGuest) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for fewer_walls, answer in WALLS:
            told = probed(guest, port, fewer_walls)
            assert (told["outside"], told["bridge"]) == (answer, "done"), fewer_walls


def test_the_touchscreen_opens_no_device_but_its_own(guest: SystemGuest) -> None:
    guest.run("chmod o+rw /dev/ttyS0")
    for fewer_walls, answer in PORT_WALLS:
        assert probed(guest, 0, fewer_walls)["port"] == answer, fewer_walls


def test_what_hangs_goes_with_its_compositor(guest: SystemGuest) -> None:
    guest.write(PROBED_BY, HUNG)
    guest.run(f"systemctl daemon-reload; systemctl start {KIOSK}")
    guest.until(HUNG_IS_THERE)
    guest.run(f"systemctl kill --kill-whom=main --signal=KILL {KIOSK}")
    guest.until(f"! systemctl is-active -q {KIOSK}")
    guest.until(f"! {HUNG_IS_THERE}")


def stick(folder: Path, name: str, region: EnrolmentService) -> Path:
    """The content of a stick with a setup file among other things."""
    image, files = folder / name, folder / f"{name}-files"
    with image.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run((program("mkfs.vfat"), "-F", "32", image), check=True, capture_output=True)
    files.mkdir()
    setup = replace(region.setup(), region=f"https://{HOST}:{region.settings.enrol_port}")
    for path, text in (TEMPTING | {setup_file.NAME: setup_file.text(setup)}).items():
        (files / path).write_text(text)
    subprocess.run((program("mcopy"), "-i", image, *files.iterdir(), "::"), check=True)
    return image


def test_a_stick_is_read_by_who_enrols_and_once_that_is_done_by_nobody(
    guest: SystemGuest, region: EnrolmentService, tmp_path: Path
) -> None:
    # Certificates are of today, and the guest's clock is slow.
    guest.run(f"date -s @{time.time():.0f}")
    with guest.stick(stick(tmp_path, "first", region)):
        guest.until(f"systemctl is-active -q {STICK}")
        assert {"nosuid", "nodev", "noexec"} <= set(guest.run(f"{MOUNTED} -o OPTIONS").strip().split(","))
        folder = guest.run(f"{MOUNTED} -o TARGET").strip()
        assert "denied" in guest.run(f"runuser -u maakhoek-kiosk -- ls {folder} 2>&1 || true")
        assert probed(guest, 9)["disk"] == "Permission denied"
        guest.until(f"[ -s {IDENTITY} ]")
        guest.until(f"[ ! -e {folder}/{setup_file.NAME} ]")
        assert set(guest.run(f"ls {folder}").split()) == set(TEMPTING), "all else is as it was"
    guest.until(NOTHING_MOUNTED)
    identity = guest.run(f"cat {IDENTITY}")
    with guest.stick(stick(tmp_path, "second", region)):
        guest.until(SKIPPED)
        guest.run(NOTHING_MOUNTED)
        assert guest.run(f"cat {IDENTITY}") == identity


def test_behind_a_touchscreen_that_is_down_a_keyboard_finds_no_login_and_no_switch(guest: SystemGuest) -> None:
    guest.run(f"systemctl stop {KIOSK}")
    console = guest.run("cat /sys/class/tty/tty0/active")
    guest.press(("power",), ("ctrl", "alt", "f2"))
    guest.until("journalctl -q -u systemd-logind -g 'Power key pressed' >/dev/null")
    guest.run("loginctl")
    assert guest.run("cat /sys/class/tty/tty0/active") == console
    assert guest.run(PROMPTS) == ""


def test_a_manager_that_froze_is_reset_by_the_watchdog_and_the_bridge_comes_back(guest: SystemGuest) -> None:
    guest.until(f"systemctl is-active -q {BRIDGE}")
    before = guest.run("cat /proc/sys/kernel/random/boot_id")
    # systemd's own handler of a crash: it stops for good, and all else goes on.
    guest.run("kill -SEGV 1")
    until(lambda: (guest.qmp.read(1.0) or {}).get("event") == "WATCHDOG", BOOT_S, "the watchdog bites")
    assert guest.answer(BOOT_S) == "ready"
    assert guest.run("cat /proc/sys/kernel/random/boot_id") != before
    guest.until(f"systemctl is-active -q {BRIDGE}")

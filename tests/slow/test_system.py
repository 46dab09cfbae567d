"""What a container cannot show, in a virtual machine: the kernel's own walls and the watchdog."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.guest import BOOT_S
from support.system_guest import SystemGuest, system_guest
from support.waiting import until

BRIDGE, KIOSK = "maakhoek-bridge.service", "maakhoek-kiosk.service"
PROBE = Path(__file__).parent / "guest" / "probe.py"
PROBED = """[Unit]
ConditionPathExists=
[Service]
Type=oneshot
Restart=no
WatchdogSec=0
ExecStart=
ExecStart=/usr/bin/python3 /run/guest/probe.py {port}
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
def guest(kiosk_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemGuest]:
    devices = ("-device", "i6300esb", "-action", "watchdog=reset", "-nic", "user,model=virtio-net-pci")
    with system_guest(tmp_path_factory.mktemp("guest"), kiosk_root, *devices) as booted:
        yield booted


def probed(guest: SystemGuest, port: int, fewer_walls: str = "") -> dict[str, str]:
    """What a program in the touchscreen's unit can do."""
    guest.write("/run/guest/probe.py", PROBE.read_text())
    guest.write(f"/run/systemd/system/{KIOSK}.d/probe.conf", PROBED.format(port=port) + fewer_walls)
    guest.run(f"systemctl daemon-reload; systemctl start {KIOSK}")
    told = guest.run("journalctl --sync; journalctl -o cat -g '^told ' -n 1").strip()
    return dict(json.loads(told.removeprefix("told ")))


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
    guest.write(f"/run/systemd/system/{KIOSK}.d/probe.conf", HUNG)
    guest.run(f"systemctl daemon-reload; systemctl start {KIOSK}")
    guest.until(HUNG_IS_THERE)
    guest.run(f"systemctl kill --kill-whom=main --signal=KILL {KIOSK}")
    guest.until(f"! systemctl is-active -q {KIOSK}")
    guest.until(f"! {HUNG_IS_THERE}")


def test_a_manager_that_froze_is_reset_by_the_watchdog_and_the_bridge_comes_back(guest: SystemGuest) -> None:
    guest.until(f"systemctl is-active -q {BRIDGE}")
    before = guest.run("cat /proc/sys/kernel/random/boot_id")
    # systemd's own handler of a crash: it stops for good, and all else goes on.
    guest.run("kill -SEGV 1")
    until(lambda: (guest.qmp.read(1.0) or {}).get("event") == "WATCHDOG", BOOT_S, "the watchdog bites")
    assert guest.answer(BOOT_S) == "ready"
    assert guest.run("cat /proc/sys/kernel/random/boot_id") != before
    guest.until(f"systemctl is-active -q {BRIDGE}")

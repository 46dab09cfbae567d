"""The package and its units, before anything boots: the target's own tools judge them."""

import re
from pathlib import Path

import pytest

from appliance import root as debian

UNITS = debian.CHECKOUT / "systemd"
LONG_RUNNING = (
    "maakhoek-bridge.service",
    "maakhoek-kiosk.service",
    "maakhoek-worker@.service",
    "maakhoek-enrol.service",
    "maakhoek-setup@.service",
    "seatd.service",
)
"""Ours, and Debian's one that we harden."""
EXPOSURE = 20
"""systemd's score times ten."""


def test_lintian_finds_nothing(package: Path) -> None:
    assert debian.run("lintian", "--allow-root", "--fail-on", "error,warning", str(package)).strip() == ""


def test_the_units_are_understood(root: Path) -> None:
    units = [f"/usr/lib/systemd/system/{unit.name}" for unit in UNITS.glob("maakhoek*")]
    said = debian.run("chroot", str(root), "systemd-analyze", "verify", "--man=no", *units)
    assert "maakhoek" not in said


@pytest.mark.parametrize("unit", LONG_RUNNING)
def test_a_long_running_unit_is_closed_in(root: Path, unit: str) -> None:
    command = ("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager")
    debian.run("chroot", str(root), *command, f"/usr/lib/systemd/system/{unit}")


def test_every_unit_that_is_named_exists(root: Path) -> None:
    there = {path.name for path in (root / "usr/lib/systemd/system").iterdir()}
    missing = set()
    for unit in UNITS.glob("maakhoek*"):
        for line in re.findall(
            r"^(?:After|Wants|Conflicts|OnFailure|PartOf|WantedBy)=(.*)$", unit.read_text(), re.M
        ):
            for name in line.split():
                template = re.sub(r"@[^.]*\.", "@.", name)
                if not name.startswith("dev-") and not {name, template} & there:
                    missing.add(f"{unit.name}: {name}")
    assert not missing


def test_the_udev_rules_are_understood(root: Path) -> None:
    rules = [path.name for path in (root / "usr/lib/udev/rules.d").glob("*-maakhoek-*.rules")]
    assert len(rules) == 2
    debian.run("chroot", str(root), "udevadm", "verify", *(f"/usr/lib/udev/rules.d/{name}" for name in rules))


def test_only_known_vendors_get_the_printer_s_name() -> None:
    rules = (UNITS / "udev/60-maakhoek-printer.rules").read_text().splitlines()
    knows = [line for line in rules if 'ENV{MAAKHOEK_PRINTER}="' in line]
    gives = [line for line in rules if "printer0" in line]
    assert knows and all(re.search(r'ATTRS\{idVendor\}=="[0-9a-f]{4}"', line) for line in knows)
    assert gives and all(line.startswith('ENV{MAAKHOEK_PRINTER}=="?*", ') for line in gives)


def test_a_stick_is_mounted_without_programs_devices_or_rights_and_only_fat() -> None:
    stick = (UNITS / "maakhoek-stick@.service").read_text()
    (mount,) = re.findall(r"^ExecStart=/usr/bin/mount (.*)$", stick, re.MULTILINE)
    assert re.match(r"-t vfat,exfat -o nosuid,nodev,noexec,", mount)


def test_a_keyboard_that_is_plugged_in_restarts_nothing(root: Path) -> None:
    settings = debian.run("chroot", str(root), "systemd-analyze", "cat-config", "sysctl.d")
    said = [line for line in settings.splitlines() if re.match(r"kernel.sysrq\s*=", line)]
    assert said[-1].split("=")[1].strip() == "0"


def test_nothing_comes_from_elsewhere_than_debian(root: Path) -> None:
    for module in ("kiosk", "catalogue", "firmware_bridge"):
        imported = (
            f"import sys; sys.path.insert(0, '/usr/share/maakhoek'); import {module}; print({module}.__file__)"
        )
        assert "/usr/share/maakhoek" in debian.run("chroot", str(root), "python3", "-c", imported)
    assert not (root / "usr/lib/python3/dist-packages/pip").exists()

"""New versions from the region's signed repository: a good one, one that crashes, ones that were tampered with."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.bridge_client import BridgeError
from support.waiting import until

from appliance import printer
from appliance.conftest import Boot, Build
from appliance.machine import PATIENCE_S, Machine
from appliance.root import CHECKOUT, run
from appliance.scenes import UPGRADE, WELL_SOON, bridge, comes_up, is_hot, print_something
from provisioning.upgrade.source import ENTRY, Source, entry

NEWER, ILL = "99.0", "99.1"
MOST_S = 900.0
"""A touchscreen that never comes up is waited for, twice, before it is given up."""
MISTAKES = {
    "bridge": ("usr/share/maakhoek/firmware_bridge/commands/run.py", "raise SystemExit('a mistake')"),
    "touchscreen": ("usr/share/maakhoek/kiosk/__init__.py", "import time\ntime.sleep(3600)"),
}
TOOL = CHECKOUT / "provisioning/repository/maakhoek-repository"

Publish = Callable[..., None]


class Region:
    """A repository, and the key that signs it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.served = folder / name
        self.keys = folder / f"{name}-keys"
        self.served.mkdir(mode=0o755)
        self._tool("init")

    def publish(self, *packages: Path) -> None:
        self._tool("publish", *map(str, packages))

    def _tool(self, command: str, *more: str) -> None:
        run(str(TOOL), command, str(self.served), *more, environment={"MAAKHOEK_KEYS": str(self.keys)})


@pytest.fixture
def region(tmp_path: Path) -> Region:
    tmp_path.chmod(0o755)
    return Region(tmp_path, "region")


@pytest.fixture(params=["bridge", "touchscreen"])
def ill(request: pytest.FixtureRequest, build: Build, tmp_path: Path) -> Path:
    """A release that nobody tried before it was signed: its bridge ends as soon as it begins, or its touchscreen
    is installed and started and never shows anything."""
    folder = tmp_path / "ill"
    folder.mkdir()
    run("dpkg-deb", "-R", str(build(NEWER)), str(folder / "tree"))
    control = folder / "tree/DEBIAN/control"
    control.write_text(control.read_text().replace(f"Version: {NEWER}", f"Version: {ILL}"))
    broken, mistake = MISTAKES[request.param]
    program = folder / "tree" / broken
    program.write_text(f"{program.read_text()}\n{mistake}\n")
    package = folder / f"maakhoek_{ILL}_all.deb"
    run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "-b", str(folder / "tree"), str(package))
    return package


@pytest.fixture
def kiosk(boot: Boot, region: Region, build: Build) -> Machine:
    """It runs the project's own version, which the region has published."""
    region.publish(build(""))
    machine = boot(f"--bind-ro={region.served}:/srv/maakhoek", drop_ins={UPGRADE: WELL_SOON})
    told = Source("file:/srv/maakhoek", (region.served / "maakhoek.asc").read_text())
    machine.write(str(ENTRY), entry(told))
    printer.plug_in(machine, speed=5)
    comes_up(machine)
    return machine


def upgrade(machine: Machine) -> str:
    """One run, whatever comes of it; what it said."""
    machine.run(f"systemctl start --no-block {UPGRADE}")
    # Its job is there from then on until it has ended; its state may still be that of the run before.
    until(lambda: machine.show(UPGRADE, "Job") in ("", "0"), MOST_S, "it has run", 0.5)
    return machine.journal(UPGRADE)


def versions(machine: Machine) -> tuple[str, str]:
    """What dpkg has, and what runs."""
    with bridge(machine) as caller:
        return machine.run("dpkg-query -W -f '${Version}' maakhoek"), caller.call("hello")["software"]


def health(machine: Machine) -> list[tuple[str, str]]:
    with bridge(machine) as caller:
        return [(finding["code"], finding["detail"]) for finding in caller.state()["health"]]


def test_a_good_one_comes_when_nobody_prints(kiosk: Machine, region: Region, build: Build) -> None:
    own = versions(kiosk)
    assert own[0] == own[1]
    assert "nothing newer" in upgrade(kiosk)
    region.publish(build(NEWER))
    job = print_something(kiosk)
    assert "the kiosk is in use" in upgrade(kiosk)
    assert versions(kiosk) == own and is_hot(kiosk)

    with bridge(kiosk) as caller:
        caller.call("job.cancel", job=job)
        until(lambda: _collected(kiosk, job), PATIENCE_S, "it is cold and taken off", 0.5)
    assert f"{NEWER} is well" in upgrade(kiosk)
    assert versions(kiosk) == (NEWER, NEWER)
    assert kiosk.run("systemctl --failed --plain --no-legend").strip() == ""
    assert "nothing newer" in upgrade(kiosk)


def _collected(machine: Machine, job: str) -> bool:
    with bridge(machine) as caller:
        try:
            caller.call("job.collect", job=job)
        except BridgeError:
            return False
        return caller.state()["job"] is None


def test_one_that_is_not_well_is_taken_back_and_not_tried_again(kiosk: Machine, region: Region, ill: Path) -> None:
    own = versions(kiosk)
    region.publish(ill)
    said = upgrade(kiosk)
    assert f"{ILL} is not well: back to {own[0]}" in said and f"{own[0]} is well again" in said, said
    comes_up(kiosk)
    assert versions(kiosk) == own
    until(lambda: ("upgrade_withdrawn", ILL) in health(kiosk), PATIENCE_S, "staff and region are told", 0.5)
    assert "was not well here before" in upgrade(kiosk)
    assert versions(kiosk) == own


def test_what_was_tampered_with_is_refused(kiosk: Machine, region: Region, build: Build, tmp_path: Path) -> None:
    own = versions(kiosk)
    before = upgrade(kiosk)
    stranger = Region(tmp_path, "stranger")
    stranger.publish(build(""), build(NEWER))
    signed = region.served / "InRelease"
    honest = signed.read_bytes()

    # Somebody else's key.
    for name in ("InRelease", "Packages"):
        shutil.copy(stranger.served / name, region.served / name)
    shutil.copy(build(NEWER), region.served)
    assert "InRelease" in _newly_said(kiosk, before) and versions(kiosk) == own
    # Our own signature, over something else.
    (region.served / "Packages").unlink()
    region.publish(build(NEWER))
    good = signed.read_bytes()
    signed.write_bytes(good.replace(b"Label: Maakhoek", b"Label: Maakh0ek"))
    before = kiosk.journal(UPGRADE)
    assert "InRelease" in _newly_said(kiosk, before) and versions(kiosk) == own
    # Our own index, beside another package.
    assert honest != good
    signed.write_bytes(good)
    (published,) = region.served.glob(f"maakhoek_{NEWER}_*.deb")
    package = bytearray(published.read_bytes())
    package[len(package) // 2] ^= 1
    published.write_bytes(package)
    before = kiosk.journal(UPGRADE)
    assert "Hash" in _newly_said(kiosk, before) and versions(kiosk) == own

    region.publish(build(NEWER))
    assert f"{NEWER} is well" in upgrade(kiosk)


def _newly_said(machine: Machine, before: str) -> str:
    assert machine.try_(f"systemctl start {UPGRADE}").returncode != 0
    said = machine.journal(UPGRADE)
    assert said != before
    return said.removeprefix(before)


BEGUN = f"grep -q {NEWER} /var/lib/maakhoek-upgrade/record.json"
UNPACKING = "dpkg-query -W -f '${db:Status-Status}' maakhoek | grep -qx half-installed"
UNPACKED = "dpkg-query -W -f '${db:Status-Status}' maakhoek | grep -qE 'unpacked|half-configured'"


@pytest.mark.parametrize("moment", [BEGUN, UNPACKING, UNPACKED], ids=["begun", "unpacking", "unpacked"])
def test_cut_off_in_the_middle_it_goes_on(kiosk: Machine, region: Region, build: Build, moment: str) -> None:
    region.publish(build(NEWER))
    kiosk.run(f"systemctl start --no-block {UPGRADE}")
    kiosk.run(f"until {moment}; do :; done 2>/dev/null; systemctl kill --kill-whom=all -s KILL {UPGRADE}")
    until(lambda: kiosk.show(UPGRADE, "ActiveState") == "failed", PATIENCE_S, "it is cut off")
    if moment is not BEGUN:
        kiosk.run(moment)

    said = upgrade(kiosk)
    assert f"going on with {NEWER}" in said and f"{NEWER} is well" in said, said
    comes_up(kiosk)
    assert versions(kiosk) == (NEWER, NEWER)
    assert kiosk.run("dpkg --audit") == ""


def test_cut_off_with_a_package_that_did_not_survive_it_goes_back(
    kiosk: Machine, region: Region, build: Build
) -> None:
    own = versions(kiosk)
    region.publish(build(NEWER))
    kiosk.run(f"systemctl start --no-block {UPGRADE}")
    kiosk.run(f"until {UNPACKING}; do :; done 2>/dev/null; systemctl kill --kill-whom=all -s KILL {UPGRADE}")
    until(lambda: kiosk.show(UPGRADE, "ActiveState") == "failed", PATIENCE_S, "it is cut off")
    kiosk.run(f"truncate -s 100000 /var/lib/maakhoek-upgrade/maakhoek.{NEWER}.deb")

    said = upgrade(kiosk)
    assert f"back to {own[0]}" in said and f"{own[0]} is well again" in said, said
    comes_up(kiosk)
    assert versions(kiosk) == own
    assert kiosk.run("dpkg --audit") == ""
    assert f"{NEWER} is well" in upgrade(kiosk), "the version is not to blame: it comes anew"

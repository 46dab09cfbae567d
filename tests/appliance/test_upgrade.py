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

NEWER, CRASHING = "99.0", "99.1"
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


@pytest.fixture(scope="session")
def crashing(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that nobody tried before it was signed: its bridge ends as soon as it begins."""
    folder = tmp_path_factory.mktemp("crashing")
    run("dpkg-deb", "-R", str(build(NEWER)), str(folder / "tree"))
    control = folder / "tree/DEBIAN/control"
    control.write_text(control.read_text().replace(f"Version: {NEWER}", f"Version: {CRASHING}"))
    run_ = folder / "tree/usr/share/maakhoek/firmware_bridge/commands/run.py"
    run_.write_text(run_.read_text() + "\nraise SystemExit('a mistake')\n")
    package = folder / f"maakhoek_{CRASHING}_all.deb"
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
    machine.try_(f"systemctl start {UPGRADE}")
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


def test_one_that_crashes_is_taken_back_and_not_tried_again(
    kiosk: Machine, region: Region, crashing: Path
) -> None:
    own = versions(kiosk)
    region.publish(crashing)
    said = upgrade(kiosk)
    assert f"{CRASHING} is not well: back to {own[0]}" in said and f"{own[0]} is well again" in said, said
    comes_up(kiosk)
    assert versions(kiosk) == own
    until(lambda: ("upgrade_withdrawn", CRASHING) in health(kiosk), PATIENCE_S, "staff and region are told", 0.5)
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


def test_cut_off_in_the_middle_it_goes_on(kiosk: Machine, region: Region, build: Build) -> None:
    region.publish(build(NEWER))
    kiosk.run(f"systemctl start --no-block {UPGRADE}")
    record = "/var/lib/maakhoek-upgrade/record.json"
    until(lambda: NEWER in kiosk.try_(f"cat {record}").stdout, PATIENCE_S, "it has begun")
    kiosk.run(f"systemctl kill --kill-whom=all -s KILL {UPGRADE}")
    until(lambda: kiosk.show(UPGRADE, "ActiveState") == "failed", PATIENCE_S, "it is cut off")

    said = upgrade(kiosk)
    assert f"going on with {NEWER}" in said
    if f"{NEWER} is well" not in said:
        # It was cut off before anything was unpacked: the next run begins anew.
        upgrade(kiosk)
    comes_up(kiosk)
    assert versions(kiosk) == (NEWER, NEWER)

"""The region's package on a running server: newer, older, removed, purged. dpkg and systemd are the real ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.waiting import until

from appliance.conftest import Build
from appliance.machine import PATIENCE_S, Machine
from appliance.region import SERVICES, Region
from appliance.test_package_life import KEPT, NEWER, OLDER
from appliance.wire import cable

TARGET = "maakhoek-region.target"
HEIRLOOMS = ("/var/backups/maakhoek",)
"""What a region cannot make again outlives a purge, and so does PostgreSQL's own."""


@pytest.fixture
def region(region_root: Path, build: Build, tmp_path: Path) -> Iterator[Region]:
    """Set up, with three versions of its package at hand."""
    debs = {"older": build(OLDER), "own": build(""), "newer": build(NEWER)}
    packages = {name: next(deb.parent.glob("maakhoek-region_*.deb")) for name, deb in debs.items()}
    binds = [f"--bind-ro={package}:/run/packages/{name}.deb" for name, package in packages.items()]
    with cable() as (end, _):
        machine = Machine(region_root, "region", tmp_path / "console", end.option, *binds)
        region = Region(machine, end)
        region.set_up()
        region.add_account()
        yield region
        machine.power_off()


def dpkg(region: Region, command: str) -> None:
    region.machine.run(f"DEBIAN_FRONTEND=noninteractive dpkg {command}")


def knows_everything(region: Region) -> bool:
    """It is up, noor comes in, and the kiosk stands in the authority's list."""
    until(region.is_up, PATIENCE_S, "it is up")
    region.machine.run("rm -f /root/cookies")
    region.sign_in()
    return "sign-in" not in region.page("/") and "deinze" in region.machine.run("maakhoek-admin list")


def test_an_upgrade_and_a_downgrade_keep_what_a_region_has(region: Region) -> None:
    region.new_kiosk("Bibliotheek Deinze")
    kept = "sha256sum /var/lib/maakhoek-ca/*.crt /etc/maakhoek-region/*.toml /srv/maakhoek/maakhoek.asc"
    before = region.machine.run(kept)
    for deb, version in (("newer", NEWER), ("older", OLDER)):
        dpkg(region, f"-i /run/packages/{deb}.deb")
        said = region.machine.run("dpkg-query -W -f '${Status} ${Version}' maakhoek-region")
        assert said == f"install ok installed {version}"
        assert knows_everything(region)
    assert region.machine.run(kept) == before


def test_removed_it_comes_back_as_it_was_and_purged_it_leaves_backups_and_database(region: Region) -> None:
    region.new_kiosk("Bibliotheek Deinze")
    packed = region.machine.run("maakhoek-region backup").strip()
    dpkg(region, "--remove maakhoek-region")
    assert not any(map(region.machine.is_active, (*SERVICES, TARGET)))
    assert region.machine.try_("test -e /usr/share/maakhoek-region").returncode != 0
    dpkg(region, "-i /run/packages/own.deb")
    region.machine.run("maakhoek-region setup")
    assert knows_everything(region)

    dpkg(region, "--purge maakhoek-region")
    assert not region.serves()
    left = region.machine.run("find / -xdev -iname '*maakhoek*' -not -path '/media/*'").split()
    left = [path for path in left if not path.startswith("/var/lib/postgresql/")]
    assert set(left) == {*HEIRLOOMS, packed}
    assert set(region.machine.run("grep -rlI maakhoek /etc || true").split()) <= {
        *KEPT,
        *(f"{path}-" for path in KEPT),
    }
    assert region.query("SELECT count(*) FROM auth_user") == "1"

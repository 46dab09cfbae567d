"""The region's package on a fresh Debian 13: set up by one command, closed in, brought back by a backup."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.waiting import until

from appliance import root as debian
from appliance.machine import PATIENCE_S, Machine
from appliance.region import PASSPHRASE, SERVICES, Region
from appliance.wire import cable

UNITS = debian.CHECKOUT / "systemd" / "region"
EXPOSURE = 20
"""systemd's score times ten."""


@pytest.fixture
def region(region_root: Path, tmp_path: Path) -> Iterator[Region]:
    """Booted, and nothing set up."""
    with cable() as (end, _):
        machine = Machine(region_root, "region", tmp_path / "region-console", end.option)
        yield Region(machine, end)
        machine.power_off()


def test_lintian_finds_nothing(region_package: Path) -> None:
    said = debian.run("lintian", "--allow-root", "--fail-on", "error,warning", str(region_package))
    assert said.strip() == ""


def test_the_units_are_understood_and_name_only_what_exists(region_root: Path) -> None:
    units = [f"/usr/lib/systemd/system/{unit.name}" for unit in UNITS.glob("maakhoek*")]
    assert "maakhoek" not in debian.run(
        "chroot", str(region_root), "systemd-analyze", "verify", "--man=no", *units
    )
    there = {path.name for path in (region_root / "usr/lib/systemd/system").iterdir()}
    for unit in UNITS.glob("maakhoek*"):
        for line in re.findall(r"^(?:After|Wants|PartOf|WantedBy)=(.*)$", unit.read_text(), re.M):
            assert set(line.split()) <= there, unit.name


@pytest.mark.parametrize("unit", (*SERVICES, "maakhoek-alerts.service"))
def test_a_long_running_unit_is_closed_in(region_root: Path, unit: str) -> None:
    command = ("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager")
    debian.run("chroot", str(region_root), *command, f"/usr/lib/systemd/system/{unit}")


def test_one_command_sets_it_up_and_again_changes_nothing(region: Region) -> None:
    region.set_up()
    region.add_account()
    region.sign_in()
    assert "sign-in" not in region.page("/") and "Maakhoek" in region.page("/")
    assert region.machine.run("systemctl --failed --plain --no-legend").strip() == ""
    assert not region.machine.is_active("mosquitto.service")
    before = region.machine.run("sha256sum /var/lib/maakhoek-ca/*.crt /var/lib/maakhoek-ca/pki/broker.crt")
    region.machine.run("maakhoek-region setup")
    until(region.is_up, PATIENCE_S, "it is up again")
    assert region.machine.run("sha256sum /var/lib/maakhoek-ca/*.crt /var/lib/maakhoek-ca/pki/broker.crt") == before
    assert "sign-in" not in region.page("/") and "Maakhoek" in region.page("/")
    for path in ("intermediate.key", "register.sqlite"):
        assert region.machine.run(f"stat -c '%U %a' /var/lib/maakhoek-ca/{path}").strip() == "maakhoek-ca 600"
    # Nobody but the recorder comes in at its door, and nobody reads the database of others.
    assert region.machine.try_("runuser -u www-data -- ls /run/maakhoek-broker").returncode != 0
    assert region.machine.try_("runuser -u www-data -- psql maakhoek -c 'SELECT 1'").returncode != 0


def test_a_backup_brings_back_a_server_that_lost_everything(region: Region) -> None:
    region.set_up()
    region.add_account()
    setup = region.new_kiosk("Bibliotheek Deinze")
    packages_key = region.machine.run("cat /srv/maakhoek/maakhoek.asc")
    packed = region.machine.run("maakhoek-region backup").strip()
    assert region.machine.run(f"stat -c '%U %a' {packed}").strip() == "root 600"
    assert region.machine.try_(f"tar -tf {packed}").returncode != 0
    region.machine.run(
        "systemctl stop 'maakhoek-*'; runuser -u postgres -- dropdb --force maakhoek;"
        "rm -r /var/lib/maakhoek-ca /var/lib/maakhoek-dashboard /var/lib/maakhoek-repository /etc/maakhoek-region;"
        "rm -r /srv/maakhoek;"
        "rm /etc/nginx/conf.d/maakhoek.conf; systemctl reload nginx"
    )
    assert not region.serves()
    restore = "maakhoek-region restore --stick /media/stick --passphrase-from-stdin"
    for words, file in ((PASSPHRASE, "/etc/hostname"), ("not these words", packed)):
        broken = region.machine.try_(f"echo '{words}' | {restore} {file}")
        assert broken.returncode == 2 and "cannot be opened" in broken.stderr
    region.machine.run(f"echo '{PASSPHRASE}' | {restore} {packed}")
    until(region.is_up, PATIENCE_S, "it is up again")
    region.sign_in()
    assert "Bibliotheek Deinze" in region.machine.run("maakhoek-admin list")
    pin = re.search(r'ca_sha256 = "(\w+)"', setup)
    root = region.machine.run("openssl x509 -in /var/lib/maakhoek-ca/root.crt -noout -fingerprint -sha256")
    assert pin and pin[1] == root.split("=")[1].strip().replace(":", "").lower()
    assert region.machine.run("cat /srv/maakhoek/maakhoek.asc") == packages_key
    region.machine.run("gpg --homedir /var/lib/maakhoek-repository --verify /srv/maakhoek/InRelease")


def test_another_intermediate_takes_over_as_the_ceremony_s_text_says(region: Region) -> None:
    region.set_up()
    before = shown_by_the_broker(region)
    words = f"echo '{PASSPHRASE}' |"
    region.machine.run(
        f"{words} maakhoek-admin ceremony --stick /media/stick --name Leie --again --folder /root/other "
        "--passphrase-from-stdin"
    )
    region.machine.run("maakhoek-region replace /root/other --leaked")
    until(region.is_up, PATIENCE_S, "it is up again")
    assert shown_by_the_broker(region) != before
    assert region.machine.run("stat -c '%U %a' /var/lib/maakhoek-ca/intermediate.key").strip() == "maakhoek-ca 600"
    assert "replace" in region.machine.run("maakhoek-admin audit")
    again = region.machine.try_("maakhoek-region replace /root/other")
    assert again.returncode == 2 and "hold the ceremony first" in again.stderr
    assert region.machine.run("systemctl --failed --plain --no-legend").strip() == ""


def shown_by_the_broker(region: Region) -> str:
    """Which key has signed its certificate."""
    shown = f"openssl s_client -connect {region.end.address}:8883 </dev/null 2>/dev/null"
    return region.machine.run(f"{shown} | openssl x509 -noout -ext authorityKeyIdentifier")

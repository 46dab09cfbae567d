"""A kiosk and a region on a cable: enrolled from a setup file, it prints, and shows up in the dashboard."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bridge_client import client
from support.waiting import until

from appliance import printer
from appliance.conftest import CONTAINER, Build, bound
from appliance.machine import PATIENCE_S, Machine
from appliance.region import HOST, IDENTITY, Region
from appliance.scenes import BRIDGE, KIOSK, UPGRADE, WELL_SOON
from appliance.wire import End

NEWER = "99.0"
OFTEN = """[Timer]
OnBootSec=
OnUnitInactiveSec=
OnBootSec=5s
OnUnitInactiveSec=10s
RandomizedDelaySec=0
AccuracySec=1s
"""
"""An hour is ten seconds here."""
HEARD = "SELECT seen_ms FROM dashboard_kiosk WHERE id = 'deinze'"
GCODE = Path("build/collection/munt/prusa-mk3s/print.gcode")


@pytest.fixture
def kiosk(ends: tuple[End, End], root: Path, tmp_path: Path) -> Iterator[Machine]:
    drop_ins = {KIOSK: CONTAINER, UPGRADE: WELL_SOON, "maakhoek-upgrade.timer": OFTEN}
    machine = Machine(
        root, "kiosk", tmp_path / "kiosk-console", ends[1].option, *bound(drop_ins.items(), tmp_path)
    )
    try:
        machine.run(f"echo {ends[0].address} {HOST} >>/etc/hosts")
        printer.plug_in(machine, speed=60)
        yield machine
    finally:
        machine.power_off()


ALL_GOOD = {"network": "good", "clock": "", "region": "good", "printer": "good", "test_print": "good"}
"""The clock is the host's, which may have nobody to set it by."""


def ticks(kiosk: Machine) -> dict[str, str]:
    """What the touchscreen is told on its own socket, by what they are about."""
    ask = (
        "import json, socket; s = socket.socket(socket.AF_UNIX); s.connect('/run/maakhoek-setup.sock'); "
        "s.sendall(json.dumps(dict(ask='checks')).encode() + bytes([10])); print(s.makefile().read())"
    )
    command = f'runuser -u maakhoek-kiosk -- python3 -c "{ask}"'
    return {check["what"]: check["tick"] for check in json.loads(kiosk.run(command))["checks"]}


def test_a_kiosk_enrols_prints_and_shows_up_in_the_dashboard(region: Region, kiosk: Machine, build: Build) -> None:
    until(lambda: kiosk.is_active(BRIDGE), PATIENCE_S, "the bridge is up")
    assert ticks(kiosk)["region"] == "bad"
    assert would_mount_a_stick(kiosk)
    region.enrol(kiosk, "Bibliotheek Deinze")
    assert kiosk.run("ls /run/maakhoek-stick/sda1").strip() == ""
    assert open_doors(kiosk) == []
    assert not would_mount_a_stick(kiosk), "once enrolled, a stick's file system is nothing that the kernel reads"
    assert kiosk.run(f"stat -c '%U %a' {IDENTITY}/kiosk.key").strip() == "maakhoek-setup 600"
    assert kiosk.try_(f"runuser -u maakhoek-kiosk -- cat {IDENTITY}/kiosk.key").returncode != 0

    with client(kiosk.path("/run/maakhoek/bridge.sock")) as bridge:
        bridge.until_connected(PATIENCE_S)
        job = bridge.submit(GCODE, card="munt")
        bridge.call("job.start", job=job["id"], plate_is_empty=True)
        bridge.until_job("printing", PATIENCE_S)
        region.sign_in()
        until(lambda: "Bibliotheek Deinze" in region.page("/"), PATIENCE_S, "it stands in the dashboard")
        bridge.until_job("ready", 300)
        until(lambda: ticks(kiosk) | {"clock": ""} == ALL_GOOD, PATIENCE_S, "the set-up is green")
        bridge.call("job.collect", job=job["id"])
    ended = f"SELECT count(*) FROM dashboard_event WHERE job = '{job['id']}'"
    until(lambda: int(region.query(ended)) >= 3, PATIENCE_S, "the recorder has the story of the print")

    # A new version at the region: it finds it by itself.
    for package in (build(""), build(NEWER)):
        shutil.copy(package, region.machine.path("/root"))
    region.machine.run("maakhoek-repository publish /srv/maakhoek /root/maakhoek_*.deb")
    until(lambda: f"{NEWER} is well" in kiosk.journal(UPGRADE), PATIENCE_S, "it runs the new version", 1)
    runs = "SELECT info FROM dashboard_kiosk WHERE id = 'deinze'"
    until(lambda: f'"{NEWER}"' in region.query(runs), PATIENCE_S, "the dashboard says which version runs", 0.5)

    # Stolen: it is deaf and mute on the connection that it has, and comes in with no other one.
    reloaded = broker_said(region, "Reloading")
    region.machine.run("maakhoek-admin stop deinze")
    until(lambda: broker_said(region, "Reloading") > reloaded, PATIENCE_S, "the broker has read its lists", 0.5)
    assert "user deinze" in region.machine.run("cat /etc/maakhoek-region/broker/kiosks.acl")
    knocks(region, kiosk)
    before = region.query(HEARD)
    knocks(region, kiosk)
    assert region.query(HEARD) == before


_LISTENS = "0A"
_LOOPBACK = ("0100007F:", "00000000000000000000000001000000:")


def open_doors(kiosk: Machine) -> list[str]:
    """What listens for TCP on an address that somebody outside can reach, as the kernel writes it."""
    rows = [line.split() for line in kiosk.run("cat /proc/net/tcp /proc/net/tcp6").splitlines()]
    return [row[1] for row in rows if row[3] == _LISTENS and not row[1].startswith(_LOOPBACK)]


def would_mount_a_stick(kiosk: Machine) -> bool:
    """Asked of the shipped unit, without the device that a container never has."""
    shipped, here = (f"{place}/systemd/system/maakhoek-stick@.service" for place in ("/usr/lib", "/run"))
    kiosk.run(f"sed '/^BindsTo=/d; /^After=/d; s/^ExecStart=.*/ExecStart=true/' {shipped} >{here}")
    kiosk.run("systemctl daemon-reload; systemctl start maakhoek-stick@none; systemctl stop maakhoek-stick@none")
    return kiosk.show("maakhoek-stick@none", "ConditionResult") == "yes"


def knocks(region: Region, kiosk: Machine) -> None:
    """The bridge starts anew and is seen at the broker's door."""
    seen = broker_said(region, "deinze|certificate")
    kiosk.run(f"systemctl restart {BRIDGE}")
    until(lambda: broker_said(region, "deinze|certificate") > seen, PATIENCE_S, "it knocks", 0.5)


def broker_said(region: Region, pattern: str) -> int:
    """How often."""
    return len(re.findall(pattern, region.machine.journal("maakhoek-broker.service")))

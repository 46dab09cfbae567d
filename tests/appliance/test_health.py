"""What is not well with a kiosk, from where its kernel tells of it to the region's page.

A weak Wi-Fi and a clock that is not set are no alerts, for a kiosk works without both: see
tests/firmware_bridge/service/test_wellbeing.py.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bridge_client import client
from support.waiting import until

from appliance import printer
from appliance.conftest import CONTAINER, bound
from appliance.machine import PATIENCE_S, Machine
from appliance.region import HOST, Region
from appliance.scenes import BRIDGE, GCODE, KIOSK, comes_up
from appliance.wire import End

CLASSES = "/run/pretended"
ALARM, HEAT = f"{CLASSES}/hwmon/hwmon0/in0_lcrit_alarm", f"{CLASSES}/thermal/thermal_zone0/temp"
A_PI = f"[Service]\nBindReadOnlyPaths=-{CLASSES}:/sys/class\n"
"""What a Raspberry Pi's kernel shows there and this one's does not. All else stays as shipped."""
DATA = "/var/lib/maakhoek"
SMALL_CARD = f"--tmpfs={DATA}:size=64M,mode=0700"
NOISY = ("--noise", "1500")
"""One byte of so many arrives as another one."""
WORDS = {
    "undervoltage": "De voeding van de kiosk is te zwak.",
    "hot": "De computer van de kiosk is te warm.",
    "storage_failing": "De geheugenkaart bewaart niet wat erop geschreven wordt.",
    "storage_low": "De geheugenkaart is bijna vol.",
    "printer_link": "De kabel naar de printer geeft veel fouten.",
}
OPEN = "SELECT detail FROM dashboard_alert WHERE code = 'health' AND cleared_ms IS NULL"


@pytest.fixture
def kiosk(ends: tuple[End, End], root: Path, tmp_path: Path) -> Iterator[Machine]:
    drop_ins = bound({KIOSK: CONTAINER, BRIDGE: A_PI}.items(), tmp_path)
    machine = Machine(root, "kiosk", tmp_path / "kiosk-console", ends[1].option, SMALL_CARD, *drop_ins)
    try:
        machine.run(f"echo {ends[0].address} {HOST} >>/etc/hosts")
        printer.plug_in(machine, 60, *NOISY)
        yield machine
    finally:
        machine.power_off()


def test_each_is_told_at_the_kiosk_in_telemetry_and_at_the_region_until_it_is_over(
    region: Region, kiosk: Machine
) -> None:
    region.enrol(kiosk, "Bibliotheek Deinze")
    kiosk.write(f"{CLASSES}/hwmon/hwmon0/name", "rpi_volt\n")
    kiosk.write(ALARM, "1\n")
    kiosk.write(HEAT, "85200\n")
    # A card that takes no writes, as far as the bridge can see.
    kiosk.run(f"rm -f {DATA}/card-test; mkdir {DATA}/card-test; systemctl restart {BRIDGE}")
    comes_up(kiosk)
    with client(kiosk.path("/run/maakhoek/bridge.sock"), PATIENCE_S) as bridge:
        bridge.until_connected(PATIENCE_S)
        job = bridge.submit(GCODE, card="munt")
        bridge.call("job.start", job=job["id"], plate_is_empty=True)
        until(lambda: set(WORDS) <= found(bridge.state()), PATIENCE_S, "all of it in the bridge's state", 1)
    until(lambda: set(WORDS) <= set(region.query(OPEN).split()), PATIENCE_S, "all of it as alerts", 1)
    region.sign_in()
    page = region.page("/printers/deinze/")
    assert [said for said in WORDS.values() if said not in page] == []
    told = "SELECT telemetry FROM dashboard_kiosk WHERE id = 'deinze'"
    until(lambda: json.loads(region.query(told))["host"]["cpu_c"] == 85.2, PATIENCE_S, "the figure too", 1)

    kiosk.write(ALARM, "0\n")
    kiosk.write(HEAT, "51000\n")
    until(lambda: not {"undervoltage", "hot"} & set(region.query(OPEN).split()), PATIENCE_S, "these are over", 1)
    assert "storage_failing" in region.query(OPEN)


def found(state: dict[str, list[dict[str, str]]]) -> set[str]:
    """The codes of what is not well."""
    return {finding["code"] for finding in state["health"]}

"""What staff at the region does about jobs that wait for it and about calls, over a real Mosquitto."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bridge_client import BridgeClient
from support.broker import Broker
from support.hand_bridge import HandBridge, hand_bridge
from support.region_client import RegionClient
from support.waiting import until

from firmware_bridge.contract import IDENTIFY_S, Role
from firmware_bridge.service.pins import PinStore


@pytest.fixture
def bridge(tmp_path: Path, broker: Broker, region: RegionClient) -> Iterator[HandBridge]:
    (tmp_path / "data").mkdir(mode=0o700)
    PinStore(tmp_path / "data").set(Role.STAFF, "4711")
    with hand_bridge(tmp_path, broker, more="[queue]\napproval = true\n") as running:
        until(lambda: "state" in region.latest, what="the bridge reports")
        yield running


def test_jobs_are_let_in_or_not(region: RegionClient, kiosk: BridgeClient, gcode: Path) -> None:
    good, bad = kiosk.submit(gcode)["id"], kiosk.submit(gcode)["id"]
    until(lambda: len(region.latest["state"]["for_staff"]) == 2, what="the region sees them")
    region.until_outcome(region.command("approve", job=good), "finished")
    assert [(job["id"], job["state"]) for job in kiosk.state()["queue"]] == [(good, "waiting_for_plate")]
    region.until_outcome(region.command("refuse", job=bad), "finished")
    assert kiosk.state()["for_staff"] == []
    region.until_outcome(region.command("approve", job=bad), "rejected")
    region.until_outcome(region.command("refuse", job=good), "rejected")
    ended = [row["job"] for row in tuple(region.recorded) if row["job"] and row["job"]["id"] == bad]
    assert (ended[-1]["state"], ended[-1]["ended_by"]) == ("cancelled", "region")


def test_a_call_is_taken_and_cleared(region: RegionClient, kiosk: BridgeClient) -> None:
    region.until_outcome(region.command("take_call"), "rejected")
    kiosk.call("staff.call", reason="filament")
    alert = until(lambda: region.latest.get("alert/call"), what="the alarm")
    assert (alert["severity"], alert["detail"]) == ("attention", "filament")
    region.until_outcome(region.command("take_call"), "finished")
    assert kiosk.state()["call"]["taken_by"] == "region"
    until(
        lambda: (region.latest.get("alert/call") or {}).get("severity") == "info", what="nobody else has to come"
    )
    region.until_outcome(region.command("clear_call"), "finished")
    assert kiosk.state()["call"] is None


def test_a_reason_for_being_out_of_order(region: RegionClient, kiosk: BridgeClient) -> None:
    region.until_outcome(region.command("out_of_order", value=True, reason="reserved"), "finished")
    assert kiosk.state()["out_of_order_reason"] == "reserved"
    region.until_outcome(region.command("out_of_order", value=True), "finished")
    assert kiosk.state()["out_of_order_reason"] == "other"
    region.until_outcome(region.command("out_of_order", value=False), "finished")
    assert kiosk.state()["out_of_order_reason"] is None


def test_another_spool_reaches_the_region(region: RegionClient, kiosk: BridgeClient) -> None:
    assert region.latest["info"]["spool"]["colour"] == "#E4572E"
    kiosk.call("staff.unlock", pin="4711")
    kiosk.call("spool.set", material="PLA", colour="#00AA00", name="Groen")
    until(lambda: region.latest["info"]["spool"]["colour"] == "#00AA00", what="the region knows")


def test_what_is_said_of_a_print_is_counted_at_the_region(region: RegionClient, kiosk: BridgeClient) -> None:
    kiosk.call("staff.call", reason="help")
    rows = until(lambda: [row for row in tuple(region.recorded) if row["type"] == "call"], what="the row")
    assert rows[0]["data"] == {"step": "called", "by": "kiosk", "reason": "help", "job": None}


def test_a_kiosk_shows_which_one_it_is_and_stops_by_itself(region: RegionClient, kiosk: BridgeClient) -> None:
    assert kiosk.state()["identify_left_s"] is None
    region.until_outcome(region.command("identify"), "finished")
    assert 0 < kiosk.state()["identify_left_s"] <= IDENTIFY_S
    rows = until(
        lambda: [row for row in tuple(region.recorded) if row["type"] == "command"], what="it is journaled"
    )
    assert rows[0]["data"]["name"] == "identify"
    until(lambda: region.latest["state"]["identify_left_s"] is None, IDENTIFY_S + 60, "it is over again")

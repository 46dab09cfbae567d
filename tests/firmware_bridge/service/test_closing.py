"""Closing time, with a clock that leaps and a machine that is worked by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.bridge_client import BridgeClient, BridgeError, client
from support.gcode import write_tower
from support.hand_bridge import HandBridge, hand_bridge
from support.leap import Leap
from support.waiting import until

from firmware_bridge.contract import ErrorCode, Role
from firmware_bridge.service.pins import PinStore

DAY = datetime(2026, 3, 3)
HOURS = '[opening]\ntuesday = ["10:00-18:00"]\nwednesday = ["10:00-18:00"]\n'
PIN = "2580"


@contextmanager
def library(
    folder: Path, clock: str, more: str = "", synchronised: bool = True
) -> Iterator[tuple[HandBridge, BridgeClient, Leap]]:
    """A bridge on that Tuesday, at that time."""
    (folder / "data").mkdir(mode=0o700)
    PinStore(folder / "data").set(Role.COACH, PIN)
    leap = Leap(synchronised=synchronised)
    leap.to(at(clock))
    config = f"{HOURS}[policy]\nclosing_margin_s = 600\n{more}"
    with hand_bridge(folder, clock=leap.clock, more=config) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        yield bridge, kiosk, leap


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"{DAY.date()} {clock}")


def print_on(bridge: HandBridge, kiosk: BridgeClient, gcode: Path, **fields: Any) -> str:
    job = kiosk.submit(gcode, **fields)["id"]
    kiosk.call("job.start", job=job, plate_is_empty=True)
    until(lambda: bridge.machine.job == job, what="the printer has the job")
    bridge.machine.print_on(1)
    kiosk.until_job("printing")
    return str(job)


def alerts(bridge: HandBridge) -> set[str]:
    return {alert.code.value for alert in bridge.bridge._controller._situation.alerts}


def test_the_state_says_when_it_closes(tmp_path: Path) -> None:
    with library(tmp_path, "17:00") as (_, kiosk, leap):
        state = kiosk.state()
        assert (state["clock_trusted"], state["closes_ms"]) == (True, at("18:00").timestamp() * 1000)
        assert 3500 < state["closes_in_s"] <= 3600
        leap.to(at("20:00"))
        state = until(lambda: (s := kiosk.state())["opens_ms"] and s, what="it is closed")
        assert (state["closes_ms"], state["closes_in_s"]) == (None, 0)
        assert state["opens_ms"] == datetime(2026, 3, 4, 10).timestamp() * 1000


def test_a_new_snapshot_only_when_something_has_changed(tmp_path: Path) -> None:
    """What runs on with time (`closes_in_s`, `turn_left_s`) is no change."""
    with library(tmp_path, "17:00") as (_, kiosk, _leap):
        kiosk.submit(write_tower(tmp_path / "print.gcode"))
        kiosk.call("subscribe")
        kiosk.notifications.clear()
        seen: list[str] = []
        while seen.count("telemetry") < 4:
            message = kiosk.read()
            assert message is not None
            seen.append(message["method"])
        assert "state" not in seen[1:]


def test_what_cannot_end_in_time_needs_a_coach(tmp_path: Path, gcode: Path) -> None:
    with library(tmp_path, "17:30") as (bridge, kiosk, _):
        long, short = kiosk.submit(gcode, estimate_s=1300.0)["id"], kiosk.submit(gcode, estimate_s=1100.0)["id"]
        with pytest.raises(BridgeError) as error:
            kiosk.call("job.start", job=long, plate_is_empty=True)
        assert error.value.code == ErrorCode.TOO_LATE
        assert error.value.data["needs_s"] == 1900
        assert 1700 < error.value.data["closes_in_s"] <= 1800
        kiosk.call("staff.unlock", pin=PIN)
        kiosk.call("queue.first", job=short)
        kiosk.call("queue.first", job=long)
        assert kiosk.call("job.start", job=long, plate_is_empty=True)["state"] == "heating"
        until(lambda: bridge.machine.job == long, what="the printer has the job")


def test_a_short_estimate_does_not_get_round_the_plan(tmp_path: Path) -> None:
    """The bridge has its own plan of the file: who submits it may say what they like."""
    slow = write_tower(tmp_path / "slow.gcode")
    slow.write_text(slow.read_text().replace("G28\n", "G28\n" + "G4 S60\n" * 30, 1))
    with library(tmp_path, "17:30") as (_, kiosk, _leap):
        job = kiosk.submit(slow, estimate_s=1.0)["id"]
        with pytest.raises(BridgeError) as error:
            kiosk.call("job.start", job=job, plate_is_empty=True)
        assert error.value.code == ErrorCode.TOO_LATE


def test_a_pause_cools_at_closing(tmp_path: Path, gcode: Path) -> None:
    with library(tmp_path, "17:00") as (bridge, kiosk, leap):
        job = print_on(bridge, kiosk, gcode)
        kiosk.call("job.pause", job=job)
        kiosk.until_job("paused")
        assert bridge.machine.cooled_down == 0
        leap.to(at("18:00"))
        until(lambda: bridge.machine.cooled_down == 1, what="everything is cooled")


def test_a_late_print_is_an_alarm_and_finishes(tmp_path: Path, gcode: Path) -> None:
    with library(tmp_path, "17:00") as (bridge, kiosk, leap):
        print_on(bridge, kiosk, gcode)
        assert "closing" not in alerts(bridge)
        leap.to(at("17:59:58"))
        until(lambda: "closing" in alerts(bridge), what="the alarm")
        leap.to(at("18:30"))
        until(lambda: kiosk.state()["closes_in_s"] == 0, what="it is closed")
        assert kiosk.state()["job"]["state"] == "printing"
        bridge.machine.finish()
        until(lambda: "closing" not in alerts(bridge), what="the alarm is over")


def test_or_it_is_paused_where_the_library_wants_that(tmp_path: Path, gcode: Path) -> None:
    with library(tmp_path, "17:00", 'at_closing = "pause"\n') as (bridge, kiosk, leap):
        job = print_on(bridge, kiosk, gcode)
        leap.to(at("18:00"))
        assert kiosk.until_job("paused")["paused_by"] == "closing"
        until(lambda: bridge.machine.cooled_down == 1, what="everything is cooled")
        kiosk.call("job.resume", job=job)
        kiosk.until_job("printing")
        kiosk.call("subscribe")
        up_ms = kiosk.state()["up_ms"]
        until(lambda: kiosk.state()["up_ms"] > up_ms + 2500, what="two seconds have passed")
        assert kiosk.state()["job"]["state"] == "printing", "whoever goes on after closing has said so"


def test_nobodys_turn_passes_at_night(tmp_path: Path, gcode: Path) -> None:
    with library(tmp_path, "17:59") as (_, kiosk, leap):
        job = kiosk.submit(gcode)["id"]
        leap.to(at("22:00"))
        until(lambda: kiosk.state()["closes_in_s"] == 0, what="it is closed")
        for _ in range(3):
            leap.seconds += 400
            leap.to(at("22:00"))
            until(lambda: kiosk.state()["turn_left_s"] > 550, what="the turn stands still")
        assert [(j["id"], j["state"]) for j in kiosk.state()["queue"]] == [(job, "waiting_for_plate")]


def test_without_a_trusted_clock_closing_waits(tmp_path: Path, gcode: Path) -> None:
    with library(tmp_path, "22:00", synchronised=False) as (bridge, kiosk, leap):
        state = kiosk.state()
        times = (state["closes_ms"], state["closes_in_s"], state["opens_ms"])
        assert (state["clock_trusted"], times) == (False, (None, None, None))
        print_on(bridge, kiosk, gcode)
        leap.synchronised = True
        state = until(lambda: (s := kiosk.state())["clock_trusted"] and s, what="the clock is set")
        assert state["closes_in_s"] == 0


def test_without_opening_hours_nothing_ever_closes(tmp_path: Path, gcode: Path) -> None:
    with hand_bridge(tmp_path, more="[policy]\ntrust_clock = true\n") as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        print_on(bridge, kiosk, gcode, estimate_s=500_000.0)
        state = kiosk.state()
        assert (state["clock_trusted"], state["closes_in_s"]) == (True, None)

"""What staff does at the kiosk, and what visitors say: over the real socket, with a machine worked by hand."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.bridge_client import BridgeClient, BridgeError, client
from support.hand_bridge import HandBridge, hand_bridge
from support.hand_machine import COLD
from support.journal import rows
from support.waiting import until

from firmware_bridge.contract import ActKind, ActState, ErrorCode, Role
from firmware_bridge.machine.interface import Act
from firmware_bridge.service.pins import PinStore

PIN = "8061"


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[HandBridge]:
    with unlockable(tmp_path) as running:
        yield running


@pytest.fixture
def staff(bridge: HandBridge, kiosk: BridgeClient) -> Iterator[BridgeClient]:
    """The same kiosk could do both; two connections keep apart who asked."""
    with client(bridge.socket) as connection:
        connection.call("staff.unlock", pin=PIN)
        yield connection


def unlockable(folder: Path, more: str = "") -> Any:
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    PinStore(folder / "data").set(Role.TECHNICIAN, PIN)
    return hand_bridge(folder, more=more)


def refused(kiosk: BridgeClient, method: str, **params: Any) -> BridgeError:
    with pytest.raises(BridgeError) as error:
        kiosk.call(method, **params)
    return error.value


def print_on(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> str:
    job = kiosk.submit(gcode)["id"]
    kiosk.call("job.start", job=job, plate_is_empty=True)
    until(lambda: bridge.machine.job == job, what="the printer has the job")
    bridge.machine.print_on(20)
    kiosk.until_job("printing")
    return str(job)


def print_to_the_end(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> str:
    job = print_on(bridge, kiosk, gcode)
    bridge.machine.finish()
    bridge.machine.measure(COLD)
    kiosk.until_job("ready")
    return job


# --- approval and the queue ------------------------------------------------------------------------


def test_nothing_is_printed_that_staff_has_not_let_in(tmp_path: Path, gcode: Path) -> None:
    with unlockable(tmp_path, "[queue]\napproval = true\n") as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        first, second = kiosk.submit(gcode), kiosk.submit(gcode)
        assert first["state"] == "waiting_for_staff"
        assert refused(kiosk, "job.start", job=first["id"], plate_is_empty=True).code == ErrorCode.NOT_NOW
        assert refused(kiosk, "queue.approve", job=first["id"]).code == ErrorCode.NOT_ALLOWED
        with client(bridge.socket) as staff:
            staff.call("staff.unlock", pin=PIN)
            assert staff.call("queue.approve", job=second["id"])["state"] == "waiting_for_plate"
            assert staff.call("queue.refuse", job=first["id"])["state"] == "cancelled"
            assert staff.submit(gcode)["state"] == "queued", "what staff brings needs no approval"
        state = kiosk.state()
        assert state["queue"][0]["id"] == second["id"]
        assert state["for_staff"] == []
        waiting = kiosk.submit(gcode)["id"]
    with hand_bridge(tmp_path, more="[queue]\napproval = true\n") as bridge, client(bridge.socket) as kiosk:
        assert [job["id"] for job in kiosk.state()["for_staff"]] == [waiting], "a restart loses nobody"


def test_staff_puts_one_first_and_takes_one_out(kiosk: BridgeClient, staff: BridgeClient, gcode: Path) -> None:
    a, b, c = (kiosk.submit(gcode)["id"] for _ in range(3))
    assert staff.call("queue.first", job=c)["state"] == "waiting_for_plate"
    assert [job["id"] for job in kiosk.state()["queue"]] == [c, a, b]
    assert staff.call("job.cancel", job=a)["state"] == "cancelled"
    assert [job["id"] for job in kiosk.state()["queue"]] == [c, b]
    assert 590 < kiosk.state()["turn_left_s"] <= 600


def test_a_turn_is_kept_for_who_needs_longer(kiosk: BridgeClient, gcode: Path) -> None:
    mine, other = (kiosk.submit(gcode)["id"] for _ in range(2))
    until(lambda: kiosk.state()["turn_left_s"] < 599.9, what="time goes on")
    before = kiosk.state()["turn_left_s"]
    assert before < kiosk.call("job.keep_turn", job=mine)["turn_left_s"] <= 600
    with pytest.raises(BridgeError) as refusal:
        kiosk.call("job.keep_turn", job=other)
    assert refusal.value.code == ErrorCode.NOT_NOW.value


def test_tickets_differ(kiosk: BridgeClient, gcode: Path) -> None:
    tickets = [kiosk.submit(gcode)["ticket"] for _ in range(5)]
    assert len({(ticket["animal"], ticket["number"]) for ticket in tickets}) == 5
    assert all(1 <= ticket["number"] <= 99 for ticket in tickets)


# --- calls -------------------------------------------------------------------------------------------


def test_a_call_is_open_until_somebody_solves_it(tmp_path: Path) -> None:
    with unlockable(tmp_path) as bridge, client(bridge.socket) as kiosk:
        call = kiosk.call("staff.call", reason="strange")
        assert (call["reason"], call["taken_by"]) == ("strange", None)
        assert kiosk.call("staff.call", reason="help") == call, "one at a time"
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk, client(bridge.socket) as staff:
        assert kiosk.state()["call"] == call
        assert refused(kiosk, "staff.take_call").code == ErrorCode.NOT_ALLOWED
        staff.call("staff.unlock", pin=PIN)
        assert staff.call("staff.take_call")["taken_by"] == "kiosk"
        assert staff.call("staff.clear_call") == {}
        assert kiosk.state()["call"] is None
        assert refused(staff, "staff.take_call").code == ErrorCode.NOT_NOW
    told = rows(tmp_path)
    calls = [(row.data["step"], row.data["by"]) for row in told if row.type.value == "call"]
    assert calls == [("called", "kiosk"), ("taken", "kiosk"), ("cleared", "kiosk")]
    alerts = [(row.type.value, row.data["severity"]) for row in told if row.data.get("code") == "call"]
    assert alerts == [("alert_raised", "urgent"), ("alert_cleared", "info")]


def test_a_reason_that_is_none(kiosk: BridgeClient) -> None:
    assert refused(kiosk, "staff.call", reason="Noor wil hulp").code == ErrorCode.INVALID_PARAMS


# --- what stands -------------------------------------------------------------------------------------


def test_out_of_order_says_why_and_outlives_a_restart(tmp_path: Path, gcode: Path) -> None:
    with unlockable(tmp_path) as bridge, client(bridge.socket) as staff:
        staff.call("staff.unlock", pin=PIN)
        state = staff.call("staff.out_of_order", reason="no_filament")
        assert (state["out_of_order"], state["out_of_order_reason"]) == (True, "no_filament")
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        assert kiosk.state()["out_of_order_reason"] == "no_filament"
        with pytest.raises(BridgeError, match="no_filament") as error:
            kiosk.submit(gcode)
        assert error.value.code == ErrorCode.OUT_OF_ORDER
        kiosk.call("staff.unlock", pin=PIN)
        assert not kiosk.call("staff.out_of_order", reason=None)["out_of_order"]
        assert kiosk.submit(gcode)["state"] == "waiting_for_plate"


def test_another_spool_is_told_and_kept(tmp_path: Path) -> None:
    spool = {"material": "PETG", "colour": "#00AA00", "name": "Groen"}
    with unlockable(tmp_path) as bridge, client(bridge.socket) as staff, client(bridge.socket) as watcher:
        watcher.call("subscribe")
        staff.call("staff.unlock", pin=PIN)
        assert staff.call("spool.set", **spool)["spool"] == spool
        told = until(
            lambda: (m := watcher.read()) and m["method"] == "info" and m["params"], what="info", every_s=0
        )
        assert told["spool"] == spool
        assert watcher.call("hello")["spool"] == spool
        assert refused(staff, "spool.set", material="PLA", colour="groen").code == ErrorCode.INVALID_PARAMS
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        assert kiosk.call("hello")["spool"] == spool


# --- what visitors say -------------------------------------------------------------------------------


def test_what_does_not_stick_is_paused(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    job = print_on(bridge, kiosk, gcode)
    assert kiosk.call("job.check", job=job, sticks=True)["sticks"] is True
    assert kiosk.state()["job"]["state"] == "printing"
    assert kiosk.call("job.check", job=job, sticks=False)["sticks"] is False
    assert kiosk.until_job("paused")["paused_by"] == "kiosk"
    bridge.machine.finish()
    bridge.machine.measure(COLD)
    kiosk.until_job("ready")
    assert refused(kiosk, "job.check", job=job, sticks=True).code == ErrorCode.NOT_NOW


def test_how_it_was_is_said_once(tmp_path: Path, gcode: Path) -> None:
    with unlockable(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        first = print_on(bridge, kiosk, gcode)
        assert refused(kiosk, "job.feedback", job=first, smiley=3).code == ErrorCode.NOT_NOW
        bridge.machine.finish()
        bridge.machine.measure(COLD)
        kiosk.until_job("ready")
        assert kiosk.call("job.feedback", job=first, smiley=3, reason="nice")["rated"]
        assert kiosk.state()["job"]["rated"]
        kiosk.call("job.collect", job=first)
        assert refused(kiosk, "job.feedback", job=first, smiley=1).code == ErrorCode.NOT_NOW
        second = print_to_the_end(bridge, kiosk, gcode)
        kiosk.call("job.collect", job=second)
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        assert kiosk.call("job.feedback", job=second, smiley=1)["rated"], "after a restart too"
        assert refused(kiosk, "job.feedback", job=second, smiley=1).code == ErrorCode.NOT_NOW
        assert refused(kiosk, "job.feedback", job="nothing", smiley=1).code == ErrorCode.NO_SUCH_JOB
        assert refused(kiosk, "job.feedback", job=second, smiley=4).code == ErrorCode.INVALID_PARAMS
    told = [row.data for row in rows(tmp_path) if row.type.value == "feedback"]
    assert told == [
        {"job": first, "card": "sleutelhanger", "smiley": 3, "reason": "nice"},
        {"job": second, "card": "sleutelhanger", "smiley": 1, "reason": None},
    ]


def test_who_never_printed_says_nothing(kiosk: BridgeClient, gcode: Path) -> None:
    job = kiosk.submit(gcode)["id"]
    assert refused(kiosk, "job.feedback", job=job, smiley=2).code == ErrorCode.NOT_NOW
    kiosk.call("job.cancel", job=job)
    assert refused(kiosk, "job.feedback", job=job, smiley=2).code == ErrorCode.NOT_NOW


# --- acts --------------------------------------------------------------------------------------------


def test_one_act_at_a_time_and_it_shows(bridge: HandBridge, kiosk: BridgeClient, staff: BridgeClient) -> None:
    assert staff.call("staff.load") == {}
    assert bridge.machine.acts == [Act(ActKind.LOAD, nozzle_c=215.0)]
    state = until(lambda: (s := kiosk.state())["act"] and s, what="it shows")
    assert (state["act"]["kind"], state["act"]["state"], state["printer"]["state"]) == ("load", "running", "BUSY")
    assert refused(staff, "staff.home").code == ErrorCode.NOT_NOW
    bridge.machine.end_act(off_in_s=600.0)
    act = until(lambda: (a := kiosk.state()["act"])["state"] == "done" and a, what="it is done")
    assert 590 < act["off_in_s"] <= 600
    assert staff.call("staff.cool") == {}
    assert bridge.machine.cooled_down == 1


def test_no_job_begins_while_staff_is_at_it(
    bridge: HandBridge, kiosk: BridgeClient, staff: BridgeClient, gcode: Path
) -> None:
    job = kiosk.submit(gcode)["id"]
    staff.call("staff.home")
    until(lambda: kiosk.state()["act"], what="it shows")
    assert refused(kiosk, "job.start", job=job, plate_is_empty=True).code == ErrorCode.NOT_NOW
    bridge.machine.end_act(ActState.FAILED)
    until(lambda: kiosk.state()["act"]["state"] == "failed", what="it has failed")
    kiosk.call("job.start", job=job, plate_is_empty=True)
    until(lambda: bridge.machine.job == job, what="the printer has the job")
    assert kiosk.state()["act"] is None


@pytest.mark.parametrize("method", ["staff.heat", "staff.home", "staff.load", "staff.unload", "staff.fan_off"])
def test_nothing_dangerous_while_a_job_is_on_the_printer(
    bridge: HandBridge, kiosk: BridgeClient, staff: BridgeClient, gcode: Path, method: str
) -> None:
    print_on(bridge, kiosk, gcode)
    assert refused(staff, method).code == ErrorCode.NOT_NOW
    assert refused(staff, "staff.cool").code == ErrorCode.NOT_NOW
    assert bridge.machine.acts == []


def test_a_paused_job_may_be_cooled(
    bridge: HandBridge, kiosk: BridgeClient, staff: BridgeClient, gcode: Path
) -> None:
    job = print_on(bridge, kiosk, gcode)
    kiosk.call("job.pause", job=job)
    kiosk.until_job("paused")
    assert staff.call("staff.cool") == {}
    assert bridge.machine.cooled_down == 1


def test_the_head_does_not_come_down_on_a_print(
    bridge: HandBridge, kiosk: BridgeClient, staff: BridgeClient, gcode: Path
) -> None:
    job = print_to_the_end(bridge, kiosk, gcode)
    assert "clear the plate" in str(refused(staff, "staff.home"))
    staff.call("job.collect", job=job)
    assert staff.call("staff.home") == {}


@pytest.mark.parametrize(
    ("method", "params", "word"),
    [
        ("staff.heat", {"nozzle_c": 231}, "230"),
        ("staff.heat", {"bed_c": 71}, "70"),
        ("staff.heat", {"nozzle_c": -1}, "nozzle_c"),
        ("staff.jog", {"axis": "z", "mm": 51}, "mm"),
        ("staff.jog", {"axis": "e", "mm": 1}, "axis"),
    ],
)
def test_what_the_printer_must_not_do(
    bridge: HandBridge, staff: BridgeClient, method: str, params: dict[str, Any], word: str
) -> None:
    error = refused(staff, method, **params)
    assert (error.code, word in str(error)) == (ErrorCode.INVALID_PARAMS, True)
    assert bridge.machine.acts == []


def test_without_a_printer(bridge: HandBridge, kiosk: BridgeClient, staff: BridgeClient) -> None:
    bridge.machine.unplug()
    until(lambda: not kiosk.state()["printer"]["connected"], what="it is missed")
    assert refused(staff, "staff.home").code == ErrorCode.PRINTER_AWAY


def test_the_log_for_a_technician(staff: BridgeClient) -> None:
    logging.getLogger("firmware_bridge.test").warning("two\nlines and %s", "x" * 500)
    assert len(staff.call("staff.log", lines=1)["lines"]) == 1
    (line,) = [line for line in staff.call("staff.log", lines=100)["lines"] if "two lines" in line]
    assert "WARNING test: two lines and xxx" in line
    assert len(line) == 240
    for n in range(150):
        logging.getLogger("firmware_bridge.test").warning("line %d", n)
    assert len(staff.call("staff.log", lines=100)["lines"]) == 100

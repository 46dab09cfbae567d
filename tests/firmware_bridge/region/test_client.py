"""The region's door over a real Mosquitto: what is reported, what is obeyed, what is lost (nothing)."""

import contextlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from support.bridge_client import BridgeClient, client
from support.broker import Broker, mosquitto
from support.gcode import write_tower
from support.hand_bridge import HandBridge, hand_bridge
from support.hand_machine import COLD, HOT
from support.region_client import RegionClient, region_client
from support.waiting import until

from firmware_bridge.contract import FaultCode


@pytest.fixture
def bridge(tmp_path: Path, broker: Broker, region: RegionClient) -> Iterator[HandBridge]:
    with hand_bridge(tmp_path, broker) as running:
        until(lambda: "state" in region.latest, what="the bridge reports")
        yield running


@pytest.fixture
def printing(bridge: HandBridge, kiosk: BridgeClient, tmp_path: Path) -> str:
    """The id of a job that is being printed."""
    return start_print(bridge, kiosk, tmp_path)


def start_print(bridge: HandBridge, kiosk: BridgeClient, folder: Path) -> str:
    job = kiosk.submit(write_tower(folder / "print.gcode"))
    kiosk.call("job.start", job=job["id"], plate_is_empty=True)
    until(lambda: bridge.machine.job, what="the printer has the job")
    bridge.machine.print_on(20)
    kiosk.until_job("printing")
    return str(job["id"])


def test_what_is_said_on_connecting(region: RegionClient, bridge: HandBridge) -> None:
    until(lambda: region.latest["state"]["printer"]["connected"], what="the printer is reported")
    assert region.latest["online"] == {"v": 1, "online": True, "session": 1, "reason": "", "connection": 1}
    assert region.latest["info"]["library"] == "Bibliotheek Deinze"
    assert region.latest["state"]["printer"]["firmware"] == "Hand 1.0"
    until(lambda: "alert/printer_missing" in region.latest, what="there is no alarm")
    assert region.latest["alert/printer_missing"] is None


def test_states_and_rows_follow_a_print(region: RegionClient, bridge: HandBridge, printing: str) -> None:
    until(lambda: (region.latest["state"]["job"] or {}).get("state") == "printing", what="the print is reported")
    bridge.machine.finish()
    until(lambda: region.latest["state"]["job"]["state"] == "cooling", what="its end is reported")

    until(lambda: job_states(region)[-1:] == ["cooling"], what="the rows are recorded")
    assert job_states(region) == ["queued", "waiting_for_plate", "heating", "printing", "cooling"]
    assert region.seqs() == list(range(1, len(region.recorded) + 1))


def test_telemetry_comes_every_other_second_while_printing(region: RegionClient, printing: str) -> None:
    def ages() -> list[int]:
        return [m["up_ms"] for leaf, m in tuple(region.messages) if leaf == "telemetry" and m["progress"]]

    def gaps() -> list[int]:
        return [b - a for a, b in pairwise(ages())]

    until(lambda: any(gap < 2800 for gap in gaps()), what="two reports in time; a busy machine may be late")
    assert min(gaps()) > 1500
    assert region.latest["telemetry"]["progress"]["layer"] == 2


def test_an_alarm_is_raised_retained_and_cleared(
    region: RegionClient, bridge: HandBridge, kiosk: BridgeClient, printing: str, broker: Broker
) -> None:
    bridge.machine.fail(FaultCode.PRINTER_RESET)
    until(lambda: region.latest["alert/job_failed"], what="the alarm is raised")
    assert region.latest["alert/job_failed"]["fault"]["code"] == "printer_reset"
    with region_client(broker, acks=False) as late:
        until(lambda: late.latest.get("alert/job_failed"), what="who comes later sees it too")
    kiosk.call("job.collect", job=printing)
    until(lambda: region.latest["alert/job_failed"] is None, what="the alarm is cleared")
    until(lambda: len(alarm_rows(region)) == 2, what="both are in the journal")
    assert alarm_rows(region) == [("alert_raised", "job_failed"), ("alert_cleared", "job_failed")]


def test_what_is_not_well_with_the_kiosk_itself_is_an_alarm_too(
    region: RegionClient, broker: Broker, tmp_path: Path
) -> None:
    spoiled = tmp_path / "data" / "card-test"
    spoiled.mkdir(parents=True)  # a card that cannot be written, as far as its test can see
    with hand_bridge(tmp_path, broker):
        alarm = until(lambda: region.latest.get("alert/health-storage_failing"), what="the alarm is raised")
        assert (alarm["code"], alarm["severity"], alarm["detail"]) == ("health", "urgent", "storage_failing")
    spoiled.rmdir()
    with hand_bridge(tmp_path, broker):
        until(lambda: region.latest["alert/health-storage_failing"] is None, what="the alarm is cleared")


def alarm_rows(region: RegionClient) -> list[tuple[str, str]]:
    rows = tuple(region.recorded)
    return [(row["type"], row["data"]["code"]) for row in rows if row["type"].startswith("alert_")]


# --- commands ------------------------------------------------------------------------------------


def test_pause_and_resume_from_the_region(region: RegionClient, kiosk: BridgeClient, printing: str) -> None:
    region.until_outcome(region.command("pause", job=printing), "finished")
    assert kiosk.until_job("paused")["paused_by"] == "region"
    command = region.command("resume")
    region.until_outcome(command, "finished")
    assert region.outcomes(command) == ["accepted", "finished"]
    kiosk.until_job("printing")


def test_a_pause_of_the_kiosk_is_not_ended_from_afar(
    region: RegionClient, kiosk: BridgeClient, printing: str
) -> None:
    kiosk.call("job.pause", job=printing)
    kiosk.until_job("paused")
    command = region.command("resume", job=printing)
    region.until_outcome(command, "rejected")
    assert region.outcomes(command) == ["rejected"]
    assert kiosk.state()["job"]["state"] == "paused"


def test_cancelling_from_the_region(region: RegionClient, kiosk: BridgeClient, printing: str) -> None:
    region.until_outcome(region.command("cancel", job=printing), "finished")
    assert kiosk.until_job("cancelled")["ended_by"] == "region"


def test_out_of_order_keeps_new_prints_away(
    region: RegionClient, kiosk: BridgeClient, bridge: HandBridge, tmp_path: Path
) -> None:
    region.until_outcome(region.command("out_of_order", value=True), "finished")
    assert kiosk.state()["out_of_order"]
    with pytest.raises(Exception, match="out of order"):
        kiosk.submit(write_tower(tmp_path / "print.gcode"))
    region.until_outcome(region.command("out_of_order", value=False), "finished")
    assert kiosk.submit(write_tower(tmp_path / "print.gcode"))["state"] == "waiting_for_plate"


def test_nothing_starts_or_heats_from_afar(region: RegionClient, kiosk: BridgeClient, tmp_path: Path) -> None:
    job = kiosk.submit(write_tower(tmp_path / "print.gcode"))
    for name in ("start", "job.start", "gcode"):
        region.until_outcome(region.command(name, job=job["id"], plate_is_empty=True, value=True), "rejected")
    assert kiosk.state()["job"] is None


def test_a_command_that_comes_again_is_carried_out_once(
    region: RegionClient, kiosk: BridgeClient, printing: str
) -> None:
    region.command("pause", job=printing, id="once")
    region.until_outcome("once", "finished")
    kiosk.call("job.resume", job=printing)
    kiosk.until_job("printing")
    region.command("pause", job=printing, id="once")
    last = region.command("out_of_order", value=False)
    region.until_outcome(last, "finished")
    assert kiosk.state()["job"]["state"] == "printing"
    assert region.outcomes("once") == ["accepted", "finished"]


def test_a_command_is_remembered_over_a_restart(tmp_path: Path, broker: Broker, region: RegionClient) -> None:
    for _ in range(2):
        with hand_bridge(tmp_path, broker) as bridge, client(bridge.socket) as kiosk:
            kiosk.until_connected()
            session = kiosk.state()["session"]
            until(lambda s=session: region.latest.get("online", {}).get("session") == s, what="the bridge reports")
            region.command("out_of_order", value=True, id="again")
            region.until_outcome("again", "finished")
            region.until_outcome(region.command("out_of_order", value=False), "finished")
            assert not kiosk.state()["out_of_order"]
    assert region.outcomes("again") == ["accepted", "finished"]


@pytest.mark.parametrize(("seconds", "word"), [(-1.0, "expired"), (3600.0, "too late")])
def test_a_command_out_of_its_time_is_rejected(
    region: RegionClient, kiosk: BridgeClient, printing: str, seconds: float, word: str
) -> None:
    command = region.command("cancel", job=printing, seconds=seconds)
    region.until_outcome(command, "rejected")
    assert word in region.latest["res/cancel"]["reason"]
    assert kiosk.state()["job"]["state"] == "printing"


def test_a_retained_command_is_dropped(region: RegionClient, kiosk: BridgeClient, printing: str) -> None:
    command = region.command("cancel", job=printing, retain=True)
    region.until_outcome(region.command("out_of_order", value=False), "finished")
    assert region.outcomes(command) == []
    assert kiosk.state()["job"]["state"] == "printing"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x00\xff",
        b"{",
        b"[]",
        b"{}",
        b'{"id":"a","by":"b"}',
        b'{"id":5,"by":"b","expires_ms":1}',
        b'{"id":"a\\nfake log line","by":"b","expires_ms":99999999999999}',
        b"[" * 10_000,
        b"x" * 100_000,
    ],
)
def test_malformed_messages_are_dropped(region: RegionClient, kiosk: BridgeClient, payload: bytes) -> None:
    for leaf in ("cmd/pause", "cmd/" + "n" * 500, "ack"):
        region.publish(leaf, payload)
    region.until_outcome(region.command("out_of_order", value=False), "finished")
    assert not [leaf for leaf, _ in region.messages if leaf == "res/pause"]


# --- what must not be lost -----------------------------------------------------------------------


def test_an_acknowledgement_that_cannot_be_true_changes_nothing(
    region: RegionClient, bridge: HandBridge, kiosk: BridgeClient, tmp_path: Path
) -> None:
    journal = region.latest["info"]["journal"]
    region.acks = False
    for strange, seq in ((journal, 10_000), ("0" * 32, 3), (journal, -5)):
        region.ack(strange, seq)
    start_print(bridge, kiosk, tmp_path)
    region.acks = True
    region.ack(journal, max(region.seqs(), default=0))
    until(lambda: any(row["type"] == "job_changed" for row in region.recorded), what="rows come on")
    assert region.seqs() == list(range(1, len(region.recorded) + 1))


def test_a_recorder_restored_from_a_backup_gets_the_rows_again(
    region: RegionClient, bridge: HandBridge, printing: str, broker: Broker
) -> None:
    until(lambda: len(region.recorded) >= 5, what="rows are recorded")
    journal, have = region.latest["info"]["journal"], len(region.recorded)
    region.acks = False
    with region_client(broker, acks=True) as restored:
        restored.ack(journal, 0)
        until(lambda: len(restored.recorded) >= have, what="all rows came again")
        assert restored.seqs()[:have] == list(range(1, have + 1))


def test_a_silent_recorder_gets_the_rows_again_after_a_while(
    tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recorder that was there and recorded nothing: rows come again without any reconnection."""
    monkeypatch.setattr("firmware_bridge.region.delivery.PATIENCE_S", 0.5)
    with region_client(broker, acks=False) as deaf, hand_bridge(tmp_path, broker):
        until(lambda: deaf.duplicates >= 2, what="rows come again")


def test_a_broker_that_restarts_loses_nothing(tmp_path: Path) -> None:
    """The print goes on and ends while there is no broker; afterwards every row arrives, once."""
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(contextlib.ExitStack())
        broker = first.enter_context(mosquitto(tmp_path))
        region = stack.enter_context(region_client(broker))
        bridge = stack.enter_context(hand_bridge(tmp_path, broker))
        kiosk = stack.enter_context(client(bridge.socket))
        kiosk.until_connected()
        until(lambda: region.recorded, what="rows come")
        start_print(bridge, kiosk, tmp_path)
        first.close()
        bridge.machine.finish()
        kiosk.until_job("cooling")
        bridge.machine.measure(COLD)
        job = kiosk.until_job("ready")
        kiosk.call("job.collect", job=job["id"])
        stack.enter_context(mosquitto(tmp_path, broker.port))
        until(lambda: job_states(region)[-1:] == ["collected"], what="the rows of the dark time arrive")
        assert job_states(region) == [
            "queued",
            "waiting_for_plate",
            "heating",
            "printing",
            "cooling",
            "ready",
            "collected",
        ]
        assert region.seqs() == list(range(1, len(region.recorded) + 1))
        until(lambda: region.latest["state"]["job"] is None, what="the state is reported again")


def job_states(region: RegionClient) -> list[str]:
    return [row["job"]["state"] for row in tuple(region.recorded) if row["type"] == "job_changed"]


def test_without_a_broker_everything_else_works(tmp_path: Path) -> None:
    nowhere = Broker("127.0.0.1", 1)
    with hand_bridge(tmp_path, nowhere) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        start_print(bridge, kiosk, tmp_path)
        bridge.machine.finish()
        kiosk.until_job("cooling")


def test_a_clean_stop_says_so(tmp_path: Path, broker: Broker, region: RegionClient) -> None:
    with hand_bridge(tmp_path, broker) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        job = start_print(bridge, kiosk, tmp_path)
        bridge.machine.measure(HOT, 30)
    until(lambda: not region.latest["online"]["online"], what="the stop is reported")
    assert region.latest["online"]["reason"] == "shutdown"
    assert region.latest["state"]["job"]["id"] == job
    assert region.latest["state"]["job"]["state"] == "interrupted"
    until(lambda: region.recorded[-1]["type"] == "bridge_stopped", what="the stop is recorded")


def test_sessions_count_up(tmp_path: Path, broker: Broker, region: RegionClient) -> None:
    for session in (1, 2):
        with hand_bridge(tmp_path, broker):
            until(lambda s=session: region.latest.get("online", {}).get("session") == s, what=f"session {session}")
    assert region.seqs() == list(range(1, len(region.recorded) + 1))

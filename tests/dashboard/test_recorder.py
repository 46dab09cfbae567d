"""The recorder as it runs: its process, a real broker, a real database."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from support.broker import Broker, mosquitto
from support.dashboard import Region, prepared
from support.databases import NewDatabase
from support.reporting_kiosk import ReportingKiosk, job, now_ms
from support.waiting import until

from firmware_bridge.contract import (
    MAX_PAYLOAD_BYTES,
    Ack,
    Alert,
    AlertCode,
    EventType,
    Fault,
    FaultCode,
    JobState,
    Online,
    Origin,
    PrinterState,
    Severity,
    Topic,
)

EVENTS = "SELECT count(*) FROM dashboard_event WHERE kiosk_id = ?"
CURSOR = "SELECT seq FROM dashboard_cursor WHERE kiosk_id = ? AND journal = ?"


@dataclass(frozen=True)
class Stage:
    """One recorder and its broker, for all tests of this file; each brings kiosks of its own."""

    broker: Broker
    region: Region


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("recorder")
    with mosquitto(folder) as broker:
        region = prepared(folder, broker, new_database(folder))
        with region.recorder():
            until(region.is_listening, what="the recorder listens")
            yield Stage(broker, region)


@pytest.fixture
def deinze(stage: Stage, request: pytest.FixtureRequest) -> Iterator[ReportingKiosk]:
    """A kiosk with an id of its own."""
    name = request.function.__name__.removeprefix("test_").replace("_", "-")[:40].strip("-")
    with ReportingKiosk(name, stage.broker, "Bibliotheek Deinze").connected() as kiosk:
        yield kiosk


def _kiosk(stage: Stage, kiosk: ReportingKiosk, column: str) -> object:
    return stage.region.one(f"SELECT {column} FROM dashboard_kiosk WHERE id = ?", kiosk.kiosk)


def test_what_a_kiosk_says_stands_in_the_database_at_once(stage: Stage, deinze: ReportingKiosk) -> None:
    begin = time.monotonic()
    deinze.appear()
    deinze.state(PrinterState.PRINTING, job())
    deinze.telemetry((214.5, 215.0), (60.0, 60.0), done=0.43)
    until(lambda: _kiosk(stage, deinze, "telemetry"), what="telemetry is recorded")
    assert time.monotonic() - begin < 1.5
    assert _kiosk(stage, deinze, "library") == "Bibliotheek Deinze"
    assert _kiosk(stage, deinze, "online") == 1
    assert '"state":"PRINTING"' in str(_kiosk(stage, deinze, "state"))
    samples = stage.region.rows(
        "SELECT nozzle_c, bed_target_c, done FROM dashboard_telemetry WHERE kiosk_id = ?", deinze.kiosk
    )
    assert samples == [(214.5, 60.0, 0.43)]


def test_a_journal_is_recorded_once_and_acknowledged(stage: Stage, deinze: ReportingKiosk) -> None:
    for _ in range(120):
        deinze.note()
    until(lambda: deinze.is_drained, what="the journal is acknowledged")
    rows = stage.region.rows("SELECT seq FROM dashboard_event WHERE kiosk_id = ? ORDER BY id", deinze.kiosk)
    assert [seq for (seq,) in rows] == list(range(1, 121))
    acks = [ack.seq for ack in deinze.acks]
    assert acks == sorted(acks)


def test_duplicates_are_ignored_and_a_gap_is_never_jumped(stage: Stage, deinze: ReportingKiosk) -> None:
    rows = [deinze.note(kind) for kind in list(EventType)[:6]]
    until(lambda: deinze.is_drained, what="the journal is acknowledged")
    deinze.acks.clear()
    for row in (rows[1], rows[5], msgspec.structs.replace(rows[5], seq=9)):
        deinze.publish(Topic.EVENTS, row)
    until(lambda: deinze.acks, what="the recorder says where it is")
    assert {ack.seq for ack in deinze.acks} == {6}
    for _ in range(3):
        deinze.note()
    until(lambda: deinze.is_drained, what="it goes on")
    assert stage.region.one(EVENTS, deinze.kiosk) == 9


def test_a_poison_event_becomes_a_dead_letter_and_the_journal_goes_on(
    stage: Stage, deinze: ReportingKiosk
) -> None:
    journal = f'"journal":"{deinze.journal}"'.encode()
    deinze.publish(Topic.EVENTS, b"{" + journal + b',"seq":1,"ts_ms":1,"type":"printer_melted"}')
    deinze.publish(Topic.EVENTS, b"{" + journal + b',"seq":2,"ts_ms":9223372036854775808,"type":"printer_lost"}')
    deinze.publish(Topic.EVENTS, b"{" + journal + b',"seq":3,"ts_ms":5,"type":"printer_lost"}')
    until(lambda: stage.region.one(CURSOR, deinze.kiosk, deinze.journal) == 3, what="the cursor moves on")
    query = "SELECT seq, length(reason) > 5, length(payload) > 20 FROM dashboard_deadletter WHERE kiosk_id = ?"
    assert stage.region.rows(query, deinze.kiosk) == [(1, 1, 1), (2, 1, 1)]
    assert stage.region.one(EVENTS, deinze.kiosk) == 1
    until(lambda: deinze.acknowledged == 3, what="all three are acknowledged")


def test_a_new_journal_has_a_cursor_of_its_own(stage: Stage, deinze: ReportingKiosk) -> None:
    deinze.appear()
    for _ in range(5):
        deinze.note()
    until(lambda: deinze.is_drained, what="the first journal is recorded")
    with ReportingKiosk(deinze.kiosk, stage.broker, journal="after-a-new-card").connected() as replaced:
        replaced.appear()
        until(lambda: Ack(journal="after-a-new-card", seq=0) in replaced.acks, what="it begins at nought")
        replaced.note()
        replaced.note()
        until(lambda: replaced.is_drained, what="the second journal is recorded")
    assert stage.region.one(EVENTS, deinze.kiosk) == 7
    assert stage.region.one(CURSOR, deinze.kiosk, deinze.journal) == 5


def test_broken_messages_are_dropped_with_a_line(stage: Stage, deinze: ReportingKiosk) -> None:
    dropped = stage.region.log().count(": dropped: ")
    for leaf in (Topic.STATE, Topic.INFO, Topic.ONLINE, Topic.TELEMETRY, Topic.EVENTS):
        deinze.publish(leaf, b"\x00\xff{not json")
        deinze.publish(leaf, b"[" * 9_000)
    deinze.publish(Topic.STATE, b" " * (MAX_PAYLOAD_BYTES + 1))
    deinze.publish(Topic.STATE, b" " * 1_000_000)  # the broker does not even pass it on
    deinze.publish(Topic.ALERT, b"{}", leaf="a/b/c")  # nor this, which nobody asked for
    deinze.publish(Topic.ONLINE, b'{"online":true,"session":99999999999999999999}')
    deinze.publish_to("maakhoek/v1/No Kiosk/state", b"{}")
    deinze.publish_to("maakhoek/v1/x/weather", b"{}")  # nor this
    deinze.telemetry()
    until(lambda: _kiosk(stage, deinze, "telemetry"), what="the recorder goes on")
    assert stage.region.log().count(": dropped: ") - dropped == 12
    assert "cannot be stored" in stage.region.log()


def test_a_last_will_says_lost_and_a_late_one_says_nothing(stage: Stage, deinze: ReportingKiosk) -> None:
    deinze.publish(Topic.ONLINE, Online(online=True, session=8), retain=True)
    until(lambda: _kiosk(stage, deinze, "online") == 1, what="it is online")
    deinze.publish(Topic.ONLINE, Online(online=False, session=7), retain=True)
    deinze.telemetry()
    until(lambda: _kiosk(stage, deinze, "telemetry"), what="what came after the late will is there")
    assert _kiosk(stage, deinze, "online") == 1
    deinze.publish(Topic.ONLINE, Online(online=False, session=8, reason="shutdown"), retain=True)
    until(lambda: _kiosk(stage, deinze, "online") == 0, what="it is offline")
    assert _kiosk(stage, deinze, "online_reason") == "shutdown"


def test_an_alert_is_open_until_it_is_cleared(stage: Stage, deinze: ReportingKiosk) -> None:
    opened = "SELECT count(*) FROM dashboard_alert WHERE kiosk_id = ? AND cleared_ms IS NULL"
    fault = Fault(code=FaultCode.THERMAL, detail="Thermal Runaway")
    since = now_ms() - 5_000
    for name in ("a-1", "a-2"):
        alert = Alert(
            id=name, code=AlertCode.JOB_FAILED, severity=Severity.URGENT, since_ms=since, job="j", fault=fault
        )
        deinze.publish(Topic.ALERT, alert, name, retain=True)
    until(lambda: stage.region.one(opened, deinze.kiosk) == 2, what="two alerts are open")
    deinze.publish(Topic.ALERT, b"", "a-1", retain=True)
    until(lambda: stage.region.one(opened, deinze.kiosk) == 1, what="an empty message cleared one")
    deinze.note(EventType.ALERT_CLEARED, data={"id": "a-2"}, ts_ms=since - 1_000)  # an earlier one of that name
    deinze.note(EventType.ALERT_CLEARED, data={"id": "a-2"})
    until(lambda: stage.region.one(opened, deinze.kiosk) == 0, what="its journal row cleared the other")
    row = stage.region.rows("SELECT code, fault, detail FROM dashboard_alert WHERE kiosk_id = ?", deinze.kiosk)
    assert row[0] == ("job_failed", "thermal", "Thermal Runaway")


def test_a_job_is_what_its_journal_said_last(stage: Stage, deinze: ReportingKiosk) -> None:
    ended = now_ms() - 60_000
    done = {"ended_ms": ended, "ended_by": Origin.KIOSK, "printed_s": 2_650.5}
    deinze.note(EventType.JOB_CHANGED, job(JobState.PRINTING, id="one"))
    deinze.note(EventType.JOB_CHANGED, job(JobState.READY, id="one", **done))
    deinze.note(EventType.JOB_CHANGED, job(JobState.COLLECTED, id="one", **(done | {"ended_ms": ended + 50_000})))
    deinze.note(EventType.JOB_CHANGED, job(JobState.PRINTING, id="two"))
    until(lambda: deinze.is_drained, what="the journal is recorded")
    rows = stage.region.rows(
        "SELECT job, state, finished_ms, printed_s, grams FROM dashboard_job WHERE kiosk_id = ? ORDER BY job",
        deinze.kiosk,
    )
    assert rows == [("one", "collected", ended, 2_650.5, 8.4), ("two", "printing", None, 0.0, 8.4)]


def test_nothing_is_lost_or_doubled_when_recorder_and_broker_are_killed(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    total = 1_500
    kiosks: list[ReportingKiosk] = []
    with mosquitto(tmp_path) as broker:
        region = prepared(tmp_path, broker, new_database(tmp_path))
        kiosks = [ReportingKiosk(f"kiosk-{n}", broker) for n in range(3)]
        for kiosk in kiosks:
            for _ in range(total):
                kiosk.note(EventType.COMMAND, data={"n": 1})
        connections = [kiosk.connected() for kiosk in kiosks]
        for connection in connections:
            connection.__enter__()
        recorded = lambda: region.one("SELECT count(*) FROM dashboard_event")  # noqa: E731
        for threshold in (300, 1_500):
            with region.recorder() as recorder:
                until(lambda least=threshold: recorded() > least, what=f"more than {threshold} rows")
                recorder.send_signal(signal.SIGKILL)
                recorder.wait()
            assert recorded() < 3 * total, "the kill came too late to prove anything"
        with region.recorder():
            until(lambda: recorded() > 2_200, what="rows again")
            broker_was_killed_at = recorded()
            broker.kill()
            assert broker_was_killed_at < 3 * total
            until(lambda: not region.is_listening(), what="the recorder says that the broker is away")
            with mosquitto(tmp_path, broker.port):
                until(lambda: all(k.is_drained for k in kiosks), timeout_s=60, what="all journals are drained")
                for connection in connections:
                    connection.__exit__(None, None, None)
    for kiosk in kiosks:
        rows = region.rows("SELECT seq FROM dashboard_event WHERE kiosk_id = ? ORDER BY id", kiosk.kiosk)
        assert [seq for (seq,) in rows] == list(range(1, total + 1))
    assert "next try in" in region.log()


def test_after_a_start_the_cursors_are_announced_and_old_news_is_not_new(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    with mosquitto(tmp_path) as broker:
        region = prepared(tmp_path, broker, new_database(tmp_path))
        old = now_ms() - 30 * 24 * 3600 * 1000
        with ReportingKiosk("deinze", broker).connected() as kiosk:
            kiosk.appear()
            kiosk.note()
            with region.recorder() as recorder:
                until(lambda: kiosk.is_drained, what="the row is recorded")
                recorder.terminate()
                assert recorder.wait(5) == 0
            kiosk.acks.clear()
            region.database.execute("UPDATE dashboard_kiosk SET seen_ms = ?", old)
            columns = "(kiosk_id, received_ms, lines_per_s, resends)"
            for at_ms in (old, now_ms()):
                values = ("deinze", at_ms)
                region.database.execute(f"INSERT INTO dashboard_telemetry {columns} VALUES (?, ?, 0, 0)", *values)
            with region.recorder():
                until(lambda: Ack(journal=kiosk.journal, seq=1) in kiosk.acks, what="the cursor is announced")
                oldest = "SELECT count(*) FROM dashboard_telemetry WHERE received_ms <= ?"
                until(lambda: region.one(oldest, old) == 0, what="telemetry of a month ago is dropped")
                assert region.one("SELECT count(*) FROM dashboard_telemetry") == 1
                # What the broker kept was said by a kiosk that may be gone by now.
                assert region.one("SELECT seen_ms FROM dashboard_kiosk") == old
                kiosk.telemetry()
                until(lambda: region.one("SELECT seen_ms FROM dashboard_kiosk") > old, what="it speaks")


def test_without_a_broker_it_says_so_and_stops_when_asked(tmp_path: Path) -> None:
    region = prepared(tmp_path, Broker("127.0.0.1", 1))
    with region.recorder() as recorder:
        until(lambda: "broker at 127.0.0.1:1: not reached" in region.log(), what="it says what is wrong")
        assert region.one("SELECT connected FROM dashboard_listening") == 0
        recorder.terminate()
        assert recorder.wait(5) == 0

"""Three brokers that know nothing of each other, two of them killed under load: nothing lost, nothing twice."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import msgspec
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from support.asked import ask_beside
from support.broker import Broker, mosquitto
from support.dashboard import Region, prepared_at
from support.databases import NewDatabase
from support.haste import Haste
from support.waiting import until

from dashboard.fleet.connection import Connection, Where
from dashboard.fleet.run import run
from firmware_bridge.contract import Online, Topic

KIOSKS: Final = 30
WHERE: Final = "SELECT id, broker FROM dashboard_kiosk WHERE online"
STEP: Final = "SELECT step FROM dashboard_command WHERE id = ?"


@contextmanager
def _fleet(brokers: list[Broker], clock: Haste) -> Iterator[list[Connection]]:
    """Each third of it prefers another broker."""
    places = [Where(broker.host, broker.port) for broker in brokers]
    fleet = [Connection(n, places[n % 3 :] + places[: n % 3], random.Random(n), 0.0, clock) for n in range(KIOSKS)]
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(fleet, stop))
    thread.start()
    try:
        yield fleet
    finally:
        stop.set()
        thread.join(30)


@pytest.fixture
def brokers(tmp_path: Path) -> Iterator[list[Broker]]:
    with ExitStack() as stack:
        folders = [tmp_path / name for name in "abc"]
        for folder in folders:
            folder.mkdir()
        yield [stack.enter_context(mosquitto(folder)) for folder in folders]


def _name(broker: Broker) -> str:
    return f"{broker.host}:{broker.port}"


def _say_at(broker: Broker, kiosk: str, message: Online) -> None:
    """What that broker says in the kiosk's name."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect(broker.host, broker.port)
    client.loop_start()
    client.publish(Topic.ONLINE.of(kiosk), msgspec.json.encode(message), 1, retain=True).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def test_two_of_three_brokers_are_killed_under_load(
    tmp_path: Path, brokers: list[Broker], new_database: NewDatabase
) -> None:
    tables = [f'host = "{broker.host}"\nport = {broker.port}' for broker in brokers]
    region = prepared_at(tmp_path, tables, new_database(tmp_path))
    clock = Haste()
    with region.recorder(), _fleet(brokers, clock) as fleet:
        spread = {_name(broker): KIOSKS // 3 for broker in brokers}
        until(lambda: Counter(dict(region.rows(WHERE)).values()) == spread, 60, "a third reports to each")
        for left in (2, 1):
            brokers[left].kill()
            before = region.one("SELECT count(*) FROM dashboard_event")
            at_home = {_name(broker) for broker in brokers[:left]}
            until(lambda at=at_home: _all_are_at(region, at), 60, f"all report to the {left} that are left")
            until(lambda b=before: region.one("SELECT count(*) FROM dashboard_event") > b, 60, "rows come on")
        _a_late_will_says_nothing(region, brokers, fleet)
        _a_command_finds_its_kiosk(region, fleet[1].kiosk)
        clock.stop()
        until(lambda: not any(kiosk.owed for kiosk in fleet), 90, "all journals are acknowledged")
    for kiosk in fleet:
        rows = region.rows("SELECT seq, type FROM dashboard_event WHERE kiosk_id = ? ORDER BY id", kiosk.kiosk)
        assert rows == [(row.seq, row.type.value) for row in kiosk.rows]
    assert region.one("SELECT count(*) FROM dashboard_deadletter") == 0


def _all_are_at(region: Region, brokers: set[str]) -> bool:
    rows = dict(region.rows(WHERE))
    return len(rows) == KIOSKS and set(rows.values()) == brokers


def _a_late_will_says_nothing(region: Region, brokers: list[Broker], fleet: list[Connection]) -> None:
    """It tells what became of a connection that was lost long ago."""
    moved, kept = fleet[1].kiosk, fleet[0].kiosk
    session = region.one("SELECT online_session FROM dashboard_kiosk WHERE id = ?", moved)
    latest = region.one("SELECT online_connection FROM dashboard_kiosk WHERE id = ?", moved)
    assert latest > 1
    _say_at(brokers[0], moved, Online(online=False, session=session, connection=1))
    last = Online(online=False, session=2**40, connection=1, reason="shutdown")
    _say_at(brokers[0], kept, last)
    online = "SELECT online FROM dashboard_kiosk WHERE id = ?"
    until(lambda: not region.one(online, kept), what="what came after the late will is there")
    assert region.one(online, moved)


def _a_command_finds_its_kiosk(region: Region, kiosk: str) -> None:
    ask_beside(region, "there", kiosk, "out_of_order", expires_in_s=2**31)
    until(lambda: region.one(STEP, "there") == "finished", 30, "the kiosk has done it")

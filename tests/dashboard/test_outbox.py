"""The outbox as the recorder's process empties it, at a real broker: in time, never retained, none lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from support.asked import ask_beside
from support.broker import Broker, mosquitto
from support.dashboard import Region, prepared
from support.databases import NewDatabase
from support.reporting_kiosk import ReportingKiosk
from support.waiting import until

from firmware_bridge.contract import Command, CommandResult, Outcome, OutOfOrderReason, Topic

WAITING = "SELECT count(*) FROM dashboard_command WHERE step = 'waiting'"
STEP = "SELECT step FROM dashboard_command WHERE id = ?"


@dataclass(frozen=True)
class Stage:
    """A broker and a region whose kiosk is known; the test runs the recorder."""

    broker: Broker
    region: Region


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("outbox")
    with mosquitto(folder) as broker:
        region = prepared(folder, broker, new_database(folder))
        with region.recorder(), ReportingKiosk("deinze", broker).connected() as kiosk:
            until(region.is_listening, what="the recorder listens")
            kiosk.appear()
            until(lambda: region.one("SELECT id FROM dashboard_kiosk"), what="it is known")
        yield Stage(broker, region)


@contextmanager
def _listener(broker: Broker, topic: str = "maakhoek/v1/+/cmd/+") -> Iterator[list[MQTTMessage]]:
    """Whoever listens there, and what came."""
    heard: list[MQTTMessage] = []
    ready = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_connect = lambda c, *_: c.subscribe(topic, qos=1)
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _c, _u, message: heard.append(message)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        assert ready.wait(10)
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


def test_a_command_goes_out_as_the_contract_says(stage: Stage) -> None:
    with _listener(stage.broker) as heard, stage.region.recorder():
        ask_beside(stage.region, "c-1", "deinze", "out_of_order")
        message = until(lambda: heard and heard[0], what="the command")
        command = msgspec.json.decode(message.payload, type=Command)
        assert (message.topic, command.id, command.by) == ("maakhoek/v1/deinze/cmd/out_of_order", "c-1", "staff-1")
        assert (command.value, command.reason) == (True, OutOfOrderReason.BROKEN)
        assert 0 < message.properties.MessageExpiryInterval <= 30
        assert not message.retain
        until(lambda: stage.region.one(STEP, "c-1") == "sent", what="it is sent")
        with _listener(stage.broker) as later, ReportingKiosk("deinze", stage.broker).connected() as kiosk:
            for outcome in (Outcome.ACCEPTED, Outcome.FINISHED):
                kiosk.publish(Topic.RESULT, CommandResult(id="c-1", outcome=outcome), "out_of_order")
                until(lambda o=outcome: stage.region.one(STEP, "c-1") == o.value, what=outcome.value)
            assert later == [], "nothing of it is kept"
    ended = stage.region.rows("SELECT about FROM dashboard_audit WHERE act = 'command_ended' AND kiosk = 'deinze'")
    assert sum('"c-1"' in about for (about,) in ended) == 1


def test_where_nobody_listens_it_is_over_at_once(stage: Stage) -> None:
    with stage.region.recorder():
        ask_beside(stage.region, "c-2", "deinze", "pause")
        until(lambda: stage.region.one(STEP, "c-2") == "expired", 10, "it has expired")
    assert stage.region.one("SELECT detail FROM dashboard_command WHERE id = 'c-2'") == "not connected"


def test_what_lay_there_too_long_is_never_sent(stage: Stage) -> None:
    ask_beside(stage.region, "c-3", "deinze", "pause", expires_in_s=-1)
    with _listener(stage.broker) as heard, stage.region.recorder():
        until(lambda: stage.region.one(STEP, "c-3") == "expired", what="it has expired")
    assert heard == []


def test_a_recorder_that_is_killed_again_and_again_sends_each_one(stage: Stage) -> None:
    names = [f"k-{n}" for n in range(60)]
    with _listener(stage.broker) as heard:
        for life in range(4):
            with stage.region.recorder() as recorder:
                for name in names[life * 15 : life * 15 + 15]:
                    ask_beside(stage.region, name, "deinze", "pause")
                if life < 3:
                    until(lambda life=life: len({m.payload for m in heard}) > life * 15 + 3, what="some are sent")
                    recorder.kill()
                    recorder.wait(10)
                else:
                    until(lambda: stage.region.one(WAITING) == 0, what="the outbox is empty")
        ids = [msgspec.json.decode(message.payload, type=Command).id for message in heard]
    assert set(ids) == set(names), "none is lost; one that came twice has the same id, which a kiosk takes once"
    assert max(Counter(ids).values()) <= 4, "a recorder sends each of them once"


def test_a_broker_that_is_away_for_a_moment_gets_it_afterwards(tmp_path: Path, new_database: NewDatabase) -> None:
    with mosquitto(tmp_path) as broker:
        region = prepared(tmp_path, broker, new_database(tmp_path))
        with region.recorder(), ReportingKiosk("deinze", broker).connected() as kiosk:
            until(region.is_listening, what="the recorder listens")
            kiosk.appear()
            until(lambda: region.one("SELECT id FROM dashboard_kiosk"), what="it is known")
    ask_beside(region, "c-4", "deinze", "pause")
    with region.recorder():
        until(lambda: "not reached" in region.log(), what="the recorder has tried")
        assert region.one(STEP, "c-4") == "waiting"
        with mosquitto(tmp_path, broker.port), _listener(broker) as heard:
            until(lambda: heard, what="the command")

"""The region's side of MQTT for tests: sees all of a kiosk's topics, records rows like the recorder, commands."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from support.broker import Broker
from support.waiting import until

ROOT = "maakhoek/v1/deinze"


class RegionClient:
    """`acks`: answer every row that follows on the last with the cursor, as the recorder does."""

    def __init__(self, broker: Broker, *, acks: bool = True) -> None:
        self.acks = acks
        self.recorded: list[dict[str, Any]] = []
        self.duplicates = 0
        self.latest: dict[str, Any] = {}
        self.messages: list[tuple[str, Any]] = []
        self._cursor: dict[str, int] = {}
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe(f"{ROOT}/#", qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _client, _data, message: self._receive(message)
        self._client.reconnect_delay_set(1, 1)
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()
        assert self._subscribed.wait(60)

    def _receive(self, message: mqtt.MQTTMessage) -> None:
        leaf = message.topic.removeprefix(f"{ROOT}/")
        if not leaf.startswith(("cmd/", "ack")):
            content = json.loads(message.payload) if message.payload else None
            self.latest[leaf] = content
            self.messages.append((leaf, content))
            if leaf == "events":
                self._record(content)

    def _record(self, row: dict[str, Any]) -> None:
        journal = row["journal"]
        cursor = self._cursor.get(journal, 0)
        if row["seq"] <= cursor:
            self.duplicates += 1
        elif row["seq"] == cursor + 1:
            self._cursor[journal] = row["seq"]
            self.recorded.append(row)
        if self.acks:
            self.ack(journal, self._cursor.get(journal, 0))

    def ack(self, journal: str, seq: int) -> None:
        """Say that all rows up to `seq` are recorded."""
        self.publish("ack", json.dumps({"v": 1, "journal": journal, "seq": seq}).encode(), retain=True)

    def publish(self, leaf: str, payload: bytes, *, retain: bool = False) -> None:
        """Anything."""
        self._client.publish(f"{ROOT}/{leaf}", payload, qos=1, retain=retain)

    def command(self, name: str, *, seconds: float = 30.0, retain: bool = False, **fields: Any) -> str:
        """Publish a command; returns its id."""
        command = {"v": 1, "id": f"c{len(self.messages)}-{time.monotonic_ns()}", "by": "staff-7"}
        command |= {"expires_ms": round((time.time() + seconds) * 1000)} | fields
        self.publish(f"cmd/{name}", json.dumps(command).encode(), retain=retain)
        return str(command["id"])

    def outcomes(self, command: str) -> list[str]:
        """What was answered to a command so far."""
        return [c["outcome"] for leaf, c in tuple(self.messages) if leaf.startswith("res/") and c["id"] == command]

    def until_outcome(self, command: str, outcome: str) -> None:
        """Wait for one of them."""
        until(lambda: outcome in self.outcomes(command), what=f"command {command} is {outcome}")

    def seqs(self) -> list[int]:
        """Numbers of the recorded rows."""
        return [row["seq"] for row in tuple(self.recorded)]

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def region_client(broker: Broker, *, acks: bool = True) -> Iterator[RegionClient]:
    """Connected and subscribed; disconnected at the end."""
    client = RegionClient(broker, acks=acks)
    try:
        yield client
    finally:
        client.close()

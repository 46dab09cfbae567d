"""The recorder's process: one thread that listens to the broker and writes batches.

It takes from the socket only what it has room for and answers nothing before the commit but the broker's own
QoS 1, on which nobody relies: a row is gone from a kiosk's duty when the retained `ack` says so. So it may be
killed at any moment, and a database that cannot be written only makes it wait.
"""

import logging
import random
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from django.db import OperationalError, connection
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from dashboard.config import Broker
from dashboard.models import Listening
from dashboard.recorder import retention, store
from dashboard.recorder.backoff import delays
from dashboard.recorder.home_assistant import discovery, discovery_topic
from dashboard.recorder.messages import MalformedError, Message, decode
from dashboard.recorder.outbox import Outbox
from firmware_bridge import contract
from firmware_bridge.contract import TOPIC_ROOT, Topic

log = logging.getLogger(__name__)

BATCH_MESSAGES: Final = 1_000
BATCH_S: Final = 0.05
"""A message waits at most this long for others to share its transaction."""
LARGEST_PACKET_BYTES: Final = 256 * 1024
"""The broker does not even send us larger ones."""
KEEPALIVE_S: Final = 30
LEAVES: Final = ("online", "info", "state", "telemetry", "alert/+", "events", "res/+")
"""What kiosks say. Not our own commands: the broker is to tell us when nobody else listens to one."""
CONNECT_S: Final = 5.0
CONNACK_S: Final = 10.0
ALIVE_S: Final = 5.0
REMIND_S: Final = 1.0


class Recorder:
    """`run` returns when `stop` is set."""

    def __init__(self, broker: Broker, stop: threading.Event, *, with_home_assistant: bool = False) -> None:
        self._broker = broker
        self._stop = stop
        self._with_home_assistant = with_home_assistant
        self._inbox: list[Message] = []
        self._inbox_since = 0.0
        self._connected = False
        self._refused = ""
        self._goodbye = ""
        self._alive_due = 0.0
        self._reminded: dict[str, float] = {}
        self._client = self._new_client()
        self._outbox = Outbox(self._client)

    def run(self) -> None:
        """Listen, and come back when the broker was away."""
        Listening.objects.get_or_create(pk=1)
        self._say_alive()
        waits = delays(random.Random())
        while not self._stop.is_set():
            trouble = self._connect()
            if not trouble:
                waits = delays(random.Random())
                trouble = self._listen()
                self._lost()
            if self._stop.is_set():
                break
            wait_s = next(waits)
            log.warning("%s: %s; next try in %.1f s", self._where, trouble, wait_s)
            self._wait(wait_s)
        log.info("stopped")

    @property
    def _where(self) -> str:
        return f"broker at {self._broker.where}"

    # --- the connection ---------------------------------------------------------------------------

    def _new_client(self) -> Client:
        """One per connection: an ack that an old one still held must not overtake a newer one."""
        transport = "unix" if self._broker.socket else "tcp"
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, transport=transport)
        client.connect_timeout = CONNECT_S
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        return client

    def _connect(self) -> str:
        """'' when the broker has accepted us, else why not."""
        properties = Properties(PacketTypes.CONNECT)
        properties.MaximumPacketSize = LARGEST_PACKET_BYTES
        self._client = self._new_client()
        self._outbox = Outbox(self._client)
        self._refused = self._goodbye = ""
        try:
            self._client.connect(
                self._broker.socket or self._broker.host,
                self._broker.port,
                KEEPALIVE_S,
                clean_start=True,
                properties=properties,
            )
        except OSError as error:
            return f"not reached ({error})"
        deadline = time.monotonic() + CONNACK_S
        while not self._connected:
            code = self._client.loop(0.1)
            if self._refused:
                return f"refused us ({self._refused})"
            if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return f"hung up ({self._goodbye or code.name})"
            if self._stop.is_set() or time.monotonic() > deadline:
                return "does not answer"
        return ""

    def _on_connect(self, client: Client, _data: object, _flags: object, reason: Any, _properties: object) -> None:
        if reason.is_failure:
            self._refused = str(reason)
            return
        self._connected = True
        log.info("listening to the %s", self._where)
        self._say_alive()
        for kiosk, ack in store.cursors().items():
            self._announce(kiosk, ack)
        self._introduce(store.infos())
        client.subscribe([(f"{TOPIC_ROOT}/+/{leaf}", 1) for leaf in LEAVES])

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: object, reason: Any, _properties: object
    ) -> None:
        self._goodbye = str(reason)

    def _listen(self) -> str:
        """Until the connection ends; says why."""
        while not self._stop.is_set():
            code = self._client.loop(self._patience_s())
            if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return f"connection lost ({self._goodbye or code.name})"
            if self._is_batch_due():
                self._flush()
            self._send_commands()
            if time.monotonic() >= self._alive_due:
                self._say_alive()
                self._tidy()
        return "stopping"

    def _lost(self) -> None:
        """What is in hand is recorded still; its acks are announced at the next connection."""
        self._flush()
        if self._stop.is_set():
            self._client.disconnect()
            self._client.loop(0.2)
        self._connected = False
        self._say_alive()

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self._stop.wait(min(left, ALIVE_S)):
            self._say_alive()

    # --- messages -----------------------------------------------------------------------------------

    def _on_message(self, _client: Client, _data: object, packet: MQTTMessage) -> None:
        try:
            topic = packet.topic
            message = decode(topic, packet.payload, retained=packet.retain, received_ms=_now_ms())
        except UnicodeDecodeError:
            log.warning("dropped: a topic that is not UTF-8")
            return
        except MalformedError as error:
            log.warning("dropped: %.120r: %s", topic, error)
            return
        if message is None:
            return
        if not self._inbox:
            self._inbox_since = time.monotonic()
        self._inbox.append(message)

    def _patience_s(self) -> float:
        if not self._inbox:
            return 0.25
        return max(0.0, self._inbox_since + BATCH_S - time.monotonic())

    def _is_batch_due(self) -> bool:
        return bool(self._inbox) and (len(self._inbox) >= BATCH_MESSAGES or self._patience_s() == 0.0)

    def _flush(self) -> None:
        """Commit what is in hand, then acknowledge it. Meanwhile nothing is read from the socket."""
        while self._inbox:
            try:
                recorded = store.record(self._inbox)
            except OperationalError as error:
                log.error("the database cannot be written (%s); trying again", error)
                connection.close()
                if self._stop.wait(1.0):
                    return
                continue
            self._introduce(m.body for m in self._inbox if isinstance(m.body, contract.Info))
            self._inbox = []
            for kiosk, ack in recorded.advanced.items():
                self._announce(kiosk, ack)
            for kiosk, ack in recorded.reminders.items():
                if time.monotonic() - self._reminded.get(kiosk, 0.0) >= REMIND_S:
                    self._reminded[kiosk] = time.monotonic()
                    self._announce(kiosk, ack)

    def _send_commands(self) -> None:
        try:
            self._outbox.turn(_now_ms())
        except OperationalError as error:
            log.error("commands cannot be sent, the database cannot be written (%s)", error)
            connection.close()

    def _on_publish(self, _client: Client, _data: object, packet: int, reason: Any, _properties: object) -> None:
        try:
            self._outbox.taken(packet, str(reason), _now_ms())
        except OperationalError as error:
            log.error("the database cannot be written (%s)", error)
            connection.close()

    def _announce(self, kiosk: str, ack: contract.Ack) -> None:
        self._client.publish(Topic.ACK.of(kiosk), msgspec.json.encode(ack), qos=1, retain=True)

    def _introduce(self, infos: Iterable[contract.Info]) -> None:
        """To Home Assistant, where the region has one."""
        if self._with_home_assistant:
            for info in infos:
                self._client.publish(discovery_topic(info.kiosk), discovery(info), qos=1, retain=True)

    # --- upkeep -------------------------------------------------------------------------------------

    def _say_alive(self) -> None:
        """Tell the pages whether we hear the region."""
        self._alive_due = time.monotonic() + ALIVE_S
        now_ms = _now_ms()
        try:
            row = Listening.objects.get(pk=1)
            if row.connected is not self._connected or not row.since_ms:
                row.connected, row.since_ms = self._connected, now_ms
            row.alive_ms = now_ms
            row.save(update_fields=("connected", "since_ms", "alive_ms"))
        except OperationalError as error:
            log.error("the database cannot be written (%s)", error)
            connection.close()

    def _tidy(self) -> None:
        try:
            retention.tidy(_now_ms())
        except OperationalError as error:
            log.error("old telemetry cannot be folded (%s)", error)
            connection.close()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000

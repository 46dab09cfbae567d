"""The region's door: MQTT 5. Everything else works on when the broker is away.

One thread owns the connection. The controller only leaves the newest state, telemetry, alerts and results here;
journal rows are read from the journal itself. Every connection is a new client with a clean start, so nothing
old can be sent twice by the library.
"""

import contextlib
import logging
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from firmware_bridge.config import Broker
from firmware_bridge.contract import (
    ALERT_IDS,
    Ack,
    Alert,
    Command,
    CommandResult,
    Info,
    Online,
    State,
    Telemetry,
    Topic,
)
from firmware_bridge.journal.journal import Reader
from firmware_bridge.region import incoming
from firmware_bridge.region.delivery import Delivery
from firmware_bridge.region.dialling import dial, new_client
from firmware_bridge.region.incoming import Asked
from firmware_bridge.region.roster import Roster

log = logging.getLogger(__name__)

TURN_S: Final = 0.1
"""The longest that something new waits before it is sent."""
ACK_WAIT_S: Final = 0.5
"""How long a new connection waits for the retained `ack` before rows go out from our own cursor."""
GOODBYE_S: Final = 2.0
LOOK_S: Final = 1.0
"""How long a better broker may take to answer when we look for it."""
CURSOR_S: Final = 1.0
"""How often the cursor is handed on; one that is lost comes again with the retained `ack`."""

CommandHandler = Callable[[str, Command], None]
"""Called on the region's thread with the topic's last word and the command; must not block."""


class Region:
    """Reports by `Topic` and takes commands. `on_cursor` gets the number up to which all rows are recorded."""

    def __init__(
        self,
        brokers: Sequence[Broker],
        info: Info,
        reader: Callable[[], Reader],
        cursor: int,
        on_command: CommandHandler,
        on_cursor: Callable[[int], None],
    ) -> None:
        self._brokers = brokers
        self._roster = Roster(len(brokers), random.Random())
        self._info = info
        self._make_reader = reader
        self._on_command = on_command
        self._on_cursor = on_cursor
        self._delivery = Delivery(info.journal, cursor, random.random())
        self._lock = threading.Lock()
        self._state: State | None = None
        self._telemetry: Telemetry | None = None
        self._outbox: deque[tuple[str, bytes, int]] = deque(maxlen=100)
        self._alerts: dict[str, Alert] = {}
        self._stopping = threading.Event()
        self._goodbye = ""
        self._cursor_told = (cursor, 0.0)
        self._thread = threading.Thread(target=self._run, name="region", daemon=True)
        self._oldest = 1
        # Of one connection:
        self._connection = 0
        self._connected = False
        self._is_deaf = False
        self._rows_from_s: float | None = None
        self._sent: dict[str, bytes] = {}

    def start(self) -> None:
        """Begin to connect, for ever."""
        self._thread.start()

    def state(self, state: State) -> None:
        """The newest snapshot."""
        with self._lock:
            self._state = state

    def info(self, info: Info) -> None:
        """Who we are, when something of it has changed."""
        with self._lock:
            self._info = info

    def telemetry(self, telemetry: Telemetry) -> None:
        """Sent once; the newest one again to a broker that comes back."""
        self._telemetry = telemetry
        self._leave(Topic.TELEMETRY.of(self._info.kiosk), telemetry, 0)

    def alerts(self, alerts: tuple[Alert, ...]) -> None:
        """All open alarms."""
        with self._lock:
            self._alerts = {alert.id: alert for alert in alerts}

    def result(self, name: str, result: CommandResult) -> None:
        """How far a command came."""
        self._leave(Topic.RESULT.of(self._info.kiosk, name), result, 1)

    def close(self, reason: str) -> None:
        """Say why, disconnect, join the thread."""
        self._goodbye = reason
        self._stopping.set()
        self._thread.join(GOODBYE_S + 10)

    def _leave(self, topic: str, message: msgspec.Struct, qos: int) -> None:
        if self._connected:
            self._outbox.append((topic, msgspec.json.encode(message), qos))

    # --- connecting ---

    @property
    def _broker(self) -> Broker:
        return self._brokers[self._roster.at]

    def _run(self) -> None:
        reader = self._make_reader()
        troubles: dict[int, str] = {}
        while not self._stopping.is_set():
            at, where = self._roster.at, f"{self._broker.host}:{self._broker.port}"
            said = self._try_connection(reader)
            if self._sent:
                troubles.clear()
            if self._roster.at != at:
                log.info("going back from %s to a broker that is before it in the list", where)
                continue
            if not self._stopping.is_set() and said != troubles.get(at):
                log.warning("no broker at %s: %s; trying on", where, said)
                troubles[at] = said
            self._stopping.wait(self._roster.lost())
        reader.close()

    def _try_connection(self, reader: Reader) -> str:
        """Serve one connection from its beginning to its end. What was wrong with it."""
        self._sent = {}
        self._rows_from_s = None
        self._connection += 1
        self._outbox.clear()
        try:
            client = self._make_client(reader)
            dial(client, self._broker)
            return self._serve(client, reader)
        except (OSError, ValueError, mqtt.WebsocketConnectionError) as error:
            return str(error)
        finally:
            self._connected = False

    def _make_client(self, reader: Reader) -> mqtt.Client:
        client = new_client(self._broker, self._info.kiosk, self._online(False))

        def on_connect(c: mqtt.Client, _u: object, _f: object, code: ReasonCode, _p: object) -> None:
            if code.is_failure:
                log.warning("the broker refuses this kiosk: %s", code)
            else:
                self._welcome(c, reader)

        def on_subscribe(_c: mqtt.Client, _u: object, _m: int, codes: list[ReasonCode], _p: object) -> None:
            for code in codes:
                if code.is_failure:
                    log.warning("the broker refuses a subscription: %s", code)
            self._rows_from_s = time.monotonic() + ACK_WAIT_S

        def on_unsubscribe(_c: mqtt.Client, _u: object, _m: int, _codes: list[ReasonCode], _p: object) -> None:
            self._is_deaf = True

        def on_message(_c: mqtt.Client, _u: object, message: mqtt.MQTTMessage) -> None:
            self._receive(message, reader)

        client.on_connect = on_connect
        client.on_subscribe = on_subscribe
        client.on_unsubscribe = on_unsubscribe
        client.on_message = on_message
        return client

    def _serve(self, client: mqtt.Client, reader: Reader) -> str:
        while not self._stopping.is_set():
            code = client.loop(TURN_S)
            if code != mqtt.MQTT_ERR_SUCCESS:
                return mqtt.error_string(code)
            if self._connected:
                self._pump(client, reader)
                if self._finds_a_better_one():
                    client.disconnect()
                    return ""
        self._say_goodbye(client, reader)
        return ""

    def _finds_a_better_one(self) -> bool:
        for place in self._roster.earlier(time.monotonic()):
            broker = self._brokers[place]
            with contextlib.suppress(OSError), socket.create_connection((broker.host, broker.port), LOOK_S):
                self._roster.go_back(place)
                return True
        return False

    def _online(self, online: bool, reason: str = "") -> Online:
        return Online(online=online, session=self._info.session, connection=self._connection, reason=reason)

    def _welcome(self, client: mqtt.Client, reader: Reader) -> None:
        log.info("connected to the broker at %s:%d", self._broker.host, self._broker.port)
        kiosk = self._info.kiosk
        self._connected = True
        self._oldest = reader.first_seq()
        self._roster.welcomed(time.monotonic())
        self._delivery.connected(time.monotonic())
        seen_as_sent = SubscribeOptions(qos=1, retainAsPublished=True)
        client.subscribe(
            [(Topic.COMMAND.of(kiosk, "+"), seen_as_sent), (Topic.ACK.of(kiosk), SubscribeOptions(qos=1))]
        )
        self._retain(client, Topic.ONLINE.of(kiosk), msgspec.json.encode(self._online(True)))
        self._retain(client, Topic.INFO.of(kiosk), self._who_we_are(self._info))
        if self._telemetry is not None:
            self.telemetry(self._telemetry)

    def _say_goodbye(self, client: mqtt.Client, reader: Reader) -> None:
        if not self._connected:
            return
        with contextlib.suppress(OSError, ValueError):
            # What still comes in when the socket is closed would make the broker forget our last words.
            client.unsubscribe([Topic.COMMAND.of(self._info.kiosk, "+"), Topic.ACK.of(self._info.kiosk)])
            self._rows_from_s = time.monotonic()
            self._pump(client, reader)
            topic, offline = Topic.ONLINE.of(self._info.kiosk), self._online(False, self._goodbye)
            said = client.publish(topic, msgspec.json.encode(offline), 1, retain=True)
            deadline = time.monotonic() + GOODBYE_S
            while not (said.is_published() and self._is_deaf) and time.monotonic() < deadline:
                if client.loop(TURN_S) != mqtt.MQTT_ERR_SUCCESS:
                    return
            client.disconnect()

    # --- sending ---

    def _pump(self, client: mqtt.Client, reader: Reader) -> None:
        kiosk = self._info.kiosk
        with self._lock:
            state, alerts, info = self._state, self._alerts, self._info
        self._retain(client, Topic.INFO.of(kiosk), self._who_we_are(info))
        if state is not None:
            self._retain(client, Topic.STATE.of(kiosk), msgspec.json.encode(state))
        for id_ in ALERT_IDS:
            alert = alerts.get(id_)
            payload = msgspec.json.encode(alert) if alert is not None else b""
            self._retain(client, Topic.ALERT.of(kiosk, id_), payload)
        while self._outbox:
            topic, payload, qos = self._outbox.popleft()
            client.publish(topic, payload, qos)
        now_s = time.monotonic()
        if self._rows_from_s is not None and now_s >= self._rows_from_s:
            self._send_rows(client, reader)
        told, told_s = self._cursor_told
        if told != self._delivery.cursor and now_s - told_s >= CURSOR_S:
            self._cursor_told = (self._delivery.cursor, now_s)
            self._on_cursor(self._delivery.cursor)

    def _who_we_are(self, info: Info) -> bytes:
        return msgspec.json.encode(msgspec.structs.replace(info, oldest=self._oldest))

    def _retain(self, client: mqtt.Client, topic: str, payload: bytes) -> None:
        """Publish a retained message when it says something new on this connection."""
        if self._sent.get(topic) != payload:
            self._sent[topic] = payload
            client.publish(topic, payload, 1, retain=True)

    def _send_rows(self, client: mqtt.Client, reader: Reader) -> None:
        rows = self._delivery.due(reader.last_seq(), time.monotonic())
        if not rows:
            return
        topic = Topic.EVENTS.of(self._info.kiosk)
        for event in reader.events(rows.start, len(rows)):
            client.publish(topic, msgspec.json.encode(event), 1)

    # --- receiving ---

    def _receive(self, message: mqtt.MQTTMessage, reader: Reader) -> None:
        match incoming.read(self._info.kiosk, message.topic, message.payload, retained=message.retain):
            case Ack() as ack:
                self._receive_ack(ack, reader)
            case Asked(name, command):
                self._on_command(name, command)

    def _receive_ack(self, ack: Ack, reader: Reader) -> None:
        before = self._delivery.cursor
        verdict = self._delivery.acknowledged(ack, reader.last_seq(), time.monotonic())
        if verdict.distrust:
            log.warning("an acknowledgement was not believed: %s", verdict.distrust)
        elif verdict.cursor < before:
            log.warning("the region has gone back to row %d: sending on from there", verdict.cursor)
            self._oldest = reader.first_seq()
        if self._rows_from_s is not None:
            self._rows_from_s = time.monotonic()

"""One of the region's brokers as the recorder hears it: dialled for ever, served when its socket has something.

Nothing waits here: the recorder has one thread for all brokers, and one that is away must not hold up the others.
Only the dialling itself may take seconds and runs beside.
"""

import logging
import random
import threading
import time
from typing import Any, Final, Literal, Protocol

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from dashboard.config import Broker
from dashboard.recorder.backoff import delays

log = logging.getLogger(__name__)

LARGEST_PACKET_BYTES: Final = 256 * 1024
"""The broker does not even send us larger ones."""
KEEPALIVE_S: Final = 30
CONNECT_S: Final = 5.0
CONNACK_S: Final = 10.0


class Listener(Protocol):
    """Who is told, on the recorder's thread, from within `serve` and `turn`."""

    def welcomed(self, ear: "Ear") -> None:
        """The broker has accepted us."""

    def lost(self, ear: "Ear") -> None:
        """The connection has ended."""

    def heard(self, ear: "Ear", packet: MQTTMessage) -> None:
        """A message."""

    def answered(self, ear: "Ear", packet: int, reason: str) -> None:
        """The broker has answered a publication."""


class Ear:
    """`client` is there while the broker has accepted us."""

    def __init__(self, broker: Broker, listener: Listener) -> None:
        self.name = broker.where
        self.client: Client | None = None
        self._broker = broker
        self._listener = listener
        self._waits = delays(random.Random())
        self._dialling: threading.Thread | None = None
        self._dialled: Client | None = None
        self._trouble = ""
        self._due_s = 0.0

    @property
    def socket(self) -> Any:
        """Of a connection, accepted or not yet; None where there is none."""
        client = self.client or (self._dialled if self._dialling is None else None)
        return client.socket() if client is not None else None

    @property
    def wants_write(self) -> bool:
        """Something is waiting to be written."""
        client = self.client or self._dialled
        return client is not None and client.want_write()

    def serve(self, *, readable: bool, writable: bool) -> None:
        """Its socket has something to give, or room."""
        client = self.client or self._dialled
        if client is None:
            return
        code = client.loop_read() if readable else MQTTErrorCode.MQTT_ERR_SUCCESS
        if code == MQTTErrorCode.MQTT_ERR_SUCCESS and writable:
            code = client.loop_write()
        self._notice(code)

    def turn(self) -> None:
        """Dial when it is time, keep alive, give up on a broker that does not answer."""
        now_s = time.monotonic()
        if self.client is not None:
            self._notice(self.client.loop_misc())
        elif self._dialling is not None:
            if not self._dialling.is_alive():
                self._dialling = None
                self._due_s = now_s + CONNACK_S
                if self._dialled is None:
                    self._again(self._trouble)
        elif self._dialled is not None:
            if self._trouble or now_s >= self._due_s:
                self._again(self._trouble or "does not answer")
        elif now_s >= self._due_s:
            self._dialling = threading.Thread(target=self._dial, name="dial", daemon=True)
            self._dialling.start()

    def close(self) -> None:
        """Hang up in order."""
        if self.client is not None:
            self.client.disconnect()
            self.client.loop_write()

    def _dial(self) -> None:
        """On a thread of its own, which touches nothing else while it runs."""
        self._trouble = ""
        client = self._new_client()
        properties = Properties(PacketTypes.CONNECT)
        properties.MaximumPacketSize = LARGEST_PACKET_BYTES
        where = self._broker.socket or self._broker.host
        try:
            client.connect(where, self._broker.port, KEEPALIVE_S, clean_start=True, properties=properties)
        except OSError as error:
            self._trouble = f"not reached ({error})"
        else:
            self._dialled = client

    def _new_client(self) -> Client:
        """One per connection: an ack that an old one still held must not overtake a newer one."""
        transport: Literal["unix", "tcp"] = "unix" if self._broker.socket else "tcp"
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, transport=transport)
        client.connect_timeout = CONNECT_S
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = lambda _client, _data, packet: self._listener.heard(self, packet)
        client.on_publish = lambda _c, _d, packet, reason, _p: self._listener.answered(self, packet, str(reason))
        return client

    def _on_connect(self, client: Client, _data: object, _flags: object, reason: Any, _properties: object) -> None:
        if reason.is_failure:
            self._trouble = f"refused us ({reason})"
            return
        self.client, self._dialled = client, None
        self._waits = delays(random.Random())
        log.info("listening to the broker at %s", self.name)
        self._listener.welcomed(self)

    def _on_disconnect(self, _client: Client, _data: object, _flags: object, reason: Any, _p: object) -> None:
        self._trouble = self._trouble or f"connection lost ({reason})"

    def _notice(self, code: MQTTErrorCode) -> None:
        client = self.client or self._dialled
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS or client is None or client.socket() is None:
            self._again(self._trouble or f"connection lost ({code.name})")

    def _again(self, trouble: str) -> None:
        was_welcome, self.client, self._dialled = self.client is not None, None, None
        wait_s = next(self._waits)
        self._due_s = time.monotonic() + wait_s
        log.warning("broker at %s: %s; next try in %.1f s", self.name, trouble, wait_s)
        if was_welcome:
            self._listener.lost(self)

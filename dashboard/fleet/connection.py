"""One kiosk of the fleet at the broker: it connects, is cut off, comes back, and owes its rows until the ack."""

import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from dashboard.fleet.libraries import SPOOLS, kiosk_id, library
from dashboard.fleet.life import Life
from dashboard.fleet.telling import Said
from dashboard.recorder.backoff import delays
from firmware_bridge.contract import Ack, Command, Event, Info, Online, Spool, Topic

WINDOW: Final = 50
RESEND_S: Final = 10.0
KEEPALIVE_S: Final = 30
DROP_EVERY_S: Final = 900.0
"""How often a network fails, on average, at `faults` = 1."""


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Where:
    """The broker. `pki`: holds ca.crt and each kiosk's ID.crt and ID.key; None: it listens without TLS."""

    host: str
    port: int
    pki: Path | None = None


class Story(Protocol):
    """What a kiosk has to say: a Life, or something simpler."""

    rows: list[Event]

    def turn(self, now_ms: int) -> list[Said]: ...

    def everything(self, now_ms: int) -> list[Said]: ...

    def obey(self, name: str, command: Command, now_ms: int) -> list[Said]: ...


class Connection:
    """`socket` is None while it is not connected; `turn` then tries, when it is time."""

    def __init__(
        self,
        n: int,
        brokers: Sequence[Where],
        dice: random.Random,
        faults: float,
        clock: Callable[[], int] = _now_ms,
        story: Callable[[str, int], Story] | None = None,
    ) -> None:
        """`brokers`: one after the other is tried. `clock`: milliseconds since 1970, as this kiosk believes.

        `story`: by journal and session; a Life.
        """
        self.kiosk = kiosk_id(n)
        self._brokers = brokers
        self._connections = 0
        self._dice = dice
        self._faults = faults
        self._clock = clock
        self._journal = str(uuid.uuid4())
        self._session = int(time.time())
        colour, name = dice.choice(SPOOLS)
        self._info = Info(
            kiosk=self.kiosk,
            library=library(n),
            software="0.1.0",
            journal=self._journal,
            profile="prusa-mk3s",
            printer_name="Original Prusa MK3S+",
            spool=Spool(material="PLA", colour=colour, name=name),
            session=self._session,
        )
        self._life: Story = (
            story(self._journal, self._session)
            if story
            else Life(self._journal, self._session, dice, faults, clock())
        )
        self._waits = delays(dice)
        self._try_s = 0.0
        self._drop_s = 0.0
        self._acknowledged = self._sent = 0
        self._moved_s = 0.0
        self._is_welcome = False
        self._client: Client | None = None

    @property
    def client(self) -> Client | None:
        """The one with an open socket."""
        return self._client if self._client is not None and self._client.socket() is not None else None

    @property
    def rows(self) -> Sequence[Event]:
        """Its journal."""
        return self._life.rows

    @property
    def is_welcome(self) -> bool:
        """The broker has accepted it, and the connection stands."""
        return self._is_welcome and self.client is not None

    @property
    def acknowledged(self) -> int:
        """How many the region has."""
        return self._acknowledged

    @property
    def owed(self) -> int:
        """How many of them the region has not acknowledged."""
        return len(self._life.rows) - self._acknowledged

    def turn(self) -> None:
        """Live on, and say it when somebody listens. Without a broker life goes on all the same."""
        now_s = time.monotonic()
        said = self._life.turn(self._clock())
        client = self.client
        if client is None:
            if now_s >= self._try_s:
                self._try_s = now_s + next(self._waits)
                self._connect(now_s)
            return
        client.loop_misc()
        if not self._is_welcome:
            return
        if self._faults and now_s >= self._drop_s:
            self._cut_off()
            return
        self._publish(client, said)
        self._send_rows(client, now_s)

    def close(self) -> None:
        """Say goodbye."""
        if (client := self.client) is not None and self._is_welcome:
            goodbye = self._online(False, "shutdown")
            client.publish(Topic.ONLINE.of(self.kiosk), msgspec.json.encode(goodbye), 1, retain=True)
            client.disconnect()

    def _connect(self, now_s: float) -> None:
        client = Client(CallbackAPIVersion.VERSION2, self.kiosk, protocol=MQTTProtocolVersion.MQTTv5)
        client.connect_timeout = 5.0
        where = self._brokers[self._connections % len(self._brokers)]
        self._connections += 1
        if where.pki is not None:
            own = where.pki / self.kiosk
            client.tls_set(str(where.pki / "ca.crt"), f"{own}.crt", f"{own}.key")
        will = self._online(False)
        client.will_set(Topic.ONLINE.of(self.kiosk), msgspec.json.encode(will), 1, retain=True)
        client.on_connect = self._welcome
        client.on_message = self._hear
        self._is_welcome = False
        try:
            client.connect(where.host, where.port, KEEPALIVE_S, clean_start=True)
        except OSError:
            return
        self._client = client
        self._drop_s = now_s + self._dice.expovariate(max(1e-9, self._faults) / DROP_EVERY_S)

    def _welcome(self, client: Client, _data: object, _flags: object, reason: object, _properties: object) -> None:
        if reason != "Success":
            return
        self._is_welcome, self._waits = True, delays(self._dice)
        client.subscribe([(Topic.COMMAND.of(self.kiosk, "+"), 1), (Topic.ACK.of(self.kiosk), 1)])
        said = [
            Said(Topic.INFO, self._info, retain=True),
            Said(Topic.ONLINE, self._online(True), retain=True),
            *self._life.everything(self._clock()),
        ]
        self._publish(client, said)

    def _online(self, online: bool, reason: str = "") -> Online:
        return Online(online=online, session=self._session, connection=self._connections, reason=reason)

    def _cut_off(self) -> None:
        """As a network does it: without a word, so that the broker publishes the will."""
        assert self._client is not None
        sock = self._client.socket()
        if sock is not None:
            sock.close()
        self._client = None
        self._try_s = time.monotonic() + self._dice.uniform(5, 60)

    def _publish(self, client: Client, said: list[Said]) -> None:
        for one in said:
            payload = msgspec.json.encode(one.message) if one.message is not None else b""
            client.publish(one.topic.of(self.kiosk, one.leaf), payload, one.qos, one.retain)

    def _send_rows(self, client: Client, now_s: float) -> None:
        if now_s - self._moved_s > RESEND_S:
            self._sent, self._moved_s = self._acknowledged, now_s
        self._sent = max(self._sent, self._acknowledged)
        rows = self._life.rows[self._sent : self._acknowledged + WINDOW]
        self._sent += len(rows)
        for row in rows:
            client.publish(Topic.EVENTS.of(self.kiosk), msgspec.json.encode(row), 1)

    def _hear(self, client: Client, _data: object, message: MQTTMessage) -> None:
        try:
            if message.topic == Topic.ACK.of(self.kiosk):
                self._take(msgspec.json.decode(message.payload, type=Ack))
            elif not message.retain:
                command = msgspec.json.decode(message.payload, type=Command)
                self._publish(client, self._life.obey(message.topic.rsplit("/", 1)[-1], command, self._clock()))
        except msgspec.MsgspecError:
            return  # as the bridge does: what cannot be read is dropped

    def _take(self, ack: Ack) -> None:
        """Forward, or back to where a recorder stands that was restored from a backup."""
        if ack.journal != self._journal or not 0 <= ack.seq <= len(self._life.rows):
            return
        if ack.seq < self._acknowledged:
            self._sent = ack.seq
        self._acknowledged, self._moved_s = ack.seq, time.monotonic()

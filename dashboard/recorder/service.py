"""The recorder's process: one thread that listens to the brokers and writes batches.

It takes from the socket only what it has room for and answers nothing before the commit but the broker's own
QoS 1, on which nobody relies: a row is gone from a kiosk's duty when the retained `ack` says so. So it may be
killed at any moment, and a database that cannot be written only makes it wait.
"""

import logging
import select
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec
from django.db import OperationalError, connection
from paho.mqtt.client import MQTTMessage

from dashboard.config import Broker
from dashboard.models import Listening
from dashboard.recorder import retention, store
from dashboard.recorder.ear import Ear
from dashboard.recorder.home_assistant import discovery, discovery_topic
from dashboard.recorder.messages import MalformedError, Message, decode
from dashboard.recorder.outbox import Outbox
from firmware_bridge import contract
from firmware_bridge.contract import TOPIC_ROOT, Topic

log = logging.getLogger(__name__)

BATCH_MESSAGES: Final = 1_000
BATCH_S: Final = 0.05
"""A message waits at most this long for others to share its transaction."""
LEAVES: Final = ("online", "info", "state", "telemetry", "alert/+", "events", "res/+")
"""What kiosks say. Not our own commands: the broker is to tell us when nobody else listens to one."""
ALIVE_S: Final = 5.0
REMIND_S: Final = 1.0
TROUBLE_S: Final = 1.0
"""A database that refuses is left alone for so long."""


class Recorder:
    """`run` returns when `stop` is set."""

    def __init__(
        self, brokers: Sequence[Broker], stop: threading.Event, *, with_home_assistant: bool = False
    ) -> None:
        self._stop = stop
        self._with_home_assistant = with_home_assistant
        self._inbox: list[Message] = []
        self._inbox_since = 0.0
        self._alive_due = 0.0
        self._reminded: dict[str, float] = {}
        self._ears = {ear.name: ear for ear in (Ear(broker, self) for broker in brokers)}
        self._to_greet: dict[str, Ear] = {}
        self._outbox = Outbox(tuple(self._ears.values()))

    def run(self) -> None:
        """Listen to all brokers, and come back to one that was away."""
        Listening.objects.get_or_create(pk=1)
        self._say_alive()
        while not self._stop.is_set():
            self._serve(self._patience_s())
            for ear in self._ears.values():
                ear.turn()
            if self._is_batch_due():
                self._flush()
            self._while_writable("commands cannot be sent", lambda: self._outbox.turn(_now_ms()))
            if self._to_greet:
                self._while_writable("a broker is not greeted", self._greet)
            if time.monotonic() >= self._alive_due:
                self._say_alive()
                self._while_writable("old telemetry cannot be folded", lambda: retention.tidy(_now_ms()))
        self._flush()
        for ear in self._ears.values():
            ear.close()
        self._ears = {}
        self._say_alive()
        log.info("stopped")

    def _serve(self, patience_s: float) -> None:
        """Take what has come, write what waits; where there is nothing, wait so long."""
        sockets = {ear.socket: ear for ear in self._ears.values() if ear.socket is not None}
        if not sockets:
            self._stop.wait(patience_s)
            return
        writers = [sock for sock, ear in sockets.items() if ear.wants_write]
        readable, writable, _ = select.select(list(sockets), writers, [], patience_s)
        for sock in {*readable, *writable}:
            sockets[sock].serve(readable=sock in readable, writable=sock in writable)

    def _while_writable(self, trouble: str, action: Callable[[], object]) -> None:
        try:
            action()
        except OperationalError as error:
            log.error("%s, the database cannot be written (%s)", trouble, error)
            connection.close()
            self._stop.wait(TROUBLE_S)

    # --- what the brokers say -------------------------------------------------------------------------

    def welcomed(self, ear: Ear) -> None:
        """It is told where we are before we listen to it."""
        self._to_greet[ear.name] = ear

    def lost(self, ear: Ear) -> None:
        """What is in hand is recorded still; its acks are announced at the next connection."""
        self._to_greet.pop(ear.name, None)
        self._outbox.forget(ear.name)
        self._alive_due = 0.0

    def answered(self, ear: Ear, packet: int, reason: str) -> None:
        """A command has gone out, or not."""
        self._while_writable(
            "a command's step is not written", lambda: self._outbox.taken(ear.name, packet, reason, _now_ms())
        )

    def heard(self, ear: Ear, packet: MQTTMessage) -> None:
        """Into the inbox, where it can be read."""
        try:
            topic = packet.topic
            message = decode(topic, packet.payload, retained=packet.retain, received_ms=_now_ms(), broker=ear.name)
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

    def _greet(self) -> None:
        for ear in tuple(self._to_greet.values()):
            for kiosk, ack in store.cursors(ear.name).items():
                self._announce(ear.name, kiosk, ack)
            self._introduce(store.infos(), [ear])
            assert ear.client is not None
            ear.client.subscribe([(f"{TOPIC_ROOT}/+/{leaf}", 1) for leaf in LEAVES])
            del self._to_greet[ear.name]
        self._alive_due = 0.0

    # --- messages -----------------------------------------------------------------------------------

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
                if self._stop.wait(TROUBLE_S):
                    return
                continue
            self._introduce(m.body for m in self._inbox if isinstance(m.body, contract.Info))
            self._inbox = []
            for kiosk, told in recorded.advanced.items():
                self._announce(told.broker, kiosk, told.ack)
            for kiosk, told in recorded.reminders.items():
                if time.monotonic() - self._reminded.get(kiosk, 0.0) >= REMIND_S:
                    self._reminded[kiosk] = time.monotonic()
                    self._announce(told.broker, kiosk, told.ack)

    def _announce(self, broker: str, kiosk: str, ack: contract.Ack) -> None:
        """At the broker where the kiosk is; another one gets it when the kiosk comes there."""
        ear = self._ears.get(broker)
        if ear is not None and ear.client is not None:
            ear.client.publish(Topic.ACK.of(kiosk), msgspec.json.encode(ack), qos=1, retain=True)

    def _introduce(self, infos: Iterable[contract.Info], ears: Sequence[Ear] | None = None) -> None:
        """To Home Assistant, where the region has one; at whichever broker it listens."""
        if not self._with_home_assistant:
            return
        clients = [ear.client for ear in ears or self._ears.values() if ear.client is not None]
        for info in infos:
            for client in clients:
                client.publish(discovery_topic(info.kiosk), discovery(info), qos=1, retain=True)

    # --- upkeep -------------------------------------------------------------------------------------

    def _say_alive(self) -> None:
        """Tell the pages whether we hear the region."""
        self._alive_due = time.monotonic() + ALIVE_S
        self._while_writable("nobody is told that we listen", self._write_alive)

    def _write_alive(self) -> None:
        row, now_ms = Listening.objects.get(pk=1), _now_ms()
        connected = any(ear.client is not None for ear in self._ears.values())
        if row.connected is not connected or not row.since_ms:
            row.connected, row.since_ms = connected, now_ms
        row.alive_ms = now_ms
        row.save(update_fields=("connected", "since_ms", "alive_ms"))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000

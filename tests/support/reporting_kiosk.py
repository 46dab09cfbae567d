"""A kiosk as the region hears it: contract messages over a real broker, a journal that goes back to the ack."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from firmware_bridge.contract import (
    Ack,
    Event,
    EventType,
    Info,
    Job,
    JobState,
    LinkHealth,
    Online,
    Printer,
    PrinterState,
    Progress,
    Spool,
    State,
    Telemetry,
    Temperatures,
    Topic,
)
from support.broker import Broker

WINDOW = 50
RESEND_S = 0.5


def now_ms() -> int:
    """The kiosk's clock."""
    return time.time_ns() // 1_000_000


def job(state: JobState = JobState.PRINTING, **fields: Any) -> Job:
    """A job, where nothing else is said: a key fob that is being printed for twelve minutes."""
    values = {
        "id": "j1",
        "card": "sleutelhanger",
        "personal": False,
        "state": state,
        "estimate_s": 2700.0,
        "grams": 8.4,
        "layers": 24,
        "submitted_ms": now_ms() - 900_000,
        "started_ms": now_ms() - 720_000,
    }
    return Job(**(values | fields))


class ReportingKiosk:
    """Publishes; keeps its journal until the ack covers it."""

    def __init__(self, kiosk: str, broker: Broker, library: str = "", journal: str = "", session: int = 1) -> None:
        self.kiosk = kiosk
        self.library = library or f"Bibliotheek {kiosk.title()}"
        self.journal = journal or f"journal-{kiosk}"
        self.session = session
        self.acks: list[Ack] = []
        self._rows: list[Event] = []
        self._sent = 0
        self._lock = threading.RLock()
        self._moved_at = time.monotonic()
        self._stop = threading.Event()
        self._broker = broker
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        will = msgspec.json.encode(Online(online=False, session=session))
        self._client.will_set(Topic.ONLINE.of(kiosk), will, qos=1, retain=True)
        self._client.on_connect = lambda client, *_: client.subscribe(Topic.ACK.of(kiosk), qos=1)
        self._client.on_message = self._on_ack
        self._client.reconnect_delay_set(1, 1)
        self._pump = threading.Thread(target=self._send_rows, daemon=True)

    # --- what it is ---------------------------------------------------------------------------------

    @contextmanager
    def connected(self) -> Iterator["ReportingKiosk"]:
        """At the broker, until the end: then it says goodbye."""
        self._client.connect(self._broker.host, self._broker.port)
        self._client.loop_start()
        self._pump.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._pump.join(5)
            self._client.disconnect()
            self._client.loop_stop()

    def publish(self, topic: Topic, message: Any, leaf: str = "", retain: bool = False, qos: int = 1) -> None:
        """A contract message, or bytes as they are."""
        payload = message if isinstance(message, bytes) else msgspec.json.encode(message)
        self.publish_to(topic.of(self.kiosk, leaf), payload, retain, qos)

    def publish_to(self, topic: str, payload: bytes, retain: bool = False, qos: int = 1) -> None:
        """Anything, anywhere."""
        self._client.publish(topic, payload, qos=qos, retain=retain)

    def appear(self, spool: Spool | None = None, printer_name: str = "Original Prusa MK3S+") -> None:
        """Say that it is there, and what it is."""
        self.publish(Topic.ONLINE, Online(online=True, session=self.session), retain=True)
        info = Info(
            kiosk=self.kiosk,
            library=self.library,
            software="0.1.0",
            journal=self.journal,
            profile="prusa-mk3s",
            printer_name=printer_name,
            spool=spool or Spool(material="PLA", colour="#E4572E", name="Oranje"),
            session=self.session,
        )
        self.publish(Topic.INFO, info, retain=True)

    def state(
        self,
        printer: PrinterState = PrinterState.IDLE,
        plate: Job | None = None,
        queue: tuple[Job, ...] = (),
        connected: bool = True,
        **printer_fields: Any,
    ) -> None:
        """The snapshot."""
        out_of_order = printer_fields.pop("out_of_order", False)
        state = State(
            ts_ms=now_ms(),
            up_ms=1,
            session=self.session,
            printer=Printer(
                connected=connected, state=printer, firmware="Prusa-Firmware 3.13.2", **printer_fields
            ),
            job=plate,
            queue=queue,
            out_of_order=out_of_order,
        )
        self.publish(Topic.STATE, state, retain=True)

    def telemetry(
        self,
        nozzle: tuple[float, float] = (24.0, 0.0),
        bed: tuple[float, float] = (23.0, 0.0),
        done: float | None = None,
        remaining_s: float = 1380.0,
        heating_remaining_s: float | None = None,
    ) -> None:
        """Measured and wanted temperatures in Celsius; `done` while a job is on the printer."""
        progress = None
        if done is not None:
            layer, lines = round(24 * done), round(18_000 * done)
            progress = Progress(
                line=lines,
                lines=18_000,
                layer=layer,
                layers=24,
                done=done,
                elapsed_s=1300.0,
                remaining_s=remaining_s,
            )
        message = Telemetry(
            ts_ms=now_ms(),
            up_ms=1,
            session=self.session,
            temperatures=Temperatures(
                nozzle_c=nozzle[0], nozzle_target_c=nozzle[1], bed_c=bed[0], bed_target_c=bed[1]
            ),
            progress=progress,
            link=LinkHealth(lines_per_s=48.0, resends=2, window=4),
            heating_remaining_s=heating_remaining_s,
        )
        self.publish(Topic.TELEMETRY, message, qos=0)

    # --- the journal --------------------------------------------------------------------------------

    def note(self, kind: EventType = EventType.COMMAND, about: Job | None = None, **fields: Any) -> Event:
        """One more row; it is sent until it is acknowledged."""
        with self._lock:
            values = {"ts_ms": now_ms(), "journal": self.journal, "seq": len(self._rows) + 1} | fields
            event = Event(type=kind, job=about, **values)
            self._rows.append(event)
        return event

    @property
    def acknowledged(self) -> int:
        """How far its journal is recorded."""
        mine = [ack.seq for ack in self.acks if ack.journal == self.journal]
        return mine[-1] if mine else 0

    @property
    def is_drained(self) -> bool:
        """Nothing is its duty any more."""
        with self._lock:
            return self.acknowledged == len(self._rows)

    def _on_ack(self, _client: object, _data: object, message: MQTTMessage) -> None:
        with self._lock:
            self.acks.append(msgspec.json.decode(message.payload, type=Ack))
            self._moved_at = time.monotonic()

    def _send_rows(self) -> None:
        """A window of rows from the ack on; where nothing moves, once more from the ack."""
        while not self._stop.wait(0.01):
            with self._lock:
                if time.monotonic() - self._moved_at > RESEND_S:
                    self._sent, self._moved_at = self.acknowledged, time.monotonic()
                self._sent = max(self._sent, self.acknowledged)
                rows = self._rows[self._sent : self.acknowledged + WINDOW]
                self._sent += len(rows)
            if self._client.is_connected():
                for row in rows:
                    self.publish(Topic.EVENTS, row)

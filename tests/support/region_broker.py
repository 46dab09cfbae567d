"""The region's own broker as it is configured there, and clients that try what they may not."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from provisioning.region.broker import Settings, write
from support.certificates import Authority, Identity
from support.programs import free_port, program, running
from support.waiting import until

NOT_AUTHORIZED = "Not authorized"


@dataclass(frozen=True)
class RegionBroker:
    """Running; `authority` signs for it."""

    settings: Settings
    authority: Authority
    process: "Popen[bytes]"

    def memory_mb(self) -> float:
        """Resident."""
        fields = Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(fields[1]) * 4096 / 1e6


@contextmanager
def region_broker(folder: Path, **fields: bool) -> Iterator[RegionBroker]:
    """Started with our templates, answering, stopped at the end. `fields`: of Settings."""
    authority = Authority(folder / "pki")
    authority.issue_broker()
    settings = Settings(
        folder / "broker", authority.folder, folder / "b.sock", free_port(), "127.0.0.1", user="root", **fields
    )
    config = write(settings)
    with running([program("mosquitto"), "-c", config], folder / "broker.log") as process:
        until(settings.socket.exists, what="mosquitto listens")
        yield RegionBroker(settings, authority, process)


class Client:
    """One MQTT 5 connection with its own thread; keeps what it hears and what the broker says of its messages."""

    def __init__(
        self, broker: RegionBroker, identity: Identity | None, client_id: str = "anyone", **will: bytes
    ) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.verdicts: dict[int, str] = {}
        self.connections = 0
        self.trouble = ""
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv5)
        self._broker = broker
        context = ssl.create_default_context(cafile=str(broker.authority.certificate))
        if identity is not None:
            context.load_cert_chain(identity.certificate, identity.key)
        self._client.tls_set_context(context)
        for topic, payload in will.items():
            self._client.will_set(topic, payload, qos=1, retain=True)
        self._listen()

    def _listen(self) -> None:
        def on_connect(_c: object, _u: object, _f: object, code: mqtt.ReasonCode, _p: object) -> None:
            if code.is_failure:
                self.trouble = str(code)
            else:
                self.connections += 1

        def on_disconnect(_c: object, _u: object, _f: object, code: mqtt.ReasonCode, _p: object) -> None:
            self.trouble = self.trouble or str(code)

        def on_publish(_c: object, _u: object, packet: int, code: mqtt.ReasonCode, _p: object) -> None:
            self.verdicts[packet] = str(code)

        self._client.on_connect = on_connect
        self._client.on_disconnect = on_disconnect
        self._client.on_publish = on_publish
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _c, _u, message: self.heard.append((message.topic, message.payload))

    @contextmanager
    def connected(self) -> Iterator["Client"]:
        """At the broker; AssertionError where it does not let us in."""
        self.start()
        until(lambda: self.connections or self.trouble, what="the broker answers")
        assert self.connections, self.trouble
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Begin to connect; what goes wrong is `trouble`."""
        try:
            self._client.connect(self._broker.settings.address, self._broker.settings.port)
        except (OSError, ssl.SSLError) as error:
            self.trouble = str(error)
            return
        self._client.loop_start()

    def stop(self) -> None:
        """Hang up in order."""
        self._client.disconnect()
        self._client.loop_stop()

    def vanish(self) -> None:
        """Be gone without a word, so that the will is published."""
        with suppress(OSError):
            self._client.socket().close()  # type: ignore[union-attr]
        self._client.loop_stop()

    def subscribe(self, topic: str) -> None:
        """Ask for it; the broker may grant it and then send nothing."""
        self._subscribed.clear()
        self._client.subscribe(topic, qos=1)
        assert self._subscribed.wait(10)

    def verdict(self, topic: str, payload: bytes = b"{}") -> str:
        """What the broker says of a message with QoS 1."""
        said = self._client.publish(topic, payload, qos=1)
        return until(lambda: self.verdicts.get(said.mid), what=f"an answer for {topic}")

    def send(self, topic: str, payload: bytes) -> None:
        """With QoS 1, whatever becomes of it."""
        self._client.publish(topic, payload, qos=1)


class Recorder:
    """Listens at the recorder's own door."""

    def __init__(self, broker: RegionBroker) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5, transport="unix")
        self._client.on_connect = lambda client, *_: client.subscribe("maakhoek/v1/#", qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _c, _u, message: self.heard.append((message.topic, message.payload))
        self.verdicts: dict[int, str] = {}
        self._client.on_publish = lambda _c, _u, packet, code, _p: self.verdicts.__setitem__(packet, str(code))
        self._client.connect(str(broker.settings.socket), 1)
        self._client.loop_start()
        assert self._subscribed.wait(10)

    def say(self, topic: str, payload: bytes) -> str:
        """What the broker says of it."""
        said = self._client.publish(topic, payload, qos=1)
        return until(lambda: self.verdicts.get(said.mid), what=f"an answer for {topic}")

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()

"""A real Mosquitto on a free port of loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.programs import free_port, program, running
from support.waiting import until


@dataclass(frozen=True)
class Broker:
    """Where it listens."""

    host: str
    port: int


def _answers(broker: Broker) -> bool:
    try:
        socket.create_connection((broker.host, broker.port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def mosquitto(folder: Path, port: int | None = None) -> Iterator[Broker]:
    """Started, answering, and stopped at the end. Give `port` to bring one back where it was."""
    broker = Broker("127.0.0.1", port or free_port())
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {broker.port} {broker.host}\n"
        "allow_anonymous true\npersistence false\nuser root\nlog_dest stdout\n"
    )
    with running([program("mosquitto"), "-c", config], folder / "mosquitto.log"):
        until(lambda: _answers(broker), what="mosquitto answers")
        yield broker

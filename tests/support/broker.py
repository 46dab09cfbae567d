"""A real Mosquitto on a free port of loopback."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.programs import free_port, program, running
from support.waiting import until


@dataclass(frozen=True)
class Broker:
    """Where it listens. `process` may be killed by the test."""

    host: str
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, compare=False)

    def kill(self) -> None:
        """As a power cut does it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


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
    with running([program("mosquitto"), "-c", config], folder / "mosquitto.log") as process:
        until(lambda: _answers(broker), what="mosquitto answers")
        yield replace(broker, process=process)

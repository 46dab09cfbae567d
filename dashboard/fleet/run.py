"""All kiosks of the fleet on one thread: sockets that have something to say, and turns."""

import logging
import random
import selectors
import threading
import time
from collections.abc import Sequence
from typing import Final

from dashboard.fleet.connection import Connection, Where

log = logging.getLogger(__name__)

TURN_S: Final = 0.5
"""How often each kiosk is asked whether it has something to say."""
TICK_S: Final = 0.05
"""The shortest wait: a thousand kiosks take their turns in bunches."""
START_S: Final = 2.0
"""Kiosks come in over so long, and more for many: nobody switches a thousand on in one moment."""


def gather(kiosks: int, brokers: Sequence[Where], faults: float, seed: int) -> list[Connection]:
    """None of them has connected yet. The same seed makes the same fleet."""
    return [Connection(n, brokers, random.Random(f"{seed}/{n}"), faults) for n in range(kiosks)]


def run(fleet: list[Connection], stop: threading.Event) -> None:
    """Until `stop` is set."""
    kiosks = len(fleet)
    began = time.monotonic()
    due = [began + START_S * max(1.0, kiosks / 100) * n / max(1, kiosks) for n in range(kiosks)]
    log.info("%d kiosks report", kiosks)
    while not stop.is_set():
        now_s = time.monotonic()
        for n, connection in enumerate(fleet):
            if now_s >= due[n]:
                due[n] = now_s + TURN_S
                connection.turn()
        _serve(fleet, min(due) - time.monotonic())
    for connection in fleet:
        connection.close()
    _serve(fleet, 0.0)
    log.info("stopped")


def _serve(fleet: list[Connection], patience_s: float) -> None:
    """Read and write what there is, waiting until the next turn or a tick."""
    with selectors.DefaultSelector() as selector:
        for connection in fleet:
            client = connection.client
            if client is not None and (line := client.socket()) is not None:
                writes = selectors.EVENT_WRITE if client.want_write() else 0
                selector.register(line, selectors.EVENT_READ | writes, client)
        for key, events in selector.select(max(TICK_S, patience_s)):
            if events & selectors.EVENT_READ:
                key.data.loop_read()
            if events & selectors.EVENT_WRITE and key.data.socket() is not None:
                key.data.loop_write()

"""Looks after the machine on a thread of its own, since a failing card may keep whoever writes to it waiting."""

import threading
from collections.abc import Callable
from typing import Final

from firmware_bridge.contract import Host
from firmware_bridge.service.host import HostReader

PERIOD_S: Final = 30.0


class Checkup:
    """`tell` gets what was measured and the version that was taken back ("" for none)."""

    def __init__(self, reader: HostReader, tell: Callable[[Host, str], None]) -> None:
        self._reader = reader
        self._tell = tell
        self._ended = threading.Event()
        # A daemon: a card that never answers must not keep the bridge from ending.
        self._thread = threading.Thread(target=self._run, name="checkup", daemon=True)

    def start(self) -> None:
        """Measure now, then every half minute."""
        self._thread.start()

    def close(self) -> None:
        """No more."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._tell(self._reader.read(), self._reader.withdrawn())
            self._ended.wait(PERIOD_S)

"""Asks the set-up service how far this kiosk is, until it is set up. It looks at the network; we have none."""

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.domain.events import Event
from kiosk.domain.news import SetupSeen
from kiosk.domain.setup import Setup

log = logging.getLogger(__name__)

EVERY_S = 4.0
QUESTION = b'{"ask": "checks"}\n'
ANSWER_S = 20.0
"""It may have to wait for a network that does not answer."""


class SetupWatch:
    """A thread of its own. Posts SetupSeen when something has changed."""

    def __init__(self, path: Path, post: Callable[[Event], None], every_s: float = EVERY_S) -> None:
        self._path, self._post, self._every_s = path, post, every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="setup", daemon=True)

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def close(self) -> None:
        """No more."""
        self._stopping.set()

    def _watch(self) -> None:
        seen: Setup | None = None
        while not self._stopping.is_set() and not (seen and seen.is_set_up):
            try:
                now = msgspec.json.decode(_asked(self._path), type=Setup)
            except (OSError, msgspec.MsgspecError) as error:
                log.debug("the set-up service does not answer: %s", error)
            else:
                if now != seen:
                    self._post(SetupSeen(now))
                seen = now
            self._stopping.wait(self._every_s)


def _asked(path: Path) -> bytes:
    """One question a connection; it answers and hangs up."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(ANSWER_S)
        wire.connect(str(path))
        wire.sendall(QUESTION)
        return b"".join(iter(lambda: wire.recv(65_536), b""))

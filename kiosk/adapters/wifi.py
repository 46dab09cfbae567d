"""Asks the set-up service for networks, and to join one. It has the network's rights; we have none."""

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.effects import FindNetworks, JoinNetwork
from kiosk.domain.events import Event
from kiosk.domain.networks import JoinStep, Network, WifiTrouble
from kiosk.domain.news import JoinProgress, NetworksFound, WifiEnded

log = logging.getLogger(__name__)

ANSWER_S = 150.0
"""Joining takes so long at most; each answer before comes sooner."""


class _Answer(msgspec.Struct):
    networks: tuple[Network, ...] | None = None
    step: JoinStep | None = None
    joined: bool = False
    trouble: str = ""


class Wifi:
    """A thread for each question; `post` may be called from any. A new question makes an older one unheard."""

    def __init__(self, path: Path, post: Callable[[Event], None]) -> None:
        self._path, self._post = path, post
        self._asked = 0

    def find(self, wanted: FindNetworks) -> None:
        """Posts NetworksFound, or WifiEnded with the trouble."""
        self._ask({"ask": "networks", "pin": wanted.pin})

    def join(self, wanted: JoinNetwork) -> None:
        """Posts JoinProgress, then WifiEnded."""
        question = {"ask": "join", "network": wanted.network, "password": wanted.password, "pin": wanted.pin}
        self._ask(question)

    def close(self) -> None:
        """Nothing is posted from now on."""
        self._asked += 1

    def _ask(self, question: dict[str, Any]) -> None:
        self._asked += 1
        arguments = (self._asked, msgspec.json.encode(question) + b"\n")
        threading.Thread(target=self._exchange, args=arguments, name="wifi", daemon=True).start()

    def _exchange(self, number: int, question: bytes) -> None:
        last: Event | None = None
        try:
            with socket.socket(socket.AF_UNIX) as wire:
                wire.settimeout(ANSWER_S)
                wire.connect(str(self._path))
                wire.sendall(question)
                for line in wire.makefile("rb"):
                    last = _event(msgspec.json.decode(line, type=_Answer))
                    if number == self._asked:
                        self._post(last)
        except (OSError, msgspec.MsgspecError) as error:
            # The error of a message that cannot be read says where, and never what stood there.
            log.warning("the set-up service does not answer: %s", error)
            last = None
        if not isinstance(last, NetworksFound | WifiEnded) and number == self._asked:
            self._post(WifiEnded(WifiTrouble.AWAY))


def _event(answer: _Answer) -> Event:
    if answer.networks is not None:
        return NetworksFound(answer.networks)
    if answer.step:
        return JoinProgress(answer.step)
    return WifiEnded(None if answer.joined else _trouble(answer.trouble))


def _trouble(said: str) -> WifiTrouble:
    known = {trouble.value: trouble for trouble in WifiTrouble}
    return known.get(said, WifiTrouble.FAILED)

"""The little that systemd wants to hear from the screen (sd_notify); silent where nobody listens."""

import contextlib
import os
import socket


class Notifier:
    """Signs of life, sent from the loop that draws: a picture that is frozen sends none."""

    def __init__(self) -> None:
        address = os.environ.get("NOTIFY_SOCKET", "")
        self._target = "\0" + address[1:] if address.startswith("@") else address
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) if address else None
        if self._channel:
            self._channel.setblocking(False)

    def say(self, message: str) -> None:
        """Such as "READY=1"."""
        if self._channel:
            with contextlib.suppress(OSError):  # nobody reads: systemd's watchdog will judge
                self._channel.sendto(message.encode(), self._target)

"""The little that systemd wants to hear (sd_notify); silent where nobody listens."""

import os
import socket
from collections.abc import Callable


def notifier() -> Callable[[str], None]:
    """A function that sends one message, such as "READY=1"."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return lambda _message: None
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    channel.setblocking(False)
    target = "\0" + address[1:] if address.startswith("@") else address

    def notify(message: str) -> None:
        try:
            channel.sendto(message.encode(), target)
        except OSError:
            return  # nobody reads: systemd's watchdog will judge

    return notify

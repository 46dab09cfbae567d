"""What the region says to this kiosk, read: the cursor and commands. What cannot be read is dropped."""

import logging
from dataclasses import dataclass

import msgspec

from firmware_bridge.contract import MAX_PAYLOAD_BYTES, Ack, Command, Topic

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A command and its topic's last word."""

    name: str
    command: Command


def read(kiosk: str, topic: str, payload: bytes, *, retained: bool) -> Ack | Asked | None:
    """None: dropped, or nothing at all, as an `ack` that was taken away."""
    name = topic.rsplit("/", 1)[-1]
    is_ack = topic == Topic.ACK.of(kiosk)
    if len(payload) > MAX_PAYLOAD_BYTES:
        log.warning("%r: %d bytes are too much: dropped", topic, len(payload))
        return None
    if retained and not is_ack:
        log.warning("a retained command %r was dropped: it may be old", name[:40])
        return None
    if is_ack and not payload:
        return None
    try:
        if is_ack:
            return msgspec.json.decode(payload, type=Ack)
        return Asked(name, msgspec.json.decode(payload, type=Command))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        log.warning(
            "%s that cannot be read was dropped: %s", "an ack" if is_ack else f"a command {name[:40]!r}", error
        )
        return None

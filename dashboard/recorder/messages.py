"""From a topic and its bytes to a typed message. Pure; what does not fit raises Malformed."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta, Struct

from firmware_bridge.contract import (
    MAX_PAYLOAD_BYTES,
    TOPIC_ROOT,
    VERSION,
    Alert,
    CommandResult,
    Event,
    Info,
    Online,
    State,
    Telemetry,
    Topic,
)

T = TypeVar("T")

KIOSK_ID: Final = re.compile(r"[a-z0-9-]{1,64}")
OPAQUE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
MAX_INTEGER: Final = 2**63 - 1
"""What a database's big integer holds."""


class MalformedError(ValueError):
    """The message cannot be used; says why."""


@dataclass(frozen=True)
class AlertCleared:
    """An empty payload on `alert/{id}`."""

    id: str


@dataclass(frozen=True)
class Poison:
    """An event that can be placed in its journal but not read."""

    journal: str
    seq: int
    reason: str
    payload: bytes


Body = Info | Online | State | Telemetry | Alert | AlertCleared | CommandResult | Event | Poison


@dataclass(frozen=True)
class Message:
    """`retained`: the broker kept it; it says nothing about the kiosk being there now. `broker`: its name."""

    kiosk: str
    body: Body
    retained: bool
    received_ms: int
    broker: str = ""


class _EventKey(Struct, frozen=True):
    journal: Annotated[str, Meta(pattern=f"^{OPAQUE_ID.pattern}$")]
    seq: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]


_SNAPSHOTS: Final[dict[str, msgspec.json.Decoder[Info | Online | State | Telemetry]]] = {
    Topic.INFO.value: msgspec.json.Decoder(Info),
    Topic.ONLINE.value: msgspec.json.Decoder(Online),
    Topic.STATE.value: msgspec.json.Decoder(State),
    Topic.TELEMETRY.value: msgspec.json.Decoder(Telemetry),
}
_RESULT: Final = msgspec.json.Decoder(CommandResult)
_ALERT: Final = msgspec.json.Decoder(Alert)
_EVENT: Final = msgspec.json.Decoder(Event)
_EVENT_KEY: Final = msgspec.json.Decoder(_EventKey)
_NOT_OURS: Final = {Topic.ACK.value, Topic.COMMAND.value}
_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode(topic: str, payload: bytes, *, retained: bool, received_ms: int, broker: str = "") -> Message | None:
    """The message, or None where the topic is not the recorder's to record.

    Raises MalformedError.
    """
    root, _, rest = topic.partition(f"{TOPIC_ROOT}/")
    kiosk, _, name = rest.partition("/")
    leaf, slash, detail = name.partition("/")
    if root or not KIOSK_ID.fullmatch(kiosk):
        raise MalformedError(f"the topic has no kiosk's id below {TOPIC_ROOT}")
    if leaf in _NOT_OURS:
        return None
    return Message(kiosk, _body(kiosk, leaf, detail if slash else None, payload), retained, received_ms, broker)


def _body(kiosk: str, leaf: str, detail: str | None, payload: bytes) -> Body:
    if leaf == Topic.EVENTS.value and detail is None:
        return _event(payload)
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MalformedError(_too_long(payload))
    if leaf == Topic.ALERT.value and detail is not None:
        return _alert(detail, payload)
    if leaf == Topic.RESULT.value and detail is not None:
        return _result(payload)
    if leaf in _SNAPSHOTS and detail is None:
        return _snapshot(kiosk, leaf, payload)
    raise MalformedError("there is no such topic")


def _alert(alert_id: str, payload: bytes) -> Alert | AlertCleared:
    if not OPAQUE_ID.fullmatch(alert_id):
        raise MalformedError("the topic has no alert's id")
    if not payload:
        return AlertCleared(alert_id)
    alert = _read(_ALERT, payload)
    if alert.id != alert_id:
        raise MalformedError("the alert's id is not its topic's")
    return alert


def _result(payload: bytes) -> CommandResult:
    result = _read(_RESULT, payload)
    if not OPAQUE_ID.fullmatch(result.id):
        raise MalformedError("the result has no command's id")
    return result


def _snapshot(kiosk: str, leaf: str, payload: bytes) -> Info | Online | State | Telemetry:
    body = _read(_SNAPSHOTS[leaf], payload)
    if body.v != VERSION:
        raise MalformedError(f"its version is {body.v}, this is {VERSION}")
    if isinstance(body, Info) and body.kiosk != kiosk:
        raise MalformedError("the kiosk in the message is not its topic's")
    return body


def _event(payload: bytes) -> Event | Poison:
    """An event has to be placed even when it cannot be read: its journal would stand still before it."""
    key = _read(_EVENT_KEY, payload)

    def poison(reason: str) -> Poison:
        return Poison(key.journal, key.seq, reason[:500], payload[:MAX_PAYLOAD_BYTES])

    if len(payload) > MAX_PAYLOAD_BYTES:
        return poison(_too_long(payload))
    try:
        event = _EVENT.decode(payload)
    except _UNREADABLE as error:
        return poison(str(error))
    return event if event.v == VERSION else poison(f"its version is {event.v}, this is {VERSION}")


def _too_long(payload: bytes) -> str:
    return f"{len(payload)} bytes are more than {MAX_PAYLOAD_BYTES}"


def _read(decoder: msgspec.json.Decoder[T], payload: bytes) -> T:
    try:
        return decoder.decode(payload)
    except _UNREADABLE as error:
        raise MalformedError(str(error)[:500]) from error

"""Topics and payloads: what fits becomes a typed message, what does not is refused and never more than that."""

import random

import msgspec
import pytest

from dashboard.recorder.journal import Verdict, judge
from dashboard.recorder.messages import AlertCleared, MalformedError, Message, Poison, decode
from firmware_bridge.contract import MAX_PAYLOAD_BYTES, Event, EventType, Online, Topic

EVENT = Event(journal="j", seq=7, ts_ms=1, type=EventType.PRINTER_LOST)


def _decode(topic: str, payload: bytes) -> Message | None:
    return decode(topic, payload, retained=False, received_ms=5)


def test_a_message_carries_its_kiosk() -> None:
    message = _decode("maakhoek/v1/deinze/online", b'{"online":true,"session":3,"later":"added"}')
    assert message == Message("deinze", Online(online=True, session=3), False, 5)


def test_an_empty_alert_clears_it() -> None:
    message = _decode("maakhoek/v1/deinze/alert/a-1", b"")
    assert message is not None and message.body == AlertCleared("a-1")


@pytest.mark.parametrize("leaf", ["ack", "cmd/pause"])
def test_what_others_record_is_left_alone(leaf: str) -> None:
    assert _decode(f"maakhoek/v1/deinze/{leaf}", b"anything") is None


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("maakhoek/v1/Deinze/state", b"{}"),
        ("maakhoek/v1/../state", b"{}"),
        ("maakhoek/v1//state", b"{}"),
        (f"maakhoek/v1/{'k' * 65}/state", b"{}"),
        ("maakhoek/v2/deinze/state", b"{}"),
        ("x/maakhoek/v1/deinze/state", b"{}"),
        ("maakhoek/v1/deinze", b"{}"),
        ("maakhoek/v1/deinze/weather", b"{}"),
        ("maakhoek/v1/deinze/state/extra", b"{}"),
        ("maakhoek/v1/deinze/alert", b"{}"),
        ("maakhoek/v1/deinze/alert/a/b", b""),
        ("maakhoek/v1/deinze/state", b""),
        ("maakhoek/v1/deinze/state", b"\xff\xfe"),
        ("maakhoek/v1/deinze/online", b'{"online":"yes","session":1}'),
        ("maakhoek/v1/deinze/online", b'{"v":2,"online":true,"session":1}'),
        ("maakhoek/v1/deinze/online", b'{"online":true,"session":1}' + b" " * MAX_PAYLOAD_BYTES),
        ("maakhoek/v1/deinze/alert/a", b'{"id":"b","code":"attention","severity":"info","since_ms":1}'),
        ("maakhoek/v1/deinze/events", b'{"journal":"j","seq":0}'),
        ("maakhoek/v1/deinze/events", b'{"journal":"j","seq":9223372036854775808}'),
        ("maakhoek/v1/deinze/events", b'{"journal":"","seq":1}'),
        ("maakhoek/v1/deinze/events", b"[" * 10_000),
        ("maakhoek/v1/deinze/res/pause", b"anything"),
        ("maakhoek/v1/deinze/res/pause", b'{"id":"","outcome":"finished"}'),
        ("maakhoek/v1/deinze/res/pause", b'{"id":"a","outcome":"great"}'),
        ("maakhoek/v1/deinze/res", b'{"id":"a","outcome":"finished"}'),
    ],
    ids=range(25),
)
def test_what_does_not_fit_is_refused(topic: str, payload: bytes) -> None:
    with pytest.raises(MalformedError):
        _decode(topic, payload)


@pytest.mark.parametrize(
    "change",
    [
        b'"type":"printer_melted"',
        b'"type":"printer_lost","v":9',
        b'"type":"printer_lost","data":{"x":"' + b"y" * MAX_PAYLOAD_BYTES + b'"}',
    ],
    ids=["unknown", "newer", "too long"],
)
def test_an_event_that_can_only_be_placed_is_poison(change: bytes) -> None:
    message = _decode(Topic.EVENTS.of("deinze"), b'{"journal":"j","seq":7,"ts_ms":1,' + change + b"}")
    assert message is not None and isinstance(message.body, Poison)
    assert (message.body.journal, message.body.seq) == ("j", 7)
    assert message.body.reason and len(message.body.payload) <= MAX_PAYLOAD_BYTES


def test_deep_nesting_is_refused_or_poison() -> None:
    """How deep is too deep differs between versions of Python; none of them may fall over it."""
    payload = b'{"journal":"j","seq":7,"data":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    try:
        message = _decode(Topic.EVENTS.of("deinze"), payload)
    except MalformedError:
        return
    assert message is not None and isinstance(message.body, Poison)


def test_broken_bytes_never_raise_anything_else() -> None:
    dice = random.Random(20)
    good = msgspec.json.encode(EVENT)
    refused = 0
    for _ in range(3_000):
        payload = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            payload[dice.randrange(len(payload))] = dice.randrange(256)
        leaf = dice.choice(["events", "state", "info", "online", "telemetry", "alert/x"])
        try:
            _decode(f"maakhoek/v1/deinze/{leaf}", bytes(payload[: dice.randint(0, len(payload))]))
        except MalformedError:
            refused += 1
    assert refused > 2_000


def test_the_cursor_takes_only_what_follows() -> None:
    assert [judge(4, seq) for seq in (4, 5, 6)] == [Verdict.DUPLICATE, Verdict.TAKE, Verdict.GAP]
    assert judge(0, 1) is Verdict.TAKE

"""The client's half of the bridge's socket: nothing dies from what comes in."""

import json

import msgspec
import pytest
from worlds import INFO, state, telemetry

from firmware_bridge import contract
from firmware_bridge.local.jsonrpc import Call, parse_line
from kiosk.adapters import rpc

REQUESTS = (
    contract.Hello(),
    contract.Subscribe(),
    contract.Submit(card="munt", personal=False, estimate_s=300.0, grams=1.0, parts=(contract.Part.GCODE,)),
    contract.Start(job="j1", plate_is_empty=True),
    contract.Cancel(job="j1"),
    contract.OpenPart(job="j1", part=contract.Part.TOOLPATH),
)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: type(r).__name__)
def test_the_bridge_understands_what_is_sent(request_: contract.Request) -> None:
    line = rpc.request_line(7, request_)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert parse_line(line[:-1]) == Call(7, request_)


def test_answers_and_notifications_are_typed() -> None:
    pending: dict[int, contract.Request] = {1: contract.Hello(), 2: contract.Pause(job="j")}
    hello = rpc.message(msgspec.json.encode({"jsonrpc": "2.0", "id": 1, "result": INFO}), pending)
    assert hello == rpc.Result(1, INFO)
    told = msgspec.json.encode({"jsonrpc": "2.0", "method": "state", "params": state()})
    assert rpc.message(told, {}) == rpc.Notification(state())
    told = msgspec.json.encode({"jsonrpc": "2.0", "method": "telemetry", "params": telemetry()})
    assert rpc.message(told, {}) == rpc.Notification(telemetry())
    no = {"jsonrpc": "2.0", "id": 2, "error": {"code": 2, "message": "not now"}}
    assert rpc.message(json.dumps(no).encode(), pending) == rpc.Failure(
        2, contract.ErrorBody(code=2, message="not now")
    )


def test_a_notification_of_a_later_version_is_passed_over() -> None:
    assert rpc.message(b'{"jsonrpc":"2.0","method":"weather","params":{}}', {}) is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"id": 9, "result": {}}',
        b'{"method": "state", "params": {}}',
        b'{"method": 3}',
        b'{"id": 1, "result": {"kiosk": 3}}',
        b'{"id": 1}',
    ],
)
def test_a_malformed_line_is_an_error_with_words(line: bytes) -> None:
    with pytest.raises(rpc.RpcError):
        rpc.message(line, {1: contract.Hello()})

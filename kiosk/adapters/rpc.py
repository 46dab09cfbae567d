"""JSON-RPC 2.0 over lines, the client's half: typed requests out, typed messages in. Pure."""

from dataclasses import dataclass
from typing import Any

import msgspec

from firmware_bridge.contract import (
    Answer,
    Emergency,
    ErrorBody,
    Hello,
    Info,
    Job,
    OpenPart,
    Request,
    State,
    Subscribe,
    Telemetry,
)

MAX_LINE_BYTES = 1 << 20


class RpcError(ValueError):
    """The line is no message that this program understands."""


@dataclass(frozen=True)
class Result:
    """The answer to the request of that number."""

    id: int
    value: Info | State | Job | None


@dataclass(frozen=True)
class Failure:
    """The request of that number was refused."""

    id: int
    error: ErrorBody


@dataclass(frozen=True)
class Notification:
    """What the bridge says by itself."""

    value: State | Telemetry


Message = Result | Failure | Notification


class _Envelope(msgspec.Struct):
    id: int | None = None
    method: str | None = None
    params: msgspec.Raw = msgspec.Raw(b"{}")
    result: msgspec.Raw = msgspec.Raw()
    error: ErrorBody | None = None


_NOTIFICATIONS: dict[str, type[State] | type[Telemetry]] = {"state": State, "telemetry": Telemetry}


def request_line(number: int, request: Request) -> bytes:
    """One line, with its LF."""
    params: dict[str, Any] = msgspec.to_builtins(request)
    method = params.pop("type")
    call = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return msgspec.json.encode(call) + b"\n"


def message(line: bytes, pending: dict[int, Request]) -> Message | None:
    """The message in a line; None for a notification of a kind that is not known yet.

    Raises RpcError.
    """
    try:
        envelope = msgspec.json.decode(line, type=_Envelope)
        if envelope.method is not None:
            kind = _NOTIFICATIONS.get(envelope.method)
            return Notification(msgspec.json.decode(envelope.params, type=kind)) if kind else None
        if envelope.id is None or envelope.id not in pending:
            raise RpcError("an answer to nothing that was asked")
        if envelope.error is not None:
            return Failure(envelope.id, envelope.error)
        return Result(envelope.id, _result(envelope.result, pending[envelope.id]))
    except msgspec.MsgspecError as error:
        raise RpcError(str(error)) from error


def _result(raw: msgspec.Raw, request: Request) -> Info | State | Job | None:
    match request:
        case OpenPart():
            return None
        case Hello():
            return msgspec.json.decode(raw, type=Info)
        case Subscribe() | Answer() | Emergency():
            return msgspec.json.decode(raw, type=State)
    return msgspec.json.decode(raw, type=Job)

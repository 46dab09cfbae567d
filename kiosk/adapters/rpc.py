"""JSON-RPC 2.0 over lines, the client's half: typed requests out, typed messages in. Pure."""

from dataclasses import dataclass
from typing import Any

import msgspec

from firmware_bridge.contract import (
    Answer,
    Call,
    CallStaff,
    ClearCall,
    ClearFault,
    ConfirmThermal,
    Cool,
    Emergency,
    ErrorBody,
    ErrorCode,
    FanOff,
    GetLog,
    GetState,
    Hello,
    Home,
    Info,
    Job,
    Jog,
    LoadFilament,
    Lock,
    LogTail,
    OpenPart,
    PinRefusal,
    Preheat,
    Request,
    Session,
    SetOutOfOrder,
    SetSpool,
    State,
    Subscribe,
    TakeCall,
    Telemetry,
    TooLate,
    UnloadFilament,
    Unlock,
)

MAX_LINE_BYTES = 1 << 20


class RpcError(ValueError):
    """The line is no message that this program understands."""


Value = Info | State | Job | Call | Session | LogTail
_ANSWERS: dict[type[Request], type[Value] | None] = {
    Hello: Info,
    SetSpool: Info,
    GetState: State,
    Subscribe: State,
    SetOutOfOrder: State,
    CallStaff: Call,
    TakeCall: Call,
    Unlock: Session,
    Emergency: State,
    Answer: State,
    ClearFault: State,
    ConfirmThermal: State,
    GetLog: LogTail,
    Lock: None,
    ClearCall: None,
    Cool: None,
    Preheat: None,
    Home: None,
    Jog: None,
    LoadFilament: None,
    UnloadFilament: None,
    FanOff: None,
    OpenPart: None,
}
"""Of all others a Job."""
_REASONS: dict[int, type[PinRefusal] | type[TooLate]] = {
    ErrorCode.WRONG_PIN: PinRefusal,
    ErrorCode.TOO_LATE: TooLate,
}


@dataclass(frozen=True)
class Result:
    """The answer to the request of that number; None: there is nothing to say."""

    id: int
    value: Value | None


@dataclass(frozen=True)
class Failure:
    """The request of that number was refused."""

    id: int
    error: ErrorBody
    why: PinRefusal | TooLate | None = None


@dataclass(frozen=True)
class Notification:
    """What the bridge says by itself."""

    value: State | Telemetry | Info


Message = Result | Failure | Notification


class _Envelope(msgspec.Struct):
    id: int | None = None
    method: str | None = None
    params: msgspec.Raw = msgspec.Raw(b"{}")
    result: msgspec.Raw = msgspec.Raw()
    error: ErrorBody | None = None


_NOTIFICATIONS: dict[str, type[State] | type[Telemetry] | type[Info]] = {
    "state": State,
    "telemetry": Telemetry,
    "info": Info,
}


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
            return Failure(envelope.id, envelope.error, _why(envelope.error))
        return Result(envelope.id, _result(envelope.result, pending[envelope.id]))
    except msgspec.MsgspecError as error:
        raise RpcError(str(error)) from error


def _result(raw: msgspec.Raw, request: Request) -> Value | None:
    kind = _ANSWERS.get(type(request), Job)
    return msgspec.json.decode(raw, type=kind) if kind else None


def _why(error: ErrorBody) -> PinRefusal | TooLate | None:
    kind = _REASONS.get(error.code)
    return msgspec.convert(error.data, kind) if kind and error.data is not None else None

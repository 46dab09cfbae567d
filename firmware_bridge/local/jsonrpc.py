"""JSON-RPC 2.0 as the UNIX socket speaks it: bytes in, typed requests out, and back. Pure."""

from dataclasses import dataclass
from typing import Any, Final, get_args

import msgspec
from msgspec import UNSET, Struct, UnsetType

from firmware_bridge.contract import ErrorBody, ErrorCode, Request

METHODS: Final[dict[str, type[Request]]] = {
    str(request.__struct_config__.tag): request for request in get_args(Request)
}
CallId = int | str | None


class _Envelope(Struct, frozen=True):
    jsonrpc: str
    method: str
    id: CallId | UnsetType = UNSET
    params: dict[str, Any] = {}


@dataclass(frozen=True)
class Call:
    """A well-formed request."""

    id: CallId
    request: Request


@dataclass(frozen=True)
class Malformed:
    """A line that is no request. `wants_answer` is False for what may be a notification: it gets no reply."""

    id: CallId
    error: ErrorBody
    wants_answer: bool = True


def parse_line(line: bytes) -> Call | Malformed:
    """Read one line without its LF. Never raises."""
    try:
        message = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _malformed(None, ErrorCode.PARSE, f"not JSON: {error}")
    try:
        envelope = msgspec.convert(message, _Envelope)
    except msgspec.ValidationError as error:
        return _malformed(_id_of(message), ErrorCode.INVALID_REQUEST, f"not a JSON-RPC request: {error}")
    if envelope.jsonrpc != "2.0":
        return _malformed(_id_of(message), ErrorCode.INVALID_REQUEST, 'not JSON-RPC 2.0: `jsonrpc` must be "2.0"')
    if isinstance(envelope.id, UnsetType):
        error_body = ErrorBody(code=ErrorCode.INVALID_REQUEST, message=f"{envelope.method[:40]!r} needs an `id`")
        return Malformed(None, error_body, wants_answer=False)
    kind = METHODS.get(envelope.method)
    if kind is None:
        there_are = ", ".join(METHODS)
        return _malformed(
            envelope.id, ErrorCode.UNKNOWN_METHOD, f"no method {envelope.method[:40]!r}; there are: {there_are}"
        )
    try:
        return Call(envelope.id, msgspec.convert(envelope.params, kind))
    except msgspec.ValidationError as error:
        return _malformed(envelope.id, ErrorCode.INVALID_PARAMS, f"{envelope.method}: {error}")


def _id_of(message: object) -> CallId:
    found = message.get("id") if isinstance(message, dict) else None
    return found if isinstance(found, (int, str)) else None


def _malformed(call_id: CallId, code: ErrorCode, message: str) -> Malformed:
    return Malformed(call_id, ErrorBody(code=code, message=message))


def result_line(call_id: CallId, result: object) -> bytes:
    """The reply to a call that succeeded."""
    return msgspec.json.encode({"jsonrpc": "2.0", "id": call_id, "result": result}) + b"\n"


def error_line(call_id: CallId, error: ErrorBody) -> bytes:
    """The reply to a call that did not."""
    return msgspec.json.encode({"jsonrpc": "2.0", "id": call_id, "error": error}) + b"\n"


def notification_line(method: str, params: object) -> bytes:
    """A message that nobody asked for."""
    return msgspec.json.encode({"jsonrpc": "2.0", "method": method, "params": params}) + b"\n"

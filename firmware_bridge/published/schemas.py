"""JSON Schemas (draft 2020-12) of the contract, one self-contained document for each kind of message."""

import inspect
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct

from firmware_bridge import contract
from firmware_bridge.contract import VERSION
from firmware_bridge.published.messages import MESSAGES

Json = dict[str, Any]
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
SOCKET_ANSWERS: Final = (
    contract.Info,
    contract.State,
    contract.Telemetry,
    contract.Job,
    contract.Call,
    contract.Session,
    contract.LogTail,
    contract.ErrorBody,
    contract.Refusal,
    contract.NotAllowed,
    contract.PinRefusal,
    contract.TooLate,
)


def schemas() -> dict[str, Json]:
    """By name: those of the topics, and `socket`, whose root is a request line of the kiosk's socket."""
    return {message.name: _of_struct(message.body) for message in MESSAGES} | {"socket": _socket()}


def _of_struct(body: type[Struct]) -> Json:
    (root,), parts = _components((body,))
    return _document({**parts.pop(_name(root)), "$defs": parts})


def _socket() -> Json:
    """JSON-RPC 2.0. What the answers are made of stands under `$defs`; each request's text says which it gets."""
    requests = get_args(contract.Request)
    _, parts = _components((*requests, *SOCKET_ANSWERS))
    calls = [_call(request, parts.pop(request.__name__)) for request in requests]
    description = "A request of the kiosk's socket: JSON-RPC 2.0, one object a line."
    return _document({"title": "Request", "description": description, "oneOf": calls, "$defs": parts})


def _call(request: type[Struct], params: Json) -> Json:
    """msgspec tells requests apart by a tag; on the wire that is `method`."""
    tag = request.__struct_config__.tag_field
    fields = {name: field for name, field in params["properties"].items() if name != tag}
    required = [name for name in params["required"] if name != tag]
    envelope: Json = {
        "jsonrpc": {"const": "2.0"},
        "id": {"type": ["integer", "string"]},
        "method": {"const": request.__struct_config__.tag},
        "params": {"type": "object", "properties": fields, "required": required},
    }
    return {
        "title": params["title"],
        "description": params["description"],
        "type": "object",
        "properties": envelope,
        "required": ["jsonrpc", "id", "method", *(["params"] if required else [])],
    }


def _components(types: tuple[type[Struct], ...]) -> tuple[tuple[Json, ...], dict[str, Json]]:
    roots, parts = msgspec.json.schema_components(types)
    return roots, {name: _tidy(part) for name, part in sorted(parts.items())}


def _tidy(part: Json) -> Json:
    """Docstrings keep their indentation; a number that stands for the version is the only one that fits."""
    if "description" in part:
        part["description"] = inspect.cleandoc(part["description"])
    if "v" in part.get("properties", {}):
        part["properties"]["v"] = {"const": VERSION, "default": VERSION}
    return part


def _document(schema: Json) -> Json:
    return {"$schema": DRAFT, **schema}


def _name(reference: Json) -> str:
    return str(reference["$ref"]).rpartition("/")[2]

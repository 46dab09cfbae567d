"""The topics as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0).

It is the kiosk's: what it sends, the region hears. Payloads are the schemas beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from firmware_bridge.contract import MAX_PAYLOAD_BYTES, VERSION, Topic
from firmware_bridge.published.messages import MESSAGES, Message

Json = dict[str, Any]
MQTT_BINDING: Final = "0.2.0"
KIOSK: Final = "The kiosk's id, which is the common name of its certificate: it may speak for nobody else."
DESCRIPTION: Final = f"""\
What a Maakhoek kiosk and its region say to each other over MQTT 5. JSON in UTF-8, {MAX_PAYLOAD_BYTES} bytes
at most, units in the names of fields. Unknown fields are ignored, and fields are only ever added inside a
major version. No message carries a name or a text that a visitor typed. Nothing that the region can ask starts
a print or heats.
"""


def document(examples: Mapping[str, Sequence[Json]]) -> Json:
    """`examples`: by the message's name."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Maakhoek: kiosk and region",
            "version": f"{VERSION}.0.0",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "region": {
                "host": "broker.example.org:8883",
                "protocol": "secure-mqtt",
                "protocolVersion": "5.0",
                "description": "The region's broker. Its own address is given when a kiosk is enrolled.",
                "security": [{"$ref": "#/components/securitySchemes/certificate"}],
            }
        },
        "channels": {message.name: _channel(message) for message in MESSAGES},
        "operations": {_operation_name(message): _operation(message) for message in MESSAGES},
        "components": {
            "messages": {m.name: _message(m, examples.get(m.name, ())) for m in MESSAGES},
            "securitySchemes": {"certificate": {"type": "X509", "description": KIOSK}},
        },
    }


def _channel(message: Message) -> Json:
    parameters: Json = {"kiosk": {"description": KIOSK}}
    if message.leaf:
        words = {"enum": list(message.leaf.words)} if message.leaf.words else {}
        parameters[message.leaf.name] = {"description": message.leaf.about, **words}
    return {
        "address": message.address,
        "description": message.about,
        "parameters": parameters,
        "messages": {message.name: {"$ref": f"#/components/messages/{message.name}"}},
    }


def _operation_name(message: Message) -> str:
    return f"{'send' if message.from_kiosk else 'receive'}_{message.name}"


def _operation(message: Message) -> Json:
    binding: Json = {"qos": message.qos, "retain": message.retained, "bindingVersion": MQTT_BINDING}
    if message.expiry_s:
        binding["messageExpiryInterval"] = int(message.expiry_s)
    operation: Json = {
        "action": "send" if message.from_kiosk else "receive",
        "channel": {"$ref": f"#/channels/{message.name}"},
        "messages": [{"$ref": f"#/channels/{message.name}/messages/{message.name}"}],
        "bindings": {"mqtt": binding},
    }
    if message.topic is Topic.COMMAND:
        operation["reply"] = {"channel": {"$ref": f"#/channels/{Topic.RESULT.value}"}}
    return operation


def _message(message: Message, examples: Sequence[Json]) -> Json:
    return {
        "name": message.body.__name__,
        "summary": message.about,
        "payload": {"$ref": f"./{message.name}.json"},
        "examples": [{"payload": example} for example in examples],
    }

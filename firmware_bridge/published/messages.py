"""What goes over MQTT, topic by topic: the table that the documents are made of."""

from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from firmware_bridge.contract import (
    COMMAND_EXPIRY_S,
    TOPIC_ROOT,
    Ack,
    Alert,
    Command,
    CommandName,
    CommandResult,
    Event,
    Info,
    Online,
    State,
    Telemetry,
    Topic,
)


@dataclass(frozen=True)
class Leaf:
    """The topic's last word, where it has one: its name, what it is, and its words where they are fixed."""

    name: str
    about: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """One topic. `expiry_s` 0: it does not expire."""

    topic: Topic
    body: type[Struct]
    about: str
    qos: int
    retained: bool
    leaf: Leaf | None = None
    expiry_s: float = 0.0

    @property
    def name(self) -> str:
        """Of its files: the topic's word."""
        return self.topic.value

    @property
    def from_kiosk(self) -> bool:
        """Else the region says it."""
        return self.topic not in (Topic.ACK, Topic.COMMAND)

    @property
    def address(self) -> str:
        """The topic, with its parameters in braces."""
        end = f"/{{{self.leaf.name}}}" if self.leaf else ""
        return f"{TOPIC_ROOT}/{{kiosk}}/{self.topic.value}{end}"


_ONLINE: Final = "Whether the bridge is there. Also its last will."
_INFO: Final = "What changes seldom, on connecting and when it has changed."
_STATE: Final = "The whole snapshot, on change and every 60 s."
_TELEMETRY: Final = "Every 2 s while printing, every 60 s while idle."
_ALERT: Final = "An open alarm. An empty payload clears it."
_EVENTS: Final = "The journal's rows from the region's cursor on, in order."
_ACK: Final = "The region's cursor: only what it covers is recorded."
_COMMAND: Final = "What staff ask from afar. A retained, expired or repeated one is dropped."
_RESULT: Final = "How far a command came; the journal says it too."
_ALERT_ID: Final = Leaf("id", "The alarm's id, as in the message.")
_ASKED: Final = Leaf("name", "What is asked.", tuple(name.value for name in CommandName))

MESSAGES: Final = (
    Message(Topic.ONLINE, Online, _ONLINE, qos=1, retained=True),
    Message(Topic.INFO, Info, _INFO, qos=1, retained=True),
    Message(Topic.STATE, State, _STATE, qos=1, retained=True),
    Message(Topic.TELEMETRY, Telemetry, _TELEMETRY, qos=0, retained=False),
    Message(Topic.ALERT, Alert, _ALERT, qos=1, retained=True, leaf=_ALERT_ID),
    Message(Topic.EVENTS, Event, _EVENTS, qos=1, retained=False),
    Message(Topic.ACK, Ack, _ACK, qos=1, retained=True),
    Message(Topic.COMMAND, Command, _COMMAND, qos=1, retained=False, leaf=_ASKED, expiry_s=COMMAND_EXPIRY_S),
    Message(Topic.RESULT, CommandResult, _RESULT, qos=1, retained=False, leaf=_ASKED),
)

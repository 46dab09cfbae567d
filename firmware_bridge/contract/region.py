"""What is told to the region and asked by it, over MQTT; and the topics it goes by."""

import enum
from typing import Any, Final

from msgspec import Struct

from firmware_bridge.contract.state import Fault, Job
from firmware_bridge.contract.words import TOPIC_ROOT, VERSION, HealthCode, OutOfOrderReason, Severity


class Online(Struct, frozen=True, kw_only=True):
    """Topic `online` and its last will. A clean stop says its `reason`.

    `session` counts the bridge's starts, `connection` its connections within one, at whichever broker: what an
    earlier one says, such as a late last will, is over.
    """

    v: int = VERSION
    online: bool
    session: int
    reason: str = ""
    connection: int = 0


class AlertCode(enum.Enum):
    """What needs a hand."""

    PRINTER_MISSING = "printer_missing"
    PRINTER_FAULT = "printer_fault"
    JOB_FAILED = "job_failed"
    ATTENTION = "attention"
    DISK_FULL = "disk_full"
    CALL = "call"
    """A visitor calls staff; `detail` is the CallReason."""
    CLOSING = "closing"
    """What is being printed will not be ready before the library closes."""
    HEALTH = "health"
    """The kiosk itself is not well; `detail` is the HealthCode, `id` is `health-{code}`."""


def health_alert_id(code: HealthCode) -> str:
    """Each finding is an alarm of its own."""
    return f"{AlertCode.HEALTH.value}-{code.value}"


ALERT_IDS: Final = (
    *(code.value for code in AlertCode if code is not AlertCode.HEALTH),
    *(health_alert_id(code) for code in HealthCode),
)
"""All that an `alert/{id}` can be: what is not open is cleared under its id."""


class Alert(Struct, frozen=True, kw_only=True):
    """Topic `alert/{id}`, retained; an empty payload clears it. `detail` is the firmware's wording, for staff."""

    v: int = VERSION
    id: str
    code: AlertCode
    severity: Severity
    since_ms: int
    job: str | None = None
    fault: Fault | None = None
    detail: str = ""


class EventType(enum.Enum):
    """The journal's kinds of rows."""

    BRIDGE_STARTED = "bridge_started"
    BRIDGE_STOPPED = "bridge_stopped"
    PRINTER_CONNECTED = "printer_connected"
    PRINTER_LOST = "printer_lost"
    JOB_CHANGED = "job_changed"
    ALERT_RAISED = "alert_raised"
    ALERT_CLEARED = "alert_cleared"
    COMMAND = "command"
    STAFF = "staff"
    CALL = "call"
    FEEDBACK = "feedback"
    FIRST_LAYER = "first_layer"


class Event(Struct, frozen=True, kw_only=True):
    """Topic `events`: one journal row. (`journal`, `seq`) is unique for ever; `seq` counts from 1 without gaps.

    For JOB_CHANGED, `job` is the whole job after the change; other kinds say theirs in `data`:

    - STAFF: {"act": method or "wrong_pin", "role": Role, "about": {…}}; who it was is known to nobody.
    - CALL: {"step": "called" | "taken" | "cleared", "by": Origin, "reason": CallReason, "job": id or None}.
    - FEEDBACK: {"job": id, "card": id, "smiley": 1 (bad) to 3 (good), "reason": FeedbackReason or None}.
    - FIRST_LAYER: {"job": id, "card": id, "sticks": bool}.
    """

    v: int = VERSION
    journal: str
    seq: int
    ts_ms: int
    type: EventType
    job: Job | None = None
    data: dict[str, Any] = {}


class Ack(Struct, frozen=True, kw_only=True):
    """Topic `ack`, retained, recorder to kiosk: all rows up to `seq` of `journal` are recorded."""

    v: int = VERSION
    journal: str
    seq: int


class CommandName(enum.Enum):
    """What the region may ask; nothing that heats or starts.

    APPROVE and REFUSE are about a `job` that waits for staff; TAKE_CALL says that somebody comes, CLEAR_CALL that
    it is solved. IDENTIFY has the kiosk show and sound for a moment that it is this one.
    """

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    APPROVE = "approve"
    REFUSE = "refuse"
    OUT_OF_ORDER = "out_of_order"
    TAKE_CALL = "take_call"
    CLEAR_CALL = "clear_call"
    IDENTIFY = "identify"


class Command(Struct, frozen=True, kw_only=True):
    """Topic `cmd/{name}`, never retained. `by` is an opaque staff id. `value`, `reason`: for `out_of_order`."""

    v: int = VERSION
    id: str
    by: str
    expires_ms: int
    job: str | None = None
    value: bool | None = None
    reason: OutOfOrderReason | None = None


class Outcome(enum.Enum):
    """How far a command came."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FINISHED = "finished"
    FAILED = "failed"


class CommandResult(Struct, frozen=True, kw_only=True):
    """Topic `res/{name}`."""

    v: int = VERSION
    id: str
    outcome: Outcome
    reason: str = ""


class Topic(enum.Enum):
    """The leaves under `maakhoek/v1/{kiosk}/`."""

    ONLINE = "online"
    INFO = "info"
    STATE = "state"
    TELEMETRY = "telemetry"
    ALERT = "alert"
    EVENTS = "events"
    ACK = "ack"
    COMMAND = "cmd"
    RESULT = "res"

    def of(self, kiosk: str, leaf: str = "") -> str:
        """The full topic; `leaf` for `alert/{id}`, `cmd/{name}`, `res/{name}`."""
        return "/".join(filter(None, (TOPIC_ROOT, kiosk, self.value, leaf)))

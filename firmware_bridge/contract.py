"""Every message that leaves the bridge's process, and nothing else.

The kiosk speaks it over the UNIX socket (JSON-RPC 2.0), the region over MQTT. Units stand in the names of
fields. Unknown fields are ignored and fields are only ever added inside a major `VERSION`; a field that is
added later therefore needs a default. No field may carry text that a visitor typed.
"""

import enum
from typing import Any, Final

from msgspec import Struct

VERSION: Final = 1
TOPIC_ROOT: Final = f"maakhoek/v{VERSION}"
MAX_PAYLOAD_BYTES: Final = 16_384
HEARTBEAT_S: Final = 60.0
"""`state` is repeated at least this often; a reader calls a kiosk silent after 2.5 times that."""
COMMAND_EXPIRY_S: Final = 30.0


# --- words ---------------------------------------------------------------------------------------


class PrinterState(enum.Enum):
    """What the printer is doing, in Prusa Connect's words."""

    IDLE = "IDLE"
    BUSY = "BUSY"
    PRINTING = "PRINTING"
    PAUSED = "PAUSED"
    FINISHED = "FINISHED"
    STOPPED = "STOPPED"
    ERROR = "ERROR"
    ATTENTION = "ATTENTION"
    READY = "READY"


class JobState(enum.Enum):
    """The life of a job; `jobs/life.py` says which step may follow which."""

    SUBMITTED = "submitted"
    QUEUED = "queued"
    WAITING_FOR_PLATE = "waiting_for_plate"
    HEATING = "heating"
    PRINTING = "printing"
    PAUSED = "paused"
    COOLING = "cooling"
    READY = "ready"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    EXPIRED = "expired"

    @property
    def is_over(self) -> bool:
        """Nothing follows: the job's files may be erased."""
        return self in _OVER

    @property
    def is_on_printer(self) -> bool:
        """The printer is working on it: heaters may be on."""
        return self in _ON_PRINTER


_OVER = frozenset(
    {JobState.COLLECTED, JobState.CANCELLED, JobState.FAILED, JobState.INTERRUPTED, JobState.EXPIRED}
)
_ON_PRINTER = frozenset({JobState.HEATING, JobState.PRINTING, JobState.PAUSED})


class FaultCode(enum.Enum):
    """Why a job ended badly or a printer cannot be used. Screens have words for each."""

    PRINTER_MISSING = "printer_missing"
    PRINTER_SILENT = "printer_silent"
    PRINTER_RESET = "printer_reset"
    PRINTER_HALTED = "printer_halted"
    THERMAL = "thermal"
    HEATING_TOO_SLOW = "heating_too_slow"
    COLD_EXTRUSION = "cold_extrusion"
    BAD_CONNECTION = "bad_connection"
    WRONG_PRINTER = "wrong_printer"
    UNSAFE_FIRMWARE = "unsafe_firmware"
    FILE_REFUSED = "file_refused"
    DISK_FULL = "disk_full"
    BRIDGE_STOPPED = "bridge_stopped"


class Origin(enum.Enum):
    """Who asked for a pause or an end: it decides who may take it back."""

    KIOSK = "kiosk"
    REGION = "region"
    PRINTER = "printer"
    FAULT = "fault"


class Severity(enum.Enum):
    """How soon somebody has to come."""

    INFO = "info"
    ATTENTION = "attention"
    URGENT = "urgent"


# --- what is -------------------------------------------------------------------------------------


class Fault(Struct, frozen=True, kw_only=True):
    """`detail` is the firmware's or the system's own wording, for staff."""

    code: FaultCode
    detail: str = ""


class Temperatures(Struct, frozen=True, kw_only=True):
    """Celsius; None: not reported yet."""

    nozzle_c: float | None = None
    nozzle_target_c: float | None = None
    bed_c: float | None = None
    bed_target_c: float | None = None


class Progress(Struct, frozen=True, kw_only=True):
    """`layer` counts from 1 (0: none begun). `remaining_s` excludes heating and pauses."""

    line: int
    lines: int
    layer: int
    layers: int
    done: float
    elapsed_s: float
    remaining_s: float | None


class LinkHealth(Struct, frozen=True, kw_only=True):
    """The wire since the job began, or since the connection where there is none."""

    lines_per_s: float = 0.0
    resends: int = 0
    timeouts: int = 0
    window: int = 1


class Job(Struct, frozen=True, kw_only=True):
    """A job as others may see it: the card, never what was typed."""

    id: str
    card: str
    personal: bool
    state: JobState
    estimate_s: float
    grams: float
    layers: int
    submitted_ms: int
    started_ms: int | None = None
    ended_ms: int | None = None
    printed_s: float = 0.0
    paused_by: Origin | None = None
    ended_by: Origin | None = None
    fault: Fault | None = None


class Printer(Struct, frozen=True, kw_only=True):
    """The printer as the bridge knows it; `connected` and `state` answer different questions."""

    connected: bool
    state: PrinterState
    firmware: str = ""
    fault: Fault | None = None


class Spool(Struct, frozen=True, kw_only=True):
    """What is loaded. `colour` is `#RRGGBB`."""

    material: str
    colour: str
    name: str = ""


class Info(Struct, frozen=True, kw_only=True):
    """Topic `info`, method `hello`: what changes seldom."""

    v: int = VERSION
    kiosk: str
    library: str
    software: str
    journal: str
    profile: str
    printer_name: str
    spool: Spool
    session: int


class State(Struct, frozen=True, kw_only=True):
    """Topic `state`, notification `state`: the whole snapshot.

    `job` holds the plate: the last one that was started, until it is collected. One that ended badly stays until
    somebody collects it or the next one starts. `queue` waits for the plate, in order; its head is
    WAITING_FOR_PLATE when it is its turn (nothing runs, cools or is ready), all others are QUEUED.
    """

    v: int = VERSION
    ts_ms: int
    up_ms: int
    session: int
    printer: Printer
    job: Job | None
    queue: tuple[Job, ...]
    out_of_order: bool = False


class Telemetry(Struct, frozen=True, kw_only=True):
    """Topic `telemetry`, notification `telemetry`: every 2 s while printing, 60 s idle (every second locally).

    `heating_remaining_s` is a guess of the wait for a heater; None when nothing heats up or nothing is known.
    """

    v: int = VERSION
    ts_ms: int
    up_ms: int
    session: int
    temperatures: Temperatures
    progress: Progress | None
    link: LinkHealth
    heating_remaining_s: float | None = None


class Online(Struct, frozen=True, kw_only=True):
    """Topic `online` and its last will. A clean stop says its `reason`."""

    v: int = VERSION
    online: bool
    session: int
    reason: str = ""


class AlertCode(enum.Enum):
    """What needs a hand."""

    PRINTER_MISSING = "printer_missing"
    PRINTER_FAULT = "printer_fault"
    JOB_FAILED = "job_failed"
    ATTENTION = "attention"
    DISK_FULL = "disk_full"


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


# --- what happened -------------------------------------------------------------------------------


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


class Event(Struct, frozen=True, kw_only=True):
    """Topic `events`: one journal row. (`journal`, `seq`) is unique for ever; `seq` counts from 1 without gaps.

    For JOB_CHANGED, `job` is the whole job after the change; other kinds say theirs in `data`.
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
    """What the region may ask; nothing that heats or starts."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    OUT_OF_ORDER = "out_of_order"


class Command(Struct, frozen=True, kw_only=True):
    """Topic `cmd/{name}`, never retained. `by` is an opaque staff id. `value` is for `out_of_order`."""

    v: int = VERSION
    id: str
    by: str
    expires_ms: int
    job: str | None = None
    value: bool | None = None


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


# --- what may be asked over the UNIX socket --------------------------------------------------------
# JSON-RPC 2.0, one object a line (LF), UTF-8. After `subscribe` the bridge sends the notifications
# `state` (a State) and `telemetry` (a Telemetry) by itself.


class Hello(Struct, frozen=True, kw_only=True, tag="hello"):
    """-> Info."""


class GetState(Struct, frozen=True, kw_only=True, tag="state"):
    """-> State."""


class Subscribe(Struct, frozen=True, kw_only=True, tag="subscribe"):
    """-> State; then notifications until the connection closes."""


class Part(enum.Enum):
    """A job's files. GCODE is obligatory; the others are kept for the screen alone."""

    GCODE = "gcode"
    TOOLPATH = "toolpath"


class Submit(Struct, frozen=True, kw_only=True, tag="job.submit"):
    """-> Job (queued, or waiting_for_plate when it is its turn at once).

    The files come as descriptors with the request (SCM_RIGHTS), in the order of `parts`; the bridge copies
    them and prints only its own vetted copy. Refused with FILE_REFUSED, DISK_FULL or OUT_OF_ORDER.
    """

    card: str
    personal: bool
    estimate_s: float
    grams: float
    parts: tuple[Part, ...] = (Part.GCODE,)


class Start(Struct, frozen=True, kw_only=True, tag="job.start"):
    """-> Job. Only a person who looked at the plate may say `plate_is_empty`; it exists on no MQTT path."""

    job: str
    plate_is_empty: bool


class Pause(Struct, frozen=True, kw_only=True, tag="job.pause"):
    """-> Job."""

    job: str


class Resume(Struct, frozen=True, kw_only=True, tag="job.resume"):
    """-> Job."""

    job: str


class Cancel(Struct, frozen=True, kw_only=True, tag="job.cancel"):
    """-> Job. Of a waiting or a running one."""

    job: str


class Collect(Struct, frozen=True, kw_only=True, tag="job.collect"):
    """-> Job. Of a ready one (then collected), or of one that ended badly: its state stays, the plate is free."""

    job: str


class OpenPart(Struct, frozen=True, kw_only=True, tag="job.open"):
    """-> {} with one descriptor (SCM_RIGHTS), read-only: a part that was submitted with the job."""

    job: str
    part: Part


Request = Hello | GetState | Subscribe | Submit | Start | Pause | Resume | Cancel | Collect | OpenPart


class ErrorCode(enum.IntEnum):
    """JSON-RPC error codes; the first four are the standard's."""

    PARSE = -32700
    INVALID_REQUEST = -32600
    UNKNOWN_METHOD = -32601
    INVALID_PARAMS = -32602
    INTERNAL = -32603
    NO_SUCH_JOB = 1
    NOT_NOW = 2
    FILE_REFUSED = 3
    DISK_FULL = 4
    OUT_OF_ORDER = 5
    PRINTER_AWAY = 6


class ErrorBody(Struct, frozen=True, kw_only=True):
    """JSON-RPC `error`. For FILE_REFUSED, `data` is a Refusal."""

    code: int
    message: str
    data: Any = None


class Refusal(Struct, frozen=True, kw_only=True):
    """Why the vet refused a file: `line` counts from 1 (0: the file as a whole)."""

    line: int
    code: str
    reason: str

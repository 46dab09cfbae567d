"""Every message that leaves the bridge's process, and nothing else.

The kiosk speaks it over the UNIX socket (JSON-RPC 2.0), the region over MQTT. Units stand in the names of
fields. Unknown fields are ignored and fields are only ever added inside a major `VERSION`; a field that is
added later therefore needs a default. No field may carry text that a visitor typed.
"""

import enum
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

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
    """The life of a job; `jobs/board.py` says which step may follow which."""

    SUBMITTED = "submitted"
    WAITING_FOR_STAFF = "waiting_for_staff"
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
    POSITION_LOST = "position_lost"
    EMERGENCY_STOP = "emergency_stop"

    @property
    def is_latched(self) -> bool:
        """It stays until a person says that the printer has been looked at, also after it answers again."""
        return self in _LATCHED


_LATCHED = frozenset(
    {FaultCode.PRINTER_HALTED, FaultCode.THERMAL, FaultCode.HEATING_TOO_SLOW, FaultCode.EMERGENCY_STOP}
)


class Origin(enum.Enum):
    """Who asked for a pause or an end: it decides who may take it back."""

    KIOSK = "kiosk"
    REGION = "region"
    PRINTER = "printer"
    FAULT = "fault"
    CLOSING = "closing"
    """The library closes; such a pause is ended at the kiosk, like all but the region's own."""


class Role(enum.Enum):
    """Who stands at the kiosk; each may do what those before may. A PIN gives a role for two minutes at most."""

    VISITOR = "visitor"
    COACH = "coach"
    STAFF = "staff"
    TECHNICIAN = "technician"

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class OutOfOrderReason(enum.Enum):
    """Why nobody may print: an enumeration, so that every visitor reads it in the own language."""

    MAINTENANCE = "maintenance"
    BROKEN = "broken"
    NO_FILAMENT = "no_filament"
    RESERVED = "reserved"
    OTHER = "other"


class CallReason(enum.Enum):
    """Why a visitor calls staff."""

    HELP = "help"
    DOES_NOT_STICK = "does_not_stick"
    STRANGE = "strange"
    """A smell, a noise."""
    PLATE = "plate"
    """Something lies on the plate, or cannot be taken off."""
    FILAMENT = "filament"
    OTHER = "other"


class FeedbackReason(enum.Enum):
    """What a visitor says of a print beside the smiley."""

    NICE = "nice"
    NOT_STRONG = "not_strong"
    NOT_PRETTY = "not_pretty"
    TOO_LONG = "too_long"
    DID_NOT_FIT = "did_not_fit"
    OTHER = "other"


class Animal(enum.Enum):
    """Half of a ticket: easy to draw, to read and to say in every language."""

    BEAR = "bear"
    BEE = "bee"
    CAT = "cat"
    COW = "cow"
    DOG = "dog"
    DUCK = "duck"
    FISH = "fish"
    FOX = "fox"
    FROG = "frog"
    HARE = "hare"
    HEDGEHOG = "hedgehog"
    HORSE = "horse"
    MOUSE = "mouse"
    OWL = "owl"
    SNAIL = "snail"
    SWAN = "swan"


class ActKind(enum.Enum):
    """What staff has the printer do between jobs."""

    HEAT = "heat"
    HOME = "home"
    JOG = "jog"
    LOAD = "load"
    UNLOAD = "unload"
    FAN_OFF = "fan_off"


class ActState(enum.Enum):
    """How far an act is."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """Somebody chose to cool, or a job began."""
    REFUSED = "refused"
    """The vet did not let it pass: nothing was sent. See `Act.refusal`."""
    FAILED = "failed"


class Attention(enum.Enum):
    """Why the printer waits for a person. Screens have words for each."""

    FILAMENT_RUNOUT = "filament_runout"
    FILAMENT_CHANGE = "filament_change"
    DOOR_OPEN = "door_open"
    WAITS_FOR_PERSON = "waits_for_person"


class QuestionKind(enum.Enum):
    """What the printer asks. Screens have words for each but OTHER, which only has the firmware's own."""

    CONTINUE = "continue"
    MORE_FILAMENT = "more_filament"
    HEAT_AGAIN = "heat_again"
    OTHER = "other"


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
    """The wire since the job began, or since the connection where there is none.

    Round trips: from a line's sending to its ok, None before the first. `resend_ratio`: of the lines sent.
    `starvation`: how often nothing was in flight while lines remained, though the window had room for several or
    because none had been read. `undervoltage`: the Pi's supply is or was too low; None where nothing measures it.
    """

    lines_per_s: float = 0.0
    resends: int = 0
    timeouts: int = 0
    window: int = 1
    round_trip_p50_ms: float | None = None
    round_trip_p99_ms: float | None = None
    resend_ratio: float = 0.0
    starvation: int = 0
    undervoltage: bool | None = None


class Ticket(Struct, frozen=True, kw_only=True):
    """What a visitor remembers instead of a name; unique among jobs that were not collected. `number` from 1."""

    animal: Animal
    number: int


class Job(Struct, frozen=True, kw_only=True):
    """A job as others may see it: the card, never what was typed.

    `sticks`: the answer to the first-layer check, None before. `rated`: somebody has said how it was.
    """

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
    ticket: Ticket | None = None
    sticks: bool | None = None
    rated: bool = False


class Printer(Struct, frozen=True, kw_only=True):
    """The printer as the bridge knows it; `connected` and `state` answer different questions.

    `latched`: nothing starts until somebody has looked at the printer and said so (`printer.clear`), even when
    it is connected. `may_confirm`: `firmware` does not say whether it has thermal protection, and a technician
    may vouch for it once (`printer.confirm_thermal`).
    """

    connected: bool
    state: PrinterState
    firmware: str = ""
    fault: Fault | None = None
    latched: bool = False
    may_confirm: bool = False


class Question(Struct, frozen=True, kw_only=True):
    """What the printer asks of who stands there; `text` and `choices` are the firmware's own words."""

    id: str
    text: str
    choices: tuple[str, ...]
    kind: QuestionKind


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


class Call(Struct, frozen=True, kw_only=True):
    """A visitor has called staff. `taken_by`: from where somebody said to come; None: nobody yet."""

    since_ms: int
    reason: CallReason
    job: str | None = None
    taken_by: Origin | None = None
    taken_ms: int | None = None


class Act(Struct, frozen=True, kw_only=True):
    """What staff had the printer do last, between jobs. `fault` where it FAILED, `refusal` where it was REFUSED
    (its code says why: `not_homed`, `outside`).

    `off_in_s`: the heaters go off by themselves after so long, as of `State.up_ms`; None: they are off.
    """

    kind: ActKind
    state: ActState
    fault: Fault | None = None
    refusal: "Refusal | None" = None
    off_in_s: float | None = None


class State(Struct, frozen=True, kw_only=True):
    """Topic `state`, notification `state`: the whole snapshot.

    `job` holds the plate: the last one that was started, until it is collected. One that ended badly stays until
    somebody collects it or the next one starts. `queue` waits for the plate, in order; its head is
    WAITING_FOR_PLATE when it is its turn (nothing runs, cools or is ready), all others are QUEUED.
    `for_staff` holds those that staff has not let in yet (WAITING_FOR_STAFF), in the order of their coming.

    Fields in `_s` are as of `up_ms`: they run on without a new snapshot. `turn_left_s`: how long the plate waits
    for the head of the queue, None without one. `closes_in_s` (0 while closed) and `closes_ms` say when the
    library closes, `opens_ms` when it opens while it is closed: None without opening hours, and as long as the
    clock is not trusted; then closing rules wait and screens show durations instead of clock times.
    """

    v: int = VERSION
    ts_ms: int
    up_ms: int
    session: int
    printer: Printer
    job: Job | None
    queue: tuple[Job, ...]
    out_of_order: bool = False
    out_of_order_reason: OutOfOrderReason | None = None
    for_staff: tuple[Job, ...] = ()
    turn_left_s: float | None = None
    call: Call | None = None
    act: Act | None = None
    clock_trusted: bool = True
    closes_ms: int | None = None
    closes_in_s: float | None = None
    opens_ms: int | None = None
    attention: Attention | None = None
    question: Question | None = None


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
    CALL = "call"
    """A visitor calls staff; `detail` is the CallReason."""
    CLOSING = "closing"
    """What is being printed will not be ready before the library closes."""


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
    it is solved.
    """

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    APPROVE = "approve"
    REFUSE = "refuse"
    OUT_OF_ORDER = "out_of_order"
    TAKE_CALL = "take_call"
    CLEAR_CALL = "clear_call"


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


# --- what may be asked over the UNIX socket --------------------------------------------------------
# JSON-RPC 2.0, one object a line (LF), UTF-8. After `subscribe` the bridge sends the notifications
# `state` (a State), `telemetry` (a Telemetry) and, when it has changed, `info` (an Info) by itself.
#
# Each method has a least role (service/authority.py); a connection has the role VISITOR until `staff.unlock`. Less
# is answered with NOT_ALLOWED and a NotAllowed.


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
    """-> Job (queued; waiting_for_plate when it is its turn at once; waiting_for_staff where the library looks at
    each job first and the role is VISITOR).

    The files come as descriptors with the request (SCM_RIGHTS), in the order of `parts`; the bridge copies
    them and prints only its own vetted copy. Refused with FILE_REFUSED, DISK_FULL or OUT_OF_ORDER.
    """

    card: str
    personal: bool
    estimate_s: float
    grams: float
    parts: tuple[Part, ...] = (Part.GCODE,)


class Start(Struct, frozen=True, kw_only=True, tag="job.start"):
    """-> Job. Only a person who looked at the plate may say `plate_is_empty`; it exists on no MQTT path.

    TOO_LATE with a TooLate when it cannot end before the library closes (a COACH may start it all the same).
    NOT_NOW while an act of staff runs.
    """

    job: str
    plate_is_empty: bool


class Pause(Struct, frozen=True, kw_only=True, tag="job.pause"):
    """-> Job."""

    job: str


class Resume(Struct, frozen=True, kw_only=True, tag="job.resume"):
    """-> Job."""

    job: str


class Cancel(Struct, frozen=True, kw_only=True, tag="job.cancel"):
    """-> Job. Of a waiting or a running one; also staff's way to take a job out of the queue.

    A VISITOR may say so of the job whose turn it is, and within the library's `policy.visitor_cancel_s` after a
    job's submission (waiting) or start (running); later NOT_ALLOWED. What is dangerous is no cancel.
    """

    job: str


class Collect(Struct, frozen=True, kw_only=True, tag="job.collect"):
    """-> Job. Of a ready one (then collected), or of one that ended badly: its state stays, the plate is free.

    It is how anybody, staff too, says that the plate is clear.
    """

    job: str


class OpenPart(Struct, frozen=True, kw_only=True, tag="job.open"):
    """-> {} with one descriptor (SCM_RIGHTS), read-only: a part that was submitted with the job."""

    job: str
    part: Part


class CheckFirstLayer(Struct, frozen=True, kw_only=True, tag="job.check"):
    """-> Job. Whether the first layer `sticks`; False pauses the print. Of the running job."""

    job: str
    sticks: bool


class Feedback(Struct, frozen=True, kw_only=True, tag="job.feedback"):
    """-> Job. How a printed job was, once: `smiley` from 1 (bad) to 3 (good). Also of one just collected."""

    job: str
    smiley: Annotated[int, Meta(ge=1, le=3)]
    reason: FeedbackReason | None = None


class CallStaff(Struct, frozen=True, kw_only=True, tag="staff.call"):
    """-> Call. An alarm at the region and on the screen; the one that is open already is the answer."""

    reason: CallReason


class TakeCall(Struct, frozen=True, kw_only=True, tag="staff.take_call"):
    """-> Call. Somebody comes. COACH. NOT_NOW without a call."""


class ClearCall(Struct, frozen=True, kw_only=True, tag="staff.clear_call"):
    """-> {}. It is solved. COACH."""


class Unlock(Struct, frozen=True, kw_only=True, tag="staff.unlock"):
    """-> Session, for this connection alone. WRONG_PIN with a PinRefusal."""

    pin: Annotated[str, Meta(pattern=r"^[0-9]{4,12}$")]


class Lock(Struct, frozen=True, kw_only=True, tag="staff.lock"):
    """-> {}. VISITOR again at once."""


class QueueFirst(Struct, frozen=True, kw_only=True, tag="queue.first"):
    """-> Job. A queued job goes before all others; the one whose turn it was waits again. COACH."""

    job: str


class Approve(Struct, frozen=True, kw_only=True, tag="queue.approve"):
    """-> Job (queued, or waiting_for_plate). Of one that waits for staff. COACH."""

    job: str


class Refuse(Struct, frozen=True, kw_only=True, tag="queue.refuse"):
    """-> Job (cancelled). Of one that waits for staff. COACH."""

    job: str


class SetOutOfOrder(Struct, frozen=True, kw_only=True, tag="staff.out_of_order"):
    """-> State. With a `reason` no job is taken in or started; None: in use again. STAFF."""

    reason: OutOfOrderReason | None


class SetSpool(Struct, frozen=True, kw_only=True, tag="spool.set"):
    """-> Info. What was put in; kept until the next. STAFF."""

    material: Annotated[str, Meta(pattern=r"^[A-Z0-9+-]{1,16}$")]
    colour: Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}$")]
    name: Annotated[str, Meta(max_length=40)] = ""


class Cool(Struct, frozen=True, kw_only=True, tag="staff.cool"):
    """-> {}. Heaters off now: between jobs (it stops an act), or of a paused one, which heats again. COACH."""


# The printer's acts: -> {} when the printer was asked; how far it is says `State.act`. STAFF. NOT_NOW while a job
# or another act is on the printer, PRINTER_AWAY without a printer. Each line passes the vet.


class Preheat(Struct, frozen=True, kw_only=True, tag="staff.heat"):
    """Targets in Celsius, at most the profile's caps (else INVALID_PARAMS); off by themselves after 10 minutes."""

    nozzle_c: Annotated[float, Meta(ge=0)] = 0.0
    bed_c: Annotated[float, Meta(ge=0)] = 0.0


class Home(Struct, frozen=True, kw_only=True, tag="staff.home"):
    """All axes, on a plate that is empty: one that was not cleared is NOT_NOW."""


class Axis(enum.Enum):
    """Of the head."""

    X = "x"
    Y = "y"
    Z = "z"


class Jog(Struct, frozen=True, kw_only=True, tag="staff.jog"):
    """One step along one axis, inside the volume; REFUSED before `staff.home`, and some time after it."""

    axis: Axis
    mm: Annotated[float, Meta(ge=-50, le=50)]


class LoadFilament(Struct, frozen=True, kw_only=True, tag="staff.load"):
    """Heat for the spool's material and push it in until it comes out."""


class UnloadFilament(Struct, frozen=True, kw_only=True, tag="staff.unload"):
    """Heat and pull it out."""


class FanOff(Struct, frozen=True, kw_only=True, tag="staff.fan_off"):
    """The part fan; it may blow on after a cut-off print."""


class GetLog(Struct, frozen=True, kw_only=True, tag="staff.log"):
    """-> LogTail: the newest lines of the bridge's own log, without personal data. TECHNICIAN."""

    lines: Annotated[int, Meta(ge=1, le=100)] = 50


class Answer(Struct, frozen=True, kw_only=True, tag="printer.answer"):
    """-> State. To the question that is open (`State.question`); `choice` counts its choices from 0."""

    question: str
    choice: int


class Emergency(Struct, frozen=True, kw_only=True, tag="printer.emergency"):
    """-> State. Danger: heaters off and the machine halted at once; anybody may ask it, at any time.

    The job fails with EMERGENCY_STOP, and nothing starts before `printer.clear`.
    """


class ClearFault(Struct, frozen=True, kw_only=True, tag="printer.clear"):
    """-> State. A person has looked at the printer: its latched fault is solved. STAFF."""


class ConfirmThermal(Struct, frozen=True, kw_only=True, tag="printer.confirm_thermal"):
    """-> State. A technician vouches that this firmware on this printer has thermal protection.

    Only while `Printer.may_confirm`, and of the firmware that it names; kept for that profile, firmware and port.
    TECHNICIAN.
    """

    firmware: str


Request = (
    Hello
    | GetState
    | Subscribe
    | Submit
    | Start
    | Pause
    | Resume
    | Cancel
    | Collect
    | OpenPart
    | CheckFirstLayer
    | Feedback
    | CallStaff
    | TakeCall
    | ClearCall
    | Unlock
    | Lock
    | QueueFirst
    | Approve
    | Refuse
    | SetOutOfOrder
    | SetSpool
    | Cool
    | Preheat
    | Home
    | Jog
    | LoadFilament
    | UnloadFilament
    | FanOff
    | GetLog
    | Answer
    | Emergency
    | ClearFault
    | ConfirmThermal
)


class Session(Struct, frozen=True, kw_only=True):
    """A role at the kiosk. It ends after `expires_in_s` (at most 120); what was begun in it goes on."""

    role: Role
    expires_in_s: float


class LogTail(Struct, frozen=True, kw_only=True):
    """Oldest first."""

    lines: tuple[str, ...]


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
    NOT_ALLOWED = 7
    WRONG_PIN = 8
    TOO_LATE = 9


class ErrorBody(Struct, frozen=True, kw_only=True):
    """JSON-RPC `error`. `data`: a Refusal, NotAllowed, PinRefusal or TooLate where the code has one."""

    code: int
    message: str
    data: Any = None


class Refusal(Struct, frozen=True, kw_only=True):
    """Why the vet refused a file: `line` counts from 1 (0: the file as a whole)."""

    line: int
    code: str
    reason: str


class NotAllowed(Struct, frozen=True, kw_only=True):
    """Beside NOT_ALLOWED: the least role that may."""

    needed: Role


class PinRefusal(Struct, frozen=True, kw_only=True):
    """Beside WRONG_PIN. No PIN is looked at for `wait_s`; a restart does not shorten that."""

    tries_left: int
    wait_s: float


class TooLate(Struct, frozen=True, kw_only=True):
    """Beside TOO_LATE: the print needs so long, the margin of the library included."""

    needs_s: float
    closes_in_s: float

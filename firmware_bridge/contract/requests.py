"""What may be asked over the UNIX socket: JSON-RPC 2.0, one object a line (LF), UTF-8.

After `subscribe` the bridge sends the notifications `state` (a State), `telemetry` (a Telemetry) and, when it has
changed, `info` (an Info) by itself. Each method has a least role (service/authority.py); a connection has the role
VISITOR until `staff.unlock`. Less is answered with NOT_ALLOWED and a NotAllowed.
"""

import enum
from typing import Annotated, Any

from msgspec import Meta, Struct

from firmware_bridge.contract.words import CallReason, FeedbackReason, OutOfOrderReason, Role


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


class KeepTurn(Struct, frozen=True, kw_only=True, tag="job.keep_turn"):
    """-> State. Somebody is there for the job whose turn it is and needs longer: the whole of it begins anew, as
    often as wanted. NOT_NOW where it has no turn."""

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
    | KeepTurn
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

"""What the region knows of a kiosk, and what follows from it. Pure: rows and a clock in, a verdict out.

Three questions stay apart: is the kiosk's bridge there (`Reach`), is the printer connected (`Connection`), what is
the printer doing (`Condition` of what it last said). And a fourth comes first: do we listen at all.
"""

import enum
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import (
    HEARTBEAT_S,
    AlertCode,
    FaultCode,
    Info,
    Job,
    JobState,
    Printer,
    PrinterState,
    Severity,
    State,
    Telemetry,
)

SILENT_AFTER_MS: Final = int(2.5 * HEARTBEAT_S * 1000)
RECORDER_DEAD_AFTER_MS: Final = 20_000


class Reach(enum.Enum):
    """Is the kiosk's bridge there?"""

    ONLINE = "online"
    LOST = "lost"
    SILENT = "silent"
    CLOSED = "closed"
    NEVER = "never"
    NOT_LISTENING = "not_listening"


class Connection(enum.Enum):
    """Is the printer connected? UNKNOWN: nobody there who could tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Need(enum.IntEnum):
    """How much it needs a person; tiles are sorted by it."""

    HELP = 0
    LOOK = 1
    HAND = 2
    BUSY = 3
    NONE = 4
    AWAY = 5


class Condition(enum.Enum):
    """The one line of a tile."""

    PRINTER_FAULT = "printer_fault"
    ATTENTION = "attention"
    JOB_FAILED = "job_failed"
    ALERT = "alert"
    NOT_REPORTING = "not_reporting"
    PRINTER_AWAY = "printer_away"
    UNKNOWN = "unknown"
    CLEAR_PLATE = "clear_plate"
    COLLECT = "collect"
    WAITING_FOR_PLATE = "waiting_for_plate"
    PAUSED = "paused"
    HEATING = "heating"
    PRINTING = "printing"
    COOLING = "cooling"
    BUSY = "busy"
    FREE = "free"
    OUT_OF_ORDER = "out_of_order"
    CLOSED = "closed"

    @property
    def need(self) -> Need:
        """See Need."""
        return _NEEDS[self]


_C = Condition
_NEEDS: Final = {
    **dict.fromkeys((_C.PRINTER_FAULT, _C.ATTENTION, _C.JOB_FAILED, _C.ALERT), Need.HELP),
    **dict.fromkeys((_C.NOT_REPORTING, _C.PRINTER_AWAY, _C.UNKNOWN), Need.LOOK),
    **dict.fromkeys((_C.CLEAR_PLATE, _C.COLLECT, _C.WAITING_FOR_PLATE, _C.PAUSED), Need.HAND),
    **dict.fromkeys((_C.HEATING, _C.PRINTING, _C.COOLING, _C.BUSY), Need.BUSY),
    _C.FREE: Need.NONE,
    **dict.fromkeys((_C.OUT_OF_ORDER, _C.CLOSED), Need.AWAY),
}
_BY_JOB: Final = {
    JobState.HEATING: _C.HEATING,
    JobState.PRINTING: _C.PRINTING,
    JobState.PAUSED: _C.PAUSED,
    JobState.COOLING: _C.COOLING,
    JobState.READY: _C.COLLECT,
    JobState.FAILED: _C.JOB_FAILED,
    JobState.INTERRUPTED: _C.JOB_FAILED,
    JobState.CANCELLED: _C.CLEAR_PLATE,
}
_BY_PRINTER: Final = {
    PrinterState.PAUSED: _C.PAUSED,
    PrinterState.PRINTING: _C.PRINTING,
    PrinterState.BUSY: _C.BUSY,
    PrinterState.FINISHED: _C.CLEAR_PLATE,
    PrinterState.STOPPED: _C.CLEAR_PLATE,
}


@dataclass(frozen=True)
class Ears:
    """Whether the recorder hears the region: since when, and when it last said so itself."""

    connected: bool
    since_ms: int
    alive_ms: int

    def recorder_runs(self, now_ms: int) -> bool:
        """It wrote a moment ago."""
        return now_ms - self.alive_ms <= RECORDER_DEAD_AFTER_MS

    def listen(self, now_ms: int) -> bool:
        """What a kiosk says now arrives here."""
        return self.connected and self.recorder_runs(now_ms)


@dataclass(frozen=True)
class OpenAlert:
    """An alarm that nobody has cleared."""

    code: AlertCode | None
    severity: Severity | None
    since_ms: int
    fault: FaultCode | None
    detail: str


@dataclass(frozen=True)
class Known:
    """The last that a kiosk said, by kind; None: never."""

    kiosk: str
    library: str
    online: bool | None
    online_since_ms: int | None
    online_reason: str
    info: Info | None
    state: State | None
    telemetry: Telemetry | None
    telemetry_ms: int | None
    seen_ms: int | None
    alerts: tuple[OpenAlert, ...] = ()

    @property
    def name(self) -> str:
        """The library's name, else the kiosk's id."""
        return self.library or self.kiosk


@dataclass(frozen=True)
class Verdict:
    """`last`: what it did when it was last heard, where `condition` can only say that it is not heard.

    `until_ms`: when the print ends, where that can be promised. `left_s`: printing time that remains.
    """

    reach: Reach
    connection: Connection
    condition: Condition
    last: Condition | None
    job: Job | None
    done: float | None
    until_ms: int | None
    left_s: float | None

    @property
    def order(self) -> tuple[int, float]:
        """Those that need a hand first, then those that end first."""
        return (self.condition.need, self.until_ms or float("inf"))


def verdict(known: Known, ears: Ears, now_ms: int) -> Verdict:
    """Put together what the tile and the page say."""
    reach = reach_of(known, ears, now_ms)
    said = condition_said(known)
    job = known.state.job or next(iter(known.state.queue), None) if known.state else None
    connection = Connection.UNKNOWN
    if reach is Reach.ONLINE and known.state:
        connection = Connection.YES if known.state.printer.connected else Connection.NO
    condition = _BY_REACH.get(reach, said)
    done, left_s = _progress(known, job)
    until_ms = None
    if condition is Condition.PRINTING and left_s is not None and known.telemetry_ms is not None:
        until_ms = known.telemetry_ms + int(left_s * 1000)
    return Verdict(
        reach=reach,
        connection=connection,
        condition=condition,
        last=said if condition is not said and known.state else None,
        job=job,
        done=done,
        until_ms=until_ms,
        left_s=left_s,
    )


_BY_REACH: Final = {
    Reach.LOST: Condition.NOT_REPORTING,
    Reach.SILENT: Condition.NOT_REPORTING,
    Reach.NEVER: Condition.UNKNOWN,
    Reach.NOT_LISTENING: Condition.UNKNOWN,
    Reach.CLOSED: Condition.CLOSED,
}


def reach_of(known: Known, ears: Ears, now_ms: int) -> Reach:
    """A kiosk is only silent when we were there to hear it."""
    if not ears.listen(now_ms):
        return Reach.NOT_LISTENING
    if known.online is None:
        return Reach.NEVER
    if not known.online:
        return Reach.CLOSED if known.online_reason else Reach.LOST
    heard_ms = max(known.seen_ms or 0, ears.since_ms)
    return Reach.SILENT if now_ms - heard_ms > SILENT_AFTER_MS else Reach.ONLINE


def condition_said(known: Known) -> Condition:
    """What the kiosk's own last words come down to; UNKNOWN where it said none."""
    state = known.state
    if state is None:
        return Condition.UNKNOWN
    if state.out_of_order:
        return Condition.OUT_OF_ORDER
    if _is_faulty(state.printer):
        return Condition.PRINTER_FAULT
    if state.printer.state is PrinterState.ATTENTION:
        return Condition.ATTENTION
    by_job = _BY_JOB.get(state.job.state) if state.job else None
    if by_job is Condition.JOB_FAILED:
        return by_job
    if not state.printer.connected:
        return Condition.PRINTER_AWAY
    if any(map(_calls_for_help, known.alerts)):
        return Condition.ALERT
    if by_job:
        return by_job
    if state.queue and state.queue[0].state is JobState.WAITING_FOR_PLATE:
        return Condition.WAITING_FOR_PLATE
    return _BY_PRINTER.get(state.printer.state, Condition.FREE)


def _is_faulty(printer: Printer) -> bool:
    """Something is wrong with it; one that is switched off is only away."""
    if not printer.connected:
        return printer.fault is not None and printer.fault.code is not FaultCode.PRINTER_MISSING
    return printer.state is PrinterState.ERROR


def _calls_for_help(alert: OpenAlert) -> bool:
    return alert.severity is not Severity.INFO and alert.code is not AlertCode.PRINTER_MISSING


def _progress(known: Known, job: Job | None) -> tuple[float | None, float | None]:
    """Done from 0 to 1, seconds left; both only while a job is on the printer."""
    progress = known.telemetry.progress if known.telemetry else None
    if job is None or not job.state.is_on_printer or progress is None:
        return None, None
    left_s = progress.remaining_s
    usable = left_s is not None and 0 <= left_s < 30 * 24 * 3600
    return min(1.0, max(0.0, progress.done)), left_s if usable else None

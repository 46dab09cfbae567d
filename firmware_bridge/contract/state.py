"""What is: the printer, its jobs, and what is told of them again and again."""

from msgspec import Struct

from firmware_bridge.contract.words import (
    VERSION,
    ActKind,
    ActState,
    Animal,
    Attention,
    CallReason,
    FaultCode,
    HealthCode,
    JobState,
    Origin,
    OutOfOrderReason,
    PrinterState,
    QuestionKind,
    Severity,
)


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
    """Topic `info`, method `hello`: what changes seldom.

    `practice`: the printer is simulated and nothing is real; such a bridge speaks on its UNIX socket alone.
    `oldest`: the first row that the journal still has.
    """

    v: int = VERSION
    kiosk: str
    library: str
    software: str
    journal: str
    profile: str
    printer_name: str
    spool: Spool
    session: int
    practice: bool = False
    oldest: int = 1


class Call(Struct, frozen=True, kw_only=True):
    """A visitor has called staff. `taken_by`: from where somebody said to come; None: nobody yet."""

    since_ms: int
    reason: CallReason
    job: str | None = None
    taken_by: Origin | None = None
    taken_ms: int | None = None


class Refusal(Struct, frozen=True, kw_only=True):
    """Why the vet refused a file: `line` counts from 1 (0: the file as a whole)."""

    line: int
    code: str
    reason: str


class Act(Struct, frozen=True, kw_only=True):
    """What staff had the printer do last, between jobs. `fault` where it FAILED, `refusal` where it was REFUSED
    (its code says why: `not_homed`, `outside`).

    `off_in_s`: the heaters go off by themselves after so long, as of `State.up_ms`; None: they are off.
    """

    kind: ActKind
    state: ActState
    fault: Fault | None = None
    refusal: Refusal | None = None
    off_in_s: float | None = None


class Finding(Struct, frozen=True, kw_only=True):
    """Something that is not well. From ATTENTION on it is an alert too. `detail`: a figure or a version."""

    code: HealthCode
    severity: Severity
    detail: str = ""


class Host(Struct, frozen=True, kw_only=True):
    """The kiosk's own machine as it was measured last; None where nothing measures it, or not yet.

    `storage_write_ms`: a small write until it was on the card; `storage_ok`: it was read back as it was written.
    `wifi_dbm`: the signal; None also on a cable.
    """

    cpu_c: float | None = None
    storage_free_mb: int | None = None
    storage_write_ms: float | None = None
    storage_ok: bool | None = None
    wifi_dbm: float | None = None


class State(Struct, frozen=True, kw_only=True):
    """Topic `state`, notification `state`: the whole snapshot.

    `job` holds the plate: the last one that was started, until it is collected. One that ended badly stays until
    somebody collects it or the next one starts. `queue` waits for the plate, in order; its head is
    WAITING_FOR_PLATE when it is its turn (nothing runs, cools or is ready), all others are QUEUED.
    `for_staff` holds those that staff has not let in yet (WAITING_FOR_STAFF), in the order of their coming.

    `identify_left_s`: somebody at the region asks which device this is, for so long; else None.

    Fields in `_s` are as of `up_ms`: they run on without a new snapshot. `turn_left_s`: how long the plate waits
    for the head of the queue, None without one. `closes_in_s` (0 while closed) and `closes_ms` say when the
    library closes, `opens_ms` when it opens while it is closed: None without opening hours, and as long as the
    clock is not trusted; then closing rules wait and screens show durations instead of clock times. `health`: what
    is not well, the worst first.
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
    identify_left_s: float | None = None
    attention: Attention | None = None
    question: Question | None = None
    health: tuple[Finding, ...] = ()


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
    host: Host | None = None

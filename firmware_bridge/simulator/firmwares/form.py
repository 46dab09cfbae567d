"""The form that describes a firmware: how it reads lines, what it says, what it does in trouble. Data only.

Texts are templates for `str.format`, whole lines with LF. They may use `{last}` (the last line number taken),
`{next}` (that plus one), `{got}` (the number that came), and what `voice.py` adds: temperatures, position.
"""

import enum
from dataclasses import dataclass, field


class Cause(enum.Enum):
    """Why a line is not taken."""

    WRONG_NUMBER = "wrong number"
    WRONG_CHECKSUM = "wrong checksum"
    NO_CHECKSUM = "a number, no checksum"
    NO_NUMBER = "a checksum, no number"
    TOO_LONG = "too long"
    BROKEN_OFF = "half a line, then silence"


class M110(enum.Enum):
    """When a new line number counts."""

    WHEN_READ = "read"
    """Also where the command stands in a queue and will be executed later."""
    WHEN_EXECUTED = "executed"
    NEVER = "never"


class TooLong(enum.Enum):
    """What happens to a line beyond its limit."""

    CUT = "cut"
    """The rest is dropped, and with it the checksum."""
    SPLIT = "split"
    """It counts as ended there; the rest is a line of its own."""
    REFUSED = "refused"


class OkAfterResend(enum.Enum):
    """Whether the ok that the refused line never earned is said behind its Resend."""

    ALWAYS = "always"
    NEVER = "never"
    IF_SLOT_SAYS_SO = "if the slot says so"
    """Marlin before 2.0.8 looks at the flag of an unrelated place in its queue, unset while that is unused."""


class Flow(enum.Enum):
    """What happens to bytes for which there is no room."""

    DROPS = "drops"
    """A UART: they are lost."""
    HOLDS = "holds"
    """USB: they wait at the host's end."""
    HOLDS_AT_FULL_QUEUE = "holds at full queue"
    """A pseudo-terminal that is not read while the queue is full."""


@dataclass(frozen=True)
class LineRules:
    """From bytes to commands. `numbers` False: numbers and checksums are stripped off unread."""

    numbers: bool = True
    queue_lines: int = 4
    line_max_bytes: int = 95
    too_long: TooLong = TooLong.CUT
    flow: Flow = Flow.DROPS
    rx_buffer_bytes: int | None = None
    """None: as the printer's profile says."""
    m110: M110 = M110.WHEN_READ
    m110_last_n_wins: bool = False
    """`N5 M110 N100` sets 100, not 5."""
    silent_repeats: bool = False
    """The last number and the one before are dropped without a word."""
    skipped_repeats: int = 0
    """That many last numbers are answered with a skip and an ok."""
    skipped_after_resend: int = 0
    """That many wrong lines behind a Resend are skipped as garbage that was under way."""
    number_bits: int = 32
    """As many of a number's low bits are compared."""
    checksum_first: bool = False
    """It is looked at before the number, and also where there is no number."""
    first_star: bool = False
    """The checksum begins at the first `*`, not at the last."""
    answers_bad_checksum: bool = True
    """False: a line with a wrong checksum vanishes without a word."""
    refuses: frozenset[Cause] = frozenset({Cause.WRONG_NUMBER, Cause.WRONG_CHECKSUM, Cause.NO_CHECKSUM})
    complains: frozenset[Cause] = frozenset()
    """Dropped with the text alone: no Resend, no ok."""
    flushes: bool = True
    """A refusal throws away what has arrived behind."""
    erases: bool = False
    """A backspace takes the byte before it away."""
    ignores_high_bytes: bool = False
    comment: bytes = b";"
    empty_line_ok: bool = False
    splits_commands: bool = False
    """`G1 X1 M106` is two commands with an ok each."""
    any_case: bool = False
    broken_off_s: float = 0.0
    """Half a line that does not go on for so long is thrown away (0: it waits for ever)."""


class AfterHalt(enum.Enum):
    """What a halted firmware does until a reset."""

    SILENT = "silent"
    RESTARTS = "restarts"
    REFUSES = "refuses"
    """It goes on answering, in its own way."""
    GOES_ON = "goes on"
    """Only the heaters are off."""


class Trouble(enum.Enum):
    """What stops a firmware."""

    KILL = "kill"
    M112 = "M112"
    RUNAWAY = "thermal runaway"
    HEATING_FAILED = "heating failed"
    MAXTEMP = "maxtemp"
    STOP = "stop"
    """No kill: a probe that fails, a watchdog of its own."""


@dataclass(frozen=True)
class Halt:
    """`words`: the last ones, with `{heater}`. All behind `after` is for AfterHalt.REFUSES."""

    words: str
    after: AfterHalt
    refusal: str = ""
    """To each command."""
    refusal_ok: bool = True
    allowed: frozenset[str] = frozenset()
    """Codes that still do what they do."""
    only_moves: bool = False
    """Nothing but moves is refused."""
    forgets_lines: bool = False
    """It counts no line any more, and says that it waits for its user."""
    leave: str = "M999"
    left: str = ""


@dataclass(frozen=True)
class Texts:
    """What it says."""

    banner: str
    power_up: str = "PowerUp\n"
    reset_reason: str = " {reason}\n"
    """In the banner's `{reason}`; nothing where the reset has none."""
    greeting: str = ""
    """Said to whoever opens the port, without a reset."""
    ok: str = "ok"
    ok_alone: str = "ok"
    """For what was no command: a refused line, an empty one."""
    ok_numbered: str = ""
    """For a line with a number; empty: the same."""
    ok_with: str = "ok {words}"
    """Where the answer stands on the ok line."""
    refusals: dict[Cause, str] = field(default_factory=dict)
    resend: str = "Resend: {next}\n"
    skip: str = ""
    identity: str = ""
    identity_on_ok: bool = False
    temperatures: str = (
        "T:{nozzle:.2f} /{nozzle_target:.2f} B:{bed:.2f} /{bed_target:.2f} @:{nozzle_power} B@:{bed_power}"
    )
    temperatures_on_ok: bool = True
    report: str = " {temperatures}\n"
    """M155."""
    heat_wait: str = " {temperatures} W:{left}\n"
    """M109, every second; `{left}`: seconds to stay near the target, or ?."""
    heat_wait_bed: str = " {temperatures} W:{left}\n"
    target_nozzle: str = ""
    target_bed: str = ""
    """The answer to M104 and M140, `{target}`."""
    position: str = "X:{x:.2f} Y:{y:.2f} Z:{z:.2f} E:{e:.2f} Count X:{x80} Y:{y80} Z:{z400}"
    position_on_ok: bool = False
    position_after_homing: bool = False
    busy: str = "echo:busy: processing\n"
    """Every two seconds while a command takes time; empty: never."""
    busy_heating: str = "echo:busy: processing\n"
    busy_user: str = "echo:busy: paused for user\n"
    waiting: str = ""
    """Every second while there is nothing to do."""
    unknown: str = 'echo:Unknown command: "{command}"\n'
    not_a_code: str = ""
    """To what is no G, M or T; empty: the same."""
    invalid_tool: str = "echo:{command} Invalid extruder\n"
    cold_extrusion: str = "echo: cold extrusion prevented\n"
    too_long_extrusion: str = "echo: too long extrusion prevented\n"
    out_of_reach: str = ""
    """Empty: software end stops bend the move into the volume."""
    unhomed: str = ""
    """Empty: moves are free before homing."""
    user_message: str = "echo:{message}\r\n"
    """M0's text."""
    dwell: str = ""
    pause_timer: str = ""
    """M76."""
    print_time: str = ""
    """M31, `{seconds}`."""
    settings: str = ""
    """M503."""
    echo: str = "{message}\r\n"
    """M118, where the message has no mark of its own."""
    echo_marks: tuple[tuple[str, str], ...] = (("E1 ", "echo:"), ("A1 ", "//"))
    action: str = "//action:{action}\n"
    line_end: str = "\n"


@dataclass(frozen=True)
class Firmware:
    """One firmware, whatever the printer. `about` is for `--help`."""

    name: str
    about: str
    lines: LineRules
    texts: Texts
    halts: dict[Trouble, Halt]
    heater_names: tuple[str, str] = ("E0", "bed")
    resends_with: OkAfterResend = OkAfterResend.ALWAYS
    knows: frozenset[str] = frozenset()
    """Codes beyond those that all have."""
    lacks: frozenset[str] = frozenset()
    emergency_parser: bool = False
    """Acts on M108, M112, M410 and M876 as the bytes arrive."""
    minds_early: frozenset[str] = frozenset()
    """Without that parser: acts on these as soon as they are in the queue."""
    acknowledges_first: bool = False
    """The ok is said when a command is taken, before what it answers."""
    thermal_protection: bool = True
    resets_on_open: bool = True
    planner_blocks: int = 15
    planner_s: float = 0.0
    """Not 0: a move is taken while less than that is planned, however many blocks it is."""
    heat_stay_s: float = 10.0
    e_follows_g91: bool = True
    prompts: bool = False
    """Asks the host's person with host actions, and takes M876 for an answer."""
    runout: tuple[str, ...] = ()
    """Host actions when the filament has run out, before the M600 that it gives itself (where it knows M600)."""
    pause: tuple[str, ...] = ("pause",)
    resume: tuple[str, ...] = ("resume",)
    """Host actions of the printer's own pause button."""

"""The words of the contract: what printers, jobs, faults, people and acts are called; and its numbers."""

import enum
from typing import Final

VERSION: Final = 1
TOPIC_ROOT: Final = f"maakhoek/v{VERSION}"
MAX_PAYLOAD_BYTES: Final = 16_384
HEARTBEAT_S: Final = 60.0
"""`state` is repeated at least this often; a reader calls a kiosk silent after 2.5 times that."""
COMMAND_EXPIRY_S: Final = 30.0
PRACTICE_PIN: Final = "2580"
"""Opens a bridge that is there for training (Info.practice), and no other: everybody may know it."""
IDENTIFY_S: Final = 20.0
"""How long a kiosk shows which device it is."""


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


class HealthCode(enum.Enum):
    """What is not well with the kiosk itself, or with the cable to its printer. Screens have words for each."""

    UNDERVOLTAGE = "undervoltage"
    HOT = "hot"
    STORAGE_FAILING = "storage_failing"
    """The card does not give back what was written to it."""
    STORAGE_SLOW = "storage_slow"
    STORAGE_LOW = "storage_low"
    WIFI_WEAK = "wifi_weak"
    CLOCK_NOT_SET = "clock_not_set"
    PRINTER_LINK = "printer_link"
    """Too many lines of the wire are damaged or lost."""
    UPGRADE_WITHDRAWN = "upgrade_withdrawn"
    """A new version was not well here; the one before runs again."""


class Severity(enum.Enum):
    """How soon somebody has to come."""

    INFO = "info"
    ATTENTION = "attention"
    URGENT = "urgent"

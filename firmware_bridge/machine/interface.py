"""The door between the printer's thread and the rest of the bridge.

`Machine` is what the service drives; `serial_port.SerialMachine` is the real one. Requests return at once
and never block on the wire; what comes of them arrives as events, in order, on the printer's thread: the
handler must only hand them on (a queue), never touch disk or network.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firmware_bridge.contract import (
    ActKind,
    ActState,
    Attention,
    Axis,
    Fault,
    LinkHealth,
    Origin,
    Progress,
    Question,
    Refusal,
    Temperatures,
)


class Outcome(enum.Enum):
    """How a print ended; heaters are off in every case."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True)
class Connected:
    """M115 answered and matched the profile, whose id is `profile`."""

    firmware: str
    port: str
    profile: str = ""


@dataclass(frozen=True)
class Unproven:
    """A firmware that does not say whether it has thermal protection: a technician may vouch for it."""

    profile: str
    firmware: str
    port: str


@dataclass(frozen=True)
class Disconnected:
    """The port is gone, closed, or its printer cannot be used; the machine keeps trying to come back."""

    fault: Fault
    unproven: Unproven | None = None


@dataclass(frozen=True)
class Measured:
    """About once a second while connected.

    `progress` only while a job is on the printer. The machine knows `line`, `lines` and `elapsed_s` (heating and
    pauses included) and counts `done` in lines; layers and time left come from the plan, which it does not know.
    """

    temperatures: Temperatures
    progress: Progress | None
    link: LinkHealth


@dataclass(frozen=True)
class Heating:
    """The job waits for a heater. `remaining_s` is a guess, None while there is none."""

    job: str
    remaining_s: float | None


@dataclass(frozen=True)
class Printing:
    """The job streams (first time, or again after heating or a pause)."""

    job: str


@dataclass(frozen=True)
class Paused:
    """The job waits: the head is parked, or where the firmware wants it."""

    job: str
    by: Origin


@dataclass(frozen=True)
class NeedsAttention:
    """The printer waits for a person; None when it no longer does."""

    kind: Attention | None


@dataclass(frozen=True)
class Asked:
    """The printer's question that is open; None when there is none any more."""

    question: Question | None


@dataclass(frozen=True)
class Ended:
    """The job has left the wire. `fault` says why a FAILED one did."""

    job: str
    outcome: Outcome
    by: Origin
    fault: Fault | None = None


@dataclass(frozen=True)
class Acted:
    """How far an act of staff is: RUNNING, then exactly one of the others.

    `off_in_s`: the heaters that it left on go off then; None: they are off. When they have gone off, the last
    state comes once more without it.
    """

    kind: ActKind
    state: ActState
    fault: Fault | None = None
    refusal: Refusal | None = None
    off_in_s: float | None = None


MachineEvent = (
    Connected | Disconnected | Measured | Heating | Printing | Paused | NeedsAttention | Asked | Ended | Acted
)
EventHandler = Callable[[MachineEvent], None]


@dataclass(frozen=True)
class Act:
    """What staff has the printer do while no job is on it.

    HEAT: to `nozzle_c` and `bed_c`. LOAD, UNLOAD: heat to `nozzle_c`, then feed. JOG: `mm` along `axis`, inside
    the volume, after HOME. All lines pass the vet; what it refuses makes the act REFUSED, and none of it is sent.
    """

    kind: ActKind
    nozzle_c: float = 0.0
    bed_c: float = 0.0
    axis: Axis = Axis.Z
    mm: float = 0.0


class Machine(Protocol):
    """One printer. Requests that do not fit the moment are ignored: the next event tells the truth."""

    def start(self) -> None:
        """Begin to look for the printer and keep the connection up."""

    @property
    def is_alive(self) -> bool:
        """The thread that owns the wire goes round. From `start` on; from any thread."""

    def print_file(self, job: str, path: Path) -> None:
        """Stream a vetted file. Ends with exactly one Ended for `job`."""

    def pause(self, by: Origin) -> None:
        """Stop after what is in flight, lift and park."""

    def resume(self) -> None:
        """Go back exactly and stream on."""

    def cancel(self, by: Origin) -> None:
        """Break any wait, stop, heaters off, lift."""

    def act(self, act: Act) -> None:
        """Do it when nothing else is on the printer.

        What it heats goes off 10 minutes after the last act. A job that begins takes the printer over.
        """

    def cool_down(self) -> None:
        """Nozzle and bed off while a job waits; they are heated again when it goes on. Between jobs: at once, and
        an act is stopped."""

    def answer(self, question: str, choice: int) -> None:
        """Say to the printer which of the question's choices it is, counted from 0."""

    def emergency(self) -> None:
        """Heaters off and the machine halted, at once; a job ends with EMERGENCY_STOP."""

    def close(self) -> None:
        """Cancel what runs (Ended with BRIDGE_STOPPED), heaters off, close the port, join the thread."""

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

from firmware_bridge.contract import Fault, LinkHealth, Origin, Progress, Temperatures


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
class Disconnected:
    """The port is gone, closed, or its printer cannot be used; the machine keeps trying to come back."""

    fault: Fault


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
    """The head is parked."""

    job: str
    by: Origin


@dataclass(frozen=True)
class NeedsAttention:
    """The firmware waits for a person ("paused for user", filament runout); '' when it no longer does."""

    text: str


@dataclass(frozen=True)
class Ended:
    """The job has left the wire. `fault` says why a FAILED one did."""

    job: str
    outcome: Outcome
    by: Origin
    fault: Fault | None = None


MachineEvent = Connected | Disconnected | Measured | Heating | Printing | Paused | NeedsAttention | Ended
EventHandler = Callable[[MachineEvent], None]


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

    def close(self) -> None:
        """Cancel what runs (Ended with BRIDGE_STOPPED), heaters off, close the port, join the thread."""

"""All that the bridge knows at this moment. Owned by the controller's thread."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_bridge.contract import (
    Alert,
    Fault,
    FaultCode,
    Info,
    LinkHealth,
    Printer,
    Progress,
    State,
    Telemetry,
    Temperatures,
)
from firmware_bridge.jobs.life import Board
from firmware_bridge.jobs.progress import Course
from firmware_bridge.service import snapshot
from firmware_bridge.service.alerts import Facts


@dataclass(frozen=True)
class Clock:
    """`wall_ms`: since 1970, may jump. `monotonic_s` never does."""

    wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    monotonic_s: Callable[[], float] = time.monotonic


@dataclass
class Situation:
    """`fault` says why the printer is away (for as long as it is). `line`: commands of the running job done.

    `attention`: what the firmware asks a person for. `course` belongs to the running job.
    """

    board: Board
    since_s: float
    """When the printer came or went."""
    alerts: tuple[Alert, ...] = ()
    out_of_order: bool = False
    connected: bool = False
    firmware: str = ""
    fault: Fault | None = field(default_factory=lambda: Fault(code=FaultCode.PRINTER_MISSING))
    attention: str = ""
    temperatures: Temperatures = field(default_factory=Temperatures)
    link: LinkHealth = field(default_factory=LinkHealth)
    line: int = 0
    heating_remaining_s: float | None = None
    course: Course | None = None
    disk_refuses: bool = False
    disk_has_room: bool = True

    @property
    def disk_full(self) -> bool:
        """No new job can be kept."""
        return self.disk_refuses or not self.disk_has_room

    def facts(self, now_s: float) -> Facts:
        """What may need a hand."""
        return Facts(
            fault=None if self.connected else self.fault,
            away_s=now_s - self.since_s,
            plate=self.board.plate,
            attention=self.attention,
            disk_full=self.disk_full,
        )

    def state(self, info: Info, ts_ms: int, up_ms: int) -> State:
        """The snapshot for both doors."""
        plate = self.board.plate
        printer = Printer(
            connected=self.connected,
            state=snapshot.printer_state(connected=self.connected, plate=plate, attention=bool(self.attention)),
            firmware=self.firmware,
            fault=None if self.connected else self.fault,
        )
        return State(
            ts_ms=ts_ms,
            up_ms=up_ms,
            session=info.session,
            printer=printer,
            job=plate,
            queue=tuple(waiting.job for waiting in self.board.queue),
            out_of_order=self.out_of_order,
        )

    def telemetry(self, info: Info, ts_ms: int, up_ms: int, now_s: float) -> Telemetry:
        """The figures of this moment."""
        return Telemetry(
            ts_ms=ts_ms,
            up_ms=up_ms,
            session=info.session,
            temperatures=self.temperatures,
            progress=self.progress(now_s),
            link=self.link,
            heating_remaining_s=self.heating_remaining_s,
        )

    def progress(self, now_s: float) -> Progress | None:
        """How far the running job is."""
        if self.course is None or self.board.running is None:
            return None
        return self.course.progress(self.line, now_s)

"""All that the bridge knows at this moment. Owned by the controller's thread."""

from dataclasses import dataclass, field

from msgspec.structs import replace

from firmware_bridge.contract import (
    Act,
    ActState,
    Alert,
    Attention,
    Fault,
    FaultCode,
    Finding,
    Host,
    Info,
    Job,
    LinkHealth,
    Printer,
    Progress,
    Question,
    State,
    Telemetry,
    Temperatures,
)
from firmware_bridge.jobs import turns
from firmware_bridge.jobs.board import Board
from firmware_bridge.jobs.progress import Course
from firmware_bridge.journal.standing import Standing
from firmware_bridge.machine.interface import Acted, Unproven
from firmware_bridge.service import opening, snapshot
from firmware_bridge.service.alerts import Facts
from firmware_bridge.service.opening import Today

ENDED_KEPT = 50
"""Jobs whose visitors may still say how it was, and whose tickets are not given again."""


@dataclass
class Situation:
    """`fault` says why the printer is away (for as long as it is). `line`: commands of the running job done.

    `attention`: why the printer waits for a person, `question`: what it asks. `latched`: what a person has to look
    at before anything starts. `course` belongs to the running job. `began_s`: when a job was submitted, then when
    it was started, monotonic; unknown for those of before a restart. `ended`: the latest jobs that left the board.
    `acted`: what staff had the printer do last, told at `acted_s`. `today` None: no opening hours, or no clock to
    be believed. `late`: the job that will not be ready before closing. `identify_until_s`: the region asks which
    device this is until then, monotonic. `host`: None until it was measured;
    `withdrawn`: the version of ours that was taken back, "" for none; `health`: what follows from them.
    """

    board: Board
    since_s: float
    """When the printer came or went."""
    alerts: tuple[Alert, ...] = ()
    standing: Standing = field(default_factory=Standing)
    ended: dict[str, Job] = field(default_factory=dict)
    began_s: dict[str, float] = field(default_factory=dict)
    connected: bool = False
    firmware: str = ""
    fault: Fault | None = field(default_factory=lambda: Fault(code=FaultCode.PRINTER_MISSING))
    attention: Attention | None = None
    question: Question | None = None
    latched: Fault | None = None
    unproven: Unproven | None = None
    supply_is_low: bool | None = None
    host: Host | None = None
    withdrawn: str = ""
    health: tuple[Finding, ...] = ()
    temperatures: Temperatures = field(default_factory=Temperatures)
    link: LinkHealth = field(default_factory=LinkHealth)
    line: int = 0
    heating_remaining_s: float | None = None
    course: Course | None = None
    acted: Acted | None = None
    acted_s: float = 0.0
    clock_trusted: bool = False
    today: Today | None = None
    late: str | None = None
    identify_until_s: float = 0.0
    disk_refuses: bool = False
    disk_has_room: bool = True

    @property
    def disk_full(self) -> bool:
        """No new job can be kept."""
        return self.disk_refuses or not self.disk_has_room

    @property
    def acts(self) -> bool:
        """An act of staff is on the printer."""
        return self.acted is not None and self.acted.state is ActState.RUNNING

    def facts(self, now_s: float) -> Facts:
        """What may need a hand."""
        return Facts(
            fault=None if self.connected else self.fault,
            away_s=now_s - self.since_s,
            plate=self.board.plate,
            attention=self.attention,
            latched=self.latched,
            disk_full=self.disk_full,
            call=self.standing.call,
            late=self.late is not None,
            health=self.health,
        )

    def state(self, info: Info, ts_ms: int, up_ms: int, now_s: float) -> State:
        """The snapshot for both doors."""
        plate = self.board.plate
        state = snapshot.printer_state(
            usable=self.connected and self.latched is None,
            plate=plate,
            attention=self.attention is not None,
            acts=self.acts,
        )
        return State(
            ts_ms=ts_ms,
            up_ms=up_ms,
            session=info.session,
            printer=Printer(
                connected=self.connected,
                state=state,
                firmware=self.unproven.firmware if self.unproven is not None else self.firmware,
                fault=self.latched or (None if self.connected else self.fault),
                latched=self.latched is not None,
                may_confirm=self.unproven is not None,
            ),
            job=plate,
            queue=tuple(waiting.job for waiting in self.board.queue),
            out_of_order=self.standing.out_of_order is not None,
            out_of_order_reason=self.standing.out_of_order,
            for_staff=self.board.for_staff,
            turn_left_s=turns.turn_left_s(self.board, now_s),
            call=self.standing.call,
            act=self._act(now_s),
            clock_trusted=self.clock_trusted,
            closes_ms=self.today.closes_ms if self.today is not None else None,
            closes_in_s=opening.closes_in_s(self.today, ts_ms),
            opens_ms=self.today.opens_ms if self.today is not None else None,
            identify_left_s=self._identify_left_s(now_s),
            attention=self.attention,
            question=self.question,
            health=self.health,
        )

    def _identify_left_s(self, now_s: float) -> float | None:
        return round(self.identify_until_s - now_s, 1) if now_s < self.identify_until_s else None

    def _act(self, now_s: float) -> Act | None:
        acted = self.acted
        if acted is None:
            return None
        off_in_s = acted.off_in_s
        if off_in_s is not None:
            off_in_s = max(0.0, round(off_in_s - (now_s - self.acted_s), 1))
        return Act(kind=acted.kind, state=acted.state, fault=acted.fault, refusal=acted.refusal, off_in_s=off_in_s)

    def telemetry(self, info: Info, ts_ms: int, up_ms: int, now_s: float) -> Telemetry:
        """The figures of this moment."""
        return Telemetry(
            ts_ms=ts_ms,
            up_ms=up_ms,
            session=info.session,
            temperatures=self.temperatures,
            progress=self.progress(now_s),
            link=replace(self.link, undervoltage=self.supply_is_low),
            heating_remaining_s=self.heating_remaining_s,
            host=self.host,
        )

    def progress(self, now_s: float) -> Progress | None:
        """How far the running job is."""
        if self.course is None or self.board.running is None:
            return None
        return self.course.progress(self.line, now_s)

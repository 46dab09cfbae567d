"""What may be asked about jobs, by whichever door. Raises RefusedError for what does not fit the moment.

For the controller's thread. A verb that changes something calls `then` when the change is on the disk.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Final

from firmware_bridge.contract import ErrorCode, Fault, FaultCode, Job, JobState, Origin, Part, Role, Submit, Ticket
from firmware_bridge.jobs import life, turns
from firmware_bridge.jobs.board import RefusedError, need
from firmware_bridge.jobs.intake import Accepted, Intake, Rejected, Taken, read_kept
from firmware_bridge.jobs.progress import Course
from firmware_bridge.jobs.tickets import new_ticket
from firmware_bridge.machine.interface import Machine
from firmware_bridge.service import opening, policy
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.policy import OVERRIDES, Policy

log = logging.getLogger(__name__)

MAX_PENDING: Final = 4

Then = Callable[[Job], None]
ThenTaken = Callable[[Job | Rejected], None]


class Verbs:
    """`intake` and `machine` are asked and answer by actions; `ledger` keeps what comes of it."""

    def __init__(self, ledger: Ledger, intake: Intake, machine: Machine, rules: Policy) -> None:
        self._ledger = ledger
        self._rules = rules
        self._situation = ledger.situation
        self._intake = intake
        self._machine = machine
        self._pending = 0
        self._closing = False
        self._launching: str | None = None
        """The job that is HEATING by the journal and that the printer has not heard of yet."""

    def submit(self, ask: Submit, parts: Sequence[tuple[Part, int]], role: Role, then: ThenTaken) -> None:
        """Take a job in. Its descriptors are closed afterwards, but not when this raises."""
        self._refuse_while_closing()
        self._refuse_out_of_order()
        if self._situation.disk_full:
            raise RefusedError(ErrorCode.DISK_FULL, "the disk is too full for another job")
        if self._pending >= MAX_PENDING:
            raise RefusedError(ErrorCode.NOT_NOW, "other jobs are being taken in; try again in a moment")
        job_id = secrets.token_hex(8)
        self._pending += 1
        post = self._ledger.post
        self._intake.take(job_id, parts, lambda taken: post(lambda: self._taken(job_id, ask, role, taken, then)))

    def _taken(self, job_id: str, ask: Submit, role: Role, taken: Taken, then: ThenTaken) -> None:
        self._pending -= 1
        if not isinstance(taken, Accepted):
            log.warning("a job of card '%s' was refused: %s", ask.card, taken.message)
            then(taken)
            return
        job = Job(
            id=job_id,
            card=ask.card,
            personal=ask.personal,
            state=JobState.SUBMITTED,
            estimate_s=ask.estimate_s,
            grams=ask.grams,
            layers=len(taken.timeline.layer_lines),
            submitted_ms=self._ledger.now_ms(),
            ticket=self._new_ticket(),
        )
        needs_staff = self._rules.approval and not role.covers(OVERRIDES)
        try:
            step = turns.submit(self._situation.board, job, self._ledger.now_s(), needs_staff=needs_staff)
        except RefusedError as error:
            self._ledger.erase_files(job_id)
            then(Rejected(error.code, str(error)))
            return
        self._situation.began_s[job_id] = self._ledger.now_s()
        queued = next(j for j in reversed(step.changed) if j.id == job_id)
        self._ledger.apply(step, lambda: then(queued))

    def _new_ticket(self) -> Ticket:
        kept = (job.ticket for job in self._situation.ended.values() if job.ticket is not None)
        return new_ticket((*self._situation.board.tickets, *kept), secrets.randbelow)

    def start(self, job_id: str, *, plate_is_empty: bool, role: Role, then: Then) -> None:
        """Heat up and print. The printer hears of it only when it is written down."""
        situation = self._situation
        job = need(situation.board, job_id)
        self._refuse_while_closing()
        self._refuse_out_of_order()
        if situation.latched is not None:
            raise RefusedError(ErrorCode.NOT_NOW, "somebody has to look at the printer first")
        if not situation.connected:
            raise RefusedError(ErrorCode.PRINTER_AWAY, "the printer is not connected")
        if situation.acts:
            raise RefusedError(ErrorCode.NOT_NOW, "staff is working with the printer")
        if situation.disk_refuses:
            raise RefusedError(ErrorCode.DISK_FULL, "the disk takes no writes: a print could not be kept")
        now_ms = self._ledger.now_ms()
        step = life.start(situation.board, job_id, plate_is_empty=plate_is_empty, now_ms=now_ms)
        kept = read_kept(self._ledger.files, job_id)
        planned_s = kept.timeline.total_s if kept is not None else 0.0
        closes_in_s = opening.closes_in_s(situation.today, now_ms)
        policy.check_start(self._rules, role, max(planned_s, job.estimate_s), closes_in_s)
        situation.course = Course(kept.timeline) if kept is not None else None
        situation.line, situation.acted = 0, None
        situation.began_s[job_id] = self._ledger.now_s()
        self._launching = job_id

        def written() -> None:
            then(step.changed[0])
            post = self._ledger.post
            self._intake.recheck(job_id, lambda same: post(lambda: self._launch(job_id, same)))

        self._ledger.apply(step, written)

    def _launch(self, job_id: str, same: bool) -> None:
        if self._launching != job_id:
            return  # cancelled meanwhile
        self._launching = None
        if not same:
            fault = Fault(code=FaultCode.FILE_REFUSED, detail="the copy on the disk is not what was vetted")
            self._ledger.end_running(job_id, JobState.FAILED, Origin.FAULT, fault)
        elif not self._situation.connected:
            self._ledger.end_running(job_id, JobState.FAILED, Origin.FAULT, self._situation.fault)
        else:
            self._machine.print_file(job_id, self._ledger.files.path(job_id, Part.GCODE))

    def close(self) -> None:
        """The bridge stops: nothing new begins, and a job that the printer has not heard of yet ends here."""
        self._closing = True
        if self._launching is not None:
            job_id, self._launching = self._launching, None
            fault = Fault(code=FaultCode.BRIDGE_STOPPED)
            self._ledger.end_running(job_id, JobState.INTERRUPTED, Origin.FAULT, fault)

    def _refuse_out_of_order(self) -> None:
        reason = self._situation.standing.out_of_order
        if reason is not None:
            raise RefusedError(ErrorCode.OUT_OF_ORDER, f"the printer is out of order: {reason.value}")

    def emergency(self) -> None:
        """Danger: whatever runs ends now, and nothing starts before somebody has looked."""
        log.warning("danger stop")
        fault = Fault(code=FaultCode.EMERGENCY_STOP, detail="somebody stopped it at the kiosk")
        self._situation.latched = self._situation.latched or fault
        self._machine.emergency()
        if self._launching is not None:
            job_id, self._launching = self._launching, None
            self._ledger.end_running(job_id, JobState.FAILED, Origin.KIOSK, fault)

    def _refuse_while_closing(self) -> None:
        if self._closing:
            raise RefusedError(ErrorCode.NOT_NOW, "the bridge is stopping")

    @property
    def is_launching(self) -> bool:
        """A job was started that the printer has not heard of yet."""
        return self._launching is not None

    def pause(self, job_id: str, by: Origin) -> Job:
        """Ask the printer to pause; the state follows when it has."""
        job = life.check_pause(self._situation.board, job_id)
        if self._launching == job_id:
            raise RefusedError(ErrorCode.NOT_NOW, "the print is only just beginning; try again in a moment")
        self._machine.pause(by)
        return job

    def resume(self, job_id: str, by: Origin) -> Job:
        """Ask the printer to go on; the state follows when it does."""
        job = life.check_resume(self._situation.board, job_id, by)
        self._machine.resume()
        return job

    def cancel_as(self, role: Role, job_id: str, then: Then) -> None:
        """At the kiosk: as the library allows it."""
        job = need(self._situation.board, job_id)
        waits_s = self._ledger.now_s() - self._situation.began_s.get(job_id, float("-inf"))
        policy.check_cancel(self._rules, role, job, waits_s=waits_s)
        self.cancel(job_id, Origin.KIOSK, then)

    def cancel(self, job_id: str, by: Origin, then: Then) -> None:
        """Take a waiting job out of the queue, or ask the printer to stop the running one."""
        board = self._situation.board
        job = need(board, job_id)
        if self._launching == job_id:
            self._launching = None
            self._ledger.end_running(job_id, JobState.CANCELLED, by, None)
            then(need(self._situation.board, job_id))
        elif job.state.is_on_printer:
            self._machine.cancel(by)
            then(job)
        elif job is board.plate:
            raise RefusedError(ErrorCode.NOT_NOW, f"there is nothing to cancel: the job is {job.state.value}")
        else:
            now_ms, now_s = self._ledger.now_ms(), self._ledger.now_s()
            step = turns.cancel_waiting(board, job_id, by, now_ms=now_ms, now_s=now_s)
            self._ledger.apply(step, lambda: then(step.changed[0]))

    def keep_turn(self, job_id: str) -> None:
        """Its turn begins anew."""
        board = self._situation.board
        if need(board, job_id).state is not JobState.WAITING_FOR_PLATE:
            raise RefusedError(ErrorCode.NOT_NOW, "it is not the turn of this job")
        self._situation.board = turns.restart_turn(board, self._ledger.now_s())

    def collect(self, job_id: str, then: Then) -> None:
        """The plate was cleared."""
        board = self._situation.board
        step = life.collect(board, job_id, self._ledger.now_s())
        was = need(board, job_id)
        self._ledger.apply(step, lambda: then(was if was.state.is_over else step.changed[0]))

    def open_part(self, job_id: str, part: Part) -> int:
        """A read-only descriptor; the caller closes it."""
        need(self._situation.board, job_id)
        try:
            return self._ledger.files.open(job_id, part)
        except OSError as error:
            raise RefusedError(ErrorCode.NOT_NOW, f"this job has no '{part.value}' (any more)") from error

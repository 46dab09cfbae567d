"""What may be asked of the bridge, by whichever door. Raises life.RefusedError for what does not fit the moment.

For the controller's thread. A verb that changes something calls `then` when the change is on the disk.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Final

from firmware_bridge.contract import ErrorCode, Fault, FaultCode, Job, JobState, Origin, Part, Submit
from firmware_bridge.jobs import life
from firmware_bridge.jobs.intake import Accepted, Intake, Rejected, Taken, read_kept
from firmware_bridge.jobs.life import RefusedError
from firmware_bridge.jobs.progress import Course
from firmware_bridge.journal.journal import Entry
from firmware_bridge.machine.interface import Machine
from firmware_bridge.service.ledger import Ledger

log = logging.getLogger(__name__)

MAX_PENDING: Final = 4

Then = Callable[[Job], None]
ThenTaken = Callable[[Job | Rejected], None]


class Verbs:
    """`intake` and `machine` are asked and answer by actions; `ledger` keeps what comes of it."""

    def __init__(self, ledger: Ledger, intake: Intake, machine: Machine) -> None:
        self._ledger = ledger
        self._situation = ledger.situation
        self._intake = intake
        self._machine = machine
        self._pending = 0
        self._closing = False
        self._launching: str | None = None
        """The job that is HEATING by the journal and that the printer has not heard of yet."""

    def submit(
        self, ask: Submit, parts: Sequence[tuple[Part, int]], then: Callable[[Job | Rejected], None]
    ) -> None:
        """Take a job in. Its descriptors are closed afterwards, but not when this raises."""
        self._refuse_while_closing()
        if self._situation.out_of_order:
            raise RefusedError(ErrorCode.OUT_OF_ORDER, "the printer is out of order")
        if self._situation.disk_full:
            raise RefusedError(ErrorCode.DISK_FULL, "the disk is too full for another job")
        if self._pending >= MAX_PENDING:
            raise RefusedError(ErrorCode.NOT_NOW, "other jobs are being taken in; try again in a moment")
        job_id = secrets.token_hex(8)
        self._pending += 1
        post = self._ledger.post
        self._intake.take(job_id, parts, lambda taken: post(lambda: self._taken(job_id, ask, taken, then)))

    def _taken(self, job_id: str, ask: Submit, taken: Taken, then: ThenTaken) -> None:
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
        )
        try:
            step = life.submit(self._situation.board, job, self._ledger.now_s())
        except RefusedError as error:
            self._ledger.erase_files(job_id)
            then(Rejected(error.code, str(error)))
            return
        queued = next(j for j in reversed(step.changed) if j.id == job_id)
        self._ledger.apply(step, lambda: then(queued))

    def start(self, job_id: str, *, plate_is_empty: bool, then: Then) -> None:
        """Heat up and print. The printer hears of it only when it is written down."""
        situation = self._situation
        life.need(situation.board, job_id)
        self._refuse_while_closing()
        if situation.out_of_order:
            raise RefusedError(ErrorCode.OUT_OF_ORDER, "the printer is out of order")
        if not situation.connected:
            raise RefusedError(ErrorCode.PRINTER_AWAY, "the printer is not connected")
        if situation.disk_refuses:
            raise RefusedError(ErrorCode.DISK_FULL, "the disk takes no writes: a print could not be kept")
        now_ms = self._ledger.now_ms()
        step = life.start(situation.board, job_id, plate_is_empty=plate_is_empty, now_ms=now_ms)
        kept = read_kept(self._ledger.files, job_id)
        situation.course = Course(kept.timeline) if kept is not None else None
        situation.line = 0
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

    def _refuse_while_closing(self) -> None:
        if self._closing:
            raise RefusedError(ErrorCode.NOT_NOW, "the bridge is stopping")

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

    def cancel(self, job_id: str, by: Origin, then: Then) -> None:
        """Take a waiting job out of the queue, or ask the printer to stop the running one."""
        board = self._situation.board
        job = life.need(board, job_id)
        if self._launching == job_id:
            self._launching = None
            self._ledger.end_running(job_id, JobState.CANCELLED, by, None)
            then(life.need(self._situation.board, job_id))
        elif job.state.is_on_printer:
            self._machine.cancel(by)
            then(job)
        elif job is board.plate:
            raise RefusedError(ErrorCode.NOT_NOW, f"there is nothing to cancel: the job is {job.state.value}")
        else:
            now_ms, now_s = self._ledger.now_ms(), self._ledger.now_s()
            step = life.cancel_waiting(board, job_id, by, now_ms=now_ms, now_s=now_s)
            self._ledger.apply(step, lambda: then(step.changed[0]))

    def collect(self, job_id: str, then: Then) -> None:
        """The plate was cleared."""
        board = self._situation.board
        step = life.collect(board, job_id, self._ledger.now_s())
        was = life.need(board, job_id)
        self._ledger.apply(step, lambda: then(was if was.state.is_over else step.changed[0]))

    def open_part(self, job_id: str, part: Part) -> int:
        """A read-only descriptor; the caller closes it."""
        life.need(self._situation.board, job_id)
        try:
            return self._ledger.files.open(job_id, part)
        except OSError as error:
            raise RefusedError(ErrorCode.NOT_NOW, f"this job has no '{part.value}' (any more)") from error

    def set_out_of_order(self, value: bool) -> None:
        """Close the printer for new prints, or open it again."""
        self._situation.out_of_order = value
        self._ledger.write(Entry(self._ledger.now_ms(), out_of_order=value))

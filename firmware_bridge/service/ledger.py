"""What the bridge knows and how it changes: every change of a job or an alarm is journaled as it happens.

For the controller's thread alone.
"""

import logging
from collections.abc import Callable

from msgspec.structs import replace

from firmware_bridge.contract import EventType, Fault, Job, JobState, Origin
from firmware_bridge.jobs import life
from firmware_bridge.jobs.board import Step
from firmware_bridge.jobs.files import JobFiles
from firmware_bridge.journal.journal import Entry, Journal, NewEvent
from firmware_bridge.journal.writer import Writer
from firmware_bridge.service import alerts
from firmware_bridge.service.clock import Clock
from firmware_bridge.service.situation import ENDED_KEPT, Situation

log = logging.getLogger(__name__)

Action = Callable[[], None]


class Ledger:
    """`post` brings an action back to the controller's thread."""

    def __init__(
        self, situation: Situation, journal: Journal, files: JobFiles, clock: Clock, post: Callable[[Action], None]
    ) -> None:
        self.situation = situation
        self.journal = journal
        self.files = files
        self.clock = clock
        self.post = post
        self.writer = Writer(lambda trouble: post(lambda: self._on_disk(trouble)))

    def now_s(self) -> float:
        """Monotonic."""
        return self.clock.monotonic_s()

    def now_ms(self) -> int:
        """Since 1970."""
        return self.clock.wall_ms()

    def apply(self, step: Step, then: Action | None = None) -> None:
        """Make the step the truth, journal it, and run `then` when it is on the disk."""
        self.situation.board = step.board
        if not step.changed and then is None:
            return
        for job in step.changed:
            log.info("job %s (%s): %s", job.id, job.card, job.state.value)
        events = tuple(NewEvent(EventType.JOB_CHANGED, job=job) for job in step.changed)
        self.write(Entry(self.now_ms(), board=step.board, changed=step.changed, events=events), then)
        for job in step.changed:
            if job.state.is_over:
                self._remember_ended(job)
                self.erase_files(job.id)

    def _remember_ended(self, job: Job) -> None:
        situation = self.situation
        situation.began_s.pop(job.id, None)
        situation.ended[job.id] = job
        while len(situation.ended) > ENDED_KEPT:
            del situation.ended[next(iter(situation.ended))]

    def stand(self, event: NewEvent | None = None, then: Action | None = None, **said: object) -> None:
        """Something that stands until somebody says otherwise: fields of Standing."""
        self.situation.standing = replace(self.situation.standing, **said)
        events = (event,) if event is not None else ()
        self.write(Entry(self.now_ms(), standing=self.situation.standing, events=events), then)

    def end_running(self, job: str, state: JobState, by: Origin, fault: Fault | None) -> None:
        """The job has left the printer, or never reached it."""
        situation, now_s = self.situation, self.now_s()
        printed_s = situation.course.printed_s(now_s) if situation.course is not None else 0.0
        situation.course, situation.heating_remaining_s = None, None
        step = life.printer_ended(
            situation.board,
            job,
            state,
            by=by,
            fault=fault,
            printed_s=printed_s,
            now_ms=self.now_ms(),
            now_s=now_s,
        )
        self.apply(step)

    def record(self, event: NewEvent) -> None:
        """Journal an event that changes no job."""
        self.write(Entry(self.now_ms(), events=(event,)))

    def write(self, entry: Entry, then: Action | None = None) -> None:
        """Journal it; `then` runs on this thread afterwards."""
        self.writer.put(lambda: self.journal.write(entry), then and (lambda: self.post(then)))

    def erase_files(self, job: str) -> None:
        """After whatever is being written."""
        self.writer.put(lambda: self.files.erase(job))

    def review_alerts(self) -> bool:
        """Raise and clear what follows from the situation; whether anything did."""
        situation = self.situation
        wanted = alerts.wanted(situation.facts(self.now_s()), self.now_ms())
        after, events = alerts.update(situation.alerts, wanted)
        if after == situation.alerts:
            return False
        for event in events:
            log.warning("%s: %s", event.type.value, event.data["code"])
        situation.alerts = after
        self.write(Entry(self.now_ms(), alerts=after, events=events))
        return True

    def _on_disk(self, trouble: bool) -> None:
        self.situation.disk_refuses = trouble

"""What visitors say of a print: whether it sticks, and how it was. For the controller's thread."""

from msgspec.structs import replace

from firmware_bridge.contract import CheckFirstLayer, ErrorCode, EventType, Feedback, Job, JobState, Origin
from firmware_bridge.jobs import life
from firmware_bridge.jobs.board import RefusedError, need
from firmware_bridge.journal.journal import Entry, NewEvent
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.verbs import Then, Verbs


class Opinions:
    """Each is an event of its own, and noted on the job."""

    def __init__(self, ledger: Ledger, verbs: Verbs) -> None:
        self._ledger = ledger
        self._verbs = verbs

    def check_first_layer(self, said: CheckFirstLayer, then: Then) -> None:
        """What does not stick is paused at once."""
        board = self._ledger.situation.board
        job = need(board, said.job)
        if not job.state.is_on_printer:
            raise RefusedError(ErrorCode.NOT_NOW, f"only a running print is checked: it is {job.state.value}")
        if not said.sticks and job.state is not JobState.PAUSED:
            self._verbs.pause(said.job, Origin.KIOSK)
        data = {"job": job.id, "card": job.card, "sticks": said.sticks}
        self._ledger.record(NewEvent(EventType.FIRST_LAYER, data=data))
        step = life.with_note(board, said.job, sticks=said.sticks)
        self._ledger.apply(step, lambda: then(step.changed[0]))

    def rate(self, said: Feedback, then: Then) -> None:
        """Once a job, also when it has left the plate."""
        situation = self._ledger.situation
        on_board = situation.board.find(said.job)
        job = on_board or situation.ended.get(said.job)
        if job is None:
            raise RefusedError(ErrorCode.NO_SUCH_JOB, "there is no such job here (any more)")
        if job.rated:
            raise RefusedError(ErrorCode.NOT_NOW, "somebody has said already how this print was")
        if job.started_ms is None or job.state.is_on_printer:
            raise RefusedError(ErrorCode.NOT_NOW, f"it is not printed yet: the job is {job.state.value}")
        reason = said.reason.value if said.reason is not None else None
        data = {"job": job.id, "card": job.card, "smiley": said.smiley, "reason": reason}
        event = NewEvent(EventType.FEEDBACK, data=data)
        if on_board is not None:
            self._ledger.record(event)
            step = life.with_note(situation.board, said.job, rated=True)
            self._ledger.apply(step, lambda: then(step.changed[0]))
        else:
            self._note_ended(replace(job, rated=True), event, then)

    def _note_ended(self, job: Job, event: NewEvent, then: Then) -> None:
        self._ledger.situation.ended[job.id] = job
        events = (event, NewEvent(EventType.JOB_CHANGED, job=job))
        self._ledger.write(Entry(self._ledger.now_ms(), changed=(job,), events=events), lambda: then(job))

"""What staff does about the queue. For the controller's thread; raises RefusedError for what does not fit."""

from firmware_bridge.contract import Job, Origin
from firmware_bridge.jobs import turns
from firmware_bridge.jobs.board import Step
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.verbs import Then


class Queueing:
    """`then` is called when the change is on the disk. A job is taken out by `Verbs.cancel`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def approve(self, job_id: str, then: Then) -> None:
        """Let a job in that waits for staff."""
        self._apply(job_id, turns.approve(self._ledger.situation.board, job_id, self._ledger.now_s()), then)

    def refuse(self, job_id: str, by: Origin, then: Then) -> None:
        """Do not let it in."""
        board, now_s = self._ledger.situation.board, self._ledger.now_s()
        turns.need_for_staff(board, job_id)
        self._apply(
            job_id, turns.cancel_waiting(board, job_id, by, now_ms=self._ledger.now_ms(), now_s=now_s), then
        )

    def put_first(self, job_id: str, then: Then) -> None:
        """Before all others."""
        self._apply(job_id, turns.put_first(self._ledger.situation.board, job_id, self._ledger.now_s()), then)

    def _apply(self, job_id: str, step: Step, then: Then) -> None:
        def written() -> None:
            then(after)

        after: Job = next(
            (job for job in reversed(step.changed) if job.id == job_id), self._ledger.situation.board.find(job_id)
        )  # type: ignore[assignment]  # each of the three has checked that it is on the board
        self._ledger.apply(step, written)

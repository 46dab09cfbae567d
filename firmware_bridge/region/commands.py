"""The region's commands: which are believed, what they do, and how far they came.

For the controller's thread. Nothing that heats or starts; a pause that was not begun from the region stays.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import (
    COMMAND_EXPIRY_S,
    Command,
    CommandName,
    CommandResult,
    ErrorCode,
    EventType,
    Job,
    JobState,
    Origin,
    Outcome,
    OutOfOrderReason,
)
from firmware_bridge.jobs.board import RefusedError, need
from firmware_bridge.journal.journal import Entry, NewEvent
from firmware_bridge.service.desk import Desk
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.queueing import Queueing
from firmware_bridge.service.verbs import Verbs

log = logging.getLogger(__name__)

PATIENCE_S: Final = 120.0
"""How long an accepted command may take to come true."""
_ID: Final = re.compile(r"[A-Za-z0-9._:@-]{1,64}")

_AIM: Final = {
    CommandName.PAUSE: frozenset({JobState.PAUSED}),
    CommandName.RESUME: frozenset({JobState.PRINTING, JobState.HEATING}),
    CommandName.CANCEL: frozenset({JobState.CANCELLED}),
}


@dataclass(frozen=True)
class _Pending:
    name: CommandName
    command: Command
    job: str
    until_s: float


class RegionCommands:
    """`answer` sends a result under the command's name."""

    def __init__(
        self,
        ledger: Ledger,
        verbs: Verbs,
        desk: Desk,
        queueing: Queueing,
        seen: frozenset[str],
        answer: Callable[[str, CommandResult], None],
    ) -> None:
        self._ledger = ledger
        self._verbs = verbs
        self._desk = desk
        self._queueing = queueing
        self._seen = set(seen)
        self._answer = answer
        self._pending: list[_Pending] = []

    def handle(self, word: str, command: Command) -> None:
        """`word`: the last word of the topic. Repeated commands are dropped, unfit ones answered with a reason."""
        if not (_ID.fullmatch(command.id) and _ID.fullmatch(command.by)):
            log.warning("a command %r with an unfit `id` or `by` was dropped", word[:40])
            return
        if command.id in self._seen:
            log.warning("command %s (%r) came again: dropped", command.id, word[:40])
            return
        self._seen.add(command.id)
        try:
            name = _known(word)
            self._check_time(command)
            self._carry_out(name, command)
        except RefusedError as error:
            self._say(word, command, Outcome.REJECTED, str(error))

    def follow(self) -> None:
        """After each change: say which accepted commands have come true, and which cannot any more."""
        for pending in tuple(self._pending):
            job = self._ledger.situation.board.find(pending.job)
            if job is not None and job.state in _AIM[pending.name]:
                self._close(pending, Outcome.FINISHED, "")
            elif job is None or job.state.is_over or job.state is JobState.COOLING:
                self._close(pending, Outcome.FAILED, "the job ended before")
            elif self._ledger.now_s() > pending.until_s:
                self._close(pending, Outcome.FAILED, "the printer did not do it in time")

    def _check_time(self, command: Command) -> None:
        left_ms = command.expires_ms - self._ledger.now_ms()
        if left_ms <= 0:
            raise _rejection("it has expired")
        if left_ms > 2 * COMMAND_EXPIRY_S * 1000:
            raise _rejection(f"it expires too late: at most {COMMAND_EXPIRY_S:g} s are allowed; check the clocks")

    def _carry_out(self, name: CommandName, command: Command) -> None:
        if name is CommandName.OUT_OF_ORDER:
            if command.value is None:
                raise _rejection("`value` must be true or false")
            reason = (command.reason or OutOfOrderReason.OTHER) if command.value else None
            self._at_once(name, command, lambda: self._desk.set_out_of_order(reason))
            return
        if name is CommandName.TAKE_CALL:
            self._at_once(name, command, lambda: self._desk.take_call(Origin.REGION, lambda _call: None))
            return
        if name is CommandName.CLEAR_CALL:
            self._at_once(name, command, lambda: self._desk.clear_call(Origin.REGION))
            return
        if name is CommandName.IDENTIFY:
            self._at_once(name, command, self._desk.identify)
            return
        job = self._wanted_job(command)
        if name is CommandName.APPROVE:
            self._at_once(name, command, lambda: self._queueing.approve(job.id, lambda _job: None))
            return
        if name is CommandName.REFUSE:
            refuse = self._queueing.refuse
            self._at_once(name, command, lambda: refuse(job.id, Origin.REGION, lambda _job: None))
            return
        if name is CommandName.PAUSE:
            self._verbs.pause(job.id, Origin.REGION)
        elif name is CommandName.RESUME:
            self._verbs.resume(job.id, Origin.REGION)
        else:
            self._verbs.cancel(job.id, Origin.REGION, lambda _job: None)
        self._say(name.value, command, Outcome.ACCEPTED)
        if name is CommandName.CANCEL and not job.state.is_on_printer:
            self._say(name.value, command, Outcome.FINISHED)
        else:
            self._pending.append(_Pending(name, command, job.id, self._ledger.now_s() + PATIENCE_S))

    def _at_once(self, name: CommandName, command: Command, act: Callable[[], None]) -> None:
        """What needs no printer has come true when it was not refused."""
        act()
        self._say(name.value, command, Outcome.ACCEPTED)
        self._say(name.value, command, Outcome.FINISHED)

    def _wanted_job(self, command: Command) -> Job:
        board = self._ledger.situation.board
        if command.job is not None:
            return need(board, command.job)
        if board.running is None:
            raise _rejection("nothing is being printed")
        return board.running

    def _close(self, pending: _Pending, outcome: Outcome, reason: str) -> None:
        self._pending.remove(pending)
        self._say(pending.name.value, pending.command, outcome, reason)

    def _say(self, word: str, command: Command, outcome: Outcome, reason: str = "") -> None:
        log.info("command %s (%r) by %s: %s %s", command.id, word[:40], command.by, outcome.value, reason)
        data = {"id": command.id, "name": word[:40], "by": command.by, "outcome": outcome.value, "reason": reason}
        event = NewEvent(EventType.COMMAND, data=data)
        self._ledger.write(Entry(self._ledger.now_ms(), events=(event,), command=command.id))
        self._answer(word, CommandResult(id=command.id, outcome=outcome, reason=reason))


def _known(word: str) -> CommandName:
    try:
        return CommandName(word)
    except ValueError:
        there_are = ", ".join(name.value for name in CommandName)
        raise _rejection(f"there is no such command; there are: {there_are}") from None


def _rejection(reason: str) -> RefusedError:
    return RefusedError(ErrorCode.NOT_NOW, reason)

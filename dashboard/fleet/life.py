"""The life of one kiosk that is not there: visitors, prints, faults, staff's commands. Pure but for its dice.

`turn` is called with the clock and says what there is to say. Nothing here knows of MQTT.
"""

import random
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from dashboard.fleet import telling
from dashboard.fleet.libraries import CARDS
from dashboard.fleet.telling import Said, Scene, Stamp
from dashboard.fleet.thermals import Warmth
from firmware_bridge.contract import (
    Alert,
    AlertCode,
    Animal,
    Attention,
    Call,
    CallReason,
    Command,
    CommandName,
    CommandResult,
    Event,
    EventType,
    Fault,
    FaultCode,
    Job,
    JobState,
    Origin,
    Outcome,
    OutOfOrderReason,
    Severity,
    Ticket,
    Topic,
)

S = JobState
PRINTING_EVERY_S: Final = 2.0
IDLE_EVERY_S: Final = 60.0
PATIENCE_S: Final = 90.0
"""How long people take: to come, to collect, to mend, on average."""


class Life:
    """One printer and its people. `faults`: the share of prints in which something goes wrong, 0 to 1."""

    def __init__(self, journal: str, session: int, dice: random.Random, faults: float, now_ms: int) -> None:
        self.rows: list[Event] = []
        self._journal = journal
        self._session = session
        self._dice = dice
        self._faults = faults
        self._began_ms = self._last_ms = self._told_ms = now_ms
        self._measured_ms = 0
        self._warmth = Warmth()
        self._job: Job | None = None
        self._printed_s = 0.0
        self._fails_at: tuple[float, FaultCode | Attention] | None = None
        self._attention: Attention | None = None
        self._connected = True
        self._out_of_order: OutOfOrderReason | None = None
        self._call: Call | None = None
        self._alerts: dict[AlertCode, Alert] = {}
        self._known_alerts: dict[AlertCode, Alert] = {}
        self._until_ms = now_ms + int(1000 * dice.uniform(0, PATIENCE_S))
        self._made = 0
        self._changed = True
        self._note(EventType.BRIDGE_STARTED)
        if dice.random() < 0.7:
            self._be_in_the_middle(now_ms)

    def turn(self, now_ms: int) -> list[Said]:
        """All that there is to say at this moment; call it some times a second."""
        passed_s = (now_ms - self._last_ms) / 1000
        self._last_ms = now_ms
        self._warmth = self._warmth.after(passed_s, is_heating=self._is_heating)
        self._live(now_ms, passed_s)
        return [*self._snapshot(now_ms), *self._measurement(now_ms), *self._alarms()]

    def everything(self, now_ms: int) -> list[Said]:
        """For a broker that knows nothing yet, and a region that may still know alarms of an earlier fleet."""
        self._changed, self._measured_ms = True, 0
        alerts = [Said(Topic.ALERT, self._known_alerts.get(code), code.value, retain=True) for code in AlertCode]
        return [*self._snapshot(now_ms), *alerts, *self._alarms()]

    def obey(self, name: str, command: Command, now_ms: int) -> list[Said]:
        """A command from afar, and how far it came."""
        known = {one.value: one for one in CommandName}
        trouble = "it has expired" if command.expires_ms <= now_ms else "there is no such command"
        if name in known and command.expires_ms > now_ms:
            trouble = self._carry_out(known[name], command, now_ms)
        outcomes = [Outcome.REJECTED] if trouble else [Outcome.ACCEPTED, Outcome.FINISHED]
        return [said for outcome in outcomes for said in self._answer(name, command, outcome, trouble)]

    # --- what happens -------------------------------------------------------------------------------

    def _live(self, now_ms: int, passed_s: float) -> None:
        job = self._job
        if job is None:
            if now_ms >= self._until_ms and self._out_of_order is None and self._connected:
                self._ask_for_print(now_ms)
        elif job.state is S.HEATING and self._warmth.is_hot:
            self._step(S.PRINTING, now_ms)
        elif job.state is S.PRINTING:
            self._print(job, now_ms, passed_s)
        elif job.state is S.COOLING and self._warmth.is_cold:
            self._step(S.READY, now_ms)
        elif now_ms >= self._until_ms:
            self._somebody_comes(job, now_ms)

    def _print(self, job: Job, now_ms: int, passed_s: float) -> None:
        self._printed_s += passed_s
        if self._fails_at is not None and self._printed_s >= self._fails_at[0]:
            _, what = self._fails_at
            self._fails_at = None
            self._go_wrong(job, what, now_ms)
        elif self._printed_s >= job.estimate_s:
            self._step(S.COOLING, now_ms, ended_ms=now_ms, printed_s=self._printed_s)

    def _go_wrong(self, job: Job, what: FaultCode | Attention, now_ms: int) -> None:
        if isinstance(what, Attention):
            self._attention = what
            self._raise(AlertCode.ATTENTION, now_ms, job, detail=what.value)
            self._step(S.PAUSED, now_ms, paused_by=Origin.PRINTER)
            return
        self._connected = what is not FaultCode.PRINTER_MISSING
        self._raise(AlertCode.JOB_FAILED, now_ms, job, what)
        self._step(
            S.FAILED,
            now_ms,
            ended_ms=now_ms,
            ended_by=Origin.FAULT,
            fault=Fault(code=what),
            printed_s=self._printed_s,
        )

    def _somebody_comes(self, job: Job, now_ms: int) -> None:
        if job.state is S.PAUSED and job.paused_by is not Origin.REGION:
            self._attention = None
            self._alerts.pop(AlertCode.ATTENTION, None)
            self._note(EventType.STAFF, data={"act": "staff.load", "role": "staff", "about": {}})
            self._step(S.PRINTING, now_ms, paused_by=None)
        elif job.state is S.WAITING_FOR_PLATE:
            self._step(S.HEATING, now_ms, started_ms=now_ms)
        elif job.state in (S.READY, S.FAILED, S.CANCELLED):
            self._collect(job, now_ms)

    def _collect(self, job: Job, now_ms: int) -> None:
        if job.state is S.READY:
            self._step(S.COLLECTED, now_ms)
            data = {"job": job.id, "card": job.card, "smiley": self._dice.choice((2, 3, 3, 3)), "reason": None}
            self._note(EventType.FEEDBACK, data=data)
        if self._alerts.pop(AlertCode.JOB_FAILED, None) is not None:
            self._note(EventType.STAFF, data={"act": "job.collect", "role": "staff", "about": {"job": job.id}})
        if not self._connected:
            self._note(EventType.PRINTER_CONNECTED)
        self._job, self._connected, self._changed = None, True, True
        self._wait(now_ms)
        if self._call is None and self._dice.random() < self._faults:
            self._call = Call(since_ms=now_ms, reason=self._dice.choice(list(CallReason)))
            self._raise(AlertCode.CALL, now_ms, detail=self._call.reason.value)
            self._note(EventType.CALL, data={"step": "called", "by": "kiosk", "reason": self._call.reason.value})

    def _ask_for_print(self, now_ms: int) -> None:
        card, estimate_s, grams, layers, personal = self._dice.choice(CARDS)
        self._made += 1
        self._job = Job(
            id=f"{self._journal[:8]}-{self._made}",
            card=card,
            personal=personal and self._dice.random() < 0.6,
            state=S.WAITING_FOR_PLATE,
            estimate_s=estimate_s * self._dice.uniform(0.8, 1.3),
            grams=grams,
            layers=layers,
            submitted_ms=now_ms,
            ticket=Ticket(animal=self._dice.choice(list(Animal)), number=self._made),
        )
        self._printed_s = 0.0
        self._fails_at = self._fate(self._job)
        self._step(S.WAITING_FOR_PLATE, now_ms)

    def _fate(self, job: Job) -> tuple[float, FaultCode | Attention] | None:
        if self._dice.random() >= self._faults:
            return None
        what = self._dice.choice((Attention.FILAMENT_RUNOUT, FaultCode.PRINTER_MISSING, FaultCode.THERMAL))
        return self._dice.uniform(0.1, 0.9) * job.estimate_s, what

    def _be_in_the_middle(self, now_ms: int) -> None:
        """A library that is open already, not one where everybody comes in now."""
        self._ask_for_print(now_ms)
        assert self._job is not None
        self._warmth = Warmth().after(600, is_heating=True)
        self._printed_s = self._dice.uniform(0.0, 0.95) * self._job.estimate_s
        began_ms = now_ms - int(self._printed_s * 1000)
        self._step(S.PRINTING, now_ms, submitted_ms=began_ms - 240_000, started_ms=began_ms)

    # --- staff ---------------------------------------------------------------------------------------

    def _carry_out(self, name: CommandName, command: Command, now_ms: int) -> str:
        """'' when it was done, else why not."""
        job = self._job
        match name:
            case CommandName.OUT_OF_ORDER:
                self._out_of_order = (command.reason or OutOfOrderReason.OTHER) if command.value else None
            case CommandName.IDENTIFY:
                pass  # there is nobody to see it
            case CommandName.TAKE_CALL if self._call is not None:
                self._call = replace(self._call, taken_by=Origin.REGION, taken_ms=now_ms)
            case CommandName.CLEAR_CALL if self._call is not None:
                self._call = None
                self._alerts.pop(AlertCode.CALL, None)
            case CommandName.PAUSE if job is not None and job.state is S.PRINTING:
                self._step(S.PAUSED, now_ms, paused_by=Origin.REGION)
            case CommandName.RESUME if job is not None and job.paused_by is Origin.REGION:
                self._step(S.PRINTING, now_ms, paused_by=None)
            case CommandName.CANCEL if job is not None and (job.state.is_on_printer or not job.started_ms):
                self._step(S.CANCELLED, now_ms, ended_ms=now_ms, ended_by=Origin.REGION)
            case _:
                return "not now"
        self._changed = True
        return ""

    def _answer(self, name: str, command: Command, outcome: Outcome, reason: str) -> Iterator[Said]:
        data = {"id": command.id, "name": name, "by": command.by, "outcome": outcome.value, "reason": reason}
        self._note(EventType.COMMAND, data=data)
        yield Said(Topic.RESULT, CommandResult(id=command.id, outcome=outcome, reason=reason), name)

    # --- telling -------------------------------------------------------------------------------------

    @property
    def _is_heating(self) -> bool:
        return self._job is not None and self._job.state.is_on_printer

    def _step(self, state: JobState, now_ms: int, **fields: object) -> None:
        assert self._job is not None
        self._job = replace(self._job, state=state, **fields)
        self._changed = True
        self._wait(now_ms)
        self._note(EventType.JOB_CHANGED, self._job, now_ms=now_ms)

    def _wait(self, now_ms: int) -> None:
        self._until_ms = now_ms + int(1000 * self._dice.expovariate(1 / PATIENCE_S))

    def _note(
        self, kind: EventType, job: Job | None = None, data: dict[str, Any] | None = None, now_ms: int = 0
    ) -> None:
        seq = len(self.rows) + 1
        at_ms = now_ms or self._last_ms
        self.rows.append(Event(journal=self._journal, seq=seq, ts_ms=at_ms, type=kind, job=job, data=data or {}))

    def _raise(
        self,
        code: AlertCode,
        now_ms: int,
        job: Job | None = None,
        fault: FaultCode | None = None,
        detail: str = "",
    ) -> None:
        self._alerts[code] = Alert(
            id=code.value,
            code=code,
            severity=Severity.ATTENTION,
            since_ms=now_ms,
            job=job.id if job else None,
            fault=Fault(code=fault) if fault else None,
            detail=detail,
        )

    def _alarms(self) -> Iterator[Said]:
        """What changed since it was last told."""
        for code in AlertCode:
            alert = self._alerts.get(code)
            was = self._known_alerts.get(code)
            if alert != was:
                for kind, about in ((EventType.ALERT_CLEARED, was), (EventType.ALERT_RAISED, alert)):
                    if about is not None:
                        self._note(kind, data=msgspec.to_builtins(about))
                yield Said(Topic.ALERT, alert, code.value, retain=True)
        self._known_alerts = dict(self._alerts)

    def _snapshot(self, now_ms: int) -> Iterator[Said]:
        if not self._changed and now_ms - self._told_ms < 1000 * IDLE_EVERY_S:
            return
        self._changed, self._told_ms = False, now_ms
        scene = Scene(self._job, self._connected, self._attention, self._out_of_order, self._call)
        yield telling.state(scene, self._stamp(now_ms))

    def _measurement(self, now_ms: int) -> Iterator[Said]:
        every_s = PRINTING_EVERY_S if self._is_heating else IDLE_EVERY_S
        if now_ms - self._measured_ms < 1000 * every_s:
            return
        self._measured_ms = now_ms
        yield telling.telemetry(self._job, self._printed_s, self._warmth, self._dice, self._stamp(now_ms))

    def _stamp(self, now_ms: int) -> Stamp:
        return Stamp(now_ms, now_ms - self._began_ms, self._session)

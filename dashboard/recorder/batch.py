"""What a batch of messages does to the rows of the region's database."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from django.db import models

from dashboard.commands import Step, answered
from dashboard.models import Alert, Command, Cursor, DeadLetter, Event, Job, Kiosk, Telemetry
from dashboard.recorder.journal import Verdict, judge
from dashboard.recorder.messages import AlertCleared, Message, Poison
from dashboard.recorder.outbox import move
from firmware_bridge import contract
from firmware_bridge.contract import EventType, JobState

log = logging.getLogger(__name__)

_FINISHED = frozenset({JobState.COOLING, JobState.READY}) | {state for state in JobState if state.is_over}
_OUTCOMES = {outcome.value: outcome for outcome in contract.Outcome}


@dataclass(frozen=True)
class Told:
    """An ack, and the broker at which the kiosk was heard."""

    broker: str
    ack: contract.Ack


@dataclass
class Recorded:
    """What to publish, by kiosk. `advanced`: rows were recorded. `reminders`: the kiosk is not where we are."""

    advanced: dict[str, Told] = field(default_factory=dict)
    reminders: dict[str, Told] = field(default_factory=dict)


class Batch:
    """The rows that a batch touches: read at once, changed in memory in order, written at once."""

    def __init__(self, messages: Sequence[Message]) -> None:
        ids = {message.kiosk for message in messages}
        self._kiosks = Kiosk.objects.in_bulk(ids)
        for missing in ids - self._kiosks.keys():
            self._kiosks[missing] = Kiosk(id=missing)
        self._cursors = {(c.kiosk_id, c.journal): c for c in Cursor.objects.filter(kiosk__in=ids)}
        self._jobs = _rows(Job, "job", _job_ids(messages))
        self._alerts = _rows(Alert, "alert", _alert_ids(messages))
        self._commands = Command.objects.in_bulk(_command_ids(messages))
        self._samples: list[Telemetry] = []
        self._events: list[Event] = []
        self._dead: list[DeadLetter] = []
        self._moved: dict[tuple[str, str], None] = {}
        self._out_of_step: set[tuple[str, str]] = set()
        self._heard_at: dict[str, str] = {}

    def apply(self, message: Message) -> None:
        """Take one message in."""
        kiosk = self._kiosks[message.kiosk]
        if _is_of_another_place(kiosk, message):
            return
        self._heard_at[kiosk.id] = message.broker
        if not message.retained and not _is_last_will(message):
            kiosk.seen_ms = message.received_ms
        match message.body:
            case contract.Info() as info:
                self._info(kiosk, info, message.received_ms)
            case contract.Online() as online:
                self._online(kiosk, online, message)
            case contract.State() as state:
                kiosk.state = msgspec.json.encode(state).decode()
                if kiosk.seen_ms is None:  # a retained one: how old it is only the kiosk's own clock can tell
                    kiosk.seen_ms = min(state.ts_ms, message.received_ms)
            case contract.Telemetry() as telemetry if not message.retained:
                self._telemetry(kiosk, telemetry, message.received_ms)
            case contract.Alert() as alert:
                self._alert(kiosk, alert)
            case AlertCleared(alert_id):
                self._clear(kiosk, alert_id, message.received_ms, raised_before_ms=message.received_ms)
            case contract.CommandResult() as result if not message.retained:
                self._result(kiosk, result.id, result.outcome, result.reason, message.received_ms)
            case contract.Event() | Poison() as row:
                self._journal_row(kiosk, row, message.received_ms)

    def save(self) -> None:
        """Write all rows. Kiosks first: the others point at them."""
        _upsert(Kiosk, self._kiosks.values(), ("id",))
        moved = [self._cursors[key] for key in self._moved]
        _upsert(Cursor, moved, ("kiosk", "journal"))
        _upsert(Job, self._jobs.values(), ("kiosk", "job"))
        _upsert(Alert, self._alerts.values(), ("kiosk", "alert"))
        Telemetry.objects.bulk_create(self._samples, ignore_conflicts=True)
        Event.objects.bulk_create(self._events)
        DeadLetter.objects.bulk_create(self._dead)

    def recorded(self) -> Recorded:
        """What to tell the kiosks now that it is committed."""

        def acks(keys: Iterable[tuple[str, str]]) -> dict[str, Told]:
            return {
                kiosk: Told(
                    self._heard_at[kiosk], contract.Ack(journal=journal, seq=self._cursors[kiosk, journal].seq)
                )
                for kiosk, journal in keys
            }

        return Recorded(acks(self._moved), acks(self._out_of_step - self._moved.keys()))

    def _info(self, kiosk: Kiosk, info: contract.Info, now_ms: int) -> None:
        kiosk.info = msgspec.json.encode(info).decode()
        kiosk.library = info.library
        if kiosk.journal != info.journal or (kiosk.id, info.journal) not in self._cursors:
            self._moved[kiosk.id, info.journal] = None
        kiosk.journal = info.journal
        cursor, gone = self._cursor(kiosk, info.journal), info.oldest - 1
        if cursor.seq < gone:  # a recorder that was restored from an old backup: it would wait for them for ever
            reason = f"rows {cursor.seq + 1} to {gone} are no longer at the kiosk"
            self._bury(kiosk, Poison(info.journal, gone, reason, b""), now_ms)
            cursor.seq = gone
            self._moved[kiosk.id, info.journal] = None

    def _online(self, kiosk: Kiosk, online: contract.Online, message: Message) -> None:
        """The latest connection counts, whichever broker tells of it first."""
        told_now = online.online and not message.retained
        if not told_now and (online.session, online.connection) < (kiosk.online_session, kiosk.online_connection):
            return  # the late will of an earlier connection, or what another broker kept of it
        if kiosk.online is not online.online:
            kiosk.online_since_ms = message.received_ms
        kiosk.online, kiosk.online_reason = online.online, online.reason
        kiosk.online_session, kiosk.online_connection = online.session, online.connection
        if online.online:
            kiosk.broker = message.broker
        if told_now and kiosk.journal:  # this broker may have kept an older ack
            self._cursor(kiosk, kiosk.journal)
            self._out_of_step.add((kiosk.id, kiosk.journal))

    def _telemetry(self, kiosk: Kiosk, telemetry: contract.Telemetry, now_ms: int) -> None:
        kiosk.telemetry = msgspec.json.encode(telemetry).decode()
        kiosk.telemetry_ms = now_ms
        sample = Telemetry(
            kiosk_id=kiosk.id,
            received_ms=now_ms,
            nozzle_c=telemetry.temperatures.nozzle_c,
            nozzle_target_c=telemetry.temperatures.nozzle_target_c,
            bed_c=telemetry.temperatures.bed_c,
            bed_target_c=telemetry.temperatures.bed_target_c,
            done=telemetry.progress.done if telemetry.progress else None,
            lines_per_s=telemetry.link.lines_per_s,
            resends=telemetry.link.resends,
            round_trip_p50_ms=telemetry.link.round_trip_p50_ms,
            round_trip_p99_ms=telemetry.link.round_trip_p99_ms,
        )
        self._samples.append(sample)

    def _alert(self, kiosk: Kiosk, alert: contract.Alert) -> None:
        key = (kiosk.id, alert.id)
        row = self._alerts.setdefault(key, Alert(kiosk_id=kiosk.id, alert=alert.id))
        row.code, row.severity, row.since_ms = alert.code.value, alert.severity.value, alert.since_ms
        row.job, row.cleared_ms = alert.job or "", None
        row.fault, fault_detail = _fault(alert.fault)
        row.detail = alert.detail or fault_detail

    def _clear(self, kiosk: Kiosk, alert_id: str, at_ms: int, raised_before_ms: int) -> None:
        row = self._alerts.get((kiosk.id, alert_id))
        if row is not None and row.cleared_ms is None and row.since_ms <= raised_before_ms:
            row.cleared_ms = at_ms

    def _result(self, kiosk: Kiosk, command: str, outcome: contract.Outcome, reason: str, now_ms: int) -> None:
        """A kiosk speaks for the commands that were sent to it, and for no others."""
        row = self._commands.get(command)
        if row is None or row.kiosk_id != kiosk.id:
            return
        before, after = Step(row.step), answered(Step(row.step), outcome)
        if after is not before:
            move(row, after, now_ms, reason)

    def _cursor(self, kiosk: Kiosk, journal: str) -> Cursor:
        return self._cursors.setdefault((kiosk.id, journal), Cursor(kiosk_id=kiosk.id, journal=journal))

    def _journal_row(self, kiosk: Kiosk, row: contract.Event | Poison, now_ms: int) -> None:
        key = (kiosk.id, row.journal)
        cursor = self._cursor(kiosk, row.journal)
        if judge(cursor.seq, row.seq) is not Verdict.TAKE:
            self._out_of_step.add(key)
            return
        cursor.seq = row.seq
        kiosk.journal = row.journal
        self._moved[key] = None
        if isinstance(row, Poison):
            self._bury(kiosk, row, now_ms)
        else:
            self._event(kiosk, row, now_ms)

    def _bury(self, kiosk: Kiosk, poison: Poison, now_ms: int) -> None:
        log.warning("%s: event %d of %s is a dead letter: %s", kiosk.id, poison.seq, poison.journal, poison.reason)
        letter = DeadLetter(
            kiosk_id=kiosk.id,
            journal=poison.journal,
            seq=poison.seq,
            received_ms=now_ms,
            reason=poison.reason,
            payload=poison.payload,
        )
        self._dead.append(letter)

    def _event(self, kiosk: Kiosk, event: contract.Event, now_ms: int) -> None:
        row = Event(
            kiosk_id=kiosk.id,
            journal=event.journal,
            seq=event.seq,
            ts_ms=event.ts_ms,
            received_ms=now_ms,
            type=event.type.value,
            job=event.job.id if event.job else "",
            payload=msgspec.json.encode(event).decode(),
        )
        self._events.append(row)
        if event.type is EventType.JOB_CHANGED and event.job is not None:
            self._job(kiosk, event.job, event.ts_ms)
        if event.type is EventType.ALERT_CLEARED and isinstance(event.data.get("id"), str):
            self._clear(kiosk, event.data["id"], event.ts_ms, raised_before_ms=event.ts_ms)

        if event.type is EventType.COMMAND:
            outcome = _OUTCOMES.get(str(event.data.get("outcome")))
            if outcome is not None:
                said = str(event.data.get("reason", ""))
                self._result(kiosk, str(event.data.get("id")), outcome, said, now_ms)

    def _job(self, kiosk: Kiosk, job: contract.Job, ts_ms: int) -> None:
        row = self._jobs.setdefault((kiosk.id, job.id), Job(kiosk_id=kiosk.id, job=job.id))
        row.card, row.personal, row.state = job.card, job.personal, job.state.value
        row.estimate_s, row.printed_s, row.grams, row.layers = job.estimate_s, job.printed_s, job.grams, job.layers
        row.submitted_ms, row.started_ms = job.submitted_ms, job.started_ms
        if job.state in _FINISHED and row.finished_ms is None:
            row.finished_ms = job.ended_ms or ts_ms
        row.ended_by = job.ended_by.value if job.ended_by else ""
        row.fault, row.fault_detail = _fault(job.fault)


def _is_last_will(message: Message) -> bool:
    """The broker said it in the kiosk's name; a kiosk that says it itself gives a reason."""
    body = message.body
    return isinstance(body, contract.Online) and not body.online and not body.reason


def _is_of_another_place(kiosk: Kiosk, message: Message) -> bool:
    """What a broker kept of a kiosk that has moved to another one since."""
    if not message.retained or isinstance(message.body, contract.Online):
        return False
    return kiosk.broker not in ("", message.broker)


def _fault(fault: contract.Fault | None) -> tuple[str, str]:
    return (fault.code.value, fault.detail) if fault else ("", "")


def _job_ids(messages: Iterable[Message]) -> set[tuple[str, str]]:
    bodies = ((m.kiosk, m.body) for m in messages)
    return {(kiosk, body.job.id) for kiosk, body in bodies if isinstance(body, contract.Event) and body.job}


def _command_ids(messages: Iterable[Message]) -> set[str]:
    ids = set()
    for message in messages:
        body = message.body
        if isinstance(body, contract.CommandResult):
            ids.add(body.id)
        elif isinstance(body, contract.Event) and body.type is EventType.COMMAND:
            ids.add(str(body.data.get("id")))
    return ids


def _alert_ids(messages: Iterable[Message]) -> set[tuple[str, str]]:
    ids = set()
    for message in messages:
        body = message.body
        if isinstance(body, contract.Alert | AlertCleared):
            ids.add((message.kiosk, body.id))
        elif isinstance(body, contract.Event) and isinstance(body.data.get("id"), str):
            ids.add((message.kiosk, body.data["id"]))
    return ids


def _rows(model: type[models.Model], name: str, keys: set[tuple[str, str]]) -> dict[tuple[str, str], models.Model]:
    if not keys:
        return {}
    rows = model.objects.filter(kiosk__in={key[0] for key in keys}, **{f"{name}__in": {key[1] for key in keys}})
    return {(row.kiosk_id, getattr(row, name)): row for row in rows}


def _upsert(model: type[models.Model], rows: Iterable[models.Model], unique: tuple[str, ...]) -> None:
    fields = [f.name for f in model._meta.concrete_fields if f.name not in ("id", *unique)]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=fields)

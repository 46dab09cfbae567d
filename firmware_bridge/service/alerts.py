"""What needs a hand: derived from what is, raised once, cleared when it is solved. Pure."""

from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from firmware_bridge.contract import (
    Alert,
    AlertCode,
    Attention,
    Call,
    CallReason,
    EventType,
    Fault,
    FaultCode,
    Finding,
    Job,
    JobState,
    Severity,
    health_alert_id,
)
from firmware_bridge.journal.journal import NewEvent

MISSING_AFTER_S: Final = 30.0
"""A printer that is switched off and on again is nobody's trouble."""
_URGENT: Final = frozenset(code for code in FaultCode if code.is_latched)


@dataclass(frozen=True)
class Facts:
    """`fault`: why the printer cannot be used, for `away_s` seconds; None while it is connected.

    `latched`: what somebody has to look at first. `late`: what is being printed will not be ready before closing.
    """

    fault: Fault | None
    away_s: float
    plate: Job | None
    attention: Attention | None
    latched: Fault | None
    disk_full: bool
    call: Call | None = None
    late: bool = False
    health: tuple[Finding, ...] = ()


def wanted(facts: Facts, now_ms: int) -> tuple[Alert, ...]:
    """The alarms that these facts ask for."""
    found: list[Alert] = []

    def add(code: AlertCode, severity: Severity, fault: Fault | None = None, detail: str = "") -> None:
        job = facts.plate.id if facts.plate is not None and code in _ABOUT_JOB else None
        found.append(
            Alert(
                id=code.value, code=code, severity=severity, since_ms=now_ms, job=job, fault=fault, detail=detail
            )
        )

    if facts.latched is not None:
        add(AlertCode.PRINTER_FAULT, _severity(facts.latched), facts.latched)
    elif facts.fault is not None and facts.fault.code is not FaultCode.PRINTER_MISSING:
        add(AlertCode.PRINTER_FAULT, _severity(facts.fault), facts.fault)
    elif facts.fault is not None and facts.away_s >= MISSING_AFTER_S:
        add(AlertCode.PRINTER_MISSING, Severity.ATTENTION, facts.fault)
    if facts.plate is not None and facts.plate.state in (JobState.FAILED, JobState.INTERRUPTED):
        add(AlertCode.JOB_FAILED, _severity(facts.plate.fault), facts.plate.fault)
    if facts.attention is not None:
        add(AlertCode.ATTENTION, Severity.ATTENTION, detail=facts.attention.value)
    if facts.disk_full:
        add(AlertCode.DISK_FULL, Severity.ATTENTION, Fault(code=FaultCode.DISK_FULL))
    if facts.call is not None:
        add(AlertCode.CALL, _severity_of_call(facts.call), detail=facts.call.reason.value)
    if facts.late:
        add(AlertCode.CLOSING, Severity.ATTENTION)
    return (*found, *(_of(finding, now_ms) for finding in facts.health if finding.severity is not Severity.INFO))


def _of(finding: Finding, now_ms: int) -> Alert:
    said = finding.code.value
    return Alert(
        id=health_alert_id(finding.code),
        code=AlertCode.HEALTH,
        severity=finding.severity,
        since_ms=now_ms,
        detail=said,
    )


_ABOUT_JOB: Final = frozenset({AlertCode.JOB_FAILED, AlertCode.ATTENTION, AlertCode.CALL, AlertCode.CLOSING})


def _severity_of_call(call: Call) -> Severity:
    if call.taken_by is not None:
        return Severity.INFO  # somebody comes: nobody else has to
    return Severity.URGENT if call.reason is CallReason.STRANGE else Severity.ATTENTION


def _severity(fault: Fault | None) -> Severity:
    return Severity.URGENT if fault is not None and fault.code in _URGENT else Severity.ATTENTION


def update(before: tuple[Alert, ...], now: tuple[Alert, ...]) -> tuple[tuple[Alert, ...], tuple[NewEvent, ...]]:
    """The open alarms and what to write down. One that stays keeps its age, also when its wording changes.

    A failure of another job is another alarm: the old one is cleared and the new one raised.
    """
    known = {(alert.id, alert.job): alert for alert in before}
    kept = tuple(
        replace(alert, since_ms=known[alert.id, alert.job].since_ms) if (alert.id, alert.job) in known else alert
        for alert in now
    )
    still = {(alert.id, alert.job) for alert in now}
    cleared = (_event(EventType.ALERT_CLEARED, alert) for alert in before if (alert.id, alert.job) not in still)
    raised = (_event(EventType.ALERT_RAISED, alert) for alert in kept if (alert.id, alert.job) not in known)
    return kept, (*cleared, *raised)


def _event(type_: EventType, alert: Alert) -> NewEvent:
    return NewEvent(type_, data=msgspec.to_builtins(alert))

"""Alarms: raised once, cleared when solved."""

from firmware_bridge.contract import (
    Alert,
    AlertCode,
    Attention,
    EventType,
    Fault,
    FaultCode,
    Job,
    JobState,
    Severity,
)
from firmware_bridge.service.alerts import MISSING_AFTER_S, Facts, update, wanted

MISSING = Fault(code=FaultCode.PRINTER_MISSING)


def facts(
    fault: Fault | None = None,
    away_s: float = 0.0,
    plate: Job | None = None,
    attention: Attention | None = None,
    latched: Fault | None = None,
    disk_full: bool = False,
) -> Facts:
    return Facts(
        fault=fault, away_s=away_s, plate=plate, attention=attention, latched=latched, disk_full=disk_full
    )


def failed_job(name: str, state: JobState = JobState.FAILED, code: FaultCode = FaultCode.PRINTER_RESET) -> Job:
    return Job(
        id=name,
        card="ring",
        personal=False,
        state=state,
        estimate_s=1,
        grams=1,
        layers=1,
        submitted_ms=0,
        fault=Fault(code=code),
    )


def codes(alerts: tuple[Alert, ...]) -> list[AlertCode]:
    return [alert.code for alert in alerts]


def test_all_is_well() -> None:
    assert wanted(facts(), 0) == ()


def test_a_printer_is_missing_only_after_a_while() -> None:
    assert wanted(facts(MISSING, MISSING_AFTER_S - 1), 0) == ()
    assert codes(wanted(facts(MISSING, MISSING_AFTER_S), 0)) == [AlertCode.PRINTER_MISSING]


def test_a_printer_that_cannot_be_used_needs_a_hand_at_once() -> None:
    (alert,) = wanted(facts(Fault(code=FaultCode.WRONG_PRINTER, detail="Ender-3")), 7)
    assert (alert.code, alert.since_ms, alert.fault) == (
        AlertCode.PRINTER_FAULT,
        7,
        Fault(code=FaultCode.WRONG_PRINTER, detail="Ender-3"),
    )


def test_a_latched_fault_needs_a_hand_also_when_the_printer_answers() -> None:
    (alert,) = wanted(facts(latched=Fault(code=FaultCode.EMERGENCY_STOP)), 7)
    assert (alert.code, alert.severity) == (AlertCode.PRINTER_FAULT, Severity.URGENT)


def test_heat_is_urgent() -> None:
    (alert,) = wanted(facts(plate=failed_job("a", code=FaultCode.THERMAL)), 0)
    assert alert.severity is Severity.URGENT


def test_a_cancelled_job_is_nobodys_trouble_and_an_interrupted_one_is() -> None:
    assert wanted(facts(plate=failed_job("a", JobState.CANCELLED)), 0) == ()
    assert codes(wanted(facts(plate=failed_job("a", JobState.INTERRUPTED)), 0)) == [AlertCode.JOB_FAILED]


def test_raised_once_kept_and_cleared() -> None:
    first, events = update((), wanted(facts(attention=Attention.WAITS_FOR_PERSON), 10))
    assert [(e.type, e.data["detail"]) for e in events] == [(EventType.ALERT_RAISED, "waits_for_person")]
    second, events = update(first, wanted(facts(attention=Attention.FILAMENT_RUNOUT), 20))
    assert events == ()
    assert (second[0].since_ms, second[0].detail) == (10, "filament_runout")
    third, events = update(second, wanted(facts(), 30))
    assert third == ()
    assert [e.type for e in events] == [EventType.ALERT_CLEARED]


def test_the_failure_of_the_next_job_is_another_alarm() -> None:
    first, _ = update((), wanted(facts(plate=failed_job("a")), 10))
    second, events = update(first, wanted(facts(plate=failed_job("b")), 20))
    assert [(e.type, e.data["job"]) for e in events] == [
        (EventType.ALERT_CLEARED, "a"),
        (EventType.ALERT_RAISED, "b"),
    ]
    assert second[0].since_ms == 20


def test_several_at_once() -> None:
    found = wanted(facts(MISSING, 99, failed_job("a"), disk_full=True), 0)
    assert codes(found) == [AlertCode.PRINTER_MISSING, AlertCode.JOB_FAILED, AlertCode.DISK_FULL]

"""A kiosk that has everything at once, so that a page shows all that it can."""

from firmware_bridge.contract import (
    Alert,
    AlertCode,
    Animal,
    Call,
    CallReason,
    EventType,
    JobState,
    Printer,
    PrinterState,
    Severity,
    State,
    Ticket,
    Topic,
)
from support.reporting_kiosk import ReportingKiosk, job, now_ms


def speak_of_everything(kiosk: ReportingKiosk) -> None:
    """A print, a queue, one for staff, a call with its alarm, telemetry, a journal with a finished job."""
    kiosk.appear()
    at_ms = now_ms()
    plate = job(personal=True, ticket=Ticket(animal=Animal.FOX, number=7))
    state = State(
        ts_ms=at_ms,
        up_ms=1,
        session=1,
        printer=Printer(connected=True, state=PrinterState.PRINTING, firmware="Prusa-Firmware 3.13.2"),
        job=plate,
        queue=(job(JobState.QUEUED, id="j3", ticket=Ticket(animal=Animal.OWL, number=2)),),
        for_staff=(job(JobState.WAITING_FOR_STAFF, id="j2", ticket=Ticket(animal=Animal.BEE, number=4)),),
        call=Call(since_ms=at_ms, reason=CallReason.HELP),
    )
    kiosk.publish(Topic.STATE, state, retain=True)
    alert = Alert(
        id="call", code=AlertCode.CALL, severity=Severity.ATTENTION, since_ms=at_ms, detail=CallReason.HELP.value
    )
    kiosk.publish(Topic.ALERT, alert, leaf="call", retain=True)
    for n in range(5):
        kiosk.telemetry((210.0 + n, 215.0), (60.0, 60.0), done=0.4)
    kiosk.note(EventType.BRIDGE_STARTED)
    kiosk.note(EventType.JOB_CHANGED, job(JobState.COLLECTED, id="j0", ended_ms=at_ms, printed_s=1_800.0))
    kiosk.note(EventType.JOB_CHANGED, plate)

"""What follows from what is known: three questions that stay apart, and who comes first."""

from typing import Any

import msgspec
import pytest

from dashboard.pages.status import (
    Condition,
    Connection,
    Ears,
    Known,
    Need,
    OpenAlert,
    Reach,
    verdict,
)
from firmware_bridge.contract import (
    AlertCode,
    Fault,
    FaultCode,
    Job,
    JobState,
    LinkHealth,
    Printer,
    PrinterState,
    Progress,
    Severity,
    State,
    Telemetry,
    Temperatures,
)

NOW = 1_790_000_000_000
EARS = Ears(connected=True, since_ms=NOW - 3_600_000, alive_ms=NOW - 1_000)
MINUTE = 60_000


def _job(state: JobState, **fields: Any) -> Job:
    values = {"id": "j", "card": "fluitje", "personal": False, "estimate_s": 60.0, "grams": 1.0, "layers": 9}
    return Job(**(values | {"submitted_ms": NOW, "state": state} | fields))


def _state(
    printer: PrinterState = PrinterState.IDLE,
    job: JobState | None = None,
    queue: tuple[Job, ...] = (),
    connected: bool = True,
    fault: FaultCode | None = None,
    out_of_order: bool = False,
) -> State:
    return State(
        ts_ms=NOW,
        up_ms=1,
        session=1,
        printer=Printer(connected=connected, state=printer, fault=Fault(code=fault) if fault else None),
        job=_job(job) if job else None,
        queue=queue,
        out_of_order=out_of_order,
    )


def _telemetry(remaining_s: float | None = 600.0, done: float = 0.5) -> Telemetry:
    progress = Progress(line=1, lines=2, layer=1, layers=2, done=done, elapsed_s=1.0, remaining_s=remaining_s)
    return Telemetry(
        ts_ms=NOW, up_ms=1, session=1, temperatures=Temperatures(), progress=progress, link=LinkHealth()
    )


def _known(**fields: Any) -> Known:
    values: dict[str, Any] = {
        "kiosk": "deinze",
        "library": "Bibliotheek Deinze",
        "online": True,
        "online_since_ms": NOW - MINUTE,
        "online_reason": "",
        "info": None,
        "state": _state(),
        "telemetry": None,
        "telemetry_ms": None,
        "seen_ms": NOW - 2_000,
    }
    return Known(**(values | fields))


@pytest.mark.parametrize(
    ("fields", "ears", "reach"),
    [
        ({}, EARS, Reach.ONLINE),
        ({"online": None}, EARS, Reach.NEVER),
        ({"online": False}, EARS, Reach.LOST),
        ({"online": False, "online_reason": "shutdown"}, EARS, Reach.CLOSED),
        ({"seen_ms": NOW - 4 * MINUTE}, EARS, Reach.SILENT),
        ({"seen_ms": None}, EARS, Reach.SILENT),
        ({}, Ears(False, NOW - MINUTE, NOW), Reach.NOT_LISTENING),
        ({}, Ears(True, NOW - MINUTE, NOW - 2 * MINUTE), Reach.NOT_LISTENING),
        # We came back a minute ago: nobody is silent yet.
        ({"seen_ms": NOW - 99 * MINUTE}, Ears(True, NOW - MINUTE, NOW), Reach.ONLINE),
    ],
)
def test_is_the_kiosk_there(fields: dict[str, Any], ears: Ears, reach: Reach) -> None:
    assert verdict(_known(**fields), ears, NOW).reach is reach


def test_a_silent_kiosk_and_a_printer_that_is_off_are_two_things() -> None:
    off = verdict(_known(state=_state(PrinterState.ERROR, connected=False)), EARS, NOW)
    assert (off.reach, off.connection, off.condition) == (Reach.ONLINE, Connection.NO, Condition.PRINTER_AWAY)
    lost = verdict(_known(online=False, state=_state(PrinterState.PRINTING, JobState.PRINTING)), EARS, NOW)
    assert (lost.reach, lost.connection, lost.condition) == (
        Reach.LOST,
        Connection.UNKNOWN,
        Condition.NOT_REPORTING,
    )
    assert lost.last is Condition.PRINTING
    deaf = verdict(_known(), Ears(False, NOW, NOW), NOW)
    assert (deaf.connection, deaf.condition, deaf.last) == (Connection.UNKNOWN, Condition.UNKNOWN, Condition.FREE)


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        (_state(), Condition.FREE),
        (_state(PrinterState.BUSY), Condition.BUSY),
        (_state(PrinterState.BUSY, JobState.HEATING), Condition.HEATING),
        (_state(PrinterState.PRINTING, JobState.PRINTING), Condition.PRINTING),
        (_state(PrinterState.PAUSED, JobState.PAUSED), Condition.PAUSED),
        (_state(PrinterState.BUSY, JobState.COOLING), Condition.COOLING),
        (_state(PrinterState.FINISHED, JobState.READY), Condition.COLLECT),
        (_state(PrinterState.STOPPED, JobState.CANCELLED), Condition.CLEAR_PLATE),
        (_state(PrinterState.STOPPED, JobState.FAILED), Condition.JOB_FAILED),
        (_state(PrinterState.STOPPED, JobState.INTERRUPTED), Condition.JOB_FAILED),
        (_state(PrinterState.ERROR, JobState.FAILED, connected=False), Condition.JOB_FAILED),
        (_state(queue=(_job(JobState.WAITING_FOR_PLATE),)), Condition.WAITING_FOR_PLATE),
        (_state(PrinterState.ATTENTION, JobState.PRINTING), Condition.ATTENTION),
        (_state(PrinterState.ERROR), Condition.PRINTER_FAULT),
        (_state(PrinterState.ERROR, connected=False, fault=FaultCode.PRINTER_MISSING), Condition.PRINTER_AWAY),
        (_state(PrinterState.ERROR, connected=False, fault=FaultCode.WRONG_PRINTER), Condition.PRINTER_FAULT),
        (_state(PrinterState.PRINTING, JobState.PRINTING, out_of_order=True), Condition.OUT_OF_ORDER),
        (None, Condition.UNKNOWN),
    ],
)
def test_what_it_does(state: State | None, condition: Condition) -> None:
    assert verdict(_known(state=state), EARS, NOW).condition is condition


def test_an_alert_that_the_state_does_not_show_calls_for_help() -> None:
    full = OpenAlert(AlertCode.DISK_FULL, Severity.ATTENTION, NOW, FaultCode.DISK_FULL, "")
    missing = OpenAlert(AlertCode.PRINTER_MISSING, Severity.ATTENTION, NOW, FaultCode.PRINTER_MISSING, "")
    assert verdict(_known(alerts=(full,)), EARS, NOW).condition is Condition.ALERT
    assert verdict(_known(alerts=(missing,)), EARS, NOW).condition is Condition.FREE


def test_an_end_is_promised_only_while_it_prints() -> None:
    telemetry = {"telemetry": _telemetry(), "telemetry_ms": NOW - 2_000}
    printing = verdict(_known(state=_state(PrinterState.PRINTING, JobState.PRINTING), **telemetry), EARS, NOW)
    assert (printing.until_ms, printing.left_s, printing.done) == (NOW - 2_000 + 600_000, 600.0, 0.5)
    paused = verdict(_known(state=_state(PrinterState.PAUSED, JobState.PAUSED), **telemetry), EARS, NOW)
    assert (paused.until_ms, paused.left_s) == (None, 600.0)
    ready = verdict(_known(state=_state(PrinterState.FINISHED, JobState.READY), **telemetry), EARS, NOW)
    assert (ready.until_ms, ready.done) == (None, None)


@pytest.mark.parametrize("remaining_s", [None, -5.0, 1e300])
def test_a_remaining_time_that_makes_no_sense_is_no_promise(remaining_s: float | None) -> None:
    known = _known(
        state=_state(PrinterState.PRINTING, JobState.PRINTING),
        telemetry=_telemetry(remaining_s, done=7.5),
        telemetry_ms=NOW,
    )
    judged = verdict(known, EARS, NOW)
    assert (judged.until_ms, judged.left_s, judged.done) == (None, None, 1.0)


def test_those_that_need_a_hand_come_first_and_then_those_that_end_first() -> None:
    def printing(remaining_s: float) -> Known:
        return _known(
            state=_state(PrinterState.PRINTING, JobState.PRINTING),
            telemetry=_telemetry(remaining_s),
            telemetry_ms=NOW,
        )

    shuffled = [
        _known(),
        _known(online=False, online_reason="shutdown"),
        printing(900),
        _known(state=_state(PrinterState.FINISHED, JobState.READY)),
        printing(60),
        _known(online=False),
        _known(state=_state(PrinterState.ERROR)),
    ]
    judged = sorted((verdict(known, EARS, NOW) for known in shuffled), key=lambda v: v.order)
    assert [v.condition.need for v in judged] == [
        Need.HELP,
        Need.LOOK,
        Need.HAND,
        Need.BUSY,
        Need.BUSY,
        Need.NONE,
        Need.AWAY,
    ]
    assert [v.left_s for v in judged[3:5]] == [60, 900]


def test_every_condition_has_a_need_and_every_code_its_words() -> None:
    from dashboard.pages import words
    from firmware_bridge.contract import EventType, Origin

    assert all(condition.need in Need for condition in Condition)
    for table, codes in (
        (words.CONDITIONS, Condition),
        (words.REACHES, Reach),
        (words.CONNECTIONS, Connection),
        (words.JOB_STATES, JobState),
        (words.FAULTS, FaultCode),
        (words.ALERTS, AlertCode),
        (words.EVENTS, EventType),
        (words.ORIGINS, Origin),
    ):
        assert set(table) == set(codes)
    assert msgspec.json.encode(_state())  # the fixture is a message that a bridge could send

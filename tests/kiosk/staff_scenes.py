"""The staff's pages, as each role sees them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from msgspec.structs import replace as with_fields
from worlds import INFO, fault, job, state, telemetry

from firmware_bridge.contract import (
    Act,
    ActKind,
    ActState,
    Animal,
    Call,
    CallReason,
    FaultCode,
    GetLog,
    Job,
    JobState,
    LinkHealth,
    LogTail,
    Origin,
    OutOfOrderReason,
    Printer,
    PrinterState,
    Refusal,
    Role,
    Session,
    Ticket,
    Unlock,
)
from kiosk.domain import intents, news
from kiosk.domain.events import Event
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.setup import Setup
from kiosk.domain.staff import StaffPage

Dispatch = Callable[[Event], None]
LOG = tuple(
    f"2026-11-22 14:5{n % 10}:07,{n:03} INFO machine.serial_port: {n} lines/s, p99 4.1 ms, window 4, no resend"
    for n in range(24)
)
LINK = LinkHealth(
    lines_per_s=212.4,
    resends=3,
    timeouts=1,
    window=4,
    round_trip_p50_ms=1.4,
    round_trip_p99_ms=11.8,
    resend_ratio=0.0012,
    starvation=2,
    undervoltage=False,
)


def staff_scenes(
    dispatch: Dispatch, get: Callable[[], Model], put: Callable[[Model], None], plain: Piece
) -> Iterator[str]:
    """In through the PIN pad, page by page, out again."""

    def at(where: JobState, **fields: object) -> Job:
        return job(where, card=plain.card.id, **fields)

    def enter(role: Role) -> None:
        dispatch(intents.WantStaff())
        dispatch(news.Accepted(Unlock(pin="0000"), Session(role=role, expires_in_s=1e6)))

    before = get()
    put(get().with_world(can_practise=True, setup=Setup(True)))
    dispatch(intents.GoHome())
    dispatch(news.StateCame(state()))
    dispatch(news.TelemetryCame(with_fields(telemetry(24, 22, target=False), link=LINK)))
    dispatch(intents.WantStaff())
    yield "pin-door"
    dispatch(intents.GoBack())
    for role in (Role.COACH, Role.STAFF, Role.TECHNICIAN):
        enter(role)
        yield f"staff-menu-{role.value}"
        if role is not Role.TECHNICIAN:
            dispatch(intents.GoBack())
            dispatch(news.Accepted(Unlock(pin="0000")))
    for page in StaffPage:
        if page is StaffPage.LOG:
            put(get().with_session(staff=replace(get().session.staff, page=page)))
            dispatch(news.Accepted(GetLog(lines=60), LogTail(lines=LOG)))
        else:
            dispatch(intents.SeeStaffPage(page))
        yield f"staff-{page.value}"
    dispatch(news.StateCame(state(act=Act(kind=ActKind.LOAD, state=ActState.RUNNING))))
    dispatch(news.TelemetryCame(with_fields(telemetry(140, 55), link=LINK)))
    dispatch(intents.SeeStaffPage(StaffPage.FILAMENT))
    yield "staff-filament-loading"
    dispatch(news.StateCame(state(act=Act(kind=ActKind.LOAD, state=ActState.DONE, off_in_s=420.0))))
    yield "staff-filament-loaded"
    dispatch(intents.SeeStaffPage(StaffPage.HEAT))
    dispatch(news.StateCame(state(act=Act(kind=ActKind.HEAT, state=ActState.DONE, off_in_s=420.0))))
    yield "staff-heat-on"
    refusal = Refusal(line=0, code="not_homed", reason="")
    dispatch(intents.SeeStaffPage(StaffPage.MOVE))
    dispatch(news.StateCame(state(act=Act(kind=ActKind.JOG, state=ActState.REFUSED, refusal=refusal))))
    yield "staff-move-refused"
    dispatch(news.StateCame(state(at(JobState.PRINTING))))
    yield "staff-move-printing"
    dispatch(intents.SeeStaffPage(StaffPage.HEAT))
    yield "staff-heat-printing"
    waiting = [
        at(JobState.QUEUED, id=f"q{n}", ticket=Ticket(animal=a, number=n + 3)) for n, a in enumerate(Animal)
    ]
    staffed = at(JobState.WAITING_FOR_STAFF, id="s", ticket=Ticket(animal=Animal.FROG, number=9))
    dispatch(news.StateCame(state(at(JobState.PRINTING), *waiting[:4], for_staff=(staffed,))))
    dispatch(intents.SeeStaffPage(StaffPage.QUEUE))
    yield "staff-queue-full"
    dispatch(intents.PickJob("q1"))
    yield "staff-queue-picked"
    dispatch(intents.TurnPage(1))
    dispatch(intents.PickJob("s"))
    yield "staff-queue-last"
    for reason in OutOfOrderReason:
        dispatch(news.StateCame(state(out_of_order=True, out_of_order_reason=reason)))
        dispatch(intents.SeeStaffPage(StaffPage.ORDER))
        yield f"staff-order-{reason.value}"
    dispatch(intents.SeeStaffPage(StaffPage.CALL))
    dispatch(news.StateCame(state(ts_ms=90_000, call=Call(since_ms=0, reason=CallReason.STRANGE))))
    yield "staff-call-waits"
    taken = Call(since_ms=0, reason=CallReason.DOES_NOT_STICK, taken_by=Origin.KIOSK, taken_ms=5)
    dispatch(news.StateCame(state(call=taken)))
    yield "staff-call-taken"
    halted = Printer(
        connected=False,
        state=PrinterState.ERROR,
        latched=True,
        firmware="Marlin 2.1.2",
        fault=fault(FaultCode.THERMAL),
    )
    dispatch(news.StateCame(state(printer=halted)))
    dispatch(intents.SeeStaffPage(StaffPage.PROTECTION))
    yield "staff-protection-latched"
    unproven = Printer(
        connected=False, state=PrinterState.ERROR, may_confirm=True, firmware="Marlin bugfix-2.0.x (Oct 14 2021)"
    )
    dispatch(news.StateCame(state(printer=unproven)))
    yield "staff-protection-unproven"
    dispatch(intents.SeeStaffPage(StaffPage.MENU))
    dispatch(news.StateCame(state(at(JobState.FAILED, fault=fault(FaultCode.THERMAL)), printer=halted)))
    yield "staff-menu-fault"
    dispatch(news.StateCame(state()))
    dispatch(intents.SeeStaffPage(StaffPage.SPOOL))
    dispatch(intents.PickSpool(material="PETG"))
    dispatch(intents.PickSpool(colour="#1F5FA8", name="Blauw"))
    yield "staff-spool-other"
    dispatch(intents.SeeStaffPage(StaffPage.PRACTICE))
    put(get().with_session(staff=replace(get().session.staff, prepares=True)))
    yield "staff-practice-prepares"
    put(get().with_session(staff=replace(get().session.staff, prepares=False)))
    dispatch(news.StateCame(state(at(JobState.PRINTING))))
    yield "staff-practice-busy"
    dispatch(news.StateCame(state()))
    dispatch(intents.CleanScreen())
    yield "staff-clean"
    put(get().with_world(info=INFO))
    put(before)

"""What staff does at the kiosk, page by page: the printer, the spool, the queue, calls, health."""

from pathlib import Path

import pytest
from msgspec import structs
from staff_model import after, inside, shown, tiles, words
from worlds import INFO, job, model, state, telemetry

from firmware_bridge.contract import (
    Act,
    ActKind,
    ActState,
    Call,
    CallReason,
    Collect,
    Finding,
    GetLog,
    HealthCode,
    Host,
    JobState,
    LogTail,
    OutOfOrderReason,
    Role,
    SetOutOfOrder,
    SetSpool,
    Severity,
)
from kiosk.domain import desk, intents, news
from kiosk.domain.model import Model
from kiosk.domain.session import Place
from kiosk.domain.staff import StaffPage
from kiosk.presenters.staff.views import PageView
from kiosk.presenters.views import Tone


@pytest.fixture
def kiosk(collection: Path) -> Model:
    return after(model(collection), news.BridgeUp(INFO, state()), news.TelemetryCame(telemetry(24, 22)))[0]


@pytest.mark.parametrize("page", [StaffPage.HEAT, StaffPage.MOVE, StaffPage.FILAMENT])
def test_dangerous_buttons_are_off_while_printing_and_say_why(page: StaffPage, kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.TECHNICIAN), intents.SeeStaffPage(page))
    acting = {name for name, tile in tiles(staff).items() if not name.startswith("step:")}
    assert acting
    assert all(tiles(staff)[name].action.enabled for name in acting)
    printing, _ = after(staff, news.StateCame(state(job(JobState.PRINTING))))
    assert not any(tiles(printing)[name].action.enabled for name in acting)
    assert "Er loopt een job" in words(printing)


def test_a_paused_job_may_be_cooled(kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.STAFF), intents.SeeStaffPage(StaffPage.HEAT))
    paused, _ = after(staff, news.StateCame(state(job(JobState.PAUSED))))
    assert {name for name, tile in tiles(paused).items() if tile.action.enabled} == {"cool"}


def test_an_act_that_runs_blocks_the_next_but_can_be_cooled(kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.STAFF), intents.SeeStaffPage(StaffPage.FILAMENT))
    loading, _ = after(staff, news.StateCame(state(act=Act(kind=ActKind.LOAD, state=ActState.RUNNING))))
    assert {name for name, tile in tiles(loading).items() if tile.action.enabled} == {"cool"}
    assert "duwt het filament" in words(loading)


def test_homing_wants_an_empty_plate(kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.STAFF), intents.SeeStaffPage(StaffPage.MOVE))
    left, _ = after(staff, news.StateCame(state(job(JobState.READY))))
    assert not tiles(left)["home-axes"].action.enabled
    assert tiles(left)["jog:x:plus"].action.enabled
    assert "maak die eerst leeg" in words(left)


def test_one_touch_moves_as_far_as_was_picked(kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.STAFF), intents.SeeStaffPage(StaffPage.MOVE), intents.PickStep(50))
    assert tiles(staff)["jog:z:minus"].action.intent.request.mm == -50


def test_the_plate_is_cleared_from_the_menu_and_staff_stays(kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.COACH), news.StateCame(state(job(JobState.READY))))
    clear = next(action for action in shown(staff).frame.actions if action.name == "plate-clear")
    cleared, asked = after(staff, clear.intent)
    assert asked == [Collect(job="j1")]
    stays, _ = after(cleared, news.Accepted(asked[0], job(JobState.COLLECTED)))
    assert stays.session.place is Place.STAFF


def test_a_spool_is_said_in_three_touches(kiosk: Model) -> None:
    staff, _ = after(
        inside(kiosk, Role.STAFF),
        intents.SeeStaffPage(StaffPage.SPOOL),
        intents.SeeStaffPage(StaffPage.COLOUR),
        intents.PickSpool(colour="#1F5FA8", name="Blauw"),
    )
    sets = tiles(staff)["spool:set"].action
    assert sets.enabled
    _, asked = after(staff, sets.intent)
    assert asked == [SetSpool(material="PLA", colour="#1F5FA8", name="Blauw")]


def test_the_name_of_a_spool_is_typed(kiosk: Model) -> None:
    keys = (
        [intents.PressKey("backspace")] * 6 + [intents.PressKey(key) for key in "zon"] + [intents.PressKey("done")]
    )
    staff, _ = after(inside(kiosk, Role.STAFF), intents.SeeStaffPage(StaffPage.NAME), *keys)
    assert staff.session.staff.page is StaffPage.SPOOL
    assert desk.new_spool(staff).name == "Zon"


def test_what_may_be_done_with_a_job_depends_on_where_it_is(kiosk: Model) -> None:
    jobs = {
        "j1": job(JobState.PRINTING),
        "q": job(JobState.QUEUED, id="q"),
        "s": job(JobState.WAITING_FOR_STAFF, id="s"),
    }
    came = news.StateCame(state(jobs["j1"], jobs["q"], for_staff=(jobs["s"],)))
    staff, _ = after(inside(kiosk, Role.COACH), came, intents.SeeStaffPage(StaffPage.QUEUE))
    offered = {}
    for picked in jobs:
        at, _ = after(staff, intents.PickJob(picked))
        offered[picked] = [action.name for action in shown(at).frame.actions]
    assert offered == {"j1": ["cancel"], "q": ["remove", "first"], "s": ["refuse", "approve"]}


@pytest.mark.parametrize("reason", list(OutOfOrderReason))
def test_visitors_read_the_reason_that_staff_chose(reason: OutOfOrderReason, kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.STAFF), intents.SeeStaffPage(StaffPage.ORDER))
    _, asked = after(staff, tiles(staff)[f"order:{reason.value}"].action.intent)
    assert asked == [SetOutOfOrder(reason=reason)]
    out, _ = after(staff, news.StateCame(state(out_of_order=True, out_of_order_reason=reason)))
    visitor, _ = after(out, intents.GoHome())
    assert shown(visitor).body.printer.text.split(". ")[0] in words(out)
    _, asked = after(out, tiles(out)["order:back"].action.intent)
    assert asked == [SetOutOfOrder(reason=None)]


def test_a_call_is_taken_and_solved(kiosk: Model) -> None:
    calling = news.StateCame(state(call=Call(since_ms=0, reason=CallReason.PLATE)))
    staff, _ = after(inside(kiosk, Role.COACH), calling, intents.SeeStaffPage(StaffPage.CALL))
    assert "Er is iets met de plaat" in words(staff)
    assert set(tiles(staff)) == {"call:take", "call:clear"}


def test_the_log_is_fetched_when_its_page_opens(kiosk: Model) -> None:
    staff, asked = after(inside(kiosk, Role.TECHNICIAN), intents.SeeStaffPage(StaffPage.LOG))
    assert asked == [GetLog(lines=desk.LOG_LINES)]
    told, _ = after(staff, news.Accepted(asked[0], LogTail(lines=("one", "two"))))
    assert shown(told).body.lines == ("one", "two")


def of_health(kiosk: Model, *found: Finding, host: Host | None = None) -> PageView:
    told = after(
        inside(kiosk, Role.STAFF),
        news.StateCame(structs.replace(state(), health=found)),
        news.TelemetryCame(structs.replace(telemetry(24, 22), host=host)),
        intents.SeeStaffPage(StaffPage.HEALTH),
    )[0]
    body = shown(told).body
    assert isinstance(body, PageView)
    return body


def test_what_is_not_well_comes_first_with_its_remedy_and_every_code_has_words(kiosk: Model) -> None:
    for code in HealthCode:
        page = of_health(kiosk, Finding(code=code, severity=Severity.ATTENTION, detail="0.3"))
        assert len(page.lines[0].text.split()) >= 4 and page.lines[0].tone is Tone.WAIT
    worst = of_health(
        kiosk,
        Finding(code=HealthCode.STORAGE_FAILING, severity=Severity.URGENT),
        Finding(code=HealthCode.HOT, severity=Severity.ATTENTION),
        host=Host(cpu_c=81.5),
    )
    assert [line.tone for line in worst.lines] == [Tone.STOP, Tone.WAIT, Tone.PLAIN]
    assert "82 °C" in worst.lines[-1].text


def test_a_sound_kiosk_says_so_and_nothing_of_what_nothing_measures(kiosk: Model) -> None:
    page = of_health(kiosk, host=Host(storage_free_mb=9000))
    assert [line.text for line in page.lines] == ["Alles is in orde.", "Vrij op de kaart: 9000 MB"]

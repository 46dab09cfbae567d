"""Staff at the kiosk, without a screen: in by the PIN, what each role sees, out by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from worlds import INFO, NOW, job, model, state, telemetry

from firmware_bridge.contract import (
    Act,
    ActKind,
    ActState,
    Call,
    CallReason,
    Collect,
    Cool,
    ErrorCode,
    Finding,
    GetLog,
    HealthCode,
    Host,
    JobState,
    Lock,
    LogTail,
    OutOfOrderReason,
    PinRefusal,
    Preheat,
    Role,
    Session,
    SetOutOfOrder,
    SetSpool,
    Severity,
    Unlock,
)
from kiosk.domain import desk, events, intents, news
from kiosk.domain.effects import Ask
from kiosk.domain.model import Model
from kiosk.domain.session import Place
from kiosk.domain.staff import StaffPage
from kiosk.domain.update import update
from kiosk.locale import Translator
from kiosk.presenters import present
from kiosk.presenters.staff.views import PageView, Tile
from kiosk.presenters.views import Tone, View

NL = Translator("nl")


def after(kiosk: Model, *events: events.Event) -> tuple[Model, list[object]]:
    """The model, and everything that was asked of the bridge."""
    asked: list[object] = []
    for event in events:
        kiosk, effects = update(kiosk, event)
        asked += [effect.request for effect in effects if isinstance(effect, Ask)]
    return kiosk, asked


def tick(kiosk: Model, seconds: float) -> Model:
    return after(kiosk, news.Tick(NOW, kiosk.world.uptime_s + seconds))[0]


@pytest.fixture
def kiosk(collection: Path) -> Model:
    return after(model(collection), news.BridgeUp(INFO, state()), news.TelemetryCame(telemetry(24, 22)))[0]


def inside(kiosk: Model, role: Role) -> Model:
    digits = [intents.PressDigit(digit) for digit in "4711"]
    kiosk, asked = after(kiosk, intents.WantStaff(), *digits, intents.EnterPin())
    assert asked == [Unlock(pin="4711")]
    return after(kiosk, news.Accepted(Unlock(pin="4711"), Session(role=role, expires_in_s=120)))[0]


def shown(kiosk: Model) -> View:
    return present(kiosk, NL)


def tiles(kiosk: Model) -> dict[str, Tile]:
    body = shown(kiosk).body
    assert isinstance(body, PageView)
    return {tile.action.name: tile for tile in body.tiles if tile}


def words(kiosk: Model) -> str:
    body = shown(kiosk).body
    assert isinstance(body, PageView)
    return " ".join(line.text for line in body.lines)


# --- in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.COACH, {"queue", "call", "heat"}),
        (Role.STAFF, {"queue", "call", "heat", "move", "filament", "spool", "order", "health"}),
        (
            Role.TECHNICIAN,
            {"queue", "call", "heat", "move", "filament", "spool", "order", "health"}
            | {"link", "log", "protection"},
        ),
    ],
)
def test_each_role_sees_what_is_theirs(role: Role, seen: set[str], kiosk: Model) -> None:
    there = inside(kiosk.with_world(can_practise=True), role)
    assert {name.removeprefix("staff:") for name in tiles(there)} == seen | {"practice"}
    wipes = "staff:clean" in [action.name for action in shown(there).frame.actions]
    assert wipes == (role is not Role.COACH)


def test_a_page_of_another_role_does_not_open(kiosk: Model) -> None:
    coach, asked = after(inside(kiosk, Role.COACH), intents.SeeStaffPage(StaffPage.LOG))
    assert (coach.session.staff.page, asked) == (StaffPage.MENU, [])


def test_a_coach_may_only_make_it_cooler(kiosk: Model) -> None:
    coach, _ = after(inside(kiosk, Role.COACH), intents.SeeStaffPage(StaffPage.HEAT))
    assert [tile.action.intent for tile in tiles(coach).values()] == [intents.StaffAsks(Cool())]


def test_wrong_pins_are_counted_and_then_the_bridge_makes_everybody_wait(kiosk: Model) -> None:
    digits = [intents.PressDigit("1")] * 4
    pad, _ = after(kiosk, intents.WantStaff(), *digits, intents.EnterPin())
    wrong = news.Refused(Unlock(pin="1111"), ErrorCode.WRONG_PIN, why=PinRefusal(tries_left=3, wait_s=0))
    pad, _ = after(pad, wrong)
    assert "Nog 3 pogingen" in shown(pad).body.hint.text
    last = news.Refused(Unlock(pin="1111"), ErrorCode.WRONG_PIN, why=PinRefusal(tries_left=0, wait_s=65))
    pad, _ = after(pad, *digits, intents.EnterPin(), last)
    assert shown(pad).body.hint.text.endswith("1:05.")
    later = tick(pad, 10)
    assert shown(later).body.hint.text.endswith("0:55.")
    assert not any(key.enabled for key in shown(later).body.keys)
    assert after(later, *digits, intents.EnterPin())[1] == [], "no PIN is looked at meanwhile"
    over = tick(pad, 66)
    assert all(key.enabled for key in shown(over).body.keys)
    assert after(over, *digits, intents.EnterPin())[1] == [Unlock(pin="1111")]


def test_what_a_visitor_typed_is_gone_when_staff_comes_in(kiosk: Model) -> None:
    typing, _ = after(
        kiosk, intents.Wake(), intents.ChooseCard("sleutelhanger"), intents.MakeYours(), intents.PressKey("n")
    )
    assert typing.session.draft
    assert inside(typing, Role.STAFF).session.draft is None


# --- out ---------------------------------------------------------------------------------------------


def test_leaving_gives_the_role_back(kiosk: Model) -> None:
    for out in (intents.GoBack(), intents.GoHome()):
        gone, asked = after(inside(kiosk, Role.STAFF), out)
        assert asked == [Lock()]
        assert gone.session.staff is None


def test_two_minutes_without_a_touch_end_it(kiosk: Model) -> None:
    staff = inside(kiosk, Role.STAFF)
    staff = staff.with_session(staff=replace(staff.session.staff, ends_at_s=1e9))
    assert tick(staff, 119).session.staff
    gone, asked = after(staff, news.Tick(NOW, staff.world.uptime_s + 121))
    assert asked == [Lock()]
    assert (gone.session.staff, gone.session.place) == (None, Place.ATTRACT)


def test_the_end_of_the_bridges_session_asks_for_the_pin_and_comes_back_to_the_same_page(kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.STAFF), intents.SeeStaffPage(StaffPage.HEAT))
    staff = after(tick(staff, 100), intents.Touched())[0]
    ended = tick(staff, 21)
    assert ended.session.place is Place.PIN
    back, _ = after(ended, news.Accepted(Unlock(pin="4711"), Session(role=Role.STAFF, expires_in_s=120)))
    assert (back.session.place, back.session.staff.page) == (Place.STAFF, StaffPage.HEAT)


def test_a_wish_that_came_too_late_is_asked_again_after_the_pin(kiosk: Model) -> None:
    staff, asked = after(inside(kiosk, Role.STAFF), intents.StaffAsks(Preheat(nozzle_c=215)))
    pad, _ = after(staff, news.Refused(asked[0], ErrorCode.NOT_ALLOWED))
    assert pad.session.place is Place.PIN
    back, again = after(pad, news.Accepted(Unlock(pin="4711"), Session(role=Role.STAFF, expires_in_s=120)))
    assert again == asked
    assert back.session.place is Place.STAFF


def test_another_role_than_before_is_led_to_its_own_menu(kiosk: Model) -> None:
    staff, _ = after(inside(kiosk, Role.TECHNICIAN), intents.SeeStaffPage(StaffPage.LINK))
    ended = tick(after(tick(staff, 60), intents.Touched())[0], 61)
    back, _ = after(ended, news.Accepted(Unlock(pin="2580"), Session(role=Role.COACH, expires_in_s=120)))
    assert (back.session.staff.role, back.session.staff.page) == (Role.COACH, StaffPage.MENU)


def test_a_bridge_that_goes_takes_the_role_with_it(kiosk: Model) -> None:
    gone, _ = after(inside(kiosk, Role.STAFF), news.BridgeDown())
    assert gone.session.staff is None
    assert gone.session.place is Place.COLLECTION


def test_half_a_minute_of_cleaning_in_which_nothing_is_pressed(kiosk: Model) -> None:
    clean, _ = after(inside(kiosk, Role.STAFF), intents.CleanScreen())
    view = shown(clean)
    assert (view.screen, view.frame) == ("staff-clean", None)
    pressed, asked = after(
        clean, intents.GoBack(), intents.GoHome(), intents.SeeStaffPage(StaffPage.HEAT), intents.StaffAsks(Cool())
    )
    assert asked == []
    assert shown(pressed) == view
    assert "nog 20 seconden" in shown(tick(clean, 10)).body.left
    assert shown(tick(clean, desk.CLEAN_S)).screen == "staff"


# --- the printer -------------------------------------------------------------------------------------


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


# --- spool, queue, visitors --------------------------------------------------------------------------


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


# --- health ------------------------------------------------------------------------------------------


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

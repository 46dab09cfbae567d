"""Staff at the kiosk, without a screen: in by the PIN, what each role sees, out by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from staff_model import after, inside, shown, tick, tiles
from worlds import INFO, NOW, model, state, telemetry

from firmware_bridge.contract import (
    Cool,
    ErrorCode,
    Lock,
    PinRefusal,
    Preheat,
    Role,
    Session,
    Unlock,
)
from kiosk.domain import desk, intents, news
from kiosk.domain.model import Model
from kiosk.domain.session import Place
from kiosk.domain.staff import StaffPage


@pytest.fixture
def kiosk(collection: Path) -> Model:
    return after(model(collection), news.BridgeUp(INFO, state()), news.TelemetryCame(telemetry(24, 22)))[0]


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

"""Staff at a real bridge on a simulated printer: corner held, PIN typed; what they do reaches the wire."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from offscreen import SCREENS, Driver, kiosk
from pieces import PROFILE
from pins import PINS, enter, type_pin
from support.bridge_client import client
from support.bridge_process import BridgeProcess, SimulatedPrinter

from firmware_bridge.contract import Lock
from kiosk.domain.desk import CLEAN_S

SCREEN = SCREENS["10.1 inch wide"]
ENTER, TAB = 13, 9


@pytest.fixture
def driver(tmp_path: Path, collection: Path, bridge: BridgeProcess) -> Iterator[Driver]:
    with kiosk(SCREEN, tmp_path, collection, bridge.socket) as started:
        started.until(lambda: (s := started.app.model.world.state) and s.printer.connected, "the printer")
        started.on("attract")
        yield started


def hold(driver: Driver, x: float, y: float) -> None:
    finger = driver.finger(x, y)
    finger.touch_down()
    driver.until(lambda: driver.screen() == "pin", "the PIN pad", 8)
    finger.touch_up()
    driver.frames(3)
    assert driver.screen() == "pin", "what lies under the finger is not pressed when it is lifted"


def knock(driver: Driver) -> None:
    """Where the library's name stands, or home."""
    home = driver.widget("home")
    x, y = (home["x"] + home["width"] / 2, home["y"] + home["height"] / 2) if home else (60, 40)
    hold(driver, x, driver.window.height - y)


def test_the_corner_is_held_for_three_seconds_and_a_shorter_touch_means_what_it_always_means(
    driver: Driver,
) -> None:
    driver.touch(60, driver.window.height - 40)
    driver.on("collection")
    driver.press("search")
    driver.on("search")
    driver.press("home")
    driver.on("collection")
    corner = driver.app.surface._corner
    home = driver.widget("home")
    finger = driver.finger(home["x"] + 20, driver.window.height - home["y"] - 20)
    finger.touch_down()
    driver.until(lambda: corner.share > 0.4, "the ring fills")
    assert corner.opacity == 1.0
    finger.touch_move(driver.window.width / 2, driver.window.height / 2)
    driver.frames(3)
    finger.touch_up()
    assert corner.opacity == 0.0
    driver.frames(3)
    assert driver.screen() == "collection"
    knock(driver)


def test_the_choosing_key_held_on_home_does_the_same(driver: Driver) -> None:
    driver.press("wake")
    driver.on("collection")

    def key(code: int) -> None:
        driver.app._key(driver.window, code, 0, None, [])

    def up(code: int) -> None:
        driver.app._key_up(driver.window, code)

    for _ in driver.app.surface.targets():
        key(TAB)
        up(TAB)
        if driver.app.surface._ring.target.name == "home":
            break
    key(ENTER)
    driver.until(lambda: driver.screen() == "pin", "the PIN pad", 8)
    up(ENTER)
    assert driver.screen() == "pin"


def test_a_wrong_pin_says_how_often_one_may_try_and_then_makes_wait(driver: Driver, bridge: BridgeProcess) -> None:
    knock(driver)
    for left in (4, 3, 2, 1):
        type_pin(driver, "9999")
        said = "Nog 1 poging." if left == 1 else f"Nog {left} pogingen."
        driver.until(lambda said=said: said in driver.words(), said)
    type_pin(driver, "9999")
    driver.until(lambda: "Wacht nog 0:" in driver.words(), "the wait")
    assert driver.widget("pin:1")["enabled"] is False
    assert "9999" not in bridge.log()


def test_staff_puts_a_spool_in_and_the_screen_wears_it_at_once(driver: Driver) -> None:
    enter(driver, "staff")
    before = driver.app._theme.spool
    driver.press("staff:spool")
    driver.press("spool:colour")
    driver.press("colour:#1F5FA8")
    driver.press("spool:set")
    driver.until(lambda: driver.app.model.world.info.spool.colour == "#1F5FA8", "the bridge tells it")
    driver.frames()
    assert driver.app.model.world.info.spool.name == "Blauw"
    assert driver.app._theme.spool != before


def test_heat_on_and_off_again(driver: Driver, printer: SimulatedPrinter) -> None:
    enter(driver, "staff")
    driver.press("staff:heat")
    driver.press("heat:pla")
    driver.until(lambda: printer.status()["nozzle_target_c"] == 215, "the nozzle heats")
    driver.until(lambda: "/ 215 °C" in driver.words(), "now and target")
    driver.until(lambda: "op temperatuur" in driver.words(), "it is warm", 60)
    assert "De heaters gaan uit over 10 minuten." in driver.words()
    driver.press("cool")
    driver.until(lambda: printer.status()["nozzle_target_c"] == 0, "the nozzle is off")
    assert printer.status()["bed_target_c"] == 0


def test_the_head_moves_only_after_homing(driver: Driver, printer: SimulatedPrinter) -> None:
    enter(driver, "staff")
    driver.press("staff:move")
    driver.press("jog:x:plus")
    driver.until(lambda: "Eerst homen" in driver.words(), "it is refused, and why")
    driver.press("home-axes")
    driver.until(lambda: "kent zijn nulpunt" in driver.words(), "it is homed", 60)
    driver.press("step:50")
    driver.press("jog:x:minus")
    driver.until(lambda: "De kop is verplaatst" in driver.words(), "it has moved", 60)
    assert any(line.startswith("G1 X-50") for line in printer.executed())


def test_filament_is_loaded_and_the_page_says_how_far_it_is(driver: Driver, printer: SimulatedPrinter) -> None:
    enter(driver, "staff")
    driver.press("staff:filament")
    driver.press("filament:load")
    driver.until(lambda: "duwt het filament" in driver.words(), "it is under way")
    driver.until(lambda: "Er komt filament uit de nozzle" in driver.words(), "it is in", 60)
    pushed = sum(float(line.split("E")[1].split()[0]) for line in printer.executed() if line.startswith("G1 E"))
    assert pushed == 100


def test_out_of_order_is_what_the_visitor_reads_until_it_is_over(driver: Driver) -> None:
    enter(driver, "staff")
    driver.press("staff:order")
    driver.press("order:broken")
    driver.until(lambda: "Bezoekers lezen" in driver.words(), "it is out of order")
    driver.press("home")
    driver.on("collection")
    assert "De printer is stuk" in driver.words()
    enter(driver, "staff")
    driver.press("staff:order")
    driver.press("order:back")
    driver.until(lambda: "De printer is in gebruik" in driver.words(), "it is in use")


def test_a_coach_puts_a_job_first_and_takes_one_out(
    driver: Driver, bridge: BridgeProcess, collection: Path
) -> None:
    gcode = collection / "toren-1" / PROFILE / "print.gcode"
    with client(bridge.socket) as visitors:
        first, second, third = (visitors.submit(gcode, card="toren-1")["id"] for _ in range(3))
        driver.until(lambda: len(driver.app.model.world.state.queue) == 3, "three in the queue")
        enter(driver, "coach")
        assert driver.widget("staff:move") is None
        driver.press("staff:queue")
        driver.press(f"job:{third}")
        driver.press("first")
        driver.until(
            lambda: [job.id for job in driver.app.model.world.state.queue] == [third, first, second], "first"
        )
        driver.press(f"job:{second}")
        driver.press("remove")
        driver.until(lambda: [job.id for job in driver.app.model.world.state.queue] == [third, first], "out")


def test_staff_see_how_the_kiosk_itself_is(driver: Driver) -> None:
    enter(driver, "staff")
    driver.press("staff:health")
    driver.until(lambda: "Vrij op de kaart" in driver.words(), "what the bridge has measured of this machine")
    driver.press("back")
    driver.until(lambda: driver.widget("staff:health"), "the menu")


def test_a_technician_sees_the_link_and_the_log(driver: Driver) -> None:
    enter(driver, "technician")
    driver.press("staff:move")
    driver.press("home-axes")
    driver.until(lambda: "kent zijn nulpunt" in driver.words(), "lines went over the wire", 60)
    driver.press("back")
    driver.press("staff:link")
    driver.until(lambda: " ms" in (driver.widget("fact-0") or {}).get("text", ""), "a round trip in milliseconds")
    assert "prusa-mk3s" in driver.words()
    driver.press("back")
    driver.press("staff:log")
    driver.until(lambda: "INFO" in driver.words(), "lines of the bridge's log")


def test_a_session_that_ended_at_the_bridge_asks_for_the_pin_and_then_does_what_was_asked(
    driver: Driver, printer: SimulatedPrinter
) -> None:
    enter(driver, "staff")
    driver.press("staff:heat")
    # As after two minutes: the bridge knows this connection as a visitor's again.
    driver.app._bridge.ask(Lock())
    driver.press("heat:bed")
    driver.on("pin")
    type_pin(driver, PINS["staff"])
    driver.on("staff")
    driver.until(lambda: printer.status()["bed_target_c"] == 60, "the bed heats")
    driver.press("cool")
    driver.until(lambda: printer.status()["bed_target_c"] == 0, "the bed is off")


def test_while_it_is_cleaned_no_touch_and_no_key_does_anything(driver: Driver) -> None:
    enter(driver, "staff")
    driver.press("staff:clean")
    driver.on("staff-clean")
    for x in range(40, driver.window.width, 200):
        for y in range(40, driver.window.height, 200):
            driver.touch(x, y)
    for code in (ENTER, TAB, ENTER):
        driver.app._key(driver.window, code, 0, None, [])
        driver.app._key_up(driver.window, code)
    assert driver.screen() == "staff-clean"
    driver.app._uptime = lambda: time.monotonic() + CLEAN_S
    driver.on("staff")

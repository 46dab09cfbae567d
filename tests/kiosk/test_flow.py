"""A finger on the glass, the real bridge, a simulated printer: whole visits."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from offscreen import SCREENS, Driver, kiosk
from support.bridge_process import BridgeProcess, SimulatedPrinter, bridge_process, simulated_printer

SCREEN = SCREENS["10.1 inch wide"]
WORKER = (sys.executable, "-m", "catalogue", "worker")


@dataclass
class Appliance:
    """What runs."""

    printer: SimulatedPrinter
    bridge: BridgeProcess
    folder: Path
    collection: Path

    @contextlib.contextmanager
    def kiosk(self, worker: tuple[str, ...] = WORKER) -> Iterator[Driver]:
        """The screen in this process."""
        with kiosk(SCREEN, self.folder, self.collection, self.bridge.socket, worker) as driver:
            driver.until(lambda: driver.app.model.world.state, "the bridge")
            yield driver


@pytest.fixture
def appliance(tmp_path: Path, collection: Path) -> Iterator[Appliance]:
    with simulated_printer(tmp_path, 100.0) as printer, bridge_process(tmp_path, printer.port) as bridge:
        yield Appliance(printer, bridge, tmp_path, collection)


def printer_is_free(driver: Driver) -> None:
    driver.until(lambda: driver.app.model.world.state.printer.connected, "the printer is connected")


def choose(driver: Driver, card: str) -> None:
    if driver.screen() == "attract":
        driver.press("wake")
    driver.press(f"card:{card}")
    driver.on("model")


def begin_print(driver: Driver, card: str = "toren-1") -> None:
    printer_is_free(driver)
    choose(driver, card)
    driver.press("print")
    driver.on("plate")
    driver.press("plate-empty")
    driver.on("watch")


def test_three_taps_from_the_collection_to_a_print_that_is_taken_off(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        begin_print(driver)
        driver.until(lambda: driver.app.model.world.toolpath, "the toolpath of the job")
        driver.on("ready", 90)
        driver.press("collect")
        driver.on("feedback")
        driver.press("rate:3")
        driver.press("reason:nice")
        driver.until(lambda: "Dank je wel" in driver.words(), "thanks")
        driver.press("close")
        driver.on("attract")
    moves = [line for line in appliance.printer.executed() if line.startswith("G1 X") and "E0.5" in line]
    assert len(moves) == 12 * 4


def test_pause_and_resume(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        begin_print(driver, "toren-4")
        driver.press("problem")
        driver.press("pause")
        driver.until(lambda: driver.widget("resume"), "the pause")
        assert "Pauze" in driver.words()
        driver.press("resume")
        driver.until(lambda: driver.widget("resume") is None, "it goes on")
        driver.on("ready", 90)


def test_stop_is_two_touches_away(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        begin_print(driver, "toren-6")
        driver.press("problem")
        driver.on("problem")
        driver.press("stop")
        driver.on("trouble")
        assert "De print is gestopt" in driver.words()
        driver.press("collect", timeout_s=60)
        driver.on("attract")
        driver.until(lambda: appliance.printer.status()["nozzle_target_c"] == 0, "the heaters are off")


def test_a_second_visitor_queues_and_gets_a_turn(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        begin_print(driver, "toren-4")
        driver.press("home")
        choose(driver, "toren-3")
        assert driver.widget("print")["text"] == "Zet in de rij"
        driver.press("print")
        driver.until(lambda: "Je staat in de rij" in driver.words(), "the place in the queue")
        driver.press("close")
        driver.on("queue")
        assert "Toren 3" in driver.words()
        driver.press("watch-print")
        driver.on("ready", 90)
        driver.press("collect")
        driver.press("skip")
        driver.until(lambda: "De volgende is aan de beurt: Toren 3" in driver.words(), "the turn")
        driver.press("plate-empty")
        driver.on("watch")


def test_a_kiosk_that_is_started_again_shows_the_print(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        begin_print(driver, "toren-6")
    with appliance.kiosk() as driver:
        driver.on("watch")
        driver.until(lambda: driver.app.model.world.toolpath, "the toolpath, from the bridge")
        assert driver.app.model.world.toolpath.pack is not None


def test_a_bridge_that_dies_is_a_state_of_the_screen(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        begin_print(driver, "toren-6")
        appliance.bridge.process.kill()
        driver.on("trouble")
        assert "hoort de printer niet" in driver.words()
        driver.press("home")
        choose(driver, "toren-1")
        assert driver.widget("print")["enabled"] is False
        assert "De printer is nog niet klaar" in driver.words()
        with bridge_process(appliance.folder, appliance.printer.port):
            driver.press("watch", 30)
            driver.on("trouble")
            driver.until(lambda: "De printer is even uit geweest" in driver.words(), "what happened")
            driver.press("collect", 90)


def test_a_printer_that_is_unplugged_greys_the_print(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        printer_is_free(driver)
        choose(driver, "toren-1")
        assert driver.widget("print")["enabled"] is True
        appliance.printer.control("unplug")
        driver.until(lambda: driver.widget("print")["enabled"] is False, "a grey button")
        assert "Vraag het aan de balie" in driver.words()


def test_a_name_is_typed_made_and_forgotten(appliance: Appliance) -> None:
    with appliance.kiosk() as driver:
        printer_is_free(driver)
        choose(driver, "sleutelhanger")
        driver.press("make-yours")
        for key in "noor":
            driver.press(f"key:{key}")
        driver.until(lambda: driver.app.model.session.draft.shape, "the preview", 60)
        driver.press("make")
        driver.until(lambda: driver.app.model.session.draft.made, "the model", 120)
        driver.on("model")
        assert "jouw eigen versie" in driver.words()
        assert list((appliance.folder / "session").rglob("*.gcode"))
        driver.press("print")
        driver.press("plate-empty")
        driver.on("watch")
        assert not list((appliance.folder / "session").iterdir()), "what was typed must not outlive the start"
        assert driver.app.model.session.draft is None
    assert "Noor" not in appliance.bridge.log()

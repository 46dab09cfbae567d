"""Asking from afar, the whole way: Chromium, the web server, the recorder, Mosquitto, the bridge, a printer."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.bridge_client import BridgeClient, client
from support.bridge_process import SimulatedPrinter, bridge_process, simulated_printer, start_print
from support.broker import mosquitto
from support.browser import chromium
from support.dashboard import ACCOUNT, PASSWORD, Region, region
from support.gcode import write_tower
from support.waiting import until


@dataclass(frozen=True)
class Stage:
    """All of it running: the region, a kiosk's bridge with its printer, and a browser that is signed in."""

    region: Region
    kiosk: BridgeClient
    printer: SimulatedPrinter
    web: WebDriver

    def ask(self, name: str) -> None:
        """Press the button, read the question, say yes."""
        button = f"a[href*='/ask/{name}/']"
        until(lambda: self.web.find_elements(By.CSS_SELECTOR, button), what=f"the button {name}")
        self.web.execute_script("document.querySelector(arguments[0]).click()", button)
        until(lambda: self.web.find_elements(By.ID, "yes"), what="the page that asks")
        self.web.find_element(By.ID, "yes").click()
        until(lambda: self.web.find_elements(By.ID, "commands"), what="the printer's page again")

    def text(self, selector: str) -> str:
        """In one step: between finding an element and reading it, a new one may have taken its place."""
        return str(
            self.web.execute_script("return document.querySelector(arguments[0])?.innerText ?? ''", selector)
        )

    def says(self, text: str) -> None:
        """The newest command's line says so, without the page being loaded again."""
        until(lambda: text in self.text("#commands ol li"), 60, f"the page says {text}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("asking")
    with (
        mosquitto(folder) as broker,
        region(folder, broker) as made,
        simulated_printer(folder, 30.0) as printer,
        bridge_process(folder, printer.port, broker) as bridge,
        client(bridge.socket) as kiosk,
        chromium(folder) as web,
    ):
        kiosk.until_connected()
        until(lambda: made.one("SELECT state FROM dashboard_kiosk WHERE id = 'deinze'"), what="it is known")
        web.get(made.url + "printers/deinze/")
        web.find_element(By.NAME, "username").send_keys(ACCOUNT)
        web.find_element(By.NAME, "password").send_keys(PASSWORD + Keys.ENTER)
        until(lambda: web.find_elements(By.ID, "commands"), what="the printer's page")
        yield Stage(made, kiosk, printer, web)


def test_a_print_is_paused_resumed_and_cancelled_from_afar(stage: Stage, tmp_path: Path) -> None:
    start_print(stage.kiosk, write_tower(tmp_path / "tower.gcode", 400, 30))
    stage.kiosk.until_job("printing", 120)
    stage.ask("pause")
    stage.says("Uitgevoerd")
    assert stage.kiosk.state()["job"]["state"] == "paused"
    assert stage.kiosk.state()["job"]["paused_by"] == "region"
    stage.ask("resume")
    stage.says("Uitgevoerd")
    stage.kiosk.until_job("printing", 60)
    job = stage.kiosk.state()["job"]["id"]
    stage.kiosk.call("job.pause", job=job)
    stage.kiosk.until_job("paused", 60)
    stage.web.get(stage.region.url + "printers/deinze/")
    until(lambda: "Pauze" in stage.text("#job"), what="the pause of the kiosk is shown")
    assert not stage.web.find_elements(By.CSS_SELECTOR, "a[href*='/ask/resume/']"), "it is ended at the kiosk"
    stage.ask("cancel")
    stage.says("Uitgevoerd")
    stage.kiosk.until_job("cancelled", 60)
    until(lambda: stage.printer.status()["nozzle_target_c"] == 0, 30, "it is cold")
    steps = stage.region.rows("SELECT name, step FROM dashboard_command ORDER BY asked_ms")
    assert steps == [("pause", "finished"), ("resume", "finished"), ("cancel", "finished")]
    audited = stage.region.rows("SELECT who, about FROM dashboard_audit WHERE act = 'command' ORDER BY id")
    assert [who for who, _ in audited] == [ACCOUNT] * 3
    stage.kiosk.call("job.collect", job=job)


def test_out_of_order_with_its_reason_and_back(stage: Stage) -> None:
    stage.web.get(stage.region.url + "printers/deinze/ask/out_of_order/")
    stage.web.find_element(By.CSS_SELECTOR, "input[value=no_filament]").click()
    stage.web.find_element(By.ID, "yes").click()
    stage.says("Uitgevoerd")
    assert stage.kiosk.state()["out_of_order_reason"] == "no_filament"
    stage.ask("out_of_order")
    stage.says("Weer in gebruik")
    stage.says("Uitgevoerd")
    assert stage.kiosk.state()["out_of_order"] is False


def test_a_call_is_answered_from_afar(stage: Stage) -> None:
    stage.kiosk.call("staff.call", reason="help")
    until(lambda: "Een bezoeker roept hulp" in stage.text("#alerts"), what="the alarm")
    for said in ("De bezoeker vraagt uitleg of hulp.", "Wat je kunt doen"):
        assert said in stage.text("#alerts")
    stage.ask("take_call")
    stage.says("Uitgevoerd")
    assert stage.kiosk.state()["call"]["taken_by"] == "region"
    stage.ask("clear_call")
    stage.says("Uitgevoerd")
    assert stage.kiosk.state()["call"] is None

"""The whole way in a real browser: a kiosk speaks at the broker, and a page that is open changes by itself."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.broker import Broker, mosquitto
from support.browser import chromium
from support.dashboard import ACCOUNT, PASSWORD, Region, prepared, region
from support.reporting_kiosk import ReportingKiosk, job, now_ms
from support.waiting import until

from firmware_bridge.contract import EventType, JobState, Online, PrinterState, Topic

LIVE_S = 2.0
"""How soon a page shows what a kiosk said."""


@dataclass(frozen=True)
class Stage:
    """A region with its processes and a browser that is signed in."""

    broker: Broker
    region: Region
    web: WebDriver

    def open(self, path: str = "") -> None:
        """A page of the dashboard."""
        self.web.get(self.region.url + path)

    def text(self, selector: str) -> str:
        """What stands there, '' while it is not there."""
        return _text(self.web, selector)


def _text(web: WebDriver, selector: str) -> str:
    """In one step: between finding an element and reading it, a new one may have taken its place."""
    return str(web.execute_script("return document.querySelector(arguments[0])?.innerText ?? ''", selector))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("browser")
    with mosquitto(folder) as broker, region(folder, broker) as made, chromium(folder) as web:
        stage = Stage(broker, made, web)
        stage.open("jobs/")
        _sign_in(web, PASSWORD)
        until(lambda: web.current_url.endswith("/jobs/"), what="the page that was asked for is there")
        yield stage


def _sign_in(web: WebDriver, password: str) -> None:
    web.find_element(By.NAME, "username").clear()
    web.find_element(By.NAME, "username").send_keys(ACCOUNT)
    web.find_element(By.NAME, "password").send_keys(password + Keys.ENTER)


@pytest.fixture
def deinze(stage: Stage, request: pytest.FixtureRequest) -> Iterator[ReportingKiosk]:
    """A kiosk of this test alone, with a free printer."""
    name = request.node.name.removeprefix("test_").replace("_", "-")[:30].strip("-")
    with ReportingKiosk(name, stage.broker, f"Bibliotheek {name}").connected() as kiosk:
        kiosk.appear()
        kiosk.state()
        until(lambda: stage.region.one("SELECT state FROM dashboard_kiosk WHERE id = ?", name), what="it is known")
        yield kiosk


def test_a_wrong_password_lets_nobody_in(stage: Stage, tmp_path: Path) -> None:
    with chromium(tmp_path, size=(390, 844)) as web:
        web.get(stage.region.url)
        _sign_in(web, "geraden")
        until(lambda: "horen niet bij elkaar" in _text(web, "main"), what="it says so")
        _sign_in(web, PASSWORD)
        until(lambda: web.find_elements(By.ID, "tiles"), what="the right one does")
        for path in ("", "jobs/"):
            web.get(stage.region.url + path)
            width = web.execute_script("return document.documentElement.scrollWidth")
            assert width <= 390, "nothing scrolls sideways on a phone"


def test_the_grid_changes_by_itself_within_two_seconds(stage: Stage, deinze: ReportingKiosk) -> None:
    stage.open()
    tile = f"#tile-{deinze.kiosk}"
    assert "Vrij" in stage.text(tile)
    stage.web.execute_script("window.wasNotLoadedAgain = true")
    waits = []
    steps = [
        (PrinterState.PRINTING, JobState.PRINTING, "43 %"),
        (PrinterState.PAUSED, JobState.PAUSED, "te gaan na de pauze"),
        (PrinterState.FINISHED, JobState.READY, "Klaar om af te halen"),
    ]
    for printer, state, says in steps:
        begin = time.monotonic()
        deinze.state(printer, job(state))
        deinze.telemetry((214.6, 215), (60, 60), done=None if state is JobState.READY else 0.43)
        until(lambda says=says: says in stage.text(tile), what=f"the tile says {says}")
        waits.append(time.monotonic() - begin)
    assert max(waits) < LIVE_S, waits
    assert stage.web.execute_script("return window.wasNotLoadedAgain") is True


def test_a_new_printer_and_a_lost_one_appear_in_their_place(stage: Stage, deinze: ReportingKiosk) -> None:
    stage.open()
    begin = time.monotonic()
    with ReportingKiosk("zelzate", stage.broker).connected() as other:
        other.appear()
        other.state(PrinterState.ERROR)
        first = "#tiles > li:first-child"
        until(lambda: "Bibliotheek Zelzate" in stage.text(first), what="the one in need comes first")
        assert time.monotonic() - begin < LIVE_S
        begin = time.monotonic()
        other.publish(Topic.ONLINE, Online(online=False, session=1), retain=True)
        until(lambda: "Meldt zich niet" in stage.text("#tile-zelzate"), what="it is not reporting")
        assert time.monotonic() - begin < LIVE_S


def test_the_focus_stays_where_it_was(stage: Stage, deinze: ReportingKiosk) -> None:
    stage.open()
    stage.web.execute_script("document.getElementById(arguments[0]).focus()", f"link-{deinze.kiosk}")
    deinze.state(PrinterState.PRINTING, job())
    until(lambda: "Print" in stage.text(f"#tile-{deinze.kiosk} .condition"), what="the tile changed")
    assert stage.web.execute_script("return document.activeElement.id") == f"link-{deinze.kiosk}"
    ActionChains(stage.web).send_keys(Keys.ENTER).perform()
    until(lambda: f"/printers/{deinze.kiosk}/" in stage.web.current_url, what="it leads to the printer")


def test_a_printer_s_page_draws_and_goes_on_drawing(stage: Stage, deinze: ReportingKiosk) -> None:
    deinze.state(PrinterState.PRINTING, job())
    count = "SELECT count(*) FROM dashboard_telemetry WHERE kiosk_id = ?"
    for n in range(1, 6):
        deinze.telemetry((199.0 + n, 215.0), (59.0, 60.0), done=0.4)
        until(lambda n=n: stage.region.one(count, deinze.kiosk) == n, what="telemetry is recorded")
    stage.open(f"printers/{deinze.kiosk}/")
    plots = "[...document.querySelectorAll('#temperatures svg.plot')]"
    measure = f"return {plots}.map(plot => plot.getBoundingClientRect().width)"
    wide, narrow = stage.web.execute_script(measure)
    assert wide > 800 and narrow == 0
    drawn = stage.web.execute_script("return document.querySelector('svg.plot.wide').textContent")
    for said in ("Temperatuur (°C)", "Tijd (uur)", "Nozzle 204 °C", "Bed 59 °C"):
        assert said in drawn
    begin = time.monotonic()
    deinze.telemetry((77.0, 215.0), (59.0, 60.0), done=0.5)
    until(lambda: "77 °C" in stage.text("#temperatures .figures"), what="the new temperature")
    assert time.monotonic() - begin < LIVE_S
    assert "50 %" in stage.text("#job")
    # An age counts up by itself.
    first = stage.text("#answers time.age")
    until(lambda: stage.text("#answers time.age") != first, timeout_s=4, what="the age counts up")


def test_a_finished_job_is_in_the_list(stage: Stage, deinze: ReportingKiosk) -> None:
    ended = {"ended_ms": now_ms(), "printed_s": 2_520.0, "personal": True}
    deinze.note(EventType.JOB_CHANGED, job(JobState.PRINTING, personal=True))
    deinze.note(EventType.JOB_CHANGED, job(JobState.READY, **ended))
    deinze.note(EventType.JOB_CHANGED, job(JobState.COLLECTED, **ended))
    until(lambda: deinze.is_drained, what="the journal is recorded")
    stage.open("jobs/")
    row = stage.text(".jobs tbody tr:first-child")
    for said in (deinze.library, "Sleutelhanger", "eigen versie", "Gelukt, afgehaald", "42 min", "8,4"):
        assert said in row


def test_no_page_complains_and_none_asks_elsewhere(stage: Stage, deinze: ReportingKiosk) -> None:
    stage.web.get_log("browser")
    for path in ("", f"printers/{deinze.kiosk}/", "jobs/"):
        stage.open(path)
        fonts = "return [...document.fonts].filter(font => font.status === 'loaded').length"
        until(lambda count=fonts: stage.web.execute_script(count) == 3, what="all three fonts are there")
        hosts = stage.web.execute_script(
            "return [...new Set(performance.getEntriesByType('resource').map(e => new URL(e.name).origin))]"
        )
        assert hosts == [stage.region.url.rstrip("/")]
    assert [line["message"] for line in stage.web.get_log("browser")] == []


def test_the_wall_shows_what_fits_and_then_the_next_ones(stage: Stage, tmp_path: Path) -> None:
    names = [f"wand-{n}" for n in range(6)]
    with ExitStack() as on, chromium(tmp_path, size=(1000, 620)) as web:
        kiosks = [on.enter_context(ReportingKiosk(name, stage.broker).connected()) for name in names]
        for kiosk in kiosks:
            kiosk.appear()
            kiosk.state(PrinterState.PRINTING, job())
        known = "SELECT count(*) FROM dashboard_kiosk WHERE id LIKE 'wand-%' AND state != ''"
        until(lambda: stage.region.one(known) == len(names), what="they are known")
        web.get(stage.region.url)
        _sign_in(web, PASSWORD)
        until(lambda: web.find_elements(By.ID, "tiles"), what="signed in")
        web.get(stage.region.url + "wall/?order=name")
        inside = """
            const shown = [...document.querySelectorAll('.tile')].filter((tile) => !tile.hidden);
            const low = Math.max(...shown.map((tile) => tile.getBoundingClientRect().bottom));
            return [shown.map((tile) => tile.id), low <= innerHeight];
        """
        until(lambda: "Scherm 1 van" in _text(web, "#leaf"), what="they do not all fit")
        first, fits = web.execute_script(inside)
        assert fits and first
        assert web.execute_script("return document.documentElement.scrollWidth") <= 1000
        until(lambda: "Scherm 2 van" in _text(web, "#leaf"), timeout_s=25, what="the next ones come by themselves")
        second, fits = web.execute_script(inside)
        assert fits and not set(first) & set(second)
        kiosks[0].state(PrinterState.ERROR)
        tile = "return document.getElementById('tile-wand-0').innerText"
        until(lambda: "Storing" in web.execute_script(tile), what="it keeps itself fresh")


def test_a_page_that_lost_its_server_says_so_and_comes_back(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as broker, chromium(tmp_path) as web:
        made = prepared(tmp_path, broker)
        with made.recorder(), ReportingKiosk("deinze", broker).connected() as kiosk:
            kiosk.appear()
            kiosk.state()
            with made.server() as server:
                until(made.serves, what="the dashboard serves")
                web.get(made.url)
                _sign_in(web, PASSWORD)
                until(lambda: web.find_elements(By.ID, "tile-deinze"), what="the tile is there")
                begin = time.monotonic()
                server.terminate()
                assert server.wait(10) == 0
                assert time.monotonic() - begin < 5, "an open page does not hold up a stop"
            broken = web.find_element(By.ID, "broken")
            until(broken.is_displayed, what="the page says that it is cut off")
            kiosk.state(PrinterState.PRINTING, job())
            with made.server():
                until(lambda: not broken.is_displayed(), what="it is connected again")
                until(lambda: "Sleutelhanger" in _text(web, "#tile-deinze"), what="it caught up")

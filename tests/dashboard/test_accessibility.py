"""axe-core in a real browser finds nothing on any page, on a desk and on a narrow phone, in light and dark.

Nothing scrolls sideways at 360 pixels, and what is touched is 24 pixels high and wide at least (WCAG 2.2, 2.5.8).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from support.broker import mosquitto
from support.browser import chromium
from support.dashboard import ACCOUNT, PASSWORD, Region, region
from support.region_states import speak_of_everything
from support.reporting_kiosk import ReportingKiosk
from support.waiting import until

PAGES = (
    "",
    "jobs/",
    "account/",
    "account/password/",
    "account/two-factor/",
    "audit/",
    "people/",
    "people/new/",
    "people/1/",
    "password/MQ/long-gone/",
    "?state=busy&order=name",
    "?state=away",
    "wall/",
    "figures/",
    "figures/?measure=success&library=Bibliotheek+Deinze",
    "figures/?from=nonsense",
    "figures/faults/",
    "figures/year/",
    "figures/columns/",
    "printers/deinze/",
    "printers/deinze/journal/",
    "printers/deinze/ask/out_of_order/",
    "printers/deinze/ask/cancel/?job=j1",
    "printers/deinze/ask/pause/?job=gone",
    "printers/nowhere/",
)
LEAST_TARGET_PX = 24
SMALL_TARGETS = """
return [...document.querySelectorAll('a, button, input, select, summary')]
  .filter((one) => one.type !== 'hidden' && !one.matches('.skip'))
  .filter((one) => getComputedStyle(one).display !== 'inline')
  .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < arguments[0])
  .map(([html, box]) => `${html} ${box.width} x ${box.height}`)
"""
"""What is pointed at and too small for it; links inside a sentence may be as high as its letters."""
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => (one.open = true))"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    folder = tmp_path_factory.mktemp("accessible")
    with (
        mosquitto(folder) as broker,
        region(folder, broker) as running,
        ReportingKiosk("deinze", broker).connected() as kiosk,
    ):
        speak_of_everything(kiosk)
        until(lambda: kiosk.is_drained and running.one("SELECT id FROM dashboard_alert"), what="it is recorded")
        yield running


@pytest.mark.parametrize(
    ("size", "dark"),
    [((1280, 800), False), ((360, 800), False), ((360, 800), True)],
    ids=["desk", "phone", "phone, dark"],
)
def test_axe_finds_nothing(made: Region, tmp_path: Path, size: tuple[int, int], dark: bool) -> None:
    axe = Axe()
    with chromium(tmp_path, size, dark=dark) as web:
        web.get(made.url)
        found = [("sign-in", broken["id"]) for broken in axe.run(web)["violations"]]
        web.find_element(By.NAME, "username").send_keys(ACCOUNT)
        web.find_element(By.NAME, "password").send_keys(PASSWORD + Keys.ENTER)
        until(lambda: web.find_elements(By.ID, "tiles"), what="signed in")
        for path in PAGES:
            web.get(made.url + path)
            found += _troubles(web, axe, path, size[0])
        web.get(made.url + "people/1/")
        web.find_element(By.CSS_SELECTOR, "button[value=link]").click()
        link = until(lambda: web.find_elements(By.ID, "link"), what="the link")[0].text
        found += _troubles(web, axe, "the link", size[0])
        web.get(link)
        assert web.find_elements(By.NAME, "new_password1")
        found += _troubles(web, axe, "choosing a password", size[0])
    assert found == [], "\n".join(map(str, found))


def _troubles(web: WebDriver, axe: Axe, page: str, width: int) -> list[tuple[str, ...]]:
    """Of the page that is open, all of it unfolded."""
    web.execute_script(OPEN_ALL)
    result = axe.run(web)
    assert len(result["passes"]) > 10, "it looked"
    assert web.execute_script("return document.documentElement.scrollWidth") <= width, page
    small = [(page, "small", one) for one in web.execute_script(SMALL_TARGETS, LEAST_TARGET_PX)]
    return small + [(page, broken["id"], broken["nodes"][0]["html"][:200]) for broken in result["violations"]]

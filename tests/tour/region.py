"""The region's pages: eight libraries that report, and a year of theirs; by night, on a phone, the wall and paper.

As a program it lives that year into the database of the configuration it is given: `python -m tour.region FILE`.
"""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from support.browser import chromium, screenshot
from support.visitor import sign_in
from support.waiting import until

from provisioning.workbench.stack import Stack
from tour.album import Album

LIBRARIES = 8
DESK, PHONE, WALL, PAPER = (1280, 800), (360, 800), (1920, 1080), (794, 1123)


@dataclass(frozen=True)
class Look:
    """How pages are looked at: the size in CSS pixels, by night, as they leave the printer."""

    name: str
    caption: str
    size: tuple[int, int]
    pages: tuple[tuple[str, str, str], ...]
    dark: bool = False
    printed: bool = False


_NOW = ("", "now", "Now: those that need a hand first, each in the colour of its spool")
_CHOSEN = ("?state=busy&order=ready", "now-busy", "Now, chosen by state and put in order by the address")
_WALL = ("wall/", "wall", "For the wall of the staff room: nothing to touch, says how old it is")
_PEOPLE = ("people/", "people", "People: what they may, when they last came, whether they sign in in two steps")
_PERSON = ("people/2/", "person", "One of them: role, libraries, a new password, a lost telephone, blocking")
_NEW = ("people/new/", "person-new", "Somebody new gets a link, and chooses the password")
_FIGURES = ("figures/", "figures", "Figures of twelve weeks: by week, by library, by model")
_SUCCESS = ("figures/?measure=success", "figures-success", "How many succeed, by week, library and model")
_FAULTS = ("figures/faults/", "faults", "The diary: what was wrong, for how long, and what helped")
_YEAR = ("figures/year/", "year", "The yearly page under the eight headings; what no machine knows stays open")
_COLUMNS = ("figures/columns/", "columns", "What each column of the files means")
LIVE = (
    Look("desk", "on a desk", DESK, (_NOW, _CHOSEN, _PEOPLE, _PERSON, _NEW)),
    Look("wall", "on the wall", WALL, (_WALL,), dark=True),
    Look("phone", "on a phone", PHONE, (_NOW, _PEOPLE, _PERSON)),
    Look("night", "on a phone by night", PHONE, (_NOW,), dark=True),
)
LIVED = (
    Look("desk", "on a desk", DESK, (_FIGURES, _SUCCESS, _FAULTS, _YEAR, _COLUMNS)),
    Look("phone", "on a phone", PHONE, (_FIGURES, _FAULTS, _YEAR)),
    Look("night", "by night", DESK, (_FIGURES, _YEAR), dark=True),
    Look("paper", "on paper", PAPER, (_FIGURES, _YEAR), printed=True),
)


def look_at_the_region(album: Album, stack: Stack, folder: Path) -> None:
    """First while the libraries report, then what is left of their year."""
    config = stack.options.data / "dashboard.toml"
    with chromium(folder) as browser:
        sign_in(browser, stack)
        until(lambda: len(browser.find_elements(By.CSS_SELECTOR, ".tile")) > LIBRARIES, 60, "they all report")
        for look in LIVE:
            _take(album, stack, folder, look)
    os.kill(stack.supervisor.pid_of("fleet"), signal.SIGTERM)
    until(stack.supervisor.take_ended, what="the libraries have stopped reporting")
    subprocess.run([sys.executable, "-m", "tour.region", str(config)], check=True)
    for look in LIVED:
        _take(album, stack, folder, look)


def _take(album: Album, stack: Stack, folder: Path, look: Look) -> None:
    with chromium(folder, look.size, dark=look.dark) as browser:
        sign_in(browser, stack)
        if look.printed:
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        for path, name, caption in look.pages:
            browser.get(stack.web_address + path)
            until(lambda: _is_drawn(browser), what=f"the page /{path}")
            picture = album.next(f"region-{name}-{look.name}", f"{caption}; {look.caption}")
            screenshot(browser, picture, whole_page=look.size != WALL)


def _is_drawn(browser: WebDriver) -> bool:
    """With its fonts."""
    has_main = bool(browser.find_elements(By.TAG_NAME, "main"))
    return has_main and bool(browser.execute_script("return document.fonts.status === 'loaded'"))


def main() -> None:
    """Live the year that is running, up to today."""
    os.environ["MAAKHOEK_DASHBOARD"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
    import django

    django.setup()
    from support.region_year import live_a_year

    today = date.today()
    live_a_year(today.year, LIBRARIES, days=(today - date(today.year, 1, 1)).days)


if __name__ == "__main__":
    main()

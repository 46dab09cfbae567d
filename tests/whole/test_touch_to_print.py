"""The whole path: a finger on the screen, a name typed, a print, exact commands, the job at the region."""

import ipaddress
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from support.appliance import appliance
from support.browser import chromium
from support.exactness import assert_exact
from support.screen import Finger
from support.visitor import collect, open_card, sign_in, wake
from support.waiting import until

from provisioning.workbench.stack import Stack

NAME = "Wannes"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Finger]]:
    """Everything that `make run` starts, with a printer that hurries."""
    with appliance(tmp_path_factory.mktemp("whole"), speed=60) as started:
        yield started


def test_a_visitor_prints_a_name(running: tuple[Stack, Finger], tmp_path: Path) -> None:
    stack, finger = running
    jobs = stack.options.data / "bridge" / "jobs"
    finger.wait_for("attract")
    wake(finger)
    open_card(finger, "sleutelhanger")
    finger.press("make-yours")
    finger.wait_for("make")
    finger.type(NAME)
    finger.press("make", timeout_s=30)
    finger.press("print", timeout_s=120)
    finger.wait_for("plate")
    finger.press("plate-empty")
    finger.wait_for("watch", 60)
    gcode = until(lambda: next(jobs.glob("*/gcode"), None), what="the job's G-code").read_bytes()
    finger.wait_for("ready", 300)
    assert_exact(stack.printer_log.read_bytes(), gcode)
    collect(finger)
    until(lambda: not list(jobs.glob("*/*")), what="the job's files are erased")
    _assert_at_the_region(stack, tmp_path)
    assert _files_with(stack.options.data, NAME) == [], "a typed name must not outlive its job"


def test_nothing_listens_beyond_loopback(running: tuple[Stack, Finger]) -> None:
    stack, _ = running
    names = ("broker", "bridge", "recorder", "dashboard", "mail", "alerts", "kiosk")
    addresses = {address for name in names for address in _listening(stack.supervisor.pid_of(name))}
    assert addresses, "the broker and the dashboard listen somewhere"
    assert addresses <= {"127.0.0.1", "::1"}


def _assert_at_the_region(stack: Stack, folder: Path) -> None:
    def collected() -> list[tuple[str, str]]:
        with closing(sqlite3.connect(f"file:{stack.database}?mode=ro", uri=True, timeout=20)) as database:
            return database.execute("SELECT card, state FROM dashboard_job").fetchall()

    until(lambda: collected() == [("sleutelhanger", "collected")], what="the job in the region's database")
    with chromium(folder) as browser:
        sign_in(browser, stack)
        browser.get(stack.web_address + "jobs/")
        page = browser.find_element(By.TAG_NAME, "main").text
    assert "sleutelhanger" in page.lower()
    assert NAME not in page


def _files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def _listening(pid: int) -> set[str]:
    """Addresses on which a process listens for TCP, by the kernel's own tables."""
    inodes = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    return {
        _address(local)
        for table in ("tcp", "tcp6")
        for _, local, _, state, *_, inode in _rows(Path(f"/proc/{pid}/net/{table}"))
        if state == "0A" and f"socket:[{inode}]" in inodes
    }


def _rows(table: Path) -> list[list[str]]:
    return [line.split()[:10] for line in table.read_text().splitlines()[1:]]


def _address(local: str) -> str:
    """`0100007F:1F90` -> 127.0.0.1; the kernel writes words in the machine's own byte order."""
    digits = local.partition(":")[0]
    words = (bytes.fromhex(digits[i : i + 8])[::-1] for i in range(0, len(digits), 8))
    return str(ipaddress.ip_address(b"".join(words)))

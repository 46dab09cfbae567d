"""Several processes serve the pages: one address, one sign-in, and one that dies is made anew."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dashboard import ACCOUNT, Region, browsing, prepared_at
from support.waiting import until

WORKERS = 3


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Region, "subprocess.Popen[bytes]"]]:
    region = prepared_at(tmp_path, "port = 1")
    region.config.write_text(f"workers = {WORKERS}\n" + region.config.read_text())
    with region.server() as server:
        until(region.serves, what="the dashboard serves")
        yield region, server


def test_whoever_answers_knows_who_has_signed_in(served: tuple[Region, "subprocess.Popen[bytes]"]) -> None:
    region, server = served
    until(lambda: len(workers(server.pid)) == WORKERS, what="all workers")
    staff = browsing(region)
    answered = set()

    def by_all() -> bool:
        before = {pid: answers(pid) for pid in workers(server.pid)}
        with staff.open(region.url + "account/") as page:
            assert ACCOUNT in page.read().decode()
        answered.update(pid for pid in before if answers(pid) != before[pid])
        return len(answered) >= 2

    until(by_all, what="two of them have answered", every_s=0)


def test_one_that_is_killed_is_made_anew(served: tuple[Region, "subprocess.Popen[bytes]"]) -> None:
    region, server = served
    until(lambda: len(workers(server.pid)) == WORKERS, what="all workers")
    killed = workers(server.pid).pop()
    os.kill(killed, signal.SIGKILL)
    assert region.serves()
    until(lambda: len(workers(server.pid) - {killed}) == WORKERS, what="as many as before")


def test_a_stop_ends_all_of_them(served: tuple[Region, "subprocess.Popen[bytes]"]) -> None:
    region, server = served
    until(lambda: len(workers(server.pid)) == WORKERS, what="all workers")
    all_of_them = workers(server.pid)
    server.terminate()
    assert server.wait(30) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in all_of_them)
    assert not region.serves()


def workers(parent: int) -> set[int]:
    """Its children that serve; the other one watches over what they share."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {int(pid) for pid in children if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()}


def answers(pid: int) -> int:
    """Grows with whatever it writes."""
    written = re.search(r"^wchar: (\d+)", Path(f"/proc/{pid}/io").read_text(), re.MULTILINE)
    assert written
    return int(written[1])

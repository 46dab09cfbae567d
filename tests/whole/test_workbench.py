"""`make run` itself: the region with its locks, eight libraries beside the kiosk, a letter, an end in order."""

import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from support.appliance import COLLECTION
from support.mail_server import letters_in
from support.programs import running
from support.screen import close_windows, xvfb
from support.simulated_printer import tell
from support.waiting import until

START_S = 120
STOP_S = 60
ONLINE = "SELECT id FROM dashboard_kiosk WHERE online AND state <> ''"


@dataclass(frozen=True)
class Workbench:
    """Running; `log` is its terminal."""

    process: "Popen[bytes]"
    data: Path
    log: Path

    def said(self, pattern: str) -> re.Match[str] | None:
        """On the terminal."""
        return re.search(pattern, self.log.read_text())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Of the region's database."""
        with closing(sqlite3.connect(f"file:{self.data / 'region.sqlite'}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def ends(self) -> int:
        """Its exit code, with nothing of it left."""
        code = self.process.wait(STOP_S)
        assert not (self.data / "printer").is_symlink(), "the simulated printer has gone in order"
        return code


@contextmanager
def workbench(folder: Path, name: str, display: dict[str, str], *more: str) -> Iterator[Workbench]:
    """Started as `make run` does; everything is up."""
    log, data = folder / f"{name}.log", folder / "run"
    command = [sys.executable, "-u", "-m", "provisioning.workbench", "--data", data, "--speed", "20", *more]
    with running([*map(str, command), "--collection", COLLECTION], log, env={**os.environ, **display}) as process:
        made = Workbench(process, data, log)
        until(lambda: made.said("stops everything") or process.poll() is not None, START_S, "everything is up")
        assert process.poll() is None, log.read_text()
        yield made


def test_all_of_it(tmp_path: Path) -> None:
    with xvfb(tmp_path) as display:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with workbench(tmp_path, "first", display, "--port", str(port)) as first:
                until(lambda: len(first.rows(ONLINE)) == 9, 60, "the kiosk and its eight neighbours report")
                assert first.said(rf"127.0.0.1:{port}/") is None, "a taken port is left to who has it"
                _assert_locked(first)
                _assert_told(first)
                first.process.send_signal(signal.SIGINT)
                assert first.ends() == 0
        assert first.rows(ONLINE) == [], "each has said goodbye"
        accounts = first.rows("SELECT id, username, password FROM auth_user")
        letters = letters_in(first.data / "letters")
        with workbench(tmp_path, "second", display, "--neighbours", "0") as second:
            assert second.said("as it was left")
            assert second.rows("SELECT id, username, password FROM auth_user") == accounts and len(accounts) == 4
            assert len(letters_in(second.data / "letters")) >= len(letters) > 0
            close_windows(display)
            assert second.ends() == 0
            assert second.said("the window is closed")


def _assert_locked(running: Workbench) -> None:
    """Without a certificate of the authority nobody comes in."""
    said = running.said(r"mqtts://127\.0\.0\.1:(\d+)")
    assert said
    door = ("127.0.0.1", int(said[1]))
    context = ssl.create_default_context(cafile=running.data / "authority" / "pki" / "ca.crt")
    with (
        socket.create_connection(door, 10) as plain,
        context.wrap_socket(plain, server_hostname=door[0]) as stranger,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        stranger.recv(1)  # TLS 1.3: the refusal comes with the first byte that is read


def _assert_told(running: Workbench) -> None:
    """The printer's firmware halts; whoever runs the demonstration finds a letter about it."""
    control = running.data / "printer-control.sock"
    until(lambda: json.loads(tell(control, "status"))["halted"] is False, what="the printer is well")
    tell(control, "kill")

    def told() -> bool:
        return any(
            "Bibliotheek De Werkbank" in letter.get_content() + letter["Subject"]
            and letter["To"] == "demo@example.org"
            for letter in letters_in(running.data / "letters")
        )

    until(told, 60, "a letter about the printer")

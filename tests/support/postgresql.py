"""A real PostgreSQL server on a UNIX socket alone, run by an ordinary user: it refuses root."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from support.programs import program
from support.waiting import until

ROLE: Final = "maakhoek"


@dataclass
class PostgreSQL:
    """Files lie in `folder`; its log is server.log there. `process` is the one that runs now."""

    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    _made: int = field(default=0)

    def new_database(self) -> str:
        """The address of an empty one."""
        self._made += 1
        name = f"region_{self._made}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return self.address(name)

    def address(self, database: str) -> str:
        """As the dashboard's configuration has it."""
        return f"postgresql://{ROLE}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Running and answering; recovered first, where it was killed."""
        until(self._is_up, timeout_s=60, what="PostgreSQL answers", every_s=0.1)

    def _is_up(self) -> bool:
        """A server that was killed leaves children for a moment, and a new one refuses to start beside them."""
        if self.process is None or self.process.poll() is not None:
            command = [_program("postgres"), "-D", self.folder / "data", "-k", self.folder]
            settings = ["listen_addresses=", "unix_socket_permissions=0777", "max_connections=40"]
            self.process = _as_ordinary_user([*command, *(w for s in settings for w in ("-c", s))], self.folder)
        try:
            psycopg.connect(self.address("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """As a power cut does it; the files stay."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """At once, without waiting for who is connected."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A new server, gone with its files at the end.

    Its folder is not below pytest's: that one is closed to the ordinary user where root runs the tests.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    server = PostgreSQL(folder)
    try:
        options = ["-A", "trust", "-U", ROLE, "--no-sync", "--encoding=UTF8", "--locale=C"]
        made = _as_ordinary_user([_program("initdb"), "-D", folder / "data", *options], folder)
        assert made.wait(120) == 0, (folder / "server.log").read_text()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _as_ordinary_user(command: list[Any], folder: Path) -> "subprocess.Popen[bytes]":
    who = {"user": "postgres", "group": "postgres", "extra_groups": ()} if os.geteuid() == 0 else {}
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, cwd=folder, **who)


def _program(name: str) -> str:
    """Debian keeps them out of the way, by version; the newest one."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else program(name)

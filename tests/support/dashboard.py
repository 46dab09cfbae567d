"""The region's processes, as they run there: the recorder and the web server, on a database of their own."""

import http.cookiejar
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.broker import Broker
from support.databases import Database, SQLite
from support.programs import free_port, running
from support.translations import compile_translations
from support.waiting import until

ACCOUNT = "noor"
PASSWORD = "een-lang-wachtwoord"


@dataclass(frozen=True)
class Region:
    """Where its things are. The account is ACCOUNT with PASSWORD."""

    folder: Path
    config: Path
    database: Database
    url: str

    def recorder(self) -> AbstractContextManager["subprocess.Popen[bytes]"]:
        """The process that records; its log is recorder.log."""
        return running(_command("recorder", self.config), self.folder / "recorder.log")

    def server(self) -> AbstractContextManager["subprocess.Popen[bytes]"]:
        """The process that serves the pages; its log is server.log."""
        return running(_command("serve", self.config), self.folder / "server.log")

    def log(self) -> str:
        """What the recorder said."""
        return (self.folder / "recorder.log").read_text()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the database, read from beside."""
        return self.database.rows(query, *values)

    def one(self, query: str, *values: Any) -> Any:
        """The first column of the first row, None where there is none."""
        rows = self.rows(query, *values)
        return rows[0][0] if rows else None

    def is_listening(self) -> bool:
        """The recorder is at the broker."""
        return bool(self.one("SELECT connected FROM dashboard_listening"))

    def serves(self) -> bool:
        """The web server answers."""
        try:
            urllib.request.urlopen(self.url + "sign-in", timeout=2).close()
        except (urllib.error.URLError, OSError):
            return False
        return True


def prepared(folder: Path, broker: Broker, database: Database | None = None) -> Region:
    """A region with its database (a new SQLite file where none is given) and its account, and no process yet."""
    return prepared_at(folder, f'host = "{broker.host}"\nport = {broker.port}', database)


def prepared_at(folder: Path, broker: str | Sequence[str], database: Database | None = None) -> Region:
    """`broker`: the keys of that table of the configuration, or of each of several."""
    tables = f"[broker]\n{broker}" if isinstance(broker, str) else "\n".join(f"[[broker]]\n{b}" for b in broker)
    compile_translations()
    database = database or SQLite(folder / "region.sqlite")
    port = free_port()
    config = folder / "dashboard.toml"
    config.write_text(
        f'database = "{database.setting}"\nsecret = "{folder / "secret"}"\n'
        f'port = {port}\npublic_url = "http://127.0.0.1:{port}"\n{tables}\n'
    )
    subprocess.run(_command("migrate", config), check=True)
    account = [*_command("account", config), ACCOUNT, "--role", "admin", "--password-from-stdin"]
    subprocess.run(account, input=PASSWORD + "\n", text=True, check=True)
    return Region(folder, config, database, f"http://127.0.0.1:{port}/")


@contextmanager
def region(folder: Path, broker: Broker) -> Iterator[Region]:
    """Both processes, listening and serving."""
    made = prepared(folder, broker)
    with made.recorder(), made.server():
        until(made.is_listening, what="the recorder listens")
        until(made.serves, what="the dashboard serves")
        yield made


def browsing(region: Region) -> urllib.request.OpenerDirector:
    """A browser without scripts that has signed in."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    browser.open(region.url + "sign-in").close()
    token = next(cookie.value for cookie in cookies if "csrf" in cookie.name)
    form = {"username": ACCOUNT, "password": PASSWORD, "csrfmiddlewaretoken": token}
    browser.open(region.url + "sign-in", urllib.parse.urlencode(form).encode()).close()
    return browser


def _command(name: str, config: Path) -> list[str]:
    return [sys.executable, "-m", "dashboard", name, "--config", str(config)]

"""The region as it runs: certificates, Mosquitto with our configuration, recorder, web server; what they cost."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from socket import create_server
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from benchmarks.process_tree import tree_usage
from provisioning.ca import certificates
from provisioning.region.broker import Settings, write

ACCOUNT, PASSWORD = "bench", "een-lang-wachtwoord"
START_S: Final = 60.0
LOOK_S: Final = 0.1
PARTS: Final = ("broker", "recorder", "web")


class RegionError(Exception):
    """Nothing can be measured; the message says why."""


def make_pki(folder: Path, kiosks: Iterable[str]) -> None:
    """An authority, the broker's certificate, and one for each kiosk."""
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    root_key, key = certificates.make_key(), certificates.make_key()
    root = certificates.root(root_key, "Bench", now)
    authority = certificates.intermediate(key.public_key(), "Bench", root, root_key, now)
    broker_key = certificates.make_key()
    broker = certificates.server(broker_key.public_key(), ["127.0.0.1"], authority, key, now)
    _write(folder / "broker", broker_key, broker, authority)
    for kiosk in kiosks:
        own = certificates.make_key()
        _write(folder / kiosk, own, certificates.kiosk(own.public_key(), kiosk, authority, key, now), authority)
    (folder / "ca.crt").write_text(certificates.pem(authority, root))
    lists = [certificates.revocation_list(*by, [], now) for by in ((authority, key), (root, root_key))]
    (folder / "ca.crl").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in lists))


def _write(base: Path, key: certificates.Key, own: x509.Certificate, by: x509.Certificate) -> None:
    base.with_name(f"{base.name}.key").write_bytes(certificates.key_pem(key))
    base.with_name(f"{base.name}.crt").write_text(certificates.pem(own, by))


@dataclass
class Stack:
    """Running. `usage` of its parts since they were started."""

    folder: Path
    settings: Settings
    port: int
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    opener: urllib.request.OpenerDirector = field(init=False)
    cookies: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    @property
    def config(self) -> Path:
        """The dashboard's."""
        return self.folder / "dashboard.toml"

    @property
    def url(self) -> str:
        """Of the pages."""
        return f"http://127.0.0.1:{self.port}/"

    def cookie(self) -> str:
        """The header of a signed-in browser."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)

    def start(self, part: str) -> None:
        """One of PARTS. Raises RegionError where it does not come up."""
        if part == "broker":
            command = [_program("mosquitto"), "-c", str(self.settings.folder / "mosquitto.conf")]
        else:
            command = [*dashboard("serve" if part == "web" else part, self.config)]
        with (self.folder / f"{part}.log").open("ab") as log:
            self.processes[part] = subprocess.Popen(command, stdout=log, stderr=log)
        ready = {"broker": self.settings.socket.exists, "recorder": self._listens, "web": self._serves}[part]
        _wait_until_up(self.processes[part], ready, f"the {part} does not come up; see {self.folder / part}.log")

    def kill(self, part: str) -> None:
        """As a power cut does it."""
        self.processes[part].kill()
        self.processes[part].wait()
        if part == "broker":
            self.settings.socket.unlink(missing_ok=True)

    def sign_in(self) -> None:
        """Cookies of a session."""
        page = self.opener.open(self.url + "sign-in", timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        fields = {"username": ACCOUNT, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
        self.opener.open(self.url + "sign-in", urllib.parse.urlencode(fields).encode(), timeout=60).read()

    def page_s(self, path: str = "") -> tuple[float, int]:
        """Seconds until it is here, and its bytes. Raises OSError."""
        begin = time.monotonic()
        with self.opener.open(self.url + path, timeout=120) as answer:
            size = len(answer.read())
        return time.monotonic() - begin, size

    def cpu_s(self) -> dict[str, float]:
        """Of each part, since its start."""
        return {part: tree_usage(process.pid).cpu_s for part, process in self.processes.items()}

    def memory_mb(self) -> dict[str, float]:
        """Resident now."""
        return {part: _resident_mb(process.pid) for part, process in self.processes.items()}

    def count(self, query: str) -> int:
        """One number of the database, read from beside."""
        with closing(sqlite3.connect(f"file:{self.folder / 'region.sqlite'}?mode=ro", timeout=20, uri=True)) as db:
            return int(db.execute(query).fetchone()[0] or 0)

    def _listens(self) -> bool:
        try:
            return bool(self.count("SELECT connected FROM dashboard_listening"))
        except (sqlite3.OperationalError, TypeError):
            return False

    def _serves(self) -> bool:
        try:
            self.opener.open(self.url + "sign-in", timeout=5).close()
        except OSError:
            return False
        return True


@contextmanager
def stack(folder: Path, kiosks: int) -> Iterator[Stack]:
    """Database and account made, nothing started; all that is started ends here. `kiosks`: so many may connect."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        folder / "broker",
        folder / "pki",
        folder / "b.sock",
        free_port(),
        "127.0.0.1",
        max_connections=kiosks + 100,
        user="root",
    )
    write(settings)
    made = Stack(folder, settings, free_port())
    made.config.write_text(
        f'database = "{folder / "region.sqlite"}"\nsecret = "{folder / "secret"}"\nport = {made.port}\n'
        f'[broker]\nsocket = "{settings.socket}"\n'
    )
    subprocess.run(dashboard("migrate", made.config), check=True, capture_output=True)
    account = [*dashboard("account", made.config), ACCOUNT, "--role", "admin", "--password-from-stdin"]
    subprocess.run(account, input=f"{PASSWORD}\n".encode(), check=True, capture_output=True)
    try:
        yield made
    finally:
        for process in reversed(made.processes.values()):
            process.terminate()
        for process in made.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def dashboard(command: str, config: Path) -> list[str]:
    """A command of ours."""
    return [sys.executable, "-m", "dashboard", command, "--config", str(config)]


def _wait_until_up(process: "subprocess.Popen[bytes]", ready: Callable[[], bool], trouble: str) -> None:
    """Raises RegionError with `trouble`, at once where the process ends."""
    end_s = time.monotonic() + START_S
    while not ready():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_S)
            end_s = 0.0
        if time.monotonic() > end_s:
            raise RegionError(trouble)


@contextmanager
def talking(command: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def module(name: str, **options: object) -> list[str]:
    words = [word for key, value in options.items() for word in (f"--{key}", str(value))]
    return [sys.executable, "-m", f"benchmarks.{name}", *words]


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"a load generator ended with {process.wait()}")
    return line


def free_port() -> int:
    """Of loopback, free a moment ago."""
    with create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _program(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise RegionError(f"'{name}' is missing: install the Debian package of that name")
    return path


def busy_s() -> float:
    """Seconds of processor that all programs of this machine have had since it was started."""
    fields = Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    user, nice, system, _idle, _waiting, irq, soft_irq, _stolen = map(int, fields)
    return (user + nice + system + irq + soft_irq) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0

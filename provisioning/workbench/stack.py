"""Which processes make up the appliance and its region, and the configuration of each."""

import os
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.workbench.supervisor import Program, StartError, Supervisor

DEMO_ACCOUNT = "demo"
DEMO_PINS = {"coach": "2580", "staff": "4711", "technician": "8061"}
"""On a real kiosk somebody sets them; this one is nobody's."""
LOOPBACK = "127.0.0.1"
BRIDGE_WATCHDOG_S = 5.0


@dataclass(frozen=True)
class Options:
    """What may differ from one workbench to the next. `printer` is a serial device; None: simulate one.

    `neighbours`: simulated libraries that report beside this kiosk.
    """

    data: Path
    collection: Path
    profile: str = "prusa-mk3s"
    printer: str | None = None
    speed: float = 1.0
    width_px: int = 1280
    height_px: int = 800
    diagonal_inch: float = 10.1
    kiosk_environment: Mapping[str, str] | None = None
    spool_colour: str = "#E4572E"
    neighbours: int = 0


class Stack:
    """The processes in the order in which they start; later ones need earlier ones."""

    def __init__(self, options: Options) -> None:
        self.options = options
        options.data.mkdir(parents=True, exist_ok=True)
        self.supervisor = Supervisor(options.data / "logs")
        self.broker_port = _free_port(18830)
        self.web_port = _free_port(8000)
        self.password = _demo_password(options.data / "demo-password")

    @property
    def printer_log(self) -> Path:
        """Every command that the simulated printer executed."""
        return self.options.data / "printer.log"

    @property
    def printer_control(self) -> Path:
        """The simulated printer's control socket."""
        return self.options.data / "printer-control.sock"

    @property
    def inspect_socket(self) -> Path:
        """Where the kiosk says what is on its screen."""
        return self.options.data / "kiosk-inspect.sock"

    @property
    def database(self) -> Path:
        """The dashboard's SQLite file."""
        return self.options.data / "region.sqlite"

    @property
    def web_address(self) -> str:
        """The dashboard's."""
        return f"http://{LOOPBACK}:{self.web_port}/"

    def programs(self) -> tuple[Program, ...]:
        """In starting order. Writes the configuration files that they read."""
        printer = () if self.options.printer else (self._simulated_printer(),)
        region = (self._recorder(), self._dashboard(), *((self._fleet(),) if self.options.neighbours else ()))
        return (*printer, self._broker(), self._bridge(), *region, self._kiosk())

    def prepare_region(self) -> None:
        """Make the dashboard's tables and the demonstration account.

        Raises StartError.
        """
        config = self._write("dashboard.toml", self._dashboard_config())
        _run(("dashboard", "migrate", "--config", str(config)))
        account = (
            "dashboard",
            "account",
            DEMO_ACCOUNT,
            "--role",
            "admin",
            "--password-from-stdin",
            "--config",
            str(config),
        )
        _run(account, stdin=self.password + "\n")

    def _simulated_printer(self) -> Program:
        o = self.options
        link = o.data / "printer"
        command = _python(
            *("firmware_bridge", "simulate", "--link", str(link), "--profile", o.profile),
            *("--speed", f"{o.speed:g}", "--log", str(self.printer_log), "--control", str(self.printer_control)),
        )
        return Program("printer", command, f"{link} (simulated {o.profile}, speed {o.speed:g})", link.exists)

    def _broker(self) -> Program:
        config = self._write(
            "mosquitto.conf",
            f"listener {self.broker_port} {LOOPBACK}\n"
            "allow_anonymous true\npersistence false\nlog_dest stderr\n"
            # Started by root it would otherwise drop to a user that cannot read a private folder.
            + ("user root\n" if os.geteuid() == 0 else ""),
        )
        command = ("/usr/sbin/mosquitto", "-c", str(config))
        where = f"mqtt://{LOOPBACK}:{self.broker_port}"
        return Program("broker", command, where, lambda: _answers(self.broker_port))

    def _bridge(self) -> Program:
        o = self.options
        spool = f'[spool]\nmaterial = "PLA"\ncolour = "{o.spool_colour}"\nname = "Oranje"\n'
        config = self._write(
            "bridge.toml",
            'kiosk = "workbench"\nlibrary = "Bibliotheek De Werkbank"\n'
            f'profile = "{o.profile}"\nport = "{o.printer or o.data / "printer"}"\n'
            f'data = "{o.data / "bridge"}"\nsocket = "{self._bridge_socket}"\n'
            # Whoever sits here knows what time it is.
            + spool
            + "[policy]\ntrust_clock = true\n"
            + self._broker_config(),
        )
        for role, pin in DEMO_PINS.items():
            _run(("firmware_bridge", "pin", role, "--config", str(config)), stdin=pin + "\n")
        self._bridge_socket.unlink(missing_ok=True)
        command = _python("firmware_bridge", "run", "--config", str(config))
        return Program(
            "bridge",
            command,
            str(self._bridge_socket),
            lambda: _listens(self._bridge_socket),
            watchdog_s=BRIDGE_WATCHDOG_S,
            after_end=_python("firmware_bridge", "cool", "--config", str(config)),
        )

    def _recorder(self) -> Program:
        config = self._write("dashboard.toml", self._dashboard_config())
        command = _python("dashboard", "recorder", "--config", str(config))
        return Program("recorder", command, str(self.database), self.database.exists)

    def _dashboard(self) -> Program:
        config = self._write("dashboard.toml", self._dashboard_config())
        command = _python("dashboard", "serve", "--config", str(config))
        return Program("dashboard", command, self.web_address, lambda: _serves(self.web_address))

    def _fleet(self) -> Program:
        config = self._write("dashboard.toml", self._dashboard_config())
        count = self.options.neighbours
        command = _python("dashboard", "fleet", "--kiosks", str(count), "--config", str(config))
        return Program("fleet", command, f"{count} simulated libraries", lambda: True)

    def _kiosk(self) -> Program:
        o = self.options
        config = self._write(
            "kiosk.toml",
            f'bridge = "{self._bridge_socket}"\ncollection = "{o.collection}"\nsession = "{o.data / "session"}"\n'
            f'worker = ["{sys.executable}", "-m", "catalogue", "worker"]\n'
            f'practice = ["{sys.executable}", "-m", "firmware_bridge", "practice"]\n'
            f"[screen]\nwidth_px = {o.width_px}\nheight_px = {o.height_px}\n"
            f"diagonal_inch = {o.diagonal_inch}\nfullscreen = false\n",
        )
        self.inspect_socket.unlink(missing_ok=True)
        command = _python("kiosk", "--config", str(config), "--inspect", str(self.inspect_socket))
        environment = dict(o.kiosk_environment or {})
        where = f"a window of {o.width_px} by {o.height_px}"
        return Program("kiosk", command, where, self.inspect_socket.exists, environment)

    @property
    def _bridge_socket(self) -> Path:
        return self.options.data / "bridge.sock"

    def _dashboard_config(self) -> str:
        return (
            f'database = "{self.database}"\nsecret = "{self.options.data / "secret"}"\n'
            f'host = "{LOOPBACK}"\nport = {self.web_port}\ncollection = "{self.options.collection.resolve()}"\n'
            + self._broker_config()
        )

    def _broker_config(self) -> str:
        return f'[broker]\nhost = "{LOOPBACK}"\nport = {self.broker_port}\n'

    def _write(self, name: str, text: str) -> Path:
        path = self.options.data / name
        path.write_text(text)
        return path


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _run(arguments: tuple[str, ...], stdin: str = "") -> None:
    done = subprocess.run(_python(*arguments), input=stdin, text=True, capture_output=True, check=False)
    if done.returncode:
        raise StartError(f"`{' '.join(arguments)}` failed:\n{done.stderr or done.stdout}")


def _demo_password(path: Path) -> str:
    """Made once and kept, so that a browser that remembers it stays right."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text()


def _free_port(preferred: int) -> int:
    for port in (preferred, 0):
        try:
            with socket.create_server((LOOPBACK, port)) as server:
                return int(server.getsockname()[1])
        except OSError:
            continue
    raise StartError("no free TCP port on loopback")


def _answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), 1).close()
    except OSError:
        return False
    return True


def _listens(path: Path) -> bool:
    """A socket's file outlives a process that was killed; only the living one lets us in."""
    with socket.socket(socket.AF_UNIX) as visitor:
        return visitor.connect_ex(str(path)) == 0


def _serves(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()
    except (urllib.error.URLError, OSError):
        return False
    return True

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

from provisioning.region import broker
from provisioning.workbench.certificates import LOOPBACK, certify
from provisioning.workbench.supervisor import Program, StartError, Supervisor

DEMO_ACCOUNT = "demo"
DEMO_ROLES = {
    DEMO_ACCOUNT: "admin",
    "demo-operator": "operator",
    "demo-viewer": "viewer",
    "demo-auditor": "auditor",
}
DEMO_MAIL = "demo@example.org"
DEMO_PINS = {"coach": "2580", "staff": "4711", "technician": "8061"}
"""On a real kiosk somebody sets them; this one is nobody's."""
KIOSK = "workbench"
LIBRARY = "Bibliotheek De Werkbank"
BRIDGE_WATCHDOG_S = 5.0


@dataclass(frozen=True)
class Options:
    """What may differ from one workbench to the next. `printer` is a serial device; None: simulate one.

    `neighbours`: simulated libraries that report beside this kiosk. `web_port`: the dashboard's, where it is free.
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
    web_port: int = 0


class Stack:
    """The processes in the order in which they start; later ones need earlier ones."""

    def __init__(self, options: Options) -> None:
        self.options = options
        options.data.mkdir(parents=True, exist_ok=True)
        self.supervisor = Supervisor(options.data / "logs")
        self.broker_port, self._mail_port = _free_port(), _free_port()
        self.web_port = _free_port(options.web_port)
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

    @property
    def letters(self) -> Path:
        """The mailbox (Maildir) of everybody: letters lie in `new`."""
        return self.options.data / "letters"

    @property
    def pki(self) -> Path:
        """Certificates of this start: ca.crt, and ID.crt and ID.key of each kiosk."""
        return self.options.data / "authority" / "pki"

    def programs(self) -> tuple[Program, ...]:
        """In starting order. Makes the certificates and writes the configuration files that they read."""
        certify(self.options.data / "authority", {KIOSK: LIBRARY} | self._neighbours())
        printer = () if self.options.printer else (self._simulated_printer(),)
        region = (self._broker(), self._recorder(), self._dashboard(), self._mail_server(), self._alerts())
        fleet = (self._fleet(),) if self.options.neighbours else ()
        return (*printer, *region, *fleet, self._bridge(), self._kiosk())

    def prepare_region(self) -> None:
        """Make the dashboard's tables, and where they are new the demonstration accounts.

        Raises StartError.
        """
        is_new = not self.database.exists()
        config = ("--config", str(self._write_dashboard_config()))
        _run(("dashboard", "migrate", *config))
        if not is_new:
            return
        for name, role in DEMO_ROLES.items():
            account = ("dashboard", "account", name, "--role", role, "--password-from-stdin", *config)
            more = ("--kiosk", KIOSK) if role == "operator" else ("--mail", DEMO_MAIL) if role == "admin" else ()
            _run((*account, *more), stdin=self.password + "\n")

    def _neighbours(self) -> dict[str, str]:
        """Libraries by kiosk."""
        if not self.options.neighbours:
            return {}
        said = _run((*self._fleet_arguments(), "--names"))
        return dict(line.split("\t") for line in said.splitlines())

    def _simulated_printer(self) -> Program:
        o = self.options
        link = o.data / "printer"
        command = _python(
            *("firmware_bridge", "simulate", "--link", str(link), "--profile", o.profile),
            *("--speed", f"{o.speed:g}", "--log", str(self.printer_log), "--control", str(self.printer_control)),
        )
        return Program("printer", command, f"{link} (simulated {o.profile}, speed {o.speed:g})", link.exists)

    def _broker(self) -> Program:
        """As at a region: certificates, access lists, and the recorder through its own door."""
        folder = self.options.data / "broker"
        # Started by root it would otherwise drop to a user that cannot read a private folder.
        user = "root" if os.geteuid() == 0 else ""
        settings = broker.Settings(folder, self.pki, self._broker_socket, self.broker_port, LOOPBACK, user=user)
        command = ("/usr/sbin/mosquitto", "-c", str(broker.write(settings)))
        where = f"mqtts://{LOOPBACK}:{self.broker_port}"
        return Program("broker", command, where, lambda: _answers(self.broker_port))

    def _bridge(self) -> Program:
        o = self.options
        spool = f'[spool]\nmaterial = "PLA"\ncolour = "{o.spool_colour}"\nname = "Oranje"\n'
        config = self._write(
            "bridge.toml",
            f'kiosk = "{KIOSK}"\nlibrary = "{LIBRARY}"\n'
            f'profile = "{o.profile}"\nport = "{o.printer or o.data / "printer"}"\n'
            f'data = "{o.data / "bridge"}"\nsocket = "{self._bridge_socket}"\n'
            # Whoever sits here knows what time it is.
            + spool
            + "[policy]\ntrust_clock = true\n"
            + f'[broker]\nhost = "{LOOPBACK}"\nport = {self.broker_port}\nca = "{self.pki / "ca.crt"}"\n'
            f'certificate = "{self.pki / KIOSK}.crt"\nkey = "{self.pki / KIOSK}.key"\n',
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
        return Program("recorder", self._of_region("recorder"), str(self.database), self.database.exists)

    def _dashboard(self) -> Program:
        return Program("dashboard", self._of_region("serve"), self.web_address, lambda: _serves(self.web_address))

    def _mail_server(self) -> Program:
        """Takes every letter, and sends none on."""
        listens_at = ("aiosmtpd", "-n", "-l", f"{LOOPBACK}:{self._mail_port}")
        command = _python(*listens_at, "-c", "aiosmtpd.handlers.Mailbox", str(self.letters))
        return Program("mail", command, str(self.letters), lambda: _answers(self._mail_port))

    def _alerts(self) -> Program:
        return Program("alerts", self._of_region("alerts"), f"letters to {DEMO_MAIL}", lambda: True)

    def _fleet(self) -> Program:
        at = ("--at", f"{LOOPBACK}:{self.broker_port}", "--pki", str(self.pki))
        where = f"{self.options.neighbours} simulated libraries"
        return Program("fleet", _python(*self._fleet_arguments(), *at), where, lambda: True)

    def _fleet_arguments(self) -> tuple[str, ...]:
        kiosks = str(self.options.neighbours)
        return ("dashboard", "fleet", "--kiosks", kiosks, "--config", str(self._write_dashboard_config()))

    def _of_region(self, name: str) -> tuple[str, ...]:
        return _python("dashboard", name, "--config", str(self._write_dashboard_config()))

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

    @property
    def _broker_socket(self) -> Path:
        return self.options.data / "broker.sock"

    def _write_dashboard_config(self) -> Path:
        return self._write(
            "dashboard.toml",
            f'database = "{self.database}"\nsecret = "{self.options.data / "secret"}"\n'
            f'host = "{LOOPBACK}"\nport = {self.web_port}\npublic_url = "{self.web_address.rstrip("/")}"\n'
            f'collection = "{self.options.collection.resolve()}"\n'
            f'[broker]\nsocket = "{self._broker_socket}"\n'
            f'[mail]\nhost = "{LOOPBACK}"\nport = {self._mail_port}\nstarttls = false\n'
            'sender = "printers@example.org"\n',
        )

    def _write(self, name: str, text: str) -> Path:
        path = self.options.data / name
        path.write_text(text)
        return path


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _run(arguments: tuple[str, ...], stdin: str = "") -> str:
    """Its output."""
    done = subprocess.run(_python(*arguments), input=stdin, text=True, capture_output=True, check=False)
    if done.returncode:
        raise StartError(f"`{' '.join(arguments)}` failed:\n{done.stderr or done.stdout}")
    return done.stdout


def _demo_password(path: Path) -> str:
    """Made once and kept, so that a browser that remembers it stays right."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text()


def _free_port(preferred: int = 0) -> int:
    """That one, or any where it is taken or 0."""
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

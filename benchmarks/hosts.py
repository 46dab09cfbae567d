"""The hosts that are compared: ours, and the peers in environments of their own under build/peers."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.gcode_files import GcodeFile

ROOT: Final = Path(__file__).parent.parent
PEERS: Final = ROOT / "build" / "peers"
DRIVERS: Final = Path(__file__).parent / "drivers"
BAUD: Final = 115_200
RX_BUFFER_BYTES: Final = 128
"""The printers' receive buffer; one byte of it always stays free."""
OURS: Final = "maakhoek"
OUR_DAEMON: Final = "maakhoek daemon"
OCTOPRINT_ENGINE: Final = "octoprint engine"
OCTOPRINT_SERVER: Final = "octoprint server"
PRINTCORE: Final = "printrun"


class PeerMissingError(Exception):
    """A peer could not be installed; the message says why."""


@dataclass(frozen=True)
class Host:
    """`command(port, file, scratch folder)` prints one file and exits with 0 when it is done."""

    name: str
    version: str
    command: Callable[[Path, GcodeFile, Path], Sequence[str | Path]]


@dataclass(frozen=True)
class Peer:
    """What to install, and whether its dependencies come along."""

    name: str
    requirements: tuple[str, ...]
    with_dependencies: bool

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return PEERS / self.name / "bin" / "python"


OCTOPRINT: Final = Peer("octoprint", ("OctoPrint==1.11.8",), with_dependencies=True)
# printcore needs none of Printrun's window toolkits.
PRINTRUN: Final = Peer("printrun", ("printrun==2.2.0", "pyserial==3.5"), with_dependencies=False)


def install(peer: Peer, say: Callable[[str], None]) -> None:
    """Bring a peer into its own environment, once.

    Raises PeerMissingError with pip's last words.
    """
    ready = PEERS / peer.name / ".ready"
    wanted = " ".join(peer.requirements)
    if ready.exists() and ready.read_text() == wanted:
        return
    say(f"installing {wanted} into {(PEERS / peer.name).relative_to(ROOT)} …")
    pip = [peer.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = [] if peer.with_dependencies else ["--no-deps"]
    for command in ([sys.executable, "-m", "venv", PEERS / peer.name], [*pip, *options, *peer.requirements]):
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
        if done.returncode:
            last_words = (done.stderr or done.stdout).strip().splitlines()[-3:]
            raise PeerMissingError(f"{wanted} cannot be installed: {' / '.join(last_words)}")
    ready.write_text(wanted)


def maakhoek() -> Host:
    """Our streaming engine, as a technician runs it."""

    def command(port: Path, file: GcodeFile, scratch: Path) -> Sequence[str | Path]:
        return [
            *(sys.executable, "-m", "firmware_bridge", "stream", file.path),
            *("--port", port, "--baud", str(BAUD), "--profile", file.profile, "--json"),
        ]

    return Host(OURS, "`firmware_bridge stream`", command)


def maakhoek_daemon() -> Host:
    """Our daemon as the appliance runs it: journal, telemetry, a kiosk that listens."""

    def command(port: Path, file: GcodeFile, scratch: Path) -> Sequence[str | Path]:
        driver = DRIVERS / "daemon_driver.py"
        return [sys.executable, driver, port, str(BAUD), file.path, file.profile, scratch / "daemon"]

    return Host(OUR_DAEMON, "`firmware_bridge run`", command)


def octoprint() -> Host:
    """OctoPrint's serial engine, without its web server and without plugins."""

    def command(port: Path, file: GcodeFile, scratch: Path) -> Sequence[str | Path]:
        driver = DRIVERS / "octoprint_driver.py"
        return [OCTOPRINT.python, driver, port, str(BAUD), file.path, scratch / "octoprint"]

    return Host(OCTOPRINT_ENGINE, f"{OCTOPRINT.requirements[0]}, `MachineCom` alone", command)


def octoprint_server() -> Host:
    """OctoPrint as it is installed, with nobody watching its pages."""

    def command(port: Path, file: GcodeFile, scratch: Path) -> Sequence[str | Path]:
        driver, program = DRIVERS / "octoprint_server_driver.py", OCTOPRINT.python.parent / "octoprint"
        return [OCTOPRINT.python, driver, port, str(BAUD), file.path, scratch / "octoprint-server", program]

    return Host(OCTOPRINT_SERVER, f"{OCTOPRINT.requirements[0]}, `octoprint serve`", command)


def printrun() -> Host:
    """Printrun's own command line around its printcore."""

    def command(port: Path, file: GcodeFile, scratch: Path) -> Sequence[str | Path]:
        printcore = PRINTRUN.python.parent / "printcore.py"
        return [PRINTRUN.python, printcore, "--baud", str(BAUD), port, file.path]

    return Host(PRINTCORE, f"{PRINTRUN.requirements[0]}, `printcore.py`", command)


def bare_loop(most_bytes: int) -> Host:
    """No host but the least that one can do, with so many bytes in flight (0: line by line)."""

    def command(port: Path, file: GcodeFile, scratch: Path) -> Sequence[str | Path]:
        return [sys.executable, DRIVERS / "bare_loop.py", port, str(most_bytes), file.path]

    how = f"{most_bytes} bytes in flight" if most_bytes else "line by line"
    return Host(f"bare loop, {how}", "no host: what the printer and this machine allow", command)


def available(say: Callable[[str], None]) -> tuple[list[Host], list[str]]:
    """The engines that can run here, ours first, and why others cannot."""
    hosts, missing = [maakhoek()], []
    for peer, host in ((OCTOPRINT, octoprint), (PRINTRUN, printrun)):
        try:
            install(peer, say)
        except PeerMissingError as error:
            missing.append(str(error))
        else:
            hosts.append(host())
    return hosts, missing


def with_services(hosts: Sequence[Host]) -> list[Host]:
    """Engines, each followed by the whole service around it where there is one."""
    services = {OURS: maakhoek_daemon, OCTOPRINT_ENGINE: octoprint_server}
    return [h for host in hosts for h in (host, *([services[host.name]()] if host.name in services else []))]

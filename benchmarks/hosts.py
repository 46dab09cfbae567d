"""The hosts that are compared: ours, and the peers in environments of their own under build/peers."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.compiled import slow_sync
from benchmarks.gcode_files import GcodeFile
from benchmarks.settings import OUR_DAEMON, OUR_DAEMON_ON_SLOW_DISK, OURS, Setting

ROOT: Final = Path(__file__).parent.parent
PEERS: Final = ROOT / "build" / "peers"
DRIVERS: Final = Path(__file__).parent / "drivers"
SLOW_SYNC_MS: Final = 500
OCTOPRINT_ENGINE: Final = "octoprint"
OCTOPRINT_SERVER: Final = "octoprint-server"
PRINTCORE: Final = "printrun"
BARE_LOOP: Final = "bare-loop"


class PeerMissingError(Exception):
    """A peer could not be installed; the message says why."""


@dataclass(frozen=True)
class Task:
    """Print `file` on `port`; `scratch` is a fresh folder for what the host keeps."""

    port: Path
    file: GcodeFile
    setting: Setting
    scratch: Path

    def slow_disk(self) -> dict[str, str]:
        """The environment under which fsync takes long. Raises CompilerError."""
        log = self.scratch / "slow-sync.log"
        return {"LD_PRELOAD": str(slow_sync()), "SLOW_SYNC_MS": str(SLOW_SYNC_MS), "SLOW_SYNC_LOG": str(log)}

    @property
    def slow_syncs(self) -> int:
        """How often the slow disk was waited for."""
        log = self.scratch / "slow-sync.log"
        return log.stat().st_size if log.exists() else 0


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


@dataclass(frozen=True)
class Host:
    """`command(task)` prints one file and exits with 0 when it is done. `peer`: what must be installed for it;
    `on_slow_disk`: its fsync takes SLOW_SYNC_MS longer.
    """

    name: str
    what: str
    command: Callable[[Task], Sequence[str | Path]]
    peer: Peer | None = None
    by_default: bool = True
    on_slow_disk: bool = False


def _maakhoek(task: Task) -> Sequence[str | Path]:
    return [
        *(sys.executable, "-m", "firmware_bridge", "stream", task.file.path, "--json"),
        *("--port", task.port, "--baud", str(task.setting.host_baud), "--profile", task.file.profile),
        *("--rx-buffer", str(task.setting.rx_buffer_bytes)),
    ]


def _daemon(task: Task) -> Sequence[str | Path]:
    driver, baud = DRIVERS / "daemon_driver.py", str(task.setting.host_baud)
    return [sys.executable, driver, task.port, baud, task.file.path, task.file.profile, task.scratch / "data"]


def _octoprint(task: Task) -> Sequence[str | Path]:
    driver, baud = DRIVERS / "octoprint_driver.py", str(task.setting.host_baud)
    return [OCTOPRINT.python, driver, task.port, baud, task.file.path, task.scratch / "data"]


def _octoprint_server(task: Task) -> Sequence[str | Path]:
    driver, baud = DRIVERS / "octoprint_server_driver.py", str(task.setting.host_baud)
    program = OCTOPRINT.python.parent / "octoprint"
    return [OCTOPRINT.python, driver, task.port, baud, task.file.path, task.scratch / "data", program]


def _printrun(task: Task) -> Sequence[str | Path]:
    printcore = PRINTRUN.python.parent / "printcore.py"
    return [PRINTRUN.python, printcore, "--baud", str(task.setting.host_baud), task.port, task.file.path]


def _bare_loop(task: Task) -> Sequence[str | Path]:
    return [sys.executable, DRIVERS / "bare_loop.py", task.port, str(task.setting.window_bytes), task.file.path]


HOSTS: Final[Mapping[str, Host]] = {
    host.name: host
    for host in (
        Host(OURS, "`firmware_bridge stream`", _maakhoek),
        Host(OUR_DAEMON, "`firmware_bridge run` with journal and telemetry, and a client that listens", _daemon),
        Host(
            OUR_DAEMON_ON_SLOW_DISK,
            f"the same, and each fsync takes {SLOW_SYNC_MS} ms longer",
            _daemon,
            on_slow_disk=True,
        ),
        Host(OCTOPRINT_ENGINE, f"{OCTOPRINT.requirements[0]}, `MachineCom` alone", _octoprint, OCTOPRINT),
        Host(
            OCTOPRINT_SERVER,
            f"{OCTOPRINT.requirements[0]}, `octoprint serve`",
            _octoprint_server,
            OCTOPRINT,
            by_default=False,
        ),
        Host(PRINTCORE, f"{PRINTRUN.requirements[0]}, `printcore.py`", _printrun, PRINTRUN),
        Host(BARE_LOOP, "no host: the least one can do with the receive buffer in flight", _bare_loop),
    )
}


@dataclass
class Choice:
    """The hosts that can run here, and why others cannot."""

    hosts: list[Host] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def available(names: Sequence[str], say: Callable[[str], None]) -> Choice:
    """Those hosts, what they need installed."""
    choice = Choice()
    for host in [HOSTS[name] for name in names]:
        try:
            if host.peer:
                _install(host.peer, say)
        except PeerMissingError as error:
            choice.missing.append(f"{host.name}: {error}")
        else:
            choice.hosts.append(host)
    return choice


def _install(peer: Peer, say: Callable[[str], None]) -> None:
    """Bring a peer into its own environment, once."""
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

"""One boot of a root under systemd-nspawn: real systemd, real units. What is written is gone with it."""

import contextlib
import itertools
import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

from support.waiting import until

BOOT_S = 300.0
STOP_S = 60.0
COMMAND_S = 300.0
MOST_STRETCH = 3.0
PATIENCE_S = 300.0
"""For what is not promised in seconds, on a machine that has other things to do."""
_NUMBERS = itertools.count(1)
_SIGRTMIN_POWEROFF = signal.SIGRTMIN + 4
_ENVIRONMENT = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=dumb", "SYSTEMD_PAGER=")


class Machine:
    """A booted root. One boot a root at a time. `volatile`: nspawn's word for what is forgotten, "overlay" for
    all that is written, "state" for a root that cannot be written beside an empty /var."""

    def __init__(self, root: Path, name: str, console: Path, *options: str, volatile: str = "overlay") -> None:
        self._console = console
        own = f"{name}-{os.getpid()}-{next(_NUMBERS)}"
        command = ("systemd-nspawn", "-q", "-D", str(root), f"--machine={own}", f"--volatile={volatile}")
        alone = ("--register=no", "--keep-unit", "--boot", "--console=read-only", "--link-journal=no")
        outside = ("--resolv-conf=off", "--timezone=off")
        with console.open("wb") as output:
            self._nspawn = subprocess.Popen(
                (*command, *alone, *outside, *options),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
                start_new_session=True,
            )
        self._leader = 0
        try:
            until(self._has_booted, BOOT_S, "systemd has booted")
        except BaseException:
            self.power_off()
            raise

    def _has_booted(self) -> bool:
        assert self._nspawn.poll() is None, f"it does not boot: {self._console.read_text(errors='replace')}"
        # nspawn's first child only prepares; the one that stays is the systemd inside.
        self._leader = self._find_leader() or 0
        return self.try_("systemctl is-system-running").stdout.strip() in ("running", "degraded")

    def try_(self, command: str, **options: object) -> subprocess.CompletedProcess[str]:
        """A shell command inside, whatever comes of it."""
        inside = ("nsenter", "-t", str(self._leader), "-a", *_ENVIRONMENT, "sh", "-c", command)
        return subprocess.run(
            inside, capture_output=True, text=True, errors="replace", timeout=COMMAND_S, **options
        )  # type: ignore[call-overload]

    def run(self, command: str) -> str:
        """A shell command inside that must succeed; its output."""
        done = self.try_(command)
        assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return str(done.stdout)

    def write(self, path: str, text: str) -> None:
        """A file inside."""
        folder = str(Path(path).parent)
        done = self.try_(f"mkdir -p {shlex.quote(folder)} && cat >{shlex.quote(path)}", input=text)
        assert done.returncode == 0, done.stderr

    def path(self, inside: str) -> Path:
        """The same file, seen from outside."""
        return Path(f"/proc/{self._leader}/root{inside}")

    def show(self, unit: str, name: str) -> str:
        """One property of a unit."""
        return self.run(f"systemctl show -P {name} {unit}").strip()

    def main_pid(self, unit: str) -> int:
        """0 where it does not run."""
        return int(self.show(unit, "MainPID"))

    def is_active(self, unit: str) -> bool:
        """Whether it is up, and has said so."""
        return self.show(unit, "ActiveState") == "active"

    def journal(self, unit: str) -> str:
        """What the unit has logged since the boot, all that it had written by now."""
        return self.try_(f"journalctl --sync; journalctl -u {unit} --no-pager -o short-monotonic").stdout

    def logged_s(self, unit: str, pattern: str, since_s: float = 0.0) -> float | None:
        """When the unit, or systemd of it, first said so: seconds of CLOCK_MONOTONIC, the same as outside."""
        for line in self.try_(f"journalctl -u {unit} --no-pager -o json").stdout.splitlines():
            entry = json.loads(line)
            at_s = int(entry["__MONOTONIC_TIMESTAMP"]) / 1e6
            if at_s >= since_s and re.search(pattern, str(entry.get("MESSAGE", ""))):
                return at_s
        return None

    def active_since_s(self, unit: str) -> float:
        """When it last said that it is up, in seconds of CLOCK_MONOTONIC."""
        return int(self.show(unit, "ActiveEnterTimestampMonotonic")) / 1e6

    def power_off(self) -> None:
        """Cleanly where that works; twice is no error. Without nspawn alone the systemd inside would live on."""
        if self._nspawn.poll() is not None:
            return
        leader = self._leader or self._find_leader()
        with contextlib.suppress(ProcessLookupError):
            if leader:
                os.kill(leader, _SIGRTMIN_POWEROFF)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._nspawn.wait(STOP_S)
        if self._nspawn.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                if leader:
                    os.kill(leader, signal.SIGKILL)
            self._nspawn.kill()
            self._nspawn.wait()

    def _find_leader(self) -> int | None:
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                return int(child)
        return None


class Stopwatch:
    """Times a promise. It is made of a kiosk whose processors are its own: where others hold them, it is stretched
    by the share of the time in which something waited for one, or a virtual machine's host kept it back; threefold
    at most."""

    def __init__(self) -> None:
        self.began_s = time.monotonic()
        self._stalled_s = _stalled_s()

    def check(self, what: str, end_s: float, promised_s: float) -> None:
        """It took until `end_s` of CLOCK_MONOTONIC, a moment ago. Raises AssertionError where that is too long."""
        took_s, watched_s = end_s - self.began_s, time.monotonic() - self.began_s
        free = 1 - (_stalled_s() - self._stalled_s) / watched_s
        stretch = 1 / max(1 / MOST_STRETCH, free)
        said = (
            f"{what}: {took_s:.1f} s, promised {promised_s:g} s, on this machine now {promised_s * stretch:.1f} s"
        )
        print(said)
        assert took_s < promised_s * stretch, said


def _stalled_s() -> float:
    """For so long since the start of the machine, something waited for a processor or that one for its host."""
    total = re.search(r"some .*total=(\d+)", Path("/proc/pressure/cpu").read_text())
    assert total, "the kernel does not tell how long tasks wait for a processor"
    stolen = int(Path("/proc/stat").read_text().split("\n", 1)[0].split()[8])
    return int(total[1]) / 1e6 + stolen / os.sysconf("SC_CLK_TCK") / (os.cpu_count() or 1)

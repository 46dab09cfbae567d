"""One boot of a root under systemd-nspawn: real systemd, real units. What is written is gone with it."""

import contextlib
import os
import shlex
import signal
import subprocess
from pathlib import Path

from support.waiting import until

BOOT_S = 60.0
STOP_S = 30.0
_SIGRTMIN_POWEROFF = signal.SIGRTMIN + 4
_ENVIRONMENT = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=dumb", "SYSTEMD_PAGER=")


class Machine:
    """A booted root. One boot a root at a time."""

    def __init__(self, root: Path, name: str, console: Path, *options: str) -> None:
        self._console = console
        command = ("systemd-nspawn", "-q", "-D", str(root), f"--machine={name}", "--volatile=overlay")
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
        # nspawn's first child only prepares; the one that stays is the systemd inside.
        self._leader = self._find_leader() or 0
        return self.try_("systemctl is-system-running").stdout.strip() in ("running", "degraded")

    def try_(self, command: str, **options: object) -> subprocess.CompletedProcess[str]:
        """A shell command inside, whatever comes of it."""
        inside = ("nsenter", "-t", str(self._leader), "-a", *_ENVIRONMENT, "sh", "-c", command)
        return subprocess.run(inside, capture_output=True, text=True, errors="replace", timeout=120, **options)  # type: ignore[call-overload]

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
        """What the unit has logged since the boot."""
        return self.try_(f"journalctl -u {unit} --no-pager -o short-monotonic -n 200").stdout

    def power_off(self) -> None:
        """Cleanly where that works. Killing nspawn alone would leave the systemd inside alive."""
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

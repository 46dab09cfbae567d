"""The part of systemd that keeps heaters safe, for one process: its watchdog, and what follows its end."""

import select
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

LOOK_EVERY_S = 0.1
AFTER_END_TIMEOUT_S = 30.0


class Notifications:
    """Where a process says READY=1, WATCHDOG=1 and STOPPING=1 (sd_notify)."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("")  # Linux picks a free name in the abstract namespace
        self._heard_at: float | None = None

    def environment(self, watchdog_s: float) -> dict[str, str]:
        """For the process that is to speak."""
        name = self._socket.getsockname()[1:].decode()
        return {"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": str(round(watchdog_s * 1_000_000))}

    def listen(self, timeout_s: float) -> None:
        """Take what has come, and wait at most that long where nothing has."""
        while select.select([self._socket], [], [], timeout_s)[0]:
            said = self._socket.recv(4096).splitlines()
            if b"STOPPING=1" in said:
                self._heard_at = None
            elif b"READY=1" in said or (b"WATCHDOG=1" in said and self._heard_at is not None):
                self._heard_at = time.monotonic()
            timeout_s = 0.0

    def silent_s(self) -> float:
        """Since the last sign of life; 0 before it is ready and from its stop on."""
        return 0.0 if self._heard_at is None else time.monotonic() - self._heard_at

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


class Guard:
    """Kills a process that hangs; runs a command when it has ended, however it ended. On a thread of its own."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        name: str,
        say: Callable[[str], None],
        *,
        after_end: Sequence[str],
        notifications: Notifications,
        watchdog_s: float,
    ) -> None:
        self._process = process
        self._name = name
        self._say = say
        self._after_end = after_end
        self._notifications = notifications
        self._watchdog_s = watchdog_s
        self._thread = threading.Thread(target=self._run, name=f"guard of {name}", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Until what follows the process's end is done too."""
        self._thread.join()

    def _run(self) -> None:
        while self._process.poll() is None:
            self._notifications.listen(LOOK_EVERY_S)
            if self._notifications.silent_s() > self._watchdog_s:
                self._say(f"{self._name}: no sign of life for {self._watchdog_s:g} s; killed")
                self._process.kill()
                self._process.wait()
        self._notifications.close()
        if self._after_end:
            self._follow_up()

    def _follow_up(self) -> None:
        try:
            done = subprocess.run(
                self._after_end,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=AFTER_END_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self._say(f"{self._name} has ended; {error}")
            return
        self._say(f"{self._name} has ended; {done.stdout.strip()} (code {done.returncode})")

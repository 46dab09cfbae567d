"""The simplest host there is, on a simulated printer in a process of its own: bytes out, lines in."""

import os
import select
import subprocess
import sys
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from pathlib import Path

from support.programs import running
from support.waiting import until


def frame(number: int, command: str) -> bytes:
    """With line number and checksum."""
    body = f"N{number} {command}".encode("latin-1")
    return body + f"*{reduce(xor, body)}\n".encode()


@dataclass
class RawHost:
    """An open port."""

    fd: int
    _pending: bytes = b""
    _lines: list[str] = field(default_factory=list)

    def send(self, data: bytes | str) -> None:
        """As it is; a string gets its LF."""
        os.write(self.fd, data.encode("latin-1") + b"\n" if isinstance(data, str) else data)

    def line(self, timeout_s: float = 30.0) -> str:
        """The next line that comes; AssertionError where none does."""
        deadline = time.monotonic() + timeout_s
        while not self._lines:
            left = deadline - time.monotonic()
            assert left > 0, f"no line within {timeout_s:g} s; half a line: {self._pending!r}"
            if select.select([self.fd], [], [], left)[0]:
                *lines, self._pending = (self._pending + os.read(self.fd, 4096)).split(b"\n")
                self._lines += [line.decode("latin-1") for line in lines]
        return self._lines.pop(0)

    def lines_to(self, last: str, timeout_s: float = 30.0) -> list[str]:
        """All lines up to and with the first that begins with `last`; AssertionError where it does not come."""
        deadline = time.monotonic() + 3 * timeout_s
        lines = [self.line(timeout_s)]
        while not lines[-1].startswith(last):
            assert time.monotonic() < deadline, f"no '{last}' among {lines}"
            lines.append(self.line(timeout_s))
        return lines

    def ask(self, command: bytes | str) -> list[str]:
        """Send, and read up to its ok."""
        self.send(command)
        return self.lines_to("ok")

    def is_silent(self, seconds: float = 0.3) -> bool:
        """Nothing comes for that long."""
        return not self._lines and not select.select([self.fd], [], [], seconds)[0]


@dataclass(frozen=True)
class Simulated:
    """A simulated printer; `process` is its own."""

    port: Path
    log: Path
    control: Path
    process: subprocess.Popen[bytes]
    stderr: Path

    @contextmanager
    def opened(self, banner: str | None = "//action:prompt_end") -> Iterator[RawHost]:
        """The port, after its banner up to that line (None: there is none)."""
        fd = os.open(self.port, os.O_RDWR | os.O_NOCTTY)
        try:
            tty.setraw(fd)
            host = RawHost(fd)
            if banner is not None:
                host.lines_to(banner)
            yield host
        finally:
            os.close(fd)

    def executed(self) -> list[str]:
        """Every command so far."""
        return self.log.read_text("latin-1").splitlines()


@contextmanager
def simulated(folder: Path, *options: str) -> Iterator[Simulated]:
    """Started; the port is there."""
    port, log, control, stderr = (folder / name for name in ("port", "executed", "control", "stderr"))
    command = [sys.executable, "-m", "firmware_bridge", "simulate", "--link", str(port), "--log", str(log)]
    command += ["--control", str(control), "--profile", "ender3", "--boot-s", "0.05", *options]
    with running(command, stderr) as process:
        until(port.exists, what="the port")
        yield Simulated(port, log, control, process, stderr)

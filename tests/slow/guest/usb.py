"""Runs in the guest: the product's own eyes and hands on a real USB serial port."""

import array
import dataclasses
import errno
import fcntl
import os
import sys
import termios
from pathlib import Path
from typing import Any, Final

from slow.guest.line import Line

from firmware_bridge.machine.interface import MachineEvent
from firmware_bridge.machine.plugged import plugged_ports
from firmware_bridge.machine.serial_port import SerialMachine
from firmware_bridge.profile import load_profile

NOBODY: Final = 65_534
_FLAGS: Final = 4
"""The field of struct serial_struct, in ints."""
_ASYNC_LOW_LATENCY: Final = 1 << 13


class UsbAgent:
    """One machine; its events go up the line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._machine: SerialMachine | None = None

    def do_ports(self) -> Any:
        """What is plugged in."""
        return [dataclasses.asdict(port) for port in plugged_ports()]

    def do_leads_to(self, name: str) -> str:
        """The device behind a name, "" for none."""
        return os.path.realpath(name) if os.path.lexists(name) else ""

    def do_timer_ms(self, device: str) -> int:
        """How long the chip waits before it hands on what has come."""
        return int(_timer(device).read_text())

    def do_connect(self, port: str, profile: str) -> None:
        """Its events come from now on."""
        self._machine = SerialMachine(port, load_profile(profile), self._tell)
        self._machine.start()

    def do_print(self, gcode: str) -> None:
        """As job `job`."""
        path = Path("/run/job.gcode")
        path.write_text(gcode)
        assert self._machine is not None
        self._machine.print_file("job", path)

    def do_close(self) -> None:
        """Let the port go."""
        assert self._machine is not None
        self._machine.close()

    def do_is_low_latency(self, device: str) -> bool:
        """The flag that a program sets."""
        descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            settings = array.array("i", [0] * 32)
            fcntl.ioctl(descriptor, termios.TIOCGSERIAL, settings)
        finally:
            os.close(descriptor)
        return bool(settings[_FLAGS] & _ASYNC_LOW_LATENCY)

    def do_slow_down(self, device: str) -> None:
        """As the chip is where no rule and no program has touched it."""
        _timer(device).write_text("16")

    def do_open_as_another(self, device: str) -> str:
        """What a program that is not root, but may use serial ports, gets from open(2)."""
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.setgroups([Path(device).stat().st_gid])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            try:
                os.close(os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
                os.write(write, b"opened")
            except OSError as error:
                os.write(write, errno.errorcode[error.errno or 0].encode())
            os._exit(0)
        os.close(write)
        os.waitpid(child, 0)
        with os.fdopen(read) as said:
            return said.read()

    def _tell(self, event: MachineEvent) -> None:
        self._line.tell(type(event).__name__, str(event))


def _timer(device: str) -> Path:
    return Path(f"/sys/class/tty/{Path(device).name}/device/latency_timer")


if __name__ == "__main__":
    line = Line(sys.argv[1])
    line.serve(UsbAgent(line))

"""The port itself, on real pseudo-terminals: whose it is, what is written, and which one it is."""

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_bridge.contract import FaultCode
from firmware_bridge.machine.plugged import AUTO, PluggedPort, resolve
from firmware_bridge.machine.port import PortError, open_port, read_some, write_some
from firmware_bridge.profile import load_profile

TIOCGEXCL = 0x80045440
TCGETS2 = 0x802C542A
PRUSA, ENDER = load_profile("prusa-mk3s"), load_profile("ender3")


@pytest.fixture
def ends() -> Iterator[tuple[int, str]]:
    master, slave = pty.openpty()
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def is_exclusive(descriptor: int) -> bool:
    answer = fcntl.ioctl(descriptor, TIOCGEXCL, struct.pack("i", 0))
    return bool(struct.unpack("i", answer)[0])


def test_a_second_program_is_turned_away(ends: tuple[int, str]) -> None:
    first = open_port(ends[1], 115_200)
    with pytest.raises(PortError) as refusal:
        open_port(ends[1], 115_200)
    assert refusal.value.is_held
    first.close()
    open_port(ends[1], 115_200).close()


def test_a_pseudo_terminal_can_be_opened_again_by_whoever_comes_after_a_crash(ends: tuple[int, str]) -> None:
    """The kernel's own flag would stay on it."""
    port = open_port(ends[1], 115_200)
    assert not is_exclusive(port.fd)
    port.close()


def test_closing_does_not_hang_up(ends: tuple[int, str]) -> None:
    port = open_port(ends[1], 115_200)
    assert not termios.tcgetattr(port.fd)[2] & termios.HUPCL
    port.close()


def test_a_write_that_the_port_did_not_take_whole_is_finished_later(ends: tuple[int, str]) -> None:
    master, name = ends
    port = open_port(name, 115_200)
    os.set_blocking(master, False)
    line = b"".join(b"N%dG1 X%d.5 Y20 E.04*1\n" % (i, i % 200) for i in range(20_000))
    rest, heard, partial = line, b"", 0
    while rest or len(heard) < len(line):
        before = len(rest)
        rest = write_some(port.fd, rest)
        partial += 0 < len(rest) < before
        heard += read_some(master) or b""
    assert heard == line
    assert partial > 1
    port.close()


@pytest.mark.parametrize("path", ["/dev/null", "/nonexistent/tty"])
def test_what_is_no_port_is_named(path: str) -> None:
    with pytest.raises(PortError) as refusal:
        open_port(path, 115_200)
    assert path in str(refusal.value)
    assert refusal.value.fault.code is FaultCode.PRINTER_MISSING


def test_a_speed_that_no_port_has_is_refused(ends: tuple[int, str]) -> None:
    with pytest.raises(PortError):
        open_port(ends[1], -1)


def test_a_speed_that_posix_does_not_know(ends: tuple[int, str]) -> None:
    port = open_port(ends[1], 250_000)
    speeds = struct.unpack("4I B 19B 2I", fcntl.ioctl(port.fd, TCGETS2, bytes(44)))[-2:]
    assert speeds == (250_000, 250_000)
    port.close()


# --- which one -----------------------------------------------------------------------------------------


def plugged(number: int, usb: str, by_id: str = "") -> PluggedPort:
    return PluggedPort(path=f"/dev/ttyACM{number}", by_id=by_id, usb=usb, description="", profiles=())


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    assert resolve("/dev/serial/by-id/x", (PRUSA,), lambda: ()) == "/dev/serial/by-id/x"


def test_the_one_printer_is_found_by_its_vendor_and_remembered_by_its_own_name() -> None:
    mouse, printer = plugged(0, "046d:c52b"), plugged(1, "2c99:0002", "/dev/serial/by-id/usb-Prusa_1234-if00")
    assert resolve(AUTO, (PRUSA,), lambda: (mouse, printer)) == printer.by_id
    assert resolve(AUTO, (PRUSA,), lambda: (mouse, plugged(3, "2c99:0002"))) == "/dev/ttyACM3"


def test_no_printer_or_several_are_said() -> None:
    with pytest.raises(PortError) as none:
        resolve(AUTO, (PRUSA,), lambda: (plugged(0, "046d:c52b"),))
    assert "2c99:0002" in str(none.value)
    with pytest.raises(PortError) as several:
        resolve(AUTO, (ENDER,), lambda: (plugged(0, "1a86:7523"), plugged(1, "0403:6001")))
    assert "/dev/ttyACM0, /dev/ttyACM1" in str(several.value)

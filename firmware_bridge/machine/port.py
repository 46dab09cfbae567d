"""The serial port itself: opening and closing it, reading and writing what it has and takes at the moment."""

import contextlib
import errno
import fcntl
import os
import termios
from typing import Final

import serial

from firmware_bridge.contract import Fault, FaultCode

READ_BYTES: Final = 65_536
_CONTROL_FLAGS: Final = 2
_PSEUDO_TERMINALS: Final = range(136, 144)
"""Device majors (Linux, admin-guide/devices.txt)."""
_HELD: Final = (errno.EAGAIN, errno.EBUSY)


class PortError(OSError):
    """The port cannot be opened; `fault` says why in words for staff. `is_held`: by another program."""

    def __init__(self, fault: Fault, *, is_held: bool = False) -> None:
        super().__init__(fault.detail)
        self.fault = fault
        self.is_held = is_held


def open_port(path: str, baud: int) -> serial.Serial:
    """Exclusive, raw, non-blocking, quick where the device can be, and without a reset at the close.

    Exclusive twice: by a lock, for programs that ask (as pyserial does), and by the kernel (TIOCEXCL), for those
    that do not, such as a modem manager. Raises PortError.
    """
    try:
        port = serial.Serial(path, baud, timeout=0, write_timeout=0, exclusive=True)
    except (OSError, ValueError) as error:
        is_held = getattr(error, "errno", None) in _HELD
        fault = Fault(code=FaultCode.PRINTER_MISSING, detail=_why(path, error))
        raise PortError(fault, is_held=is_held) from error
    with contextlib.suppress(OSError, ValueError, NotImplementedError, AttributeError):
        port.set_low_latency_mode(True)
    if not _is_pseudo_terminal(port.fd):
        # There the flag would outlive the closing, as long as the other end stays open.
        with contextlib.suppress(OSError):
            fcntl.ioctl(port.fd, termios.TIOCEXCL)
    _hang_up_at_close(port, False)
    return port


def close_with_dtr_low(port: serial.Serial) -> None:
    """The next opening raises DTR again, and resets a board that listens to it. What is unsent is thrown away."""
    with contextlib.suppress(OSError, termios.error):
        port.reset_output_buffer()
    with contextlib.suppress(OSError):
        port.dtr = False
    _hang_up_at_close(port, True)
    with contextlib.suppress(OSError, termios.error):
        port.close()


def _is_pseudo_terminal(descriptor: int) -> bool:
    return os.major(os.fstat(descriptor).st_rdev) in _PSEUDO_TERMINALS


def _hang_up_at_close(port: serial.Serial, does: bool) -> None:
    with contextlib.suppress(termios.error):
        attributes = termios.tcgetattr(port.fd)
        attributes[_CONTROL_FLAGS] &= ~termios.HUPCL
        if does:
            attributes[_CONTROL_FLAGS] |= termios.HUPCL
        termios.tcsetattr(port.fd, termios.TCSANOW, attributes)


def _why(path: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.ENOENT:
        return f"{path}: there is no such port; is the printer plugged in and switched on?"
    if number in (errno.EACCES, errno.EPERM):
        return f"{path}: not allowed; add this user to the group 'dialout'"
    if number in _HELD:
        return f"{path}: another program has the port open"
    if isinstance(error, ValueError):
        return f"{path}: {error}"
    return f"{path}: not a serial port ({os.strerror(number) if number else error})"


def read_some(descriptor: int) -> bytes | None:
    """What has come; empty where nothing has, or where the port only takes more now; None where it is gone."""
    try:
        return os.read(descriptor, READ_BYTES) or None
    except BlockingIOError:
        return b""
    except OSError:
        return None


def write_some(descriptor: int, data: bytes) -> bytes:
    """What could not be written yet. A port that is gone shows when it is read."""
    if not data:
        return b""
    try:
        return data[os.write(descriptor, data) :]
    except BlockingIOError:
        return data
    except OSError:
        return b""

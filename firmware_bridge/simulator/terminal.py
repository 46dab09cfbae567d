"""The pseudo-terminal that stands for the USB port, and the link that stands for its name."""

import contextlib
import errno
import os
import termios
import tty
from pathlib import Path
from typing import Final

from firmware_bridge.simulator.openings import Openings

_READ_BYTES: Final = 4096


class Terminal:
    """The printer's end."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._unsent = b""
        self.fd = -1
        self._openings: Openings | None = None
        self.plug()

    def plug(self) -> None:
        """A new device under the old name. Raises OSError where the link cannot be made."""
        master, slave = os.openpty()
        try:
            tty.setraw(slave)
            name = os.ttyname(slave)
        finally:
            os.close(slave)
        os.set_blocking(master, False)
        self.fd = master
        self._openings = Openings(name)
        fresh = self._link.with_name(f".{self._link.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        fresh.symlink_to(name)
        fresh.replace(self._link)
        self._name = name

    def unplug(self) -> None:
        """The device is gone: the host's reads and writes fail. The link goes too if it is still ours."""
        if self._openings is None:
            return
        self._openings.close()
        self._openings = None
        os.close(self.fd)
        self.fd = -1
        self._unsent = b""
        with contextlib.suppress(OSError):
            if str(self._link.readlink()) == self._name:
                self._link.unlink()

    @property
    def is_plugged(self) -> bool:
        """There is a device."""
        return self.fd >= 0

    @property
    def is_open(self) -> bool:
        """A host had the port open at the last `was_opened`."""
        return self._openings is not None and self._openings.is_open

    def was_opened(self) -> bool:
        """A host has opened the port, after nobody had it open, since the last call."""
        return self._openings is not None and self._openings.update()

    def watched(self) -> list[int]:
        """Descriptors that become readable when `was_opened` has something to look at."""
        return [] if self._openings is None else [self._openings.fd]

    def read(self, at_most: int) -> bytes:
        """What the host has written, b"" for nothing."""
        try:
            return os.read(self.fd, min(at_most, _READ_BYTES))
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno == errno.EIO:
                return b""
            raise

    def write(self, data: bytes) -> None:
        """Give to the host; what it does not read yet waits here."""
        self._unsent += data
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self.fd, self._unsent) :]
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            self._unsent = b""

    @property
    def unsent_bytes(self) -> int:
        """What the host has not made room for."""
        return len(self._unsent)

    def forget(self) -> None:
        """Nobody listens: drop what was said and what was heard."""
        self._unsent = b""
        if self.is_plugged:
            with contextlib.suppress(termios.error):
                termios.tcflush(self.fd, termios.TCIOFLUSH)

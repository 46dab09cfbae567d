"""The pseudo-terminal that stands for the USB port, and the link that stands for its name."""

import contextlib
import errno
import os
import select
import termios
import tty
from pathlib import Path

_READ_BYTES = 4096


class Terminal:
    """The printer's end. No slave descriptor is kept, so that a host's opening and closing can be seen."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._unsent = b""
        self.fd = -1
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
        fresh = self._link.with_name(f".{self._link.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        fresh.symlink_to(name)
        fresh.replace(self._link)
        self._name = name

    def unplug(self) -> None:
        """The device is gone: the host's reads and writes fail. The link goes too if it is still ours."""
        if self.fd < 0:
            return
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

    def is_open(self) -> bool:
        """A host has the port open."""
        poll = select.poll()
        poll.register(self.fd, 0)
        return not any(event & select.POLLHUP for _, event in poll.poll(0))

    def read(self) -> bytes | None:
        """What the host has written, b"" for nothing; None when no host has the port open any more."""
        try:
            return os.read(self.fd, _READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno == errno.EIO:
                return None
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
        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(self.fd, termios.TCIOFLUSH)

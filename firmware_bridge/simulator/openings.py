"""Sees every opening and closing of a device by others, however quickly one follows the other (inotify)."""

import ctypes
import os
import struct
from typing import Final

_CLOSE_WRITE: Final = 0x08
_CLOSE_NOWRITE: Final = 0x10
_OPEN: Final = 0x20
_EVENT: Final = struct.Struct("iIII")

_libc = ctypes.CDLL(None, use_errno=True)


class Openings:
    """Watch one path. `fd` becomes readable when something has happened."""

    def __init__(self, path: str) -> None:
        """Raises OSError where the system cannot watch."""
        self.fd = _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        _checked(_libc.inotify_add_watch(self.fd, path.encode(), _OPEN | _CLOSE_WRITE | _CLOSE_NOWRITE))
        self._users = 0

    @property
    def is_open(self) -> bool:
        """Somebody has it open, as of the last `update`."""
        return self._users > 0

    def update(self) -> bool:
        """Read what has happened; True when the device was opened after nobody had it open."""
        opened = False
        for mask in self._events():
            if mask & _OPEN:
                opened = opened or self._users == 0
                self._users += 1
            elif mask & (_CLOSE_WRITE | _CLOSE_NOWRITE):
                self._users = max(0, self._users - 1)
        return opened

    def close(self) -> None:
        """Watch no longer."""
        os.close(self.fd)

    def _events(self) -> list[int]:
        try:
            data = os.read(self.fd, 4096)
        except BlockingIOError:
            return []
        masks = []
        while data:
            _, mask, _, name_bytes = _EVENT.unpack_from(data)
            masks.append(mask)
            data = data[_EVENT.size + name_bytes :]
        return masks


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"inotify: {os.strerror(number)}")
    return result

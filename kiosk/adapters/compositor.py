"""Whether the compositor still answers: asked by Wayland's own `sync`, on a connection of its own.

A frame would tell as well, but where a processor does a GPU's work one frame a second is 3 % of it.
"""

import contextlib
import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

_DISPLAY, _CALLBACK = 1, 2
"""Ids of Wayland objects. The second is made by each question and goes with its answer."""
_SYNC = struct.pack("=IHHI", _DISPLAY, 0, 12, _CALLBACK)
_ANSWER_BYTES = 24
"""wl_callback.done and wl_display.delete_id, 12 bytes each."""


class Compositor:
    """Ask it now and then; without a Wayland compositor there is nothing to ask, and all is well."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        name = environment.get("WAYLAND_DISPLAY")
        self._path = Path(environment.get("XDG_RUNTIME_DIR", "/run"), name) if name else None
        self._socket: socket.socket | None = None
        self._heard = 0

    def answers(self) -> bool:
        """It has answered the question of the last call, if there was one; asks the next. Never waits."""
        if self._path is None:
            return True
        try:
            if self._socket is None:
                self._socket = _connected(self._path)
            elif not self._has_answered(self._socket):
                return False
            self._heard = 0
            self._socket.sendall(_SYNC)
        except OSError:
            self.close()
            return False
        return True

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._socket.close()
        self._socket = None

    def _has_answered(self, line: socket.socket) -> bool:
        with contextlib.suppress(BlockingIOError):
            while data := line.recv(4096):
                self._heard += len(data)
            raise ConnectionResetError
        return self._heard >= _ANSWER_BYTES


def _connected(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.setblocking(False)
    try:
        line.connect(str(path))
    except OSError:
        line.close()
        raise
    return line

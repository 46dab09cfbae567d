"""What a technician has vouched for: kept in a file, read once, asked in memory."""

import os
import threading
from pathlib import Path

import msgspec

from firmware_bridge.machine.interface import Unproven


class Confirmations:
    """`has` may be asked on any thread and touches no disk; `save` does."""

    def __init__(self, path: Path) -> None:
        """A file that cannot be read confirms nothing: the technician is asked again."""
        self._path = path
        self._lock = threading.Lock()
        try:
            self._known = frozenset(msgspec.json.decode(path.read_bytes(), type=list[Unproven]))
        except (OSError, msgspec.MsgspecError):
            self._known = frozenset()

    def has(self, unproven: Unproven) -> bool:
        """Somebody has vouched for exactly this firmware, on this port, as this model."""
        return unproven in self._known

    def add(self, unproven: Unproven) -> None:
        """From now on."""
        self._known |= {unproven}

    def save(self) -> None:
        """On the disk when this returns. Raises OSError."""
        with self._lock:
            rows = sorted(self._known, key=lambda known: (known.profile, known.port, known.firmware))
            fresh = self._path.with_suffix(".new")
            with fresh.open("wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)

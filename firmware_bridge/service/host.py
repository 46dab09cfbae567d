"""The kiosk's own machine, read where the kernel tells of it; and whether its card keeps what it is given."""

import errno
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firmware_bridge.contract import Host

PROBE_BYTES: Final = 4096
WRITE_TEST_S: Final = 600.0
"""So seldom that the card does not wear by it."""


@dataclass(frozen=True)
class Sources:
    """Where a Raspberry Pi has them. `withdrawn` is what provisioning/upgrade leaves of a version that was not
    well."""

    thermal: Path = Path("/sys/class/thermal/thermal_zone0/temp")
    wireless: Path = Path("/proc/self/net/wireless")
    withdrawn: Path = Path("/var/lib/maakhoek-upgrade/withdrawn")


class HostReader:
    """For a thread that may wait for the card. `folder`: on the card, ours to write in."""

    def __init__(
        self, folder: Path, sources: Sources | None = None, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._sources = sources or Sources()
        self._now_s = now_s
        self._next_test_s = float("-inf")
        self._write_ms: float | None = None
        self._ok: bool | None = None

    def read(self) -> Host:
        """All of it; the card is written to every ten minutes only."""
        if self._now_s() >= self._next_test_s:
            self._next_test_s = self._now_s() + WRITE_TEST_S
            self._test_card()
        return Host(
            cpu_c=_temperature_c(_text(self._sources.thermal)),
            storage_free_mb=_free_mb(self._folder),
            storage_write_ms=self._write_ms,
            storage_ok=self._ok,
            wifi_dbm=wifi_dbm(_text(self._sources.wireless)),
        )

    def withdrawn(self) -> str:
        """The version that was taken back, "" for none."""
        return _text(self._sources.withdrawn).strip()

    def _test_card(self) -> None:
        probe = self._folder / "card-test"
        given = os.urandom(PROBE_BYTES)
        began_s = self._now_s()
        try:
            handle = os.open(probe, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                os.write(handle, given)
                os.fsync(handle)
                self._write_ms = round((self._now_s() - began_s) * 1000, 1)
                # Else the kernel would give back its own copy.
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                self._ok = os.pread(handle, PROBE_BYTES, 0) == given
            finally:
                os.close(handle)
        except OSError as error:
            self._write_ms = None
            self._ok = None if error.errno in _FULL else False


_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
"""Full is not broken, and has a word of its own."""


def wifi_dbm(table: str) -> float | None:
    """The first interface's signal in /proc/net/wireless; None where there is none, or in another unit."""
    for line in table.splitlines():
        fields = re.match(r"\s*\S+:\s+\S+\s+\S+\s+(-?\d+)", line)
        if fields is not None:
            level = float(fields[1])
            return level if level < 0 else None
    return None


def _temperature_c(text: str) -> float | None:
    try:
        return round(int(text) / 1000, 1)
    except ValueError:
        return None


def _free_mb(folder: Path) -> int | None:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return None
    return disk.f_bavail * disk.f_frsize // 1_000_000


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

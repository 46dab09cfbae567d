"""The clocks of the bridge, and whether the one on the wall may be believed."""

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIRST_YEAR: Final = 2025
"""A board without a battery begins in 1970, or where it was last switched off."""
_SYNCHRONISED: Final = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd touches it when it has set the clock for the first time since the start."""
_STA_UNSYNC: Final = 0x0040


class _Timex(ctypes.Structure):
    """The beginning of the kernel's `struct timex` (adjtimex(2)), and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def is_synchronised() -> bool:
    """Whether a time service has set the clock since the machine's start; any of them tells the kernel."""
    if _SYNCHRONISED.exists():
        return True
    timex = _Timex()
    try:
        result = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return False
    return result >= 0 and not timex.status & _STA_UNSYNC


@dataclass(frozen=True)
class Clock:
    """`wall_ms`: since 1970, may jump. `monotonic_s` never does. `is_synchronised` is asked once a second."""

    wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    monotonic_s: Callable[[], float] = time.monotonic
    is_synchronised: Callable[[], bool] = is_synchronised


class Trust:
    """Whether clock times may be shown. Once set, a clock only drifts: it stays believed until the restart."""

    def __init__(self, clock: Clock, always: bool) -> None:
        self._clock = clock
        self._was_set = always

    def now(self) -> bool:
        """At this moment."""
        self._was_set = self._was_set or self._clock.is_synchronised()
        return self._was_set and time.gmtime(self._clock.wall_ms() / 1000).tm_year >= FIRST_YEAR

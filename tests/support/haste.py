"""A clock for simulated kiosks that runs ahead: a day of prints in minutes."""

import time
from typing import Final

PACE: Final = 400


class Haste:
    """Milliseconds since 1970, PACE times as fast as ours until the day is over."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._over_ms: int | None = None

    def __call__(self) -> int:
        now_ms = 1_800_000_000_000 + int((time.monotonic() - self._began_s) * 1000 * PACE)
        return now_ms if self._over_ms is None else self._over_ms

    def stop(self) -> None:
        """Nothing happens any more."""
        self._over_ms = self()

"""A clock that leaps when a test says so."""

import time
from dataclasses import dataclass
from datetime import datetime

from firmware_bridge.service.clock import Clock


@dataclass
class Leap:
    """Lets the bridge's clock leap forward; `wall_s` moves the clock on the wall alone."""

    seconds: float = 0.0
    wall_s: float = 0.0
    synchronised: bool = True

    @property
    def clock(self) -> Clock:
        """Real time and the leap."""
        return Clock(
            wall_ms=lambda: round((time.time() + self.seconds + self.wall_s) * 1000),
            monotonic_s=lambda: time.monotonic() + self.seconds,
            is_synchronised=lambda: self.synchronised,
        )

    def to(self, moment: datetime) -> None:
        """Put the clock on the wall to that local moment."""
        self.wall_s = moment.timestamp() - time.time() - self.seconds

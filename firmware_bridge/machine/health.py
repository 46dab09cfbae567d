"""How well the wire is: round trips and shares, from what the link counts. Pure."""

from collections import deque
from typing import Final

from firmware_bridge.contract import LinkHealth
from firmware_bridge.link.window import Link

SAMPLES: Final = 512


class Meter:
    """One line at a time is timed, from its sending to its ok; but none whose length nobody knows.

    Counts begin anew with each job.
    """

    def __init__(self, link: Link, now: float) -> None:
        self._samples: deque[float] = deque(maxlen=SAMPLES)
        self._probe: tuple[int, float] | None = None
        self._sent_before = link.next_number
        self._resends, self._timeouts, self._first = link.resends, link.timeouts, link.next_number
        self._counted = (now, 0)

    @property
    def is_timing(self) -> bool:
        """A line is being timed: `heard` wants to know at once."""
        return self._probe is not None

    def heard(self, link: Link, now: float) -> None:
        """After something came."""
        probe = self._probe
        if probe is not None and link.next_number - link.in_flight > probe[0]:
            self._samples.append(now - probe[1])
            self._probe = None

    def sent(self, link: Link, now: float) -> None:
        """After something may have been sent."""
        number = link.next_number
        if number != self._sent_before:
            self._sent_before = number
            if self._probe is None and link.in_flight and not link.waits_long:
                self._probe = (number - 1, now)

    def health(self, link: Link, now: float, line: int, starved: int) -> LinkHealth:
        """`line`: commands of the job so far, for the pace since the last call."""
        (then, before), self._counted = self._counted, (now, line)
        resends, sent = link.resends - self._resends, link.next_number - self._first
        return LinkHealth(
            lines_per_s=max(0.0, (line - before) / (now - then)) if now > then else 0.0,
            resends=resends,
            timeouts=link.timeouts - self._timeouts,
            window=link.window,
            round_trip_p50_ms=self._percentile_ms(0.50),
            round_trip_p99_ms=self._percentile_ms(0.99),
            resend_ratio=round(resends / sent, 5) if sent > 0 else 0.0,
            starvation=starved,
        )

    def _percentile_ms(self, share: float) -> float | None:
        if not self._samples:
            return None
        ordered = sorted(self._samples)
        return round(1000.0 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)

"""What is looked at once a second, and said or kept once a minute. For the controller's thread."""

import logging
from typing import Final

from firmware_bridge.contract import JobState, LinkHealth
from firmware_bridge.jobs import life
from firmware_bridge.journal.journal import Entry
from firmware_bridge.service import wellbeing
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.snapshot import COLD_UNSEEN_S
from firmware_bridge.service.supply import Supply
from firmware_bridge.service.wellbeing import Signs

log = logging.getLogger(__name__)

MINUTE_S: Final = 60.0


class Watchman:
    """What is not well, the health of the wire, and what a job would lose if it were cut off now."""

    def __init__(self, ledger: Ledger, supply: Supply | None = None) -> None:
        self._ledger = ledger
        self._situation = ledger.situation
        self._supply = supply or Supply()
        self._start_s = ledger.now_s()
        self._next_s = self._start_s + MINUTE_S

    def tick(self, now_s: float) -> None:
        """Call once a second."""
        self._situation.supply_is_low = self._supply.is_low(now_s)
        self._situation.health = wellbeing.findings(self._signs(now_s), self._situation.health)
        self._cool_unseen(now_s)
        if now_s < self._next_s:
            return
        self._next_s = now_s + MINUTE_S
        if self._situation.connected:
            log.info("link: %s", link_words(self._situation.link, self._situation.supply_is_low))
        self._keep_time(now_s)

    def _signs(self, now_s: float) -> Signs:
        situation = self._situation
        return Signs(
            host=situation.host,
            supply_is_low=situation.supply_is_low,
            link=situation.link,
            clock_trusted=situation.clock_trusted,
            up_s=now_s - self._start_s,
            withdrawn=situation.withdrawn,
        )

    def _cool_unseen(self, now_s: float) -> None:
        """A print that was done, on a printer that is gone since, does not cool for ever."""
        situation = self._situation
        plate = situation.board.plate
        if plate is None or plate.state is not JobState.COOLING or situation.connected:
            return
        if now_s - situation.since_s >= COLD_UNSEEN_S:
            self._ledger.apply(life.cooled(situation.board))

    def _keep_time(self, now_s: float) -> None:
        situation = self._situation
        if situation.course is None:
            return
        step = life.printed_so_far(situation.board, situation.course.printed_s(now_s))
        situation.board = step.board
        if step.changed:
            self._ledger.write(Entry(self._ledger.now_ms(), changed=step.changed))


def link_words(link: LinkHealth, supply_is_low: bool | None) -> str:
    """One line: pace, round trips, window, what was lost, starvation, and the usual cause of it all."""
    trips = "-"
    if link.round_trip_p50_ms is not None and link.round_trip_p99_ms is not None:
        trips = f"{link.round_trip_p50_ms:.1f}/{link.round_trip_p99_ms:.1f}"
    low = {True: "yes", False: "no", None: "unknown"}[supply_is_low]
    return (
        f"lines_per_s={link.lines_per_s:.0f} round_trip_ms={trips} window={link.window}"
        f" resends={link.resends} resend_ratio={link.resend_ratio:.4f} timeouts={link.timeouts}"
        f" starvation={link.starvation} undervoltage={low}"
    )

"""How much one region carries: kiosks over TLS through one Mosquitto into one recorder, until something breaks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.region_load import Level, Load, Storm, generators, is_settled, measure, seconds, storm
from benchmarks.region_pages import PROBE, Pages, Year, look, year
from benchmarks.region_stack import PARTS, make_pki, stack
from dashboard.fleet.libraries import kiosk_id

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is tried. `paces`: of the levels, from slow to fast."""

    kiosks: int
    paces: Sequence[float]
    measure_s: float
    viewers: int
    year_kiosks: int


WHOLE: Final = Plan(1_000, (2.0, 1.0, 0.5, 0.25, 0.125), 30.0, 50, 100)
QUICK: Final = Plan(1_000, (2.0, 0.5), 10.0, 50, 100)
"""The same goals, each measured more briefly."""


@dataclass(frozen=True)
class Figures:
    """Of one run."""

    plan: Plan
    loads: list[Load]
    pages: Pages
    storm: Storm
    year: Year

    @property
    def at_the_goal(self) -> Load:
        """The first level: one message in two seconds."""
        return self.loads[0]


def run(plan: Plan, scratch: Path, say: Say) -> Figures:
    """All of it. Raises RegionError where something does not come up."""
    folder = scratch / "region"
    say(f"certificates for {plan.kiosks} kiosks …")
    make_pki(folder / "pki", [*(kiosk_id(n) for n in range(plan.kiosks)), PROBE])
    with stack(folder, plan.kiosks) as made:
        for part in PARTS:
            made.start(part)
        made.sign_in()
        with generators(made, plan.kiosks, plan.paces[0]) as fleet:
            connected_s = fleet.seconds_until(lambda: fleet.connected() >= plan.kiosks)
            say(f"all kiosks connected: {seconds(connected_s)}")
            say(f"what they say recorded in time: {seconds(fleet.seconds_until(lambda: is_settled(fleet)))}")
            loads = [_said(measure(made, fleet, Level(plan.kiosks, plan.paces[0]), plan.measure_s), say)]
            pages = look(made, plan.viewers, plan.measure_s)
            say(f"{pages.viewers} viewers: first page {pages.first_page_s:.2f} s")
            storm_of_all = storm(made, fleet, plan.kiosks)
            say(f"storm: settled {seconds(storm_of_all.settled_s)}")
            for pace_s in plan.paces[1:]:
                loads.append(_said(measure(made, fleet, Level(plan.kiosks, pace_s), plan.measure_s), say))
                if loads[-1].broke:
                    break
    say("a year of prints …")
    return Figures(plan, loads, pages, storm_of_all, year(scratch / "year", plan.year_kiosks))


def _said(load: Load, say: Say) -> Load:
    ended = load.broke or "held"
    say(f"{load.level.name}: {load.recorded:.0f}/s recorded, lag p99 {load.lag_p99_ms:.0f} ms; {ended}")
    return load

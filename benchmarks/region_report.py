"""The region's figures as a page."""

from collections.abc import Iterator
from statistics import median

from benchmarks.region import Figures
from benchmarks.region_load import LAG_P99_S, Load, seconds
from benchmarks.region_stack import PARTS
from benchmarks.report import Goal, grid

FIRST_PAGE_S = 1.0
VIEWER_MB = 0.5
STORM_S = 60.0
YEAR_S = 1.0


def page(figures: Figures) -> str:
    """Markdown, without where and when."""
    sections = [
        *_levels(figures.loads),
        *_broke(figures),
        *_viewers(figures),
        *_storm(figures),
        *_goals(figures),
    ]
    return "\n".join(sections) + "\n"


def _levels(loads: list[Load]) -> Iterator[str]:
    yield "## Kiosks over TLS through one Mosquitto into one recorder"
    yield ""
    yield "One message in five is a row of the journal, the others are telemetry. Lag: from the row's writing at"
    yield "the kiosk until the ack that covers it is back there. CPU in cores, memory in MiB. Beside them: the"
    yield "processes that speak for the kiosks, all together and the busiest, and what is no part of this run."
    yield ""
    heads = ["", "offered/s", "recorded/s", "lag p50 ms", "lag p99 ms", "generator late p99 ms"]
    heads += [f"{part} {unit}" for part in PARTS for unit in ("CPU", "MiB")]
    heads += ["broker µs a message", "recorder µs a message", "generators CPU", "busiest", "other programs CPU"]
    rows = []
    for load in loads:
        row = [load.level.name, f"{load.level.offered:,.0f}", f"{load.recorded:,.0f}", f"{load.lag_p50_ms:,.0f}"]
        row += [f"{load.lag_p99_ms:,.0f}", f"{load.late_p99_ms:,.0f}"]
        row += [cell for part in PARTS for cell in (f"{load.cpu[part]:.2f}", f"{load.memory_mb[part]:.0f}")]
        row += [f"{load.cost_us('broker'):,.0f}", f"{load.cost_us('recorder'):,.0f}"]
        beside = (sum(load.generators), max(load.generators), load.others)
        rows.append([*row, *(f"{cores:.2f}" for cores in beside)])
    yield from grid(heads, rows)
    yield ""


def _broke(figures: Figures) -> Iterator[str]:
    last = figures.loads[-1]
    if last.broke:
        yield f"What broke: at {last.level.name}, {last.broke}."
    else:
        yield "Nothing broke: the fastest level was held."
    yield ""


def _viewers(figures: Figures) -> Iterator[str]:
    pages = figures.pages
    yield f"## {pages.viewers} open pages, while {figures.plan.kiosks:,} kiosks report"
    yield ""
    live = sorted(pages.live_ms)
    facts = {
        "first page, nobody else looking (s)": f"{pages.first_page_s:.2f}",
        "of it the web server's processor (s)": f"{pages.first_page_cpu_s:.2f}",
        "a page beside the open ones (s)": f"{pages.page_beside_s:.2f}",
        "a page (KiB)": f"{pages.page_bytes / 1024:,.0f}",
        "a change, from the kiosk to the open page, p50 (ms)": f"{median(live):,.0f}" if live else "never came",
        "the same, longest (ms)": f"{live[-1]:,}" if live else "never came",
        "how often it came": f"{len(live)}",
        "streams open": f"{pages.open_streams} of {pages.viewers}",
        "a viewer (KiB/s)": f"{pages.bytes_a_s / 1024:,.1f}",
        "a viewer (MiB of the web server)": f"{pages.memory_a_viewer_mb:.2f}",
        "web server (cores)": f"{pages.web_cpu:.2f}",
    }
    yield from grid(["", "measured"], list(map(list, facts.items())))
    yield ""


def _storm(figures: Figures) -> Iterator[str]:
    storm, year = figures.storm, figures.year
    yield "## The broker killed and started again; a year"
    yield ""
    yield f"All {storm.kiosks:,} kiosks were back {seconds(storm.connected_s)}; the lag p99 was"
    yield f"under {LAG_P99_S:g} s again {seconds(storm.settled_s)}. The yearly page of {year.kiosks} kiosks with"
    yield f"{year.prints:,} prints: {year.page_s:.2f} s."
    yield ""
    used = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in storm.cpu_s.items())
    yield f"Processor until all was as before: {used}; other programs {storm.others:.1f} cores."
    yield ""


def _goals(figures: Figures) -> Iterator[str]:
    load, pages = figures.at_the_goal, figures.pages
    goals = (
        Goal(f"{load.level.name}: lag p99 {LAG_P99_S:g} s", f"{load.lag_p99_ms / 1000:.2f} s", not load.broke),
        Goal(f"first page {FIRST_PAGE_S:g} s", f"{pages.first_page_s:.2f} s", pages.first_page_s < FIRST_PAGE_S),
        Goal(
            f"a viewer {VIEWER_MB:g} MB",
            f"{pages.memory_a_viewer_mb:.2f} MiB",
            pages.memory_a_viewer_mb < VIEWER_MB,
        ),
        Goal(
            f"storm settled in {STORM_S:g} s",
            seconds(figures.storm.settled_s),
            figures.storm.settled_s < STORM_S,
        ),
        Goal(
            f"yearly page of {figures.year.kiosks} kiosks {YEAR_S:g} s",
            f"{figures.year.page_s:.2f} s",
            figures.year.page_s < YEAR_S,
        ),
    )
    yield "## Goals"
    yield ""
    yield from ("| goal | measured | |", "|---|---|---|")
    yield from (f"| {g.text} | {g.measured} | {'kept' if g.kept else '**not kept**'} |" for g in goals)

"""One byte in 10,000 corrupted on its way to the printer: is the print exact, and how much slower?

Clean and noisy prints take turns on the simulated printer: on a paced wire, and with everything at once (where a
recovery has nothing to hide behind).
"""

from collections.abc import Sequence
from statistics import median
from typing import Final

from benchmarks.gcode_files import GcodeFile
from benchmarks.hosts import maakhoek
from benchmarks.measuring import MeasuringError, Run, measure
from benchmarks.options import Options
from benchmarks.printers import SimulatedPrinter
from benchmarks.report import Goal, Result, Table

EVERY_BYTES: Final = 10_000
MOST_PERCENT: Final = 15.0
WIRES: Final = (
    ("115,200 baud, 1 ms of latency", 5000, ("--baud", "115200", "--latency-ms", "1")),
    ("everything at once", 20_000, ()),
)


def run(options: Options) -> list[Result]:
    """One result for each wire, or none where it could not be measured."""
    results = []
    for name, lines, arguments in WIRES:
        try:
            results.append(_compare(options, name, options.short_moves(lines), arguments))
        except MeasuringError as error:
            options.leave_out(f"{name}: {error}")
    return results


def _compare(options: Options, name: str, file: GcodeFile, arguments: Sequence[str]) -> Result:
    clean: list[Run] = []
    noisy: list[Run] = []
    for turn in range(options.runs):
        clean.append(_measure(options, file, arguments))
        noisy.append(_measure(options, file, [*arguments, "--noise", str(EVERY_BYTES), "--seed", str(turn + 1)]))
        counts = noisy[-1].counts
        options.say(
            f"  {name}, round {turn + 1} of {options.runs}: {counts.corrupted_bytes} bytes corrupted, "
            f"{'exact' if counts.exact else 'NOT EXACT'}, {_slower([clean[-1]], [noisy[-1]])[0]:.1f} % slower"
        )
    slower = _slower(clean, noisy)
    exact = sum(r.counts.exact for r in noisy)
    return Result(
        name=f"noise/{'paced' if arguments else 'instant'}",
        title=f"One byte in {EVERY_BYTES:,} corrupted, {name}",
        facts={
            "printer": f"`firmware_bridge simulate --speed 0 {' '.join(arguments)} --noise {EVERY_BYTES}`",
            "file": f"{file.origin}, {file.commands} commands",
            "corrupted bytes": ", ".join(str(r.counts.corrupted_bytes) for r in noisy),
            "lines asked for again": ", ".join(str(r.counts.refused) for r in noisy),
            "rounds": f"{options.runs}, clean and noisy in turn",
        },
        tables=(
            Table(
                "Speed",
                "lines/s",
                {"clean": [r.lines_per_s for r in clean], "noisy": [r.lines_per_s for r in noisy]},
            ),
            Table("Slower", "%", {"noisy against clean": slower}, digits=1),
        ),
        goals=(
            Goal("every print exact", f"{exact} of {len(noisy)}", exact == len(noisy)),
            Goal(f"under {MOST_PERCENT:.0f} % slower", f"{median(slower):.1f} %", median(slower) < MOST_PERCENT),
        ),
    )


def _slower(clean: Sequence[Run], noisy: Sequence[Run]) -> list[float]:
    return [100 * (n.seconds / c.seconds - 1) for c, n in zip(clean, noisy, strict=True)]


def _measure(options: Options, file: GcodeFile, arguments: Sequence[str]) -> Run:
    link = options.scratch / "printer"
    return measure(
        maakhoek(), file, options.scratch, link, SimulatedPrinter(link, file, ["--speed", "0", *arguments])
    )

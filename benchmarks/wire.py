"""How much of a serial wire a host uses, when the printer has a receive buffer of 128 bytes.

The printer is the simulated one with a paced wire, and everything but the wire at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.gcode_files import GcodeFile
from benchmarks.hosts import OURS, RX_BUFFER_BYTES, Host, available, bare_loop
from benchmarks.measuring import MeasuringError, Run, measure
from benchmarks.options import Options
from benchmarks.printers import SimulatedPrinter
from benchmarks.report import Goal, Result, Table

LINES: Final = 2500
COMMAND_BUFFER_LINES: Final = 4
OK_BYTES: Final = 3
GOAL_SHARE: Final = 0.98


@dataclass(frozen=True)
class Wire:
    """A serial line; replies come `latency_ms` late. `with_peers`: the peers are measured on it, too."""

    baud: int
    latency_ms: float
    with_peers: bool = False

    @property
    def name(self) -> str:
        """For tables."""
        return f"{self.baud:,} baud, {self.latency_ms:g} ms"

    def allowed_share(self, file: GcodeFile) -> float:
        """The share of the wire that whole lines within one receive buffer can use at best.

        From a line's first byte to its ok, its own bytes, the latency and the ok's bytes pass; in that time no
        more can be sent than what fits beside it.
        """
        bytes_per_s = self.baud / 10
        line_bytes = _bytes_per_line(file)
        in_flight = min(file.whole_lines_in(RX_BUFFER_BYTES - 1), COMMAND_BUFFER_LINES * line_bytes)
        round_trip_s = (line_bytes + OK_BYTES) / bytes_per_s + self.latency_ms / 1000
        return min(1.0, in_flight / round_trip_s / bytes_per_s)


WIRES: Final = (Wire(115_200, 1, with_peers=True), Wire(250_000, 1), Wire(115_200, 4), Wire(250_000, 4))


def run(options: Options) -> list[Result]:
    """One result for each wire, or none where nothing could be measured."""
    engines, missing = available(options.say)
    ours, *peers = engines
    bare = bare_loop(RX_BUFFER_BYTES - 1)
    for reason in missing:
        options.leave_out(reason)
    file = options.short_moves(LINES)
    results = [
        _measure_wire(options, wire, file, [ours, *(peers if wire.with_peers else []), bare]) for wire in WIRES
    ]
    return [result for result in results if result is not None]


def _measure_wire(options: Options, wire: Wire, file: GcodeFile, hosts: Sequence[Host]) -> Result | None:
    runs: dict[str, list[Run]] = {host.name: [] for host in hosts}
    for turn in range(options.runs):
        for host in [h for h in hosts if h.name in runs]:
            try:
                measured = _measure(options, wire, file, host)
            except MeasuringError as error:
                options.leave_out(f"{wire.name}: {error}")
                del runs[host.name]
                continue
            runs[host.name].append(measured)
            options.say(
                f"  {wire.name}, round {turn + 1} of {options.runs}: {host.name} "
                f"{_share(wire, file, measured):.1%}, {measured.counts.overflowed_bytes} bytes overflowed"
            )
    if not runs:
        return None
    allowed = wire.allowed_share(file)
    baseline = OURS if OURS in runs else ""
    shares = {name: [100 * _share(wire, file, r) for r in each] for name, each in runs.items()}
    return Result(
        name=f"wire/{wire.baud}/{wire.latency_ms:g}",
        title=f"A wire of {wire.name} of latency",
        facts={
            "printer": f"`firmware_bridge simulate --speed 0 --baud {wire.baud} --latency-ms {wire.latency_ms:g}"
            f" --rx-buffer {RX_BUFFER_BYTES}`",
            "file": f"{file.origin}; {_bytes_per_line(file):.1f} bytes a framed line",
            "what whole lines in one receive buffer allow": f"{allowed:.1%} of the wire",
            "rounds": str(options.runs),
        },
        tables=(
            Table("Share of the wire's bytes that are the file's lines", "%", shares, digits=1, baseline=baseline),
            Table(
                "Speed",
                "lines/s",
                {name: [r.lines_per_s for r in each] for name, each in runs.items()},
                baseline=baseline,
            ),
        ),
        goals=_goals(wire, allowed, shares[OURS], runs[OURS]) if OURS in runs else (),
    )


def _measure(options: Options, wire: Wire, file: GcodeFile, host: Host) -> Run:
    link = options.scratch / "printer"
    paced = ["--baud", str(wire.baud), "--latency-ms", f"{wire.latency_ms:g}"]
    printer = SimulatedPrinter(link, file, [*("--speed", "0", "--rx-buffer", str(RX_BUFFER_BYTES)), *paced])
    return measure(host, file, options.scratch, link, printer)


def _bytes_per_line(file: GcodeFile) -> float:
    return sum(file.line_bytes) / len(file.line_bytes)


def _share(wire: Wire, file: GcodeFile, measured: Run) -> float:
    return sum(file.line_bytes) / measured.seconds / (wire.baud / 10)


def _goals(wire: Wire, allowed: float, shares: Sequence[float], runs: Sequence[Run]) -> list[Goal]:
    measured = median(shares) / 100
    of_allowed = measured / allowed
    what = "what the wire can carry" if allowed == 1.0 else "what one receive buffer in flight allows"
    overflowed = sum(r.counts.overflowed_bytes for r in runs)
    inexact = sum(not r.counts.exact for r in runs)
    return [
        Goal(f"{GOAL_SHARE:.0%} of {what}", f"{of_allowed:.1%}", of_allowed >= GOAL_SHARE),
        Goal("nothing overflowed", f"{overflowed} bytes", overflowed == 0),
        Goal("every print exact", f"{len(runs) - inexact} of {len(runs)}", inexact == 0),
    ]

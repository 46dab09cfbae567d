"""Lines a second and CPU per line to a printer that answers at once: ours beside OctoPrint and Printrun."""

from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.gcode_files import GcodeFile
from benchmarks.hosts import (
    OCTOPRINT_ENGINE,
    OCTOPRINT_SERVER,
    OUR_DAEMON,
    OURS,
    PRINTCORE,
    RX_BUFFER_BYTES,
    Host,
    available,
    bare_loop,
    with_services,
)
from benchmarks.measuring import MeasuringError, Run, measure_instant
from benchmarks.options import Options
from benchmarks.report import Goal, Result, Table, ratios


def run(options: Options) -> list[Result]:
    """One result for each file."""
    engines, missing = available(options.say)
    hosts = [*with_services(engines), bare_loop(0), bare_loop(RX_BUFFER_BYTES - 1)]
    for reason in missing:
        options.leave_out(reason)
    return [_compare(options, file, hosts) for file in options.files()]


def _compare(options: Options, file: GcodeFile, hosts: Sequence[Host]) -> Result:
    runs: dict[str, list[Run]] = {host.name: [] for host in hosts}
    for turn in range(options.runs):
        for host in [h for h in hosts if h.name in runs]:
            try:
                measured = measure_instant(host, file, options.scratch)
            except MeasuringError as error:
                options.leave_out(f"{file.path.stem}: {error}")
                del runs[host.name]
                continue
            runs[host.name].append(measured)
            options.say(
                f"  {file.path.stem}, round {turn + 1} of {options.runs}: {host.name} "
                f"{measured.lines_per_s:,.0f} lines/s, {measured.cpu_us_per_line:.1f} µs of CPU a line"
            )
    notes = [
        f"{name}: the printer did not execute exactly the moves of the file ({inexact} of {len(all_runs)} runs)."
        for name, all_runs in runs.items()
        if (inexact := sum(not r.counts.exact for r in all_runs))
    ]
    speed = _values(runs, lambda r: r.lines_per_s)
    cpu = _values(runs, lambda r: r.cpu_us_per_line)
    baseline = OURS if OURS in runs else ""
    return Result(
        name=f"stream/{file.path.stem}",
        title=f"Streaming {file.path.stem} to a printer that answers at once",
        facts={
            "file": f"{file.origin}; {file.bytes_per_command:.1f} bytes a command, SHA-256 {file.sha256[:12]}",
            "measured": f"{file.measured_commands} commands, from move {file.first_move} to move {file.last_move}",
            "hosts": ", ".join(f"{host.name} ({host.version})" for host in hosts),
            "rounds": f"{options.runs}, hosts in turn within each",
        },
        tables=(
            Table("Speed", "lines/s", speed, baseline=baseline),
            Table("Host CPU, user and system", "µs a line", cpu, digits=1, baseline=baseline),
            Table(
                "CPU of the whole process, from its start to its end",
                "s",
                _values(runs, lambda r: r.whole_cpu_s),
                2,
            ),
            Table("Memory at its highest, of the largest process", "MB", _values(runs, lambda r: r.memory_mb)),
        ),
        goals=_goals(speed, cpu) if baseline else (),
        notes=notes,
    )


def _values(runs: dict[str, list[Run]], figure: Callable[[Run], float]) -> dict[str, list[float]]:
    return {name: [figure(r) for r in all_runs] for name, all_runs in runs.items() if all_runs}


def _goals(speed: dict[str, list[float]], cpu: dict[str, list[float]]) -> list[Goal]:
    goals = []
    for ours in [name for name in (OURS, OUR_DAEMON) if name in speed]:
        for peer, times in ((OCTOPRINT_ENGINE, 10), (OCTOPRINT_SERVER, 10), (PRINTCORE, 40)):
            if peer in speed:
                measured = median(ratios(speed, ours, peer))
                goals.append(
                    Goal(f"{ours}: {times} times the lines/s of {peer}", f"{measured:.1f}", measured >= times)
                )
        for peer in (OCTOPRINT_ENGINE, OCTOPRINT_SERVER):
            if peer in cpu:
                measured = median(ratios(cpu, ours, peer))
                goals.append(Goal(f"{ours}: a tenth of {peer}'s CPU a line", f"{measured:.3f}", measured <= 0.1))
    return goals

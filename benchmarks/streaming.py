"""All chosen hosts on all chosen printers, alone and beside a kiosk that draws: one run, one machine, one file."""

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.busy_kiosk import BusyKiosk, busy_kiosk
from benchmarks.compiled import fast_printer
from benchmarks.gcode_files import GcodeFile
from benchmarks.hosts import BARE_LOOP, Host, Task
from benchmarks.measuring import MeasuringError, Run, measure
from benchmarks.settings import NOISY_WIRE, PACED, UNLIMITED, WIRES, Setting
from benchmarks.virtual_screen import KioskError

QUICK: Final = (UNLIMITED, WIRES[0], NOISY_WIRE, PACED)
QUICK_S: Final = 2.0


class Place(NamedTuple):
    """One cell of the figures."""

    setting: str
    beside_kiosk: bool
    host: str


@dataclass(frozen=True)
class Plan:
    """What shall be measured. `rounds` 0: as each setting has it."""

    file: GcodeFile
    settings: Sequence[Setting]
    hosts: Sequence[Host]
    collection: Path
    scratch: Path
    with_kiosk: bool = True
    rounds: int = 0

    def hosts_of(self, setting: Setting, beside_kiosk: bool) -> list[Host]:
        """Those that are measured there. The bare loop says what the printer allows: once is enough."""
        wants_bare = not (beside_kiosk or setting.noisy or setting.paced)
        chosen = [h for h in self.hosts if setting.on_slow_disk or not h.on_slow_disk]
        return [h for h in chosen if wants_bare or h.name != BARE_LOOP]


@dataclass
class Figures:
    """All runs; those of one setting and kiosk that stand at one position were in the same round.

    `kiosk_processors`: how many the kiosk used while it drew, per setting.
    """

    runs: dict[Place, list[Run]] = field(default_factory=dict)
    kiosk_processors: dict[str, list[float]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def of(self, setting: Setting, host: str, beside_kiosk: bool = False) -> Sequence[Run]:
        """The runs of one cell; none where nothing was measured."""
        return self.runs.get(Place(setting.name, beside_kiosk, host), [])


def quick(settings: Sequence[Setting]) -> list[Setting]:
    """The ones that say most, a short time each, once."""
    return [dataclasses.replace(s, most_s=QUICK_S, rounds=1) for s in settings if s in QUICK]


def run(plan: Plan, say: Callable[[str], None]) -> Figures:
    """Measure, hosts in turn within each round. Raises CompilerError."""
    program = fast_printer()
    figures = Figures()
    with _kiosk(plan, figures, say) as kiosk:
        for setting in plan.settings:
            say(f"\n{setting.name}: {setting.title}")
            for beside in (None, kiosk) if kiosk else (None,):
                for turn in range(plan.rounds or setting.rounds):
                    try:
                        with _beside(beside, setting, figures):
                            _round(plan, setting, turn, beside is not None, program, figures, say)
                    except KioskError as error:
                        _leave_out(figures, f"{setting.name} beside the kiosk: {error}", say)
    return figures


@contextmanager
def _kiosk(plan: Plan, figures: Figures, say: Callable[[str], None]) -> Iterator[BusyKiosk | None]:
    if not plan.with_kiosk:
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            kiosk = stack.enter_context(busy_kiosk(plan.scratch / "kiosk", plan.collection))
        except KioskError as error:
            _leave_out(figures, f"everything beside a kiosk: {error}", say)
            kiosk = None
        yield kiosk


@contextmanager
def _beside(kiosk: BusyKiosk | None, setting: Setting, figures: Figures) -> Iterator[None]:
    if kiosk is None:
        yield
        return
    with kiosk.drawing():
        begin_s, used_s = time.monotonic(), kiosk.cpu_s()
        yield
        processors = (kiosk.cpu_s() - used_s) / (time.monotonic() - begin_s)
        figures.kiosk_processors.setdefault(setting.name, []).append(processors)


def _round(
    plan: Plan,
    setting: Setting,
    turn: int,
    beside_kiosk: bool,
    program: Path,
    figures: Figures,
    say: Callable[[str], None],
) -> None:
    for host in plan.hosts_of(setting, beside_kiosk):
        place = Place(setting.name, beside_kiosk, host.name)
        if turn and place not in figures.runs:
            continue
        where = f"{host.name:26} {'kiosk' if beside_kiosk else 'alone'}"
        task = Task(plan.scratch / "printer", plan.file, setting, plan.scratch / host.name)
        try:
            measured = measure(host, task, program, seed=turn + 1)
        except MeasuringError as error:
            beside = " beside the kiosk" if beside_kiosk else ""
            _leave_out(figures, f"{setting.name}, {host.name}{beside}: {error}", say)
            figures.runs.pop(place, None)
            continue
        figures.runs.setdefault(place, []).append(measured)
        say(f"  {where} {_line(measured, setting)}")


def _leave_out(figures: Figures, what: str, say: Callable[[str], None]) -> None:
    say(f"  left out: {what}")
    figures.left_out.append(what)


def _line(run: Run, setting: Setting) -> str:
    """One run as progress."""
    counts = run.counts
    parts = [f"{run.lines_per_s:8,.0f} lines/s {run.cpu_us_per_line:6.1f} µs"]
    if setting.baud:
        parts.append(f"wire {run.wire_share(setting.baud):.1%} (later {run.later_wire_share(setting.baud):.1%})")
    parts.append(f"starved {counts.starved_p50_us / 1e3:.2f}/{counts.starved_p99_us / 1e3:.2f} ms")
    if setting.paced:
        parts.append(f"{counts.runs_dry} times dry, {counts.starved_longest_us / 1e3:.1f} ms at most")
    told: Mapping[str, int] = {
        "resends": counts.refused,
        "bytes overflowed": counts.overflowed_bytes,
        "slow syncs": run.slow_syncs,
    }
    parts += [f"{count} {what}" for what, count in told.items() if count]
    return ", ".join(parts) + ("" if run.exact else ", NOT EXACT")

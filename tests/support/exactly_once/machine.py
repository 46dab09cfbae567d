"""The state machine that Hypothesis drives: a print, a printer, and one fault after another.

`machine_of` makes one for each firmware. An example is a file of at least 20 lines of which at least one is hit.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from firmware_bridge.link.sending import Limits
from support.exactly_once.faults import (
    ENDS_THE_JOB,
    HARMS_NOTHING,
    NEEDS_CHECKS,
    Fault,
    Planned,
)
from support.exactly_once.firmware import Machine
from support.exactly_once.firmwares import Kind
from support.exactly_once.stream import Setting, Stream, judge

LEAST_LINES: Final = 20
MOST_STANDSTILL_S: Final = 3.0
"""Three such faults in one line come after each other; test_standstill.py has the longer ones."""
_ODD: Final = ("M73 P12 R3", "M204 S800", "G92 E0", "M106 S255", "T0", "G4 P0", "M400", "G28")
_NO_OVERFLOW_S: Final = 1.0
"""A printer that reads nothing for so long is not yet believed to have lost anything."""


@dataclass
class Tally:
    """What the examples of one firmware came to. `fired`: examples in which that fault has really happened.
    `needless`: prints that failed of one fault that they could have survived."""

    examples: int = 0
    done: int = 0
    failed: int = 0
    unseen: int = 0
    without_fault: int = 0
    fired: Counter[Fault] = field(default_factory=Counter)
    needless: Counter[str] = field(default_factory=Counter)

    def add(self, stream: Stream) -> None:
        """Judge it and count it. AssertionError where it is wrong."""
        verdict = judge(stream)
        note(f"{stream.kind}: {dict(stream.fired)} {verdict}")
        assert not verdict.wrong, verdict.wrong
        self.examples += 1
        self.unseen += bool(verdict.unseen)
        self.without_fault += not stream.fired
        self.fired.update(set(stream.fired))
        if verdict.failed:
            self.failed += 1
            if stream.plans == 1 and not stream.fired.keys() & ENDS_THE_JOB:
                self.needless[f"{', '.join(stream.fired)}: {verdict.reason}"] += 1
        else:
            self.done += 1

    def report(self, first: Fault) -> dict[str, int]:
        """For the table."""
        return {
            "fired": self.fired[first],
            "examples": self.examples,
            "done": self.done,
            "failed": self.failed,
            "needless": self.needless.total(),
            "unseen": self.unseen,
        }


def faults_of(kind: Kind) -> tuple[Fault, ...]:
    """Those that can happen to it."""
    return tuple(fault for fault in Fault if kind.checks or fault not in NEEDS_CHECKS)


def toolpath(rng: random.Random, count: int, begin: int) -> list[str]:
    """Moves as slicers write them, each one different, with a few of everything else between."""
    return [rng.choice(_ODD) if rng.random() < 0.04 else _move(rng, begin + i) for i in range(count)]


def _move(rng: random.Random, x: int) -> str:
    y, e = rng.uniform(-99, 99), rng.random()
    return f"G1 X{x}.{rng.randrange(1000):03d} Y{y:.{rng.randrange(4)}f} E{e:.5f}"


def settings_of_printers() -> st.SearchStrategy[Setting]:
    """Printers and wires, quick and slow."""
    machine = st.builds(
        Machine,
        command_s=st.sampled_from((0.0, 0.002, 0.03)),
        poll_s=st.sampled_from((0.001, 0.0005, 0.003, 0.0)),
        says_wait=st.booleans(),
        says_busy=st.booleans(),
        numbers_oks=st.booleans(),
        erases=st.booleans(),
    )
    limits = st.builds(Limits, bytes=st.just(127), lines=st.sampled_from((4, 8, 2, 1)))
    return st.builds(
        Setting,
        machine=machine,
        limits=limits,
        byte_s=st.sampled_from((1.0 / 11_520.0, 1.0 / 25_000.0, 0.0)),
        latency_s=st.sampled_from((0.0, 0.001, 0.004, 0.016)),
        seed=st.integers(0, 2**16),
    )


def plans(faults: tuple[Fault, ...]) -> st.SearchStrategy[Planned]:
    """One of these faults and its place, some lines ahead at most."""
    return st.builds(
        Planned,
        fault=st.sampled_from(faults),
        after=st.integers(0, 15),
        size=st.integers(1, 40),
        seconds=st.sampled_from((0.02, 0.3, 1.0, 3.0, 12.0)),
    ).map(_in_bytes)


def _in_bytes(planned: Planned) -> Planned:
    if planned.fault is Fault.STALL:
        return Planned(planned.fault, planned.after, planned.size, planned.seconds / planned.size)
    if planned.fault.name.endswith("_DOWN") or planned.fault in (
        Fault.STAR_TO_NEWLINE,
        Fault.LINE_LOST,
        Fault.LINE_DOUBLED,
    ):
        pause_s = min(planned.seconds, MOST_STANDSTILL_S)
        return Planned(planned.fault, planned.after * 23 + planned.size, planned.size, pause_s)
    return planned


def machine_of(kind: Kind, first: Fault, tally: Tally) -> type[RuleBasedStateMachine]:
    """One firmware's; `first` is what goes wrong in each example, whatever comes behind it."""

    class ExactlyOnce(RuleBasedStateMachine):
        """Whatever happens: each line is executed once and in order, or the job fails and says why."""

        def __init__(self) -> None:
            super().__init__()
            self.stream: Stream | None = None
            self.rng = random.Random()
            self.seconds = 0.0

        @initialize(
            setting=settings_of_printers(),
            rests_s=st.sampled_from((0.0, 0.3)),
            before=st.integers(0, 40),
            planned=plans((first,)),
            lines=st.integers(20, 40),
        )
        def begin(self, setting: Setting, rests_s: float, before: int, planned: Planned, lines: int) -> None:
            """A printer is greeted, some lines go well, then something goes wrong."""
            self.rng = random.Random(setting.seed)
            self.stream = Stream(kind, setting)
            self.stream.rest(rests_s)
            self._go_on(before)
            self._suffer(planned, lines)

        @rule(planned=plans(faults_of(kind)), lines=st.integers(0, 20))
        def suffer(self, planned: Planned, lines: int) -> None:
            """One thing more goes wrong."""
            self._suffer(planned, lines)

        @rule(planned=plans(faults_of(kind)), rests_s=st.sampled_from((0.1, 0.5)), lines=st.integers(0, 20))
        def suffer_at_rest(self, planned: Planned, rests_s: float, lines: int) -> None:
            """One thing more goes wrong, perhaps while nothing is printed."""
            assert self.stream is not None
            self.seconds += planned.seconds
            self.stream.plan(planned)
            if not self.stream.host.has_failed:
                self.stream.rest(rests_s)
            self._go_on(lines)

        @rule(lines=st.integers(1, 20))
        def go_on(self, lines: int) -> None:
            """Some lines more."""
            self._go_on(lines)

        def _suffer(self, planned: Planned, lines: int) -> None:
            assert self.stream is not None
            self.seconds += planned.seconds
            self.stream.plan(planned)
            self._go_on(lines)

        def _go_on(self, lines: int) -> None:
            assert self.stream is not None
            if not self.stream.host.has_failed:
                self.stream.send(toolpath(self.rng, lines, len(self.stream.host.file)))

        def teardown(self) -> None:
            """To the end of the file, and the verdict."""
            stream = self.stream
            if stream is None:
                return
            if not stream.host.has_failed:
                stream.finish()
            assert len(stream.host.file) >= LEAST_LINES
            if stream.fired.keys() <= HARMS_NOTHING and self.seconds <= _NO_OVERFLOW_S:
                assert stream.printer.overflowed == 0, "more was in flight than the receive buffer holds"
            tally.add(stream)

    ExactlyOnce.__name__ = ExactlyOnce.__qualname__ = f"ExactlyOnce{kind.name.title().replace('_', '')}"
    return ExactlyOnce

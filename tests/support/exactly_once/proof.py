"""How many examples are run, from which seeds, and what they must come to."""

import os
from collections.abc import Callable
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from support.exactly_once.faults import Fault
from support.exactly_once.firmwares import Kind
from support.exactly_once.machine import Tally, faults_of, machine_of

EXAMPLES: Final = int(os.environ.get("EXAMPLES", "0"))
"""In all; 0: as many as `make test` has time for, always the same ones."""
EXAMPLES_PER_CELL: Final = 52
FAULTS_PER_EXAMPLE: Final = 3
MOST_NEEDLESS: Final = 0.1
"""Of the prints that meet one fault that they could survive, at most so many may fail."""
MAY_END_THE_JOB: Final = frozenset({Fault.LINE_DOUBLED})
"""It is no work of a wire: somebody else writes to the port, or a driver has lost its mind."""

Cell = tuple[Kind, Fault]


def cells(*kinds: Kind) -> list[Cell]:
    """Each fault on each of these firmwares."""
    return [(kind, fault) for kind in kinds for fault in faults_of(kind)]


def named(cell: Cell) -> str:
    """For pytest."""
    return f"{cell[0]}, {cell[1]}"


SETTINGS: Final = settings(
    stateful_step_count=FAULTS_PER_EXAMPLE,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def settings_of(examples: int) -> settings:
    """The same examples each time, or new ones where `EXAMPLES` asks for a number of them."""
    return settings(SETTINGS, max_examples=examples, derandomize=not EXAMPLES)


def prove(cell: Cell, record: Callable[[str, object], None]) -> None:
    """Run the examples of one cell; what they came to goes into the report's table."""
    kind, first = cell
    wanted = EXAMPLES // len(cells(*Kind)) or EXAMPLES_PER_CELL
    tally = Tally()
    run_state_machine_as_test(machine_of(kind, first, tally), settings=settings_of(wanted))
    record("exactly once", {"kind": str(kind), "fault": str(first)} | tally.report(first))
    assert tally.examples >= wanted
    assert tally.without_fault == 0, "an example in which nothing went wrong"
    assert tally.fired[first] >= 0.9 * wanted, f"{first}: {tally.fired[first]} of {wanted}"
    _check_needless(cell, tally)


def finds_a_bug(cell: Cell, examples: int) -> str:
    """What the property says against the link as it is now; empty where nothing is found."""
    tally = Tally()
    machine = machine_of(*cell, tally)
    try:
        run_state_machine_as_test(
            machine, settings=settings(SETTINGS, max_examples=examples, phases=(Phase.generate,))
        )
        _check_needless(cell, tally)
    except Exception as error:  # whatever a broken link does, it is found out
        return f"{type(error).__name__}: {error}"
    return ""


def _check_needless(cell: Cell, tally: Tally) -> None:
    kind, first = cell
    if kind.checks and first not in MAY_END_THE_JOB:
        assert tally.needless.total() <= MOST_NEEDLESS * tally.examples, tally.needless

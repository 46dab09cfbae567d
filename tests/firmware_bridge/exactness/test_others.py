"""Prusa-Firmware, Repetier, Smoothie: each line is executed once and in order, or the job fails and says why."""

from collections.abc import Callable

import pytest
from support.exactly_once.firmwares import Kind
from support.exactly_once.proof import Cell, cells, named, prove


@pytest.mark.parametrize("cell", cells(Kind.PRUSA, Kind.REPETIER, Kind.SMOOTHIE), ids=named)
def test_exact_or_failed_with_a_reason(cell: Cell, record_property: Callable[[str, object], None]) -> None:
    prove(cell, record_property)

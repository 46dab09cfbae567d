"""RepRapFirmware and Klipper check nothing: no line is sent twice, and what is lost ends the job, if it shows."""

from collections.abc import Callable

import pytest
from support.exactly_once.firmwares import Kind
from support.exactly_once.proof import Cell, cells, named, prove


@pytest.mark.parametrize("cell", cells(Kind.REPRAPFIRMWARE, Kind.KLIPPER), ids=named)
def test_never_sent_twice(cell: Cell, record_property: Callable[[str, object], None]) -> None:
    prove(cell, record_property)

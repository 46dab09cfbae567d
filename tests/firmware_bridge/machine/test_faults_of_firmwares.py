"""Every firmware that can be simulated: resets, halts and its own protection in the middle of a print."""

import pytest
from support.virtual_printer import Lines, VirtualPrinter, end_of_print, moves, start_of_print

from firmware_bridge.contract import FaultCode
from firmware_bridge.machine.interface import Disconnected, Outcome
from firmware_bridge.simulator.firmwares.form import Trouble
from firmware_bridge.simulator.firmwares.table import FIRMWARES

JOB = [*start_of_print(), *moves(80), *end_of_print()]
HALTED, THERMAL = FaultCode.PRINTER_HALTED, FaultCode.THERMAL


def printing(firmware: str) -> VirtualPrinter:
    profile = "prusa-mk3s" if firmware.startswith("prusa") else "ender3"
    bench = VirtualPrinter(profile, firmware=firmware, confirmed=lambda _unproven: True)
    bench.known_as_its_profile()
    bench.connected()
    bench.printer.print("job", Lines(JOB))
    bench.until(lambda: len([line for line in bench.executed if line.startswith("G1 X")]) > 12, 900.0)
    return bench


def off_within(bench: VirtualPrinter, seconds: float) -> None:
    """Both heaters are off by then, and nothing of the job is carried out any more."""
    bench.until(lambda: bench.board.nozzle.target_c == bench.board.bed.target_c == 0.0, seconds)
    before = len(bench.executed)
    bench.run(15.0)
    assert not [line for line in bench.executed[before:] if line in JOB and line.startswith("G1")]
    assert bench.printer.is_over
    assert len(list(bench.all(Disconnected))) == 1


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_a_reset_in_mid_print_ends_the_job(firmware: str) -> None:
    bench = printing(firmware)
    bench.board.power_on(bench.now, " Brown out Reset")
    end = bench.ended(60.0)
    assert end.outcome is Outcome.FAILED
    assert end.fault is not None
    # One that starts without a word shows only in what it no longer knows.
    known = {FaultCode.PRINTER_RESET, FaultCode.BAD_CONNECTION, FaultCode.COLD_EXTRUSION, HALTED, THERMAL}
    assert end.fault.code in known
    off_within(bench, 10.0)


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_a_kill_ends_the_job_with_its_reason(firmware: str) -> None:
    bench = printing(firmware)
    bench.board.halt(Trouble.KILL)
    end = bench.ended(3.0)
    assert end.fault is not None and end.fault.code is HALTED, end
    assert end.fault.detail
    off_within(bench, 10.0)


@pytest.mark.parametrize("trouble", [Trouble.RUNAWAY, Trouble.MAXTEMP])
@pytest.mark.parametrize("firmware", FIRMWARES)
def test_the_firmwares_own_protection_ends_the_job_as_thermal(firmware: str, trouble: Trouble) -> None:
    bench = printing(firmware)
    bench.board.halt(trouble)
    end = bench.ended(3.0)
    assert end.fault is not None and end.fault.code is THERMAL, end
    off_within(bench, 10.0)


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_a_danger_stop_reaches_every_firmware(firmware: str) -> None:
    bench = printing(firmware)
    bench.printer.emergency()
    end = bench.ended(1.0)
    assert end.fault is not None and end.fault.code is FaultCode.EMERGENCY_STOP
    off_within(bench, 10.0)

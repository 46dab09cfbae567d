"""What others see of the printer, put together from what the bridge knows. Pure."""

from typing import Final

from msgspec.structs import replace

from firmware_bridge.contract import Job, JobState, PrinterState, State, Temperatures

COLD_NOZZLE_C: Final = 50.0
COLD_BED_C: Final = 40.0
COLD_UNSEEN_S: Final = 1800.0
"""A printer that was switched off by the end of a print and that nobody can measure is cold by then: twice what a
bed takes from 60 °C."""
BUSY_TELEMETRY_S: Final = 2.0
IDLE_TELEMETRY_S: Final = 60.0

_BY_JOB: Final = {
    JobState.HEATING: PrinterState.BUSY,
    JobState.PRINTING: PrinterState.PRINTING,
    JobState.PAUSED: PrinterState.PAUSED,
    JobState.COOLING: PrinterState.BUSY,
    JobState.READY: PrinterState.FINISHED,
    JobState.CANCELLED: PrinterState.STOPPED,
    JobState.FAILED: PrinterState.STOPPED,
    JobState.INTERRUPTED: PrinterState.STOPPED,
}


def printer_state(*, usable: bool, plate: Job | None, attention: bool, acts: bool) -> PrinterState:
    """What the printer does; ERROR when it cannot be used, see `Printer.fault`. `acts`: staff works with it."""
    if not usable:
        return PrinterState.ERROR
    if attention:
        return PrinterState.ATTENTION
    if acts:
        return PrinterState.BUSY
    return _BY_JOB.get(plate.state, PrinterState.IDLE) if plate is not None else PrinterState.IDLE


def is_cold(temperatures: Temperatures) -> bool:
    """Whether fingers may come near; not before both were measured."""
    nozzle_c, bed_c = temperatures.nozzle_c, temperatures.bed_c
    return nozzle_c is not None and bed_c is not None and nozzle_c < COLD_NOZZLE_C and bed_c < COLD_BED_C


def lasting(state: State) -> State:
    """Without what only runs on with time: two of these are equal as long as nothing has changed."""
    act = state.act and replace(state.act, off_in_s=None)
    identify = None if state.identify_left_s is None else 0.0
    timeless = {"ts_ms": 0, "up_ms": 0, "closes_in_s": None, "turn_left_s": None}
    return replace(state, **timeless, act=act, identify_left_s=identify)


def telemetry_period_s(plate: Job | None) -> float:
    """How often the region gets telemetry."""
    busy = plate is not None and (plate.state.is_on_printer or plate.state is JobState.COOLING)
    return BUSY_TELEMETRY_S if busy else IDLE_TELEMETRY_S

"""What a kiosk that is not there tells of itself, as contract messages. Pure but for a sensor's dice."""

import random
from dataclasses import dataclass
from typing import Final

import msgspec

from dashboard.fleet.thermals import Warmth
from firmware_bridge.contract import (
    Attention,
    Call,
    Fault,
    FaultCode,
    Job,
    JobState,
    LinkHealth,
    OutOfOrderReason,
    Printer,
    PrinterState,
    Progress,
    State,
    Telemetry,
    Topic,
)

_SHOWN: Final = {
    JobState.HEATING: PrinterState.BUSY,
    JobState.PRINTING: PrinterState.PRINTING,
    JobState.PAUSED: PrinterState.PAUSED,
    JobState.COOLING: PrinterState.FINISHED,
    JobState.READY: PrinterState.FINISHED,
    JobState.FAILED: PrinterState.STOPPED,
    JobState.CANCELLED: PrinterState.STOPPED,
}


@dataclass(frozen=True)
class Said:
    """What goes to the broker; `message` None clears what was retained."""

    topic: Topic
    message: msgspec.Struct | None
    leaf: str = ""
    retain: bool = False
    qos: int = 1


@dataclass(frozen=True)
class Stamp:
    """When it is said, and since when it runs; milliseconds."""

    ts_ms: int
    up_ms: int
    session: int


@dataclass(frozen=True)
class Scene:
    """What stands beside the printer. `connected`: the printer, to the kiosk."""

    job: Job | None
    connected: bool
    attention: Attention | None
    out_of_order: OutOfOrderReason | None
    call: Call | None


def state(scene: Scene, stamp: Stamp) -> Said:
    """The snapshot."""
    job = scene.job
    waits = job is not None and job.state is JobState.WAITING_FOR_PLATE
    shown = _SHOWN.get(job.state, PrinterState.IDLE) if job else PrinterState.IDLE
    message = State(
        ts_ms=stamp.ts_ms,
        up_ms=stamp.up_ms,
        session=stamp.session,
        printer=Printer(
            connected=scene.connected,
            state=PrinterState.ATTENTION if scene.attention else shown,
            firmware="Prusa-Firmware 3.13.2",
            fault=None if scene.connected else Fault(code=FaultCode.PRINTER_MISSING),
        ),
        job=None if waits else job,
        queue=(job,) if waits and job else (),
        out_of_order=scene.out_of_order is not None,
        out_of_order_reason=scene.out_of_order,
        call=scene.call,
        attention=scene.attention,
    )
    return Said(Topic.STATE, message, retain=True)


def telemetry(job: Job | None, printed_s: float, warmth: Warmth, dice: random.Random, stamp: Stamp) -> Said:
    """What the sensors and the link say."""
    is_heating = job is not None and job.state.is_on_printer
    is_printing = job is not None and job.state is JobState.PRINTING
    message = Telemetry(
        ts_ms=stamp.ts_ms,
        up_ms=stamp.up_ms,
        session=stamp.session,
        temperatures=warmth.reading(dice.gauss(0, 0.3), is_heating=is_heating),
        progress=_progress(job, printed_s) if job is not None and is_heating else None,
        link=LinkHealth(
            lines_per_s=round(dice.gauss(46, 4), 1) if is_printing else 0.0,
            window=4,
            round_trip_p50_ms=round(dice.uniform(1.8, 2.6), 2),
            round_trip_p99_ms=round(dice.uniform(9, 18), 2),
        ),
    )
    return Said(Topic.TELEMETRY, message, qos=0)


def _progress(job: Job, printed_s: float) -> Progress:
    done = min(1.0, printed_s / job.estimate_s)
    return Progress(
        line=int(done * 400 * job.layers),
        lines=400 * job.layers,
        layer=int(done * job.layers),
        layers=job.layers,
        done=done,
        elapsed_s=printed_s,
        remaining_s=job.estimate_s - printed_s,
    )

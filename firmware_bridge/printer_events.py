"""What the printer tells, brought into the situation."""

import logging

from firmware_bridge import jobs, machine
from firmware_bridge.contract import EventType, Fault, FaultCode, JobState, LinkHealth, Origin, Temperatures
from firmware_bridge.journal import NewEvent
from firmware_bridge.ledger import Ledger
from firmware_bridge.snapshot import is_cold

log = logging.getLogger(__name__)

_ENDS = {
    machine.Outcome.DONE: JobState.COOLING,
    machine.Outcome.CANCELLED: JobState.CANCELLED,
    machine.Outcome.FAILED: JobState.FAILED,
}


class PrinterEvents:
    """For the controller's thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._situation = ledger.situation

    def handle(self, event: machine.MachineEvent) -> None:
        """One event, in the order in which they came."""
        match event:
            case machine.Connected():
                self._on_connected(event)
            case machine.Disconnected():
                self._on_disconnected(event.fault)
            case machine.Measured():
                self._on_measured(event)
            case machine.NeedsAttention():
                self._situation.attention = event.text
            case machine.Heating():
                self._situation.heating_remaining_s = event.remaining_s
                self._on_moved(event.job, JobState.HEATING)
            case machine.Printing():
                self._on_moved(event.job, JobState.PRINTING)
            case machine.Paused():
                self._on_moved(event.job, JobState.PAUSED, event.by)
            case machine.Ended():
                stopped = event.fault is not None and event.fault.code is FaultCode.BRIDGE_STOPPED
                state = JobState.INTERRUPTED if stopped else _ENDS[event.outcome]
                self._ledger.end_running(event.job, state, event.by, event.fault)

    def _on_connected(self, event: machine.Connected) -> None:
        situation = self._situation
        situation.connected, situation.fault, situation.firmware = True, None, event.firmware
        situation.since_s = self._ledger.now_s()
        log.info("printer connected on %s: %s", event.port, event.firmware)
        data = {"firmware": event.firmware, "port": event.port}
        self._ledger.record(NewEvent(EventType.PRINTER_CONNECTED, data=data))

    def _on_disconnected(self, fault: Fault) -> None:
        situation = self._situation
        if fault.code is FaultCode.BRIDGE_STOPPED:
            return  # we are going, the printer is not
        if situation.connected:
            log.warning("printer lost: %s %s", fault.code.value, fault.detail)
            data = {"code": fault.code.value, "detail": fault.detail}
            self._ledger.record(NewEvent(EventType.PRINTER_LOST, data=data))
            situation.since_s = self._ledger.now_s()
        elif fault != situation.fault:
            log.warning("no printer: %s %s", fault.code.value, fault.detail)
        situation.connected, situation.fault, situation.attention = False, fault, ""
        situation.temperatures, situation.link = Temperatures(), LinkHealth()

    def _on_measured(self, event: machine.Measured) -> None:
        situation = self._situation
        situation.temperatures, situation.link = event.temperatures, event.link
        if event.progress is not None:
            situation.line = event.progress.line
        if is_cold(event.temperatures):
            self._ledger.apply(jobs.cooled(situation.board))

    def _on_moved(self, job: str, state: JobState, paused_by: Origin | None = None) -> None:
        situation, now_s = self._situation, self._ledger.now_s()
        if situation.course is not None:
            prints = state is JobState.PRINTING
            (situation.course.run if prints else situation.course.hold)(now_s)
        if state is not JobState.HEATING:
            situation.heating_remaining_s = None
        self._ledger.apply(jobs.printer_moved(situation.board, job, state, paused_by))

"""What the printer tells, brought into the situation."""

import logging

from firmware_bridge.contract import (
    ActState,
    EventType,
    Fault,
    FaultCode,
    JobState,
    LinkHealth,
    Origin,
    Temperatures,
)
from firmware_bridge.jobs import life
from firmware_bridge.journal.journal import NewEvent
from firmware_bridge.machine import interface
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.snapshot import is_cold

log = logging.getLogger(__name__)

_ENDS = {
    interface.Outcome.DONE: JobState.COOLING,
    interface.Outcome.CANCELLED: JobState.CANCELLED,
    interface.Outcome.FAILED: JobState.FAILED,
}


class PrinterEvents:
    """For the controller's thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._situation = ledger.situation

    def handle(self, event: interface.MachineEvent) -> None:
        """One event, in the order in which they came."""
        match event:
            case interface.Connected():
                self._on_connected(event)
            case interface.Disconnected():
                self._on_disconnected(event)
            case interface.Measured():
                self._on_measured(event)
            case interface.NeedsAttention():
                self._situation.attention = event.kind
            case interface.Asked():
                self._situation.question = event.question
            case interface.Heating():
                self._situation.heating_remaining_s = event.remaining_s
                self._on_moved(event.job, JobState.HEATING)
            case interface.Printing():
                self._on_moved(event.job, JobState.PRINTING)
            case interface.Paused():
                self._on_moved(event.job, JobState.PAUSED, event.by)
            case interface.Acted():
                self._on_acted(event)
            case interface.Ended():
                stopped = event.fault is not None and event.fault.code is FaultCode.BRIDGE_STOPPED
                state = JobState.INTERRUPTED if stopped else _ENDS[event.outcome]
                self._latch(event.fault)
                self._ledger.end_running(event.job, state, event.by, event.fault)

    def _on_acted(self, event: interface.Acted) -> None:
        situation = self._situation
        situation.acted, situation.acted_s = event, self._ledger.now_s()
        if event.state is not ActState.RUNNING:
            situation.heating_remaining_s = None
        why = event.fault.detail if event.fault else event.refusal.reason if event.refusal else ""
        log.info("act %s: %s %s", event.kind.value, event.state.value, why)

    def _latch(self, fault: Fault | None) -> None:
        """What hurts people or printers waits for somebody to look; the first reason stays."""
        if fault is not None and fault.code.is_latched and self._situation.latched is None:
            self._situation.latched = fault

    def _on_connected(self, event: interface.Connected) -> None:
        situation = self._situation
        situation.connected, situation.fault, situation.firmware = True, None, event.firmware
        situation.unproven = None
        situation.since_s = self._ledger.now_s()
        log.info("printer connected on %s: %s", event.port, event.firmware)
        data = {"firmware": event.firmware, "port": event.port}
        self._ledger.record(NewEvent(EventType.PRINTER_CONNECTED, data=data))

    def _on_disconnected(self, event: interface.Disconnected) -> None:
        situation, fault = self._situation, event.fault
        if fault.code is FaultCode.BRIDGE_STOPPED:
            return  # we are going, the printer is not
        if situation.connected:
            log.warning("printer lost: %s %s", fault.code.value, fault.detail)
            data = {"code": fault.code.value, "detail": fault.detail}
            self._ledger.record(NewEvent(EventType.PRINTER_LOST, data=data))
            situation.since_s = self._ledger.now_s()
        elif fault != situation.fault:
            log.warning("no printer: %s %s", fault.code.value, fault.detail)
        situation.acted = None
        self._latch(fault)
        situation.connected, situation.fault, situation.unproven = False, fault, event.unproven
        situation.attention = situation.question = None
        situation.temperatures, situation.link = Temperatures(), LinkHealth()

    def _on_measured(self, event: interface.Measured) -> None:
        situation = self._situation
        situation.temperatures, situation.link = event.temperatures, event.link
        if event.progress is not None:
            situation.line = event.progress.line
        if is_cold(event.temperatures):
            self._ledger.apply(life.cooled(situation.board))

    def _on_moved(self, job: str, state: JobState, paused_by: Origin | None = None) -> None:
        situation, now_s = self._situation, self._ledger.now_s()
        if situation.course is not None:
            prints = state is JobState.PRINTING
            (situation.course.run if prints else situation.course.hold)(now_s)
        if state is not JobState.HEATING:
            situation.heating_remaining_s = None
        self._ledger.apply(life.printer_moved(situation.board, job, state, paused_by))

"""What a person may say to the printer itself: an answer, and that it is well. For the controller's thread."""

import logging

from firmware_bridge.contract import ErrorCode
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.machine.confirmations import Confirmations
from firmware_bridge.machine.interface import Machine
from firmware_bridge.service.ledger import Ledger

log = logging.getLogger(__name__)


class PrinterVerbs:
    """Raises RefusedError for what does not fit the moment."""

    def __init__(self, ledger: Ledger, machine: Machine, confirmations: Confirmations) -> None:
        self._ledger = ledger
        self._situation = ledger.situation
        self._machine = machine
        self._confirmations = confirmations

    def answer(self, question: str, choice: int) -> None:
        """To the question that is open; the next state tells what came of it."""
        asked = self._situation.question
        if asked is None or asked.id != question:
            raise RefusedError(ErrorCode.NOT_NOW, "the printer does not ask this (any more)")
        if not 0 <= choice < len(asked.choices):
            raise RefusedError(ErrorCode.INVALID_PARAMS, f"`choice` must be from 0 to {len(asked.choices) - 1}")
        self._machine.answer(question, choice)

    def clear_fault(self) -> None:
        """Somebody has looked at the printer."""
        if self._situation.latched is None:
            raise RefusedError(ErrorCode.NOT_NOW, "there is no fault that waits for somebody to look")
        log.warning("latched fault cleared: %s", self._situation.latched.code.value)
        self._situation.latched = None

    def confirm_thermal(self, firmware: str) -> None:
        """A technician vouches for the firmware of the printer that is there; it is met anew within seconds."""
        unproven = self._situation.unproven
        if unproven is None:
            raise RefusedError(ErrorCode.NOT_NOW, "no printer's thermal protection is to be confirmed")
        if unproven.firmware != firmware:
            raise RefusedError(ErrorCode.NOT_NOW, f"the printer's firmware is '{unproven.firmware}'")
        log.warning("thermal protection confirmed: %s on %s", unproven.firmware, unproven.port)
        self._confirmations.add(unproven)
        self._ledger.writer.put(self._confirmations.save)

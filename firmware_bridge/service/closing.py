"""Watches the opening hours: what the state says of them, and what closing does to a running print.

For the controller's thread, once a second.
"""

from firmware_bridge.contract import Origin
from firmware_bridge.machine.interface import Machine
from firmware_bridge.service import opening
from firmware_bridge.service.clock import Trust
from firmware_bridge.service.ledger import Ledger
from firmware_bridge.service.opening import Closing, ClosingStep, Opening
from firmware_bridge.service.policy import Policy


class ClosingWatch:
    """`hours` None: the library has said none, and nothing ever closes."""

    def __init__(
        self, ledger: Ledger, machine: Machine, hours: Opening | None, rules: Policy, trust: Trust
    ) -> None:
        self._ledger = ledger
        self._situation = ledger.situation
        self._machine = machine
        self._hours = hours
        self._rules = rules
        self._trust = trust
        self._closing = Closing()

    def look(self) -> None:
        """What the clock says now."""
        situation, now_ms = self._situation, self._ledger.now_ms()
        situation.clock_trusted = self._trust.now()
        counts = self._hours is not None and situation.clock_trusted
        situation.today = opening.today(self._hours, now_ms) if self._hours is not None and counts else None

    def tick(self) -> None:
        """Look, and do what closing asks for."""
        self.look()
        situation = self._situation
        running = situation.board.running
        self._closing, step = opening.at_closing(self._closing, situation.today, self._rules.at_closing, running)
        if step is ClosingStep.PAUSE:
            self._machine.pause(Origin.CLOSING)
        elif step is ClosingStep.COOL:
            self._machine.cool_down()
        situation.late = self._late()

    def _late(self) -> str | None:
        """The running job, once it was found that it will not make it: said once, not with every new estimate."""
        situation = self._situation
        running = situation.board.running
        closes_in_s = opening.closes_in_s(situation.today, self._ledger.now_ms())
        if running is None or closes_in_s is None:
            return None
        progress = situation.progress(self._ledger.now_s())
        known_s = progress.remaining_s if progress is not None else None
        left_s = known_s if known_s is not None else running.estimate_s
        left_s += situation.heating_remaining_s or 0.0
        return running.id if situation.late == running.id or left_s > closes_in_s else None

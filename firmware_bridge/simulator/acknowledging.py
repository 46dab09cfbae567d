"""How a command is acknowledged, and what a bad wire makes of it: an ok is lost, or comes twice."""

import random

from firmware_bridge.simulator.checks import Command
from firmware_bridge.simulator.firmwares.form import OkAfterResend
from firmware_bridge.simulator.intake import Intake
from firmware_bridge.simulator.voice import Voice


class Acknowledging:
    """Says each ok. `words`: the answer that stands on the next one."""

    def __init__(self, voice: Voice, intake: Intake, seed: int) -> None:
        self.words: str | None = None
        self.lose = 0
        self.double = 0
        self.lose_rate = 0.0
        self.double_rate = 0.0
        self.lost = 0
        self.doubled = 0
        self._random = random.Random(seed)
        self._voice = voice
        self._texts = voice.firmware.texts
        self._intake = intake
        self._is_plain = "{" not in self._texts.ok + self._texts.ok_numbered
        self._resends_with = voice.firmware.resends_with

    def plain(self) -> str:
        """For a line that was no command."""
        return f"{self._voice.ok(self._intake.checker.last_number)}\n"

    def of(self, command: Command, planner_free: int) -> str:
        """The ok of a command that is done."""
        return self._line(command, planner_free) * self._copies()

    def resend_has_ok(self) -> bool:
        """Whether the ok that a refused line did not earn is said nevertheless."""
        if self._resends_with is OkAfterResend.IF_SLOT_SAYS_SO:
            return bool(self._intake.queue) or self._intake.taken >= self._intake.rules.queue_lines
        return self._resends_with is OkAfterResend.ALWAYS

    def _line(self, command: Command, planner_free: int) -> str:
        words, self.words = self.words, None
        texts = self._texts
        if words is None and self._is_plain:
            return "ok\n"
        last = self._intake.checker.last_number
        if words is not None:
            return texts.ok_with.format(words=words, last=last) + "\n"
        form = texts.ok_numbered if command.number is not None and texts.ok_numbered else texts.ok
        free = self._intake.rules.queue_lines - 1 - len(self._intake.queue)
        return form.format(number=command.number, last=last, planner=planner_free, free=free) + "\n"

    def _copies(self) -> int:
        if self.lose or (self.lose_rate and self._random.random() < self.lose_rate):
            self.lose = max(0, self.lose - 1)
            self.lost += 1
            return 0
        if self.double or (self.double_rate and self._random.random() < self.double_rate):
            self.double = max(0, self.double - 1)
            self.doubled += 1
            return 2
        return 1

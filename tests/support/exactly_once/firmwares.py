"""Eight firmwares, each with the manners that a host must survive; Marlin's ages and the unchecked ones apart."""

import re
from enum import StrEnum
from typing import Final

from support.exactly_once.firmware import REPORT, Command, Firmware, checksum, command_of, leading_int
from support.exactly_once.marlin import Marlin11, Marlin21, Marlin208
from support.exactly_once.unchecked import Klipper, RepRapFirmware
from support.exactly_once.wire import values


class Prusa(Firmware):
    """MK3: M110 counts when it is executed; the first `*` ends a line; half a line is forgotten after 2 s."""

    RX_TIMEOUT_S: Final = 2.0

    def _take(self, line: str, begins_damaged: bool) -> None:
        for start in range(0, len(line), self.max_line):
            self._take_part(line[start : start + self.max_line], begins_damaged)

    def _take_part(self, line: str, begins_damaged: bool) -> None:
        text = values(line).partition(";")[0]
        if not text:
            return
        body, star, given = text.partition("*")
        if text.startswith("N"):
            number = leading_int(text[1:])
            if number != self.last_n + 1 and "M110" not in text:
                return self._refuse("Line Number is not Last Line Number+1")
            if not star:
                return self._refuse("No Checksum with line number")
            if leading_int(given) != checksum(body):
                return self._refuse("checksum mismatch")
            if number:
                self.last_n = number
            self._accept(Command(number, command_of(body), self._is_damaged(line)))
        elif star:
            self._refuse("No Line Number with checksum")
        else:
            self._accept(Command(None, text, begins_damaged))

    def _refuse(self, why: str) -> None:
        self.refusals += 1
        self._flush()
        self._say_refusal(why)

    def _say_refusal(self, why: str) -> None:
        super()._say_refusal(why)
        self.say("ok")

    def _count_from(self, command: Command) -> None:
        self.last_n = leading_int(command.text.partition("N")[2])
        self.say("ok")

    def _timer(self) -> float | None:
        timer = super()._timer()
        if self._line:
            timeout = self._heard_at + self.RX_TIMEOUT_S
            return timeout if timer is None else min(timer, timeout)
        return timer

    def _let_time_pass(self, now: float) -> None:
        if self._line and now >= self._heard_at + self.RX_TIMEOUT_S:
            self._line = ""
            self.say("RX timeout")
        super()._let_time_pass(now)


class Repetier(Firmware):
    """1.0: counts with 16 bits; an ok, with the number, when a line is taken and not when it is done.

    A line that it has seen is skipped and acknowledged; after a refusal 14 strange lines are skipped, too; half a
    line, and silence after a refusal, is refused after 200 ms; a line without `*` is not checked.
    """

    queue_lines = 2
    says_ok_when_taken = True
    SEEN_LINES: Final = 40
    SKIPS: Final = 14
    SILENCE_S: Final = 0.2
    _skips = -1
    _number = 0

    def _take(self, line: str, begins_damaged: bool) -> None:
        text = values(line).partition(";")[0]
        if not text:
            return
        body, star, given = text.partition("*")
        if star and leading_int(given) & 0xFF != checksum(body):
            self.say("Error:Wrong checksum")
            return self._refuse()
        if not text.startswith("N"):
            self._skips = -1
            self._take_command(Command(None, body, begins_damaged))
            return
        number = self._number = leading_int(text[1:])
        if "M110" in text:
            self.last_n = number
            self._skips = -1
            return self.say("ok")
        if (self.last_n + 1 - number) & 0xFFFF:
            if (self.last_n - number) & 0xFFFF < self.SEEN_LINES:
                return self._skip(number)
            if self._skips < 0:
                self.say(f"Error:expected line {self.last_n + 1} got {number}")
                return self._refuse()
            self._skips -= 1
            return self._skip(number)
        self.last_n = number
        self._skips = -1
        self._take_command(Command(number, command_of(body), self._is_damaged(line)))

    def _take_command(self, command: Command) -> None:
        self._accept(command)
        self.say(f"ok {self._number}" if self.machine.numbers_oks else "ok")

    def _skip(self, number: int) -> None:
        self.say(f"skip {number}")
        self.say("ok")

    def _refuse(self) -> None:
        self.refusals += 1
        self._flush()
        self._skips = self.SKIPS
        self._say_refusal("")

    def _say_refusal(self, why: str) -> None:
        self.say("")
        self.say(f"Resend:{self.last_n + 1}")
        self.say("ok")

    @property
    def _waits_for_more(self) -> bool:
        return (self._skips >= 0 or bool(self._line)) and len(self._queue) < self.queue_lines

    def _timer(self) -> float | None:
        timer = super()._timer()
        if self._waits_for_more:
            silence = self._heard_at + self.SILENCE_S
            return silence if timer is None else min(timer, silence)
        return timer

    def _let_time_pass(self, now: float) -> None:
        if self._waits_for_more and now >= self._heard_at + self.SILENCE_S:
            self._heard_at = now
            self._line = ""
            self._refuse()
        super()._let_time_pass(now)

    def _busy_line(self) -> str:
        return "busy:processing"

    def _report(self, command: Command) -> None:
        self.say(REPORT)

    def _complain(self, command: Command) -> None:
        self.say("Unknown command:" + command.text)

    def _ok(self, command: Command) -> None:
        """It was said when the line was taken."""


SETS_NUMBER: Final = re.compile(r"M110(?!\d)")


class Smoothie(Firmware):
    """`rs N12` and no ok; without `*` nothing is checked, M110 never; ok also for what begins with no letter."""

    queue_lines = 1
    max_line = 10_000
    flow_controlled = True
    may_say_wait = False

    def _take(self, line: str, begins_damaged: bool) -> None:
        text = values(line)
        if not text or text[0] in ";( ":
            return self.say("ok")
        if text[0] == "$" or text[0].islower():
            return
        if text[0] in "XYZF":
            text = f"G1 {text}"
        elif text[0] not in "GMTSN":
            return self.say("ok - ignored")
        if text[0] != "N":
            self._accept(Command(None, text.partition(";")[0], begins_damaged))
            return
        number = leading_int(text[1:])
        body, star, given = text.partition("*")
        if SETS_NUMBER.search(body):
            self.last_n = number
            return self.say("ok")
        if (star and leading_int(given) != checksum(body)) or number != self.last_n + 1:
            self.refusals += 1
            return self._say_refusal("")
        self.last_n = number
        self._accept(Command(number, command_of(body.partition(";")[0]), self._is_damaged(line)))

    def _say_refusal(self, why: str) -> None:
        self.say(f"rs N{self.last_n + 1}")

    def _refuse_halted(self, command: Command) -> None:
        self.say("!!")

    def _complain(self, command: Command) -> None:
        """It says nothing."""

    def halt(self) -> None:
        self._forget()
        self.halted = True
        self.say("HALT asserted - reset or M999 required")

    def overheat(self) -> None:
        self._forget()
        self.halted = True
        self.say("ERROR: Temperature runaway on T (delta temp 40.0), HALT asserted, TURN POWER OFF IMMEDIATELY")

    def reset(self) -> None:
        self._forget()
        self.last_n = -1
        self.say("Smoothie")
        self.say("ok")


class Kind(StrEnum):
    """The firmwares under test."""

    MARLIN_11 = "Marlin 1.1"
    MARLIN_208 = "Marlin 2.0.8"
    MARLIN_21 = "Marlin 2.1"
    PRUSA = "Prusa"
    REPETIER = "Repetier"
    SMOOTHIE = "Smoothie"
    REPRAPFIRMWARE = "RepRapFirmware"
    KLIPPER = "Klipper"

    @property
    def checks(self) -> bool:
        """It numbers and checks its lines."""
        return self not in (Kind.REPRAPFIRMWARE, Kind.KLIPPER)


MODELS: Final[dict[Kind, type[Firmware]]] = {
    Kind.MARLIN_11: Marlin11,
    Kind.MARLIN_208: Marlin208,
    Kind.MARLIN_21: Marlin21,
    Kind.PRUSA: Prusa,
    Kind.REPETIER: Repetier,
    Kind.SMOOTHIE: Smoothie,
    Kind.REPRAPFIRMWARE: RepRapFirmware,
    Kind.KLIPPER: Klipper,
}

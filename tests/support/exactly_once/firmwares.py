"""Eight firmwares, each with the manners that a host must survive."""

import re
from enum import StrEnum
from typing import Final

from support.exactly_once.firmware import REPORT, Command, Firmware, checksum, leading_int
from support.exactly_once.wire import values


class Marlin21(Firmware):
    """2.1: an ok after each Resend; the same number again is dropped without a word; backspaces are taken.

    A refusal throws away what is in the receive buffer, and the rest of that line is a command without a number.
    """

    drops_repeats = True
    takes_backspaces = True

    def _take(self, line: str, begins_damaged: bool) -> None:
        line = self._edited(line)
        if not line:
            return
        text = values(line).lstrip(" ")
        if not text.startswith("N"):
            self._accept(Command(None, text, begins_damaged))
            return
        number = leading_int(text[1:].lstrip(" "))
        resets = "M110" in text
        if resets and "N" in text[4:]:
            number = leading_int(text[text.index("N", 4) + 1 :])
        if number != self.last_n + 1 and not resets:
            if self.drops_repeats and number in (self.last_n, self.last_n - 1):
                return
            return self._refuse("Line Number is not Last Line Number+1")
        body, star, given = text.rpartition("*")
        if not star:
            return self._refuse("No Checksum with line number")
        if leading_int(given) != checksum(body):
            return self._refuse("checksum mismatch")
        self.last_n = number
        self._accept(Command(number, _command(body), self._is_damaged(line)))

    def _edited(self, line: str) -> str:
        text = values(line)
        if ";" in text or ("\b" in text and self.takes_backspaces and self.machine.erases):
            kept: list[str] = []
            for character in line:
                value = ord(character) & 0xFF
                if value == ord(";"):
                    break
                if value == 8 and self.takes_backspaces and self.machine.erases:
                    del kept[-1:]
                else:
                    kept.append(character)
            line = "".join(kept)
        return line[: self.max_line]

    def _refuse(self, why: str) -> None:
        self.refusals += 1
        self._flush()
        self._say_refusal(why)

    def _say_refusal(self, why: str) -> None:
        super()._say_refusal(why)
        if self._says_ok_after_resend():
            self.say("ok")

    def _says_ok_after_resend(self) -> bool:
        return True

    def _ok(self, command: Command) -> None:
        if not self.machine.numbers_oks:
            self.say("ok")
        elif command.number is None:
            self.say("ok P15 B3")
        else:
            self.say(f"ok N{command.number} P15 B3")


class Marlin208(Marlin21):
    """2.0.8: never an ok after a Resend; a number that was there before is refused as any other."""

    drops_repeats = False
    takes_backspaces = False

    def _says_ok_after_resend(self) -> bool:
        return False


class Marlin11(Marlin208):
    """1.1: the ok after a Resend depends on an unrelated place in the queue."""

    def _says_ok_after_resend(self) -> bool:
        return self.rng.random() < 0.7


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
            self._accept(Command(number, _command(body), self._is_damaged(line)))
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
        self._take_command(Command(number, _command(body), self._is_damaged(line)))

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
        self._accept(Command(number, _command(body.partition(";")[0]), self._is_damaged(line)))

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


class RepRapFirmware(Firmware):
    """Nothing is checked where nothing is numbered; a line with a wrong checksum vanishes."""

    queue_lines = 8
    max_line = 10_000
    flow_controlled = True
    may_say_wait = False
    numbers_lines = False

    def _take(self, line: str, begins_damaged: bool) -> None:
        text = values(line).partition(";")[0].strip()
        body, star, given = text.partition("*")
        if star and leading_int(given) != checksum(body):
            return
        unseen = begins_damaged or self._is_damaged(line)
        if body:
            self._accept(Command(None, _command(body), unseen))

    def _say_refusal(self, why: str) -> None:
        self.say(f"Resend: {self.accepted + 1}")

    def _complain(self, command: Command) -> None:
        self.say(f"Error: Bad command: {command.text}")

    def reset(self) -> None:
        self._forget()
        self.say("RepRapFirmware for Duet 2 WiFi/Ethernet version 3.4.5 is up and running.")

    def halt(self) -> None:
        self._forget()
        self.halted = True
        self.say("Emergency Stop! Reset the controller to continue.")

    def overheat(self) -> None:
        self._forget()
        self.halted = True
        self.say("Error: Heating fault on heater 1, temperature excursion exceeded 15.0C")


class Klipper(RepRapFirmware):
    """Numbers and checksums are not looked at; every line, an empty one too, gets an ok."""

    def _take(self, line: str, begins_damaged: bool) -> None:
        text = values(line).partition(";")[0].partition("*")[0].strip()
        self._accept(Command(None, _command(text), begins_damaged or self._is_damaged(line)))

    def _complain(self, command: Command) -> None:
        if command.text:
            self.say(f'// Unknown command:"{command.text}"')

    def _refuse_halted(self, command: Command) -> None:
        self.say("!! Printer is not ready")
        self.say("ok")

    def reset(self) -> None:
        """The program behind the pseudo-terminal restarts: nothing but its state is said."""
        self._forget()
        self.halted = True
        self.say("// Klipper state: Disconnect")

    def halt(self) -> None:
        self._forget()
        self.halted = True
        self.say("!! MCU 'mcu' shutdown: Command request")
        self.say("// Klipper state: Shutdown")

    def overheat(self) -> None:
        self._forget()
        self.halted = True
        self.say("!! Heater extruder not heating at expected rate")
        self.say("// Klipper state: Shutdown")


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


def _command(body: str) -> str:
    """Without the number before it."""
    return body[1:].lstrip("0123456789").strip() if body.startswith("N") else body.strip()

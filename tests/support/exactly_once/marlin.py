"""Marlin in three ages, each with the manners that a host must survive."""

from support.exactly_once.firmware import Command, Firmware, checksum, command_of, leading_int
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
        self._accept(Command(number, command_of(body), self._is_damaged(line)))

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

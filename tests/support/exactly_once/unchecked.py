"""Firmwares that check nothing, or nothing that a host sends: what is damaged is carried out."""

from support.exactly_once.firmware import Command, Firmware, checksum, command_of, leading_int
from support.exactly_once.wire import values


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
            self._accept(Command(None, command_of(body), unseen))

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
        self._accept(Command(None, command_of(text), begins_damaged or self._is_damaged(line)))

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

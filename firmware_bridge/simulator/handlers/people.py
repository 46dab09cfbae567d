"""What waits for somebody, and what is said to somebody or to the host."""

from firmware_bridge.simulator.firmware import Firmware, Wait
from firmware_bridge.simulator.handlers.motion import drain, take_time
from firmware_bridge.simulator.handlers.words import numbers, rest


def wait_for_user(fw: Firmware, text: bytes) -> Wait:
    """M0, M1."""
    message = rest(text).decode("latin-1")
    if message:
        fw.say(f"echo:{message}\r\n")
    yield from drain(fw)
    yield from _ask(fw, message or "M0/1 Break Called")


def change_filament(fw: Firmware, text: bytes) -> Wait:
    """M600: parks, then waits for somebody."""
    yield from take_time(fw, 3.0)
    yield from _ask(fw, "Nozzle Parked")
    yield from take_time(fw, 3.0)


def _ask(fw: Firmware, message: str) -> Wait:
    if not fw.manners.is_prusa:
        fw.say("//action:prompt_end\n")
        fw.say(f"//action:prompt_begin {message}\n//action:prompt_button Continue\n//action:prompt_show\n")
    fw.waits_for_user = True
    fw.user_continues = False
    while not fw.user_continues:
        yield None
    fw.waits_for_user = False


def identify(fw: Firmware, text: bytes) -> None:
    """M115; Prusa's `M115 U` only compares versions."""
    if not (fw.manners.is_prusa and b"U" in text):
        fw.say(fw.manners.identity())


def echo(fw: Firmware, text: bytes) -> None:
    """M118."""
    words = rest(text)
    lead = ""
    for mark, said in ((b"E1 ", "echo:"), (b"A1 ", "//")):
        if words.startswith(mark):
            lead, words = said, words[len(mark) :]
    fw.say(f"{lead}{words.decode('latin-1')}\r\n")


def line_number(fw: Firmware, text: bytes) -> None:
    """M110: Marlin has counted already; Prusa counts now."""
    if fw.manners.is_prusa:
        fw.intake.last_number = int(numbers(text).get("N", fw.intake.last_number))


def pause_timer(fw: Firmware, text: bytes) -> None:
    """M76."""
    if not fw.manners.is_prusa:
        fw.say("//action:pause\n")


def halt(fw: Firmware, text: bytes) -> None:
    """M112, where nobody minded it earlier."""
    fw.kill("M112")


def tool(fw: Firmware, text: bytes) -> None:
    """T1 and up: there is one extruder."""
    fw.say(f"echo:{text.decode('latin-1')} Invalid extruder\n")


def accept(fw: Firmware, text: bytes) -> None:
    """Known, and of no consequence here."""

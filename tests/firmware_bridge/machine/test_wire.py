"""What goes over the wire, byte for byte, in a whole print with all that may happen to it."""

import re

import pytest
from support.virtual_printer import Lines, VirtualPrinter, end_of_print, moves, start_of_print

from firmware_bridge.contract import Origin
from firmware_bridge.machine.interface import Asked, Heating, Outcome, Paused, Printing

COMMAND = rb"[GMT]\d+(?:\.\d+)?(?: [A-Z](?:-?\d*\.?\d+)?)*"
NUMBERED = re.compile(rb"(?:\?\x08)?N\d+ ?" + COMMAND + rb" *\*\d+")
PLAIN = re.compile(COMMAND)
ERASED = re.compile(rb"(?:N\d+[^*]*)?\x08+")
"""A line that was held open and taken back."""


@pytest.mark.parametrize(
    ("firmware", "profile"),
    [
        ("marlin-2.1", "ender3"),
        ("marlin-1.1", "ender3"),
        ("prusa-3.13", "prusa-mk3s"),
        ("repetier", "ender3"),
        ("smoothie", "ender3"),
        ("reprapfirmware", "ender3"),
        ("klipper", "ender3"),
    ],
)
def test_each_line_is_one_command_and_none_is_empty_or_too_long(firmware: str, profile: str) -> None:
    bench = VirtualPrinter(profile, firmware=firmware, confirmed=lambda _unproven: True)
    wire = bytearray()

    def hear(data: bytes) -> bytes:
        wire.extend(data)
        return data

    bench.hear = hear
    bench.known_as_its_profile()
    bench.connected()
    del wire[:]
    job = [*start_of_print(), *moves(60, feed=6000), *end_of_print()]
    bench.printer.print("job", Lines(job))
    bench.until(Heating, 100.0)
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 100.0)
    bench.printer.resume()
    bench.until(Printing, 600.0)
    bench.printer.pause(Origin.KIOSK)
    bench.until(Paused, 100.0)
    bench.interject("//action:prompt_begin Paused", "//action:prompt_button A", "//action:prompt_show")
    question = bench.until(Asked, 1.0).question
    assert question is not None
    bench.printer.answer(question.id, 0)
    bench.printer.resume()
    assert bench.ended().outcome is Outcome.DONE
    *lines, rest = bytes(wire).split(b"\n")
    assert rest == b"" and len(lines) > 80
    for line in lines:
        assert 0 < len(line) <= 95
        assert NUMBERED.fullmatch(line) or PLAIN.fullmatch(line) or ERASED.fullmatch(line), line
    assert not re.search(rb"M1[09]9|M190", bytes(wire).replace(b"\n", b" \n"))
    sent = {re.sub(rb".*?N\d+ ?|\*\d+$", b"", line) for line in lines}
    assert set(b"\n".join(command.encode() for command in job[9:-4]).split(b"\n")) <= sent

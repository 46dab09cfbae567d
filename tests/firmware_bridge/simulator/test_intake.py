"""The receive buffer: what fits, what is lost, what waits outside, and what a resend throws away."""

import random
from functools import reduce
from operator import xor

from support.raw_host import frame

from firmware_bridge.simulator.checks import Nothing, Refusal, Skip, leading_int, split_commands, xor_checksum
from firmware_bridge.simulator.firmwares.form import Cause
from firmware_bridge.simulator.firmwares.table import FIRMWARES
from firmware_bridge.simulator.intake import Intake


def intake(firmware: str = "marlin-2.1", rx_buffer_bytes: int = 128) -> Intake:
    return Intake(rx_buffer_bytes, FIRMWARES[firmware].lines)


def texts(receiver: Intake) -> list[bytes]:
    return [command.text for command in receiver.queue]


def test_the_folded_checksum_is_the_xor_of_all_bytes() -> None:
    dice = random.Random(1)
    for length in [*range(1, 257)]:
        data = dice.randbytes(length)
        assert xor_checksum(data) == reduce(xor, data)


def test_numbers_are_read_as_c_does() -> None:
    assert [leading_int(text, 1) for text in (b"N12 G1", b"N-1", b"N", b"Nx", b"N007*")] == [12, -1, 0, 0, 7]


def test_the_queue_takes_four_and_the_buffer_the_rest_but_one_byte_less_than_its_size() -> None:
    receiver = intake()
    receiver.arrive(b"M105\n" * 40)
    assert receiver.fill() is None
    receiver.lose_overflow()
    assert len(receiver.queue) == 4
    assert receiver.overflowed_bytes == (40 - 4) * 5 - 127
    receiver.queue.clear()
    receiver.fill()
    assert texts(receiver) == [b"M105"] * 4


def test_klippers_terminal_is_not_read_beyond_twenty_lines() -> None:
    receiver = intake("klipper", 4096)
    receiver.arrive(b"M105\n" * 19)
    receiver.fill()
    assert receiver.room() > 0
    receiver.arrive(b"M105\n")
    receiver.fill()
    assert receiver.room() == 0
    receiver.queue.popleft()
    assert receiver.room() > 0
    receiver.lose_overflow()
    assert receiver.overflowed_bytes == 0


def test_usb_holds_what_does_not_fit() -> None:
    receiver = intake("smoothie", 256)
    receiver.arrive(b"G1 X1\n" * 40)
    receiver.fill()
    assert receiver.room() == 256 - 39 * 6


def test_a_line_may_arrive_in_pieces() -> None:
    receiver = intake()
    for byte in frame(1, "G1 X1"):
        receiver.arrive(bytes([byte]))
        assert receiver.fill() is None
    assert texts(receiver) == [b"G1 X1"]
    assert receiver.queue[0].number == 1


def test_what_is_longer_than_95_bytes() -> None:
    long = frame(1, "M117 " + "x" * 100)
    marlin = intake(rx_buffer_bytes=512)
    marlin.arrive(long)
    assert marlin.fill() == Refusal(Cause.NO_CHECKSUM, 1), "its tail is lost, and with it its checksum"
    prusa = intake("prusa-3.13", 512)
    prusa.arrive(b"M117 " + b"x" * 100 + b"\nM105\n")
    assert prusa.fill() is None
    assert [len(text) for text in texts(prusa)] == [95, 10, 4], "it counts as ended there"
    repetier = intake("repetier", 512)
    repetier.arrive(long)
    assert repetier.fill() == Refusal(Cause.TOO_LONG)


def test_a_refusal_throws_away_what_has_arrived_behind() -> None:
    receiver = intake()
    receiver.arrive(b"N1 G1 X1*1\n" + frame(2, "G1 X2") + b"N3 G1")
    assert receiver.fill() == Refusal(Cause.WRONG_CHECKSUM, 1)
    assert receiver.fill() is None
    receiver.arrive(b" X5\n")
    receiver.fill()
    assert texts(receiver) == [b"X5"], "the tail of a line whose head was thrown away runs without a number"


def test_smoothie_throws_nothing_away_and_refuses_each() -> None:
    receiver = intake("smoothie", 256)
    receiver.arrive(b"N1 G1 X1*1\n" + frame(2, "G1 X2") + frame(1, "G1 X1"))
    assert [receiver.fill(), receiver.fill(), receiver.fill()] == [
        Refusal(Cause.WRONG_CHECKSUM, 1),
        Refusal(Cause.WRONG_NUMBER, 2),
        None,
    ]
    assert texts(receiver) == [b"G1 X1"]


def test_repetier_skips_what_was_under_way_and_what_it_has() -> None:
    receiver = intake("repetier")
    for line in (frame(1, "G1 X1"), frame(2, "G1 X2")):
        receiver.arrive(line)
        receiver.fill()
        receiver.queue.clear()
    receiver.arrive(frame(1, "G1 X1"))
    assert receiver.fill() == Skip(1)
    receiver.arrive(frame(9, "G1 X9"))
    assert receiver.fill() == Refusal(Cause.WRONG_NUMBER, 9)
    for _ in range(14):
        receiver.arrive(frame(9, "G1 X9"))
        assert receiver.fill() == Skip(9)
    receiver.arrive(frame(9, "G1 X9"))
    assert receiver.fill() == Refusal(Cause.WRONG_NUMBER, 9)
    receiver.arrive(frame(3, "G1 X3"))
    assert receiver.fill() is None


def test_repetier_compares_sixteen_bits() -> None:
    receiver = intake("repetier")
    receiver.arrive(frame(0, "M110 N65535"))
    receiver.fill()
    receiver.queue.clear()
    receiver.arrive(frame(0, "G1 X1"))
    assert receiver.fill() is None
    assert texts(receiver) == [b"G1 X1"]


def test_a_wrong_checksum_vanishes_at_reprapfirmware() -> None:
    receiver = intake("reprapfirmware", 257)
    receiver.arrive(b"N7 G1 X1*1\nG1 X2*1\n" + frame(3, "G1 X3") + b"G1 X4\n")
    while receiver.has_bytes:
        assert receiver.fill() is None
        receiver.queue.append(receiver.queue.popleft())
        if receiver.has_bytes:
            assert texts(receiver) == [b"G1 X3"]
            receiver.queue.clear()
    assert texts(receiver) == [b"G1 X4"]


def test_klipper_reads_no_number_and_no_checksum() -> None:
    receiver = intake("klipper", 4096)
    receiver.arrive(b"N10 G1 X9 F3000*1\nn3 g1 x2\n\n")
    assert receiver.fill() == Nothing()
    assert texts(receiver) == [b"G1 X9 F3000", b"g1 x2"]


def test_several_commands_on_a_line() -> None:
    assert split_commands(b"G1 X1 M106 S3 G4 P1") == [b"G1 X1", b"M106 S3", b"G4 P1"]
    assert split_commands(b"G28") == [b"G28"]


def test_comments_and_numbers_do_not_reach_the_queue() -> None:
    receiver = intake()
    receiver.arrive(b"  G28 ; home\n" + frame(0, "M110 N7") + frame(8, " M105 ") + b"M107*38\n")
    assert receiver.fill() is None
    assert texts(receiver) == [b"G28", b"M110 N7", b"M105", b"M107"]
    assert [command.number for command in receiver.queue] == [None, 7, 8, None]

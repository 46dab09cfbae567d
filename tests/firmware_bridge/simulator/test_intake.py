"""The receive buffer: what fits, what is lost, and what a resend throws away."""

import random
from functools import reduce
from operator import xor

from support.raw_host import frame

from firmware_bridge.simulator.intake import QUEUE_SIZE, Intake, Numbering, leading_int, xor_checksum


def intake(numbering: Numbering = Numbering.MARLIN, rx_buffer_bytes: int = 128) -> Intake:
    return Intake(rx_buffer_bytes, numbering)


def texts(receiver: Intake) -> list[bytes]:
    return [command.text for command in receiver.queue]


def test_the_folded_checksum_is_the_xor_of_all_bytes() -> None:
    dice = random.Random(1)
    for length in [*range(1, 129)]:
        data = dice.randbytes(length)
        assert xor_checksum(data) == reduce(xor, data)


def test_numbers_are_read_as_c_does() -> None:
    assert [leading_int(text, 1) for text in (b"N12 G1", b"N-1", b"N", b"Nx", b"N007*")] == [12, -1, 0, 0, 7]


def test_the_queue_takes_four_and_the_buffer_the_rest_but_one_byte_less_than_its_size() -> None:
    receiver = intake()
    receiver.arrive(b"M105\n" * 40)
    assert receiver.fill() is None
    receiver.lose_overflow()
    assert len(receiver.queue) == QUEUE_SIZE
    assert receiver.overflowed_bytes == (40 - QUEUE_SIZE) * 5 - 127
    receiver.queue.clear()
    receiver.fill()
    assert texts(receiver) == [b"M105"] * QUEUE_SIZE


def test_a_line_may_arrive_in_pieces() -> None:
    receiver = intake()
    for byte in frame(1, "G1 X1"):
        receiver.arrive(bytes([byte]))
        assert receiver.fill() is None
    assert texts(receiver) == [b"G1 X1"]
    assert receiver.queue[0].number == 1


def test_what_is_longer_than_95_bytes_loses_its_tail_and_with_it_its_checksum() -> None:
    receiver = intake(rx_buffer_bytes=512)
    receiver.arrive(frame(1, "M117 " + "x" * 100))
    refusal = receiver.fill()
    assert refusal is not None and refusal.startswith("Error:No Checksum with line number, Last Line: 0\n")


def test_a_refusal_throws_away_what_has_arrived_behind() -> None:
    receiver = intake()
    receiver.arrive(b"N1 G1 X1*1\n" + frame(2, "G1 X2") + b"N3 G1")
    refusal = receiver.fill()
    assert refusal == "Error:checksum mismatch, Last Line: 0\nResend: 1\nok\n"
    assert receiver.fill() is None
    receiver.arrive(b" X5\n")
    receiver.fill()
    assert texts(receiver) == [b"X5"], "the tail of a line whose head was thrown away runs without a number"


def test_comments_and_numbers_do_not_reach_the_queue() -> None:
    receiver = intake()
    receiver.arrive(b"  G28 ; home\n" + frame(0, "M110 N7") + frame(8, " M105 ") + b"M107*38\n")
    assert receiver.fill() is None
    assert texts(receiver) == [b"G28", b"M110 N7", b"M105", b"M107"]
    assert [command.number for command in receiver.queue] == [None, 7, 8, None]

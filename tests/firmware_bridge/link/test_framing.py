"""Numbers, checksums and what cannot be sent."""

import pytest

from firmware_bridge.link.framing import FramingError, check_command, checksum, command_of, frame, framed_size


@pytest.mark.parametrize("line", [b"N0 M110 N0*125", b"N3 G28*16", b"N4 G1 X1 Y1 F3000*72"])
def test_checksums_of_recorded_lines(line: bytes) -> None:
    body, _, said = line.rpartition(b"*")
    assert checksum(body) == int(said)


def test_a_frame_has_no_space_before_its_command() -> None:
    assert frame(3, b"G28") == b"N3G28*48\n"
    assert command_of(frame(104, b"M117 2 of 3")) == b"M117 2 of 3"


@pytest.mark.parametrize("length", [0, 1, 7, 8, 63, 64, 65, 95])
def test_checksum_is_the_xor_of_all_bytes(length: int) -> None:
    data = bytes((i * 37 + 11) % 256 for i in range(length))
    expected = 0
    for byte in data:
        expected ^= byte
    assert checksum(data) == expected


def test_ninety_five_bytes_are_the_most() -> None:
    room = 95 - len(b"N1*100")
    longest = b"G1 " + b"X" * (room - 3)
    assert len(frame(1, longest)) <= 96
    with pytest.raises(FramingError, match="too long"):
        frame(1, longest + b"XX")


@pytest.mark.parametrize("number", [1, 99, 123456])
def test_framed_size_is_never_too_small(number: int) -> None:
    for command in (b"G28", b"G1 X1.234 Y5.678"):
        assert len(frame(number, command)) <= framed_size(number, command)


@pytest.mark.parametrize("command", [b"", b"  ", b"G1 X1\nG1 X2", b"G1 ; home", b"M117 5*3", "M117 é".encode()])
def test_what_is_not_one_command_is_refused(command: bytes) -> None:
    with pytest.raises(FramingError):
        check_command(command)

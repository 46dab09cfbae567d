"""What an ok acknowledges, form by form."""

import pytest
from support.link_wire import FENCE_OK, LIMITS, TRUST_LINES, Wire, number_of

from firmware_bridge.link.window import Link
from firmware_bridge.profile import Dialect


def test_an_ok_too_many_never_passes_a_fence() -> None:
    wire = Wire()
    wire.send(b"M105")
    wire.hear("ok", "ok")
    assert not wire.link.has_passed(1)
    wire.hear("ok T:20.0 /0.0")
    assert wire.link.has_passed(1)


def test_advanced_ok_says_which_line() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.open_window(TRUST_LINES + 100)
    lines = wire.fill()
    last = number_of(lines[-1])
    wire.hear(f"ok N{last} P15 B3")
    assert len(wire.fill()) == len(lines)


@pytest.mark.parametrize("said", ["ok N{0} P15 B3\n", "ok N{0} P12 B1\nok N{1} P11 B1\nok N{2} P10 B2\n"])
def test_the_short_way_for_oks_with_numbers_is_the_long_one(said: str) -> None:
    in_flight = []
    for take in (Link.take_oks, Link.receive):
        wire = Wire()
        wire.open_window()
        first = number_of(wire.fill()[0])
        heard = said.format(first, first + 1, first + 2).encode()
        wire.link.tick(wire.now)
        assert take(wire.link, heard, wire.now) is not False
        in_flight.append(wire.link.in_flight)
        assert not wire.link.take_oks(f"ok N{first - 1} P15 B3\n".encode(), wire.now)
        assert not wire.link.take_oks(f"ok N{first + 99} P15 B3\n".encode(), wire.now)
    assert in_flight[0] == in_flight[1] < LIMITS.lines


def test_a_number_that_is_counted_with_sixteen_bits() -> None:
    wire = Wire(Dialect.REPETIER)
    for _ in range(65_600):
        number = number_of(wire.send(b"G1 X1"))
        wire.hear(f"ok {number & 0xFFFF}")
        if b"M105" in wire.raw():
            wire.hear(FENCE_OK)
        assert wire.link.in_flight == 0


def test_a_fragment_that_ran_ends_it() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.send(b"G1 X1")
    wire.hear("Error:checksum mismatch, Last Line: 1", "Resend: 2", "ok", "ok")
    assert wire.link.failure is not None
    assert "fragment" in wire.link.failure.detail


def test_a_fragment_that_was_unknown_is_harmless() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.send(b"G1 X1")
    wire.hear("Error:checksum mismatch, Last Line: 1", "Resend: 2", "ok", 'echo:Unknown command: "33"', "ok")
    assert wire.link.failure is None

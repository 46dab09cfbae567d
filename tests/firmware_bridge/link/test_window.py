"""How much may be in flight, and how lines are counted."""

import pytest
from support.link_wire import FENCE_OK, LIMITS, Wire, number_of

from firmware_bridge.link import exchange
from firmware_bridge.link.window import Limits
from firmware_bridge.profile import Dialect


def test_opens_with_calm_and_never_beyond_its_limits() -> None:
    wire = Wire()
    assert len(wire.fill()) == 1
    wire.hear("ok")
    wire.open_window()
    assert len(wire.fill()) == LIMITS.lines


def test_bytes_bound_it_too() -> None:
    wire = Wire()
    wire.open_window()
    lines = wire.fill(b"G1 X123.456 Y123.456 E1.23456 F1800")
    assert len(lines) == 2
    assert sum(len(line) + 1 for line in lines) <= LIMITS.bytes


@pytest.mark.parametrize("command", [b"G28", b"G28 W", b"G29", b"G4 P100", b"M400", b"T0", b"G80"])
def test_a_command_of_unknown_length_is_alone(command: bytes) -> None:
    wire = Wire()
    wire.open_window()
    wire.send(b"G1 X1")
    assert not wire.link.may_send(command)
    wire.hear("ok")
    wire.send(command)
    assert not wire.link.may_send(b"G1 X2")
    wire.hear("ok")
    assert wire.link.may_send(b"G1 X2")


def test_an_idle_printer_says_how_many_lines_its_queue_holds() -> None:
    wire = Wire(Dialect.PRUSA, Limits(bytes=2000, lines=3))
    while wire.link.window < 15:
        number = number_of(wire.send(b"G1 X1"))
        wire.hear(f"ok N{number} P15 B15")
        if b"M105" in wire.raw():
            wire.hear(FENCE_OK)
    assert len(wire.fill()) == 15


def test_counting_begins_anew_before_the_numbers_get_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "RENUMBER_AT", 50)
    wire = Wire()
    wire.calm(49)
    assert not wire.link.may_send(b"G1 X1")
    assert wire.sent() == [b"", b"N0 M110 N0*125"]
    wire.pass_time(2.1)
    assert wire.sent() == [b"", b"N0 M110 N0*125"]
    wire.hear("ok")
    assert wire.sent() == [b"N1M105*6"]
    wire.hear(FENCE_OK)
    assert wire.send(b"G1 X1").startswith(b"N2G1 X1*")

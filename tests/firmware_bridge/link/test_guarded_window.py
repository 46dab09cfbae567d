"""Where fragments of lines are run: a line that is held open, and trust that is earned."""

from support.link_wire import FENCE_OK, LIMITS, LONG, TRUST_LINES, Wire, number_of

from firmware_bridge.link.opening import TRUST_BYTES
from firmware_bridge.profile import Dialect


def test_the_second_line_is_held_open_until_the_first_is_done() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.calm(30)
    assert wire.link.window == 2
    first = wire.send(b"G1 X1")
    assert wire.link.may_send(b"G1 X22")
    wire.link.send(b"G1 X22", wire.now)
    held = wire.raw()
    assert held == b"N%dG1 X22" % (number_of(first) + 1)
    assert not wire.link.may_send(b"G1 X3")
    wire.hear("ok")
    assert wire.raw().startswith(b"*")
    wire.hear("ok")
    assert wire.link.in_flight == 0


def test_a_held_line_is_erased_before_what_is_sent_again() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.calm(30)
    first = wire.send(b"G1 X1")
    wire.link.send(b"G1 X22", wire.now)
    held = wire.raw()
    number = number_of(first)
    wire.hear(f"Error:checksum mismatch, Last Line: {number - 1}", f"Resend: {number}", "ok")
    assert wire.raw() == b""
    wire.pass_time(0.1)
    erased, again = wire.raw().split(b"\n")[:-1]
    assert erased == b"\b" * len(erased)
    assert len(erased) >= len(held)
    assert again == first
    assert wire.link.window == 1
    wire.hear("ok")
    assert wire.sent()[0].startswith(held + b"*")


def test_a_held_line_goes_when_the_ok_does_not_come() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.calm(30)
    wire.send(b"G1 X1")
    wire.link.send(b"G1 X22", wire.now)
    wire.raw()
    wire.pass_time(0.2)
    tail, fence = wire.sent()
    assert tail.startswith(b"*")
    assert b"M105" in fence


def test_an_ok_for_a_held_line_is_not_believed() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.calm(30)
    number = number_of(wire.send(b"G1 X1"))
    wire.link.send(b"G1 X22", wire.now)
    wire.raw()
    wire.hear(f"ok N{number + 1} P15 B3")
    assert wire.link.in_flight == 2


def test_an_emergency_goes_past_a_held_line() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.calm(30)
    wire.send(b"G1 X1")
    wire.link.send(b"G1 X22", wire.now)
    wire.raw()
    wire.link.send_unasked(b"M108", wire.now)
    tail, command = wire.sent()
    assert tail.startswith(b"*")
    assert command == b"M108"


def test_half_a_line_is_no_prefix_of_the_last_words() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.calm(30)
    wire.send(b"G1 X1")
    wire.link.send(b"G1 X22", wire.now)
    assert not wire.raw().endswith(b"\n")
    wire.link.stop()
    erased = wire.raw()
    assert erased == b"\b" * (len(erased) - 1) + b"\n"


def test_without_backspace_one_line_goes_until_the_wire_has_proven_itself() -> None:
    wire = Wire(Dialect.MARLIN, erases=False)
    wire.calm(TRUST_LINES * 9 // 10)
    assert wire.link.window == 1
    wire.calm(TRUST_LINES)
    assert wire.link.window == LIMITS.lines


def test_after_a_trouble_with_several_whole_lines_there_are_never_several_again() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.open_window(TRUST_LINES + 100)
    number = number_of(wire.fill()[0])
    wire.hear(f"Error:checksum mismatch, Last Line: {number - 1}", f"Resend: {number}", "ok")
    for _ in range(LIMITS.lines + 1):
        wire.pass_time(0.1)
        wire.hear(FENCE_OK if b"M105" in wire.raw() else "ok")
    wire.calm(3 * TRUST_LINES)
    assert wire.link.window == 2


def test_a_wire_proves_itself_while_nothing_else_is_said() -> None:
    wire = Wire(Dialect.MARLIN)
    proven = 0
    while wire.link.window < LIMITS.lines or wire.link.in_flight:
        wire.link.prove(wire.now)
        # One at a time: of another one behind it, damaged as well, a piece might be run.
        (proof,) = wire.sent()
        assert proof.rpartition(b"*")[0].rstrip().endswith(b"M105")
        proven += len(proof) + 1
        wire.hear(FENCE_OK)
    assert TRUST_BYTES < proven < TRUST_BYTES * 1.2
    wire.link.prove(wire.now)
    assert wire.sent() == []


def test_trust_is_dearer_after_a_trouble() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.calm(30)
    number = number_of(wire.send(LONG))
    wire.hear(f"Error:checksum mismatch, Last Line: {number - 1}", f"Resend: {number}", "ok")
    for _ in range(3):
        wire.pass_time(0.1)
        wire.hear(FENCE_OK if b"M105" in wire.raw() else "ok")
    wire.calm(TRUST_LINES * 3 // 2)
    assert wire.link.window == 2
    wire.calm(TRUST_LINES)
    assert wire.link.window == LIMITS.lines

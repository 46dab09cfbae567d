"""What a Resend means, and what it does not."""

from itertools import pairwise

from support.link_wire import FENCE_OK, LIMITS, Wire, number_of

from firmware_bridge.contract import FaultCode
from firmware_bridge.link.recovery import MAX_QUIET_S, MAX_RECOVERIES
from firmware_bridge.profile import Dialect


def test_a_resend_is_answered_once_however_often_it_is_asked_for() -> None:
    wire = Wire()
    wire.open_window()
    lines = wire.fill()
    number = number_of(lines[1])
    wire.hear("ok", f"Error:checksum mismatch, Last Line: {number - 1}", f"Resend: {number}", "ok")
    for _ in range(2):
        wire.hear(
            f"Error:Line Number is not Last Line Number+1, Last Line: {number - 1}", f"Resend: {number}", "ok"
        )
    assert wire.sent() == []
    wire.pass_time(0.2)
    repeated = []
    for _ in range(3):
        repeated += wire.sent()
        wire.hear("ok")
    assert repeated == lines[1:]
    assert wire.link.resends == 1
    assert wire.sent()[0].split(b"*")[0].endswith(b"M105")


def test_the_ok_after_a_resend_gives_no_credit() -> None:
    wire = Wire()
    line = wire.send(b"G1 X1")
    wire.hear("Error:checksum mismatch, Last Line: 0", "Resend: 1", "ok")
    wire.pass_time(0.1)
    assert wire.sent() == [line]
    assert not wire.link.may_send(b"G1 X2")


def test_a_number_that_cannot_be_is_asked_for_again() -> None:
    wire = Wire()
    wire.open_window()
    line = wire.fill()[0]
    number = number_of(line)
    wire.hear(f"Resend: {number + 4000}", "ok")
    wire.pass_time(0.5)
    assert wire.link.failure is None
    assert b"M105" in wire.sent()[0]
    wire.hear(f"Error:Line Number is not Last Line Number+1, Last Line: {number - 1}", f"Resend: {number}", "ok")
    wire.pass_time(0.2)
    assert wire.sent()[0] == line


def test_the_same_resend_for_ever_is_a_failure() -> None:
    wire = Wire()
    wire.send(b"G1 X1")
    for _ in range(MAX_RECOVERIES + 1):
        assert wire.link.failure is None
        wire.hear("Resend: 1", "ok")
        wire.pass_time(MAX_QUIET_S)
        wire.sent()
    assert wire.link.failure is not None
    assert wire.link.failure.code is FaultCode.BAD_CONNECTION


def test_the_same_resend_again_is_answered_later_each_time() -> None:
    wire = Wire()
    line = wire.send(b"G1 X1")
    waits = []
    for _ in range(8):
        wire.hear("Resend: 1", "ok")
        asked_at = wire.now
        while not (sent := wire.sent()):
            wire.pass_time(0.001)
        assert sent == [line]
        waits.append(wire.now - asked_at)
    assert all(later > 1.5 * earlier for earlier, later in pairwise(waits[:-1]))
    assert waits[-1] < 1.1 * MAX_QUIET_S


def test_one_incident_counts_once() -> None:
    wire = Wire()
    wire.open_window()
    number = number_of(wire.fill()[0])
    wire.hear(f"Error:checksum mismatch, Last Line: {number - 1}", f"Resend: {number}", "ok")
    wire.hear(f"Error:Line Number is not Last Line Number+1, Last Line: {number - 1}", f"Resend: {number}", "ok")
    for _ in range(LIMITS.lines + 1):
        wire.pass_time(0.1)
        wire.hear(FENCE_OK if b"M105" in wire.raw() else "ok")
    wire.calm(100)
    assert wire.link.resends == 1
    assert wire.link.window == LIMITS.lines


def test_a_resend_that_has_forgotten_the_upper_bits() -> None:
    wire = Wire(Dialect.REPETIER)
    while wire.link.next_number < 65_600:
        wire.send(b"G1 X1")
        wire.hear("ok")
        if b"M105" in wire.raw():
            wire.hear(" T:20.0 /0.0 B:20.0 /0.0", "ok")
            wire.hear("ok")
    line = wire.send(b"G1 X2")
    wire.hear(f"Resend:{number_of(line) & 0xFFFF}", "ok")
    wire.pass_time(0.2)
    assert wire.sent()[0] == line

"""What happens where an ok does not come."""

from support.link_wire import FENCE_OK, Wire

from firmware_bridge.contract import FaultCode


def test_a_lost_ok_is_found_by_a_fence() -> None:
    wire = Wire()
    wire.send(b"G1 X1")
    wire.pass_time(0.5)
    (fence,) = wire.sent()
    assert fence.startswith(b"N2M105*")
    wire.hear("ok T:20.0 /0.0 B:20.0 /0.0")
    assert wire.link.has_passed(1)
    assert wire.link.timeouts == 1


def answer_after(wire: Wire, seconds: float, times: int) -> None:
    """So many lines, each with its ok so much later."""
    for _ in range(times):
        wire.send(b"G1 X1")
        wire.pass_time(seconds)
        wire.hear("ok")
        if b"M105" in wire.raw():
            wire.hear(FENCE_OK)


def doubted_after(wire: Wire) -> float:
    """How long a line's ok is waited for before a fence goes."""
    wire.send(b"G1 X1")
    began = wire.now
    while not wire.sent():
        wire.pass_time(0.01)
    return wire.now - began


def test_a_printer_that_answers_soon_is_doubted_soon() -> None:
    wire = Wire()
    assert doubted_after(wire) > 0.1
    wire = Wire()
    answer_after(wire, 0.002, times=4000)
    assert doubted_after(wire) < 0.03


def test_one_long_wait_is_remembered_for_a_while() -> None:
    wire = Wire()
    answer_after(wire, 0.002, times=4000)
    answer_after(wire, 0.019, times=1)
    answer_after(wire, 0.0005, times=400)
    assert 0.06 < doubted_after(wire) < 0.09


def test_a_doubt_without_a_reason_makes_the_next_come_later() -> None:
    wire = Wire()
    before = doubted_after(wire)
    for _ in range(4):
        wire.hear("ok", FENCE_OK)
        after = doubted_after(wire)
        assert after > 1.5 * before or after > 1.9
        before = after
    assert wire.link.timeouts == 0


def test_a_lost_line_is_found_by_a_fence() -> None:
    wire = Wire()
    line = wire.send(b"G1 X1")
    wire.pass_time(0.5)
    wire.sent()
    wire.hear("Error:Line Number is not Last Line Number+1, Last Line: 0", "Resend: 1", "ok")
    wire.pass_time(0.1)
    assert wire.sent() == [line]


def test_silence_is_a_failure_and_no_question_storm() -> None:
    wire = Wire()
    wire.send(b"G1 X1")
    wire.pass_time(60)
    assert wire.link.failure is not None
    assert wire.link.failure.code is FaultCode.PRINTER_SILENT
    assert len(wire.sent()) <= 3


def test_reports_without_an_ok_are_not_life_enough() -> None:
    wire = Wire()
    wire.send(b"G1 X1")
    for _ in range(60):
        wire.hear(" T:210.0 /210.0 B:60.0 /60.0 @:0 B@:0")
        wire.pass_time(1)
    assert wire.link.failure is not None
    assert wire.link.failure.code is FaultCode.BAD_CONNECTION


def test_busy_is_life_enough() -> None:
    wire = Wire()
    wire.send(b"G28")
    for _ in range(200):
        wire.hear("echo:busy: processing")
        wire.pass_time(2)
    assert wire.link.failure is None
    wire.hear("ok")

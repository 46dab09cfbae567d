"""What happens where an ok does not come."""

from support.link_wire import Wire

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

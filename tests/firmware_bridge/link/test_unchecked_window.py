"""Where nothing is checked: nothing goes twice, and what is missing is a failure."""

from support.link_wire import LIMITS, Plain


def test_nothing_is_numbered_where_nothing_is_checked() -> None:
    wire = Plain()
    assert wire.send(b"G1 X1") == b"G1 X1\n"


def test_an_answer_on_the_ok_line_is_an_ok() -> None:
    wire = Plain()
    wire.send(b"M115")
    wire.hear(b"ok FIRMWARE_NAME:Klipper FIRMWARE_VERSION:v0.13.0")
    assert wire.link.in_flight == 0


def test_a_missing_ok_is_a_failure_where_nothing_is_checked() -> None:
    wire = Plain()
    wire.send(b"G1 X1")
    for _ in range(100):
        wire.now += 0.01
        wire.link.tick(wire.now)
    assert wire.link.outgoing() == b"M105\n"
    wire.hear(b"ok B:22.9 /0.0 T0:24.0 /0.0")
    assert wire.link.failure is not None
    assert "missing" in wire.link.failure.detail


def test_a_late_ok_is_none_where_nothing_is_checked() -> None:
    wire = Plain()
    wire.send(b"G1 X1")
    for _ in range(100):
        wire.now += 0.01
        wire.link.tick(wire.now)
    wire.hear(b"ok")
    wire.hear(b"ok B:22.9 /0.0 T0:24.0 /0.0")
    assert wire.link.failure is None
    assert wire.link.in_flight == 0


def test_nothing_goes_twice_where_nothing_is_checked() -> None:
    wire = Plain()
    wire.send(b"G1 X1")
    wire.hear(b"Resend: 1")
    for _ in range(3000):
        wire.now += 0.01
        wire.link.tick(wire.now)
    assert b"G1" not in wire.link.outgoing()


def test_what_waits_at_the_host_is_no_limit_but_a_cancel_is_heard_soon() -> None:
    wire = Plain()
    sent = 0
    while wire.link.may_send(b"G1 X100.000 Y100.000 E1.00000"):
        wire.send(b"G1 X100.000 Y100.000 E1.00000")
        sent += 1
    assert LIMITS.lines < sent < 20

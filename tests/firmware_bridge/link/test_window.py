"""The window's rules, one by one, against a wire that says exactly what the test wants."""

import pytest

from firmware_bridge.contract import FaultCode
from firmware_bridge.link.window import MAX_RECOVERIES, Limits, Link
from firmware_bridge.profile import Dialect

LIMITS = Limits(bytes=127, lines=4)


class Wire:
    """The link with a clock that only moves when it is told to."""

    def __init__(self, dialect: Dialect = Dialect.PRUSA, limits: Limits = LIMITS) -> None:
        self.now = 100.0
        self.link = Link(dialect, limits)
        self.link.hello(self.now)
        assert self.sent() == [b"", b"N0 M110 N0*125"]
        self.hear("ok")
        assert self.link.synced

    def hear(self, *lines: str) -> None:
        self.link.receive("".join(line + "\n" for line in lines).encode(), self.now)

    def pass_time(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + 0.01)
            self.link.tick(self.now)

    def sent(self) -> list[bytes]:
        return self.link.outgoing().split(b"\n")[:-1]

    def send(self, command: bytes) -> bytes:
        assert self.link.may_send(command)
        self.link.send(command, self.now)
        return self.sent()[-1]

    def open_window(self) -> None:
        for _ in range(200):
            self.send(b"G1 X1")
            self.hear("ok")
        assert self.link.window == LIMITS.lines

    def fill(self, command: bytes = b"G1 X1") -> list[bytes]:
        lines = []
        while self.link.may_send(command):
            lines.append(self.send(command))
        return lines


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


def test_a_resend_is_answered_once_however_often_it_is_asked_for() -> None:
    wire = Wire()
    wire.open_window()
    lines = wire.fill()
    number = int(lines[1][1:].split()[0])
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


def test_a_lost_ok_is_found_by_a_fence() -> None:
    wire = Wire()
    wire.send(b"G1 X1")
    wire.pass_time(0.5)
    (fence,) = wire.sent()
    assert fence.startswith(b"N2 M105*")
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


def test_an_ok_too_many_never_passes_a_fence() -> None:
    wire = Wire()
    wire.send(b"M105")
    wire.hear("ok", "ok")
    assert not wire.link.has_passed(1)
    wire.hear("ok T:20.0 /0.0")
    assert wire.link.has_passed(1)


def test_a_number_that_cannot_be_is_asked_for_again() -> None:
    wire = Wire()
    wire.open_window()
    line = wire.fill()[0]
    number = int(line[1:].split()[0])
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
        wire.pass_time(0.2)
        wire.sent()
    assert wire.link.failure is not None
    assert wire.link.failure.code is FaultCode.BAD_CONNECTION


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


def test_advanced_ok_says_which_line() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.open_window()
    lines = wire.fill()
    last = int(lines[-1][1:].split()[0])
    wire.hear(f"ok N{last} P15 B3")
    assert len(wire.fill()) == len(lines)


def test_a_fragment_that_ran_ends_it() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.send(b"G1 X1")
    wire.hear("Error:checksum mismatch, Last Line: 0", "Resend: 1", "ok", "ok")
    assert wire.link.failure is not None
    assert "fragment" in wire.link.failure.detail


def test_a_fragment_that_was_unknown_is_harmless() -> None:
    wire = Wire(Dialect.MARLIN)
    wire.send(b"G1 X1")
    wire.hear("Error:checksum mismatch, Last Line: 0", "Resend: 1", "ok", 'echo:Unknown command: "33"', "ok")
    assert wire.link.failure is None

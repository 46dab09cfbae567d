"""The window's rules, one by one, against a wire that says exactly what the test wants."""

import pytest

from firmware_bridge.contract import FaultCode
from firmware_bridge.link import window
from firmware_bridge.link.opening import TRUST_BYTES
from firmware_bridge.link.recovery import MAX_RECOVERIES
from firmware_bridge.link.window import Limits, Link
from firmware_bridge.profile import Dialect

LIMITS = Limits(bytes=127, lines=4)
LONG = b"G1 X100.12345 Y100.12345 Z100.12345 E100.12345 F1234.5678"
TRUST_LINES = TRUST_BYTES // (len(b"N*1\n1") + len(LONG))
"""After so many long lines the wire is trusted at the latest."""
FENCE_OK = "ok T:20.0 /0.0 B:20.0 /0.0"


def number_of(line: bytes) -> int:
    return int(line.lstrip(b"N").partition(b"G")[0].partition(b"M")[0])


class Wire:
    """The link with a clock that only moves when it is told to."""

    def __init__(self, dialect: Dialect = Dialect.PRUSA, limits: Limits = LIMITS, erases: bool = True) -> None:
        self.now = 100.0
        self.link = Link(dialect, limits)
        self.link.hello(self.now)
        assert self.sent() == [b"", b"N0 M110 N0*125"]
        self.hear("ok")
        assert self.link.synced
        if dialect is Dialect.MARLIN:
            assert self.sent() == [b"?\x08N1M105*6"]
            if erases:
                self.hear(FENCE_OK)
            else:
                self.hear('echo:Unknown command: "?\x08N1M105*6"', "ok")
                self.pass_time(0.1)
                assert self.sent() == [b"N1M105*6"]
                self.hear(FENCE_OK)

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

    def raw(self) -> bytes:
        return self.link.outgoing()

    def calm(self, lines: int, command: bytes = LONG) -> None:
        for _ in range(lines):
            self.send(command)
            self.hear("ok")
            if b"M105" in self.raw():
                self.hear(FENCE_OK)

    def open_window(self, lines: int = 200) -> None:
        self.calm(lines)
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
    wire.open_window(TRUST_LINES + 100)
    lines = wire.fill()
    last = number_of(lines[-1])
    wire.hear(f"ok N{last} P15 B3")
    assert len(wire.fill()) == len(lines)


def test_an_idle_printer_says_how_many_lines_its_queue_holds() -> None:
    wire = Wire(Dialect.PRUSA, Limits(bytes=2000, lines=3))
    while wire.link.window < 15:
        number = number_of(wire.send(b"G1 X1"))
        wire.hear(f"ok N{number} P15 B15")
        if b"M105" in wire.raw():
            wire.hear(FENCE_OK)
    assert len(wire.fill()) == 15


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


# --- where fragments are run ----------------------------------------------------------------------


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
    proofs = 0
    while wire.link.window < LIMITS.lines:
        wire.link.prove(wire.now)
        (proof,) = wire.sent()
        assert proof.rpartition(b"*")[0].rstrip().endswith(b"M105")
        wire.hear(FENCE_OK)
        proofs += 1
        wire.link.prove(wire.now)
        if wire.link.in_flight == 0:
            wire.calm(40)
    assert TRUST_BYTES * 0.9 < proofs * (len(proof) + 1) < TRUST_BYTES * 1.1


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


# --- where nothing is checked ---------------------------------------------------------------------


class Plain:
    """The link to a firmware without numbers, over the same clock."""

    def __init__(self) -> None:
        self.now = 100.0
        self.link = Link(Dialect.KLIPPER, LIMITS)
        self.link.hello(self.now)
        assert self.link.outgoing() == b"M110 N0\n"
        self.link.receive(b"ok\n", self.now)

    def send(self, command: bytes) -> bytes:
        self.link.send(command, self.now)
        return self.link.outgoing()

    def hear(self, line: bytes) -> None:
        self.link.receive(line + b"\n", self.now)


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


# --- numbers ----------------------------------------------------------------------------------------


def test_counting_begins_anew_before_the_numbers_get_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "RENUMBER_AT", 50)
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

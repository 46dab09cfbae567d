"""Heaters off at a printer that was left alone: against scripts and against the simulated firmware."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from firmware_bridge.link.framing import frame
from firmware_bridge.machine.cooling import Cooling, Verdict
from firmware_bridge.profile import Dialect, load_profile
from firmware_bridge.simulator.board import Board, Options
from firmware_bridge.simulator.firmwares.table import USUAL
from firmware_bridge.simulator.handlers.table import handlers_for
from firmware_bridge.simulator.motion import Limits

TIMEOUT_S = 8.0
STEP_S = 0.01
COLD = b"ok T:180.0 /0.0 B:50.0 /0.0 @:0 B@:0\n"
HOT = b"ok T:180.0 /215.0 B:50.0 /0.0 @:0 B@:0\n"


def cooling(dialect: Dialect = Dialect.MARLIN, *, resets_on_dtr: bool = True) -> Cooling:
    return Cooling(dialect, 0.0, TIMEOUT_S, resets_on_dtr=resets_on_dtr)


def converse(subject: Cooling, answer: Callable[[bytes], bytes]) -> tuple[list[bytes], float]:
    """Each line is answered at once. The lines that were said, and when it was over."""
    said: list[bytes] = []
    now = 0.0
    while subject.verdict is None:
        now += STEP_S
        lines = [line for line in subject.outgoing().split(b"\n") if line]
        said += lines
        replies = b"".join(answer(line) for line in lines)
        subject.take_reset()
        if replies:
            subject.receive(replies, now)
        else:
            subject.tick(now)
    said += [line for line in subject.outgoing().split(b"\n") if line]
    return said, now


def temperatures(reading: bytes) -> Callable[[bytes], bytes]:
    return lambda line: reading if b"M105" in line else b"ok\n"


def test_both_plain_and_numbered_lines_are_read_back() -> None:
    subject = cooling()
    said, seconds = converse(subject, temperatures(COLD))
    assert subject.verdict is Verdict.COLD
    commands = (b"M104 S0", b"M140 S0", b"M105")
    numbered = [frame(number, command).strip() for number, command in enumerate(commands, start=1)]
    assert said == [b"M108", *commands, b"N0 M110 N0*125", *numbered]
    assert seconds < 0.5
    assert subject.escalations == []


@pytest.mark.parametrize("dialect", [Dialect.PRUSA, Dialect.REPETIER, Dialect.SMOOTHIE, Dialect.KLIPPER])
def test_m108_is_not_said_where_it_is_not_known(dialect: Dialect) -> None:
    said, _ = converse(cooling(dialect), temperatures(COLD))
    assert b"M108" not in said


def test_one_cold_reading_is_no_proof() -> None:
    readings = iter((COLD, HOT, COLD, COLD))
    subject = cooling()
    said, _ = converse(subject, lambda line: next(readings) if b"M105" in line else b"ok\n")
    assert subject.verdict is Verdict.COLD
    assert len([line for line in said if b"M105" in line]) == 4


@pytest.mark.parametrize(
    "reading",
    [
        HOT,
        b"ok T:180.0 /0.0 B:50.0 /60.0\n",
        b"ok T:180.0 B:50.0\n",
        b"ok T:180.0 /0.0 B:50.0\n",
        # The firmware's own report is older than the answer, perhaps older than our lines.
        b"ok\n T:180.0 /0.0 B:50.0 /0.0\n",
        b"T:180.0 E:0 W:?\n",
    ],
)
def test_what_does_not_say_that_both_are_off_ends_in_all_that_can_be_done(reading: bytes) -> None:
    subject = cooling()
    said, seconds = converse(subject, temperatures(reading))
    assert subject.verdict is Verdict.UNKNOWN
    assert subject.escalations == ["M410", "M112", "DTR"]
    assert b"M112" in said and frame(1, b"M112").strip() in said
    assert seconds <= TIMEOUT_S + STEP_S


def test_an_answer_behind_the_ok_counts_where_the_firmware_does_so() -> None:
    subject = cooling(Dialect.REPETIER)
    converse(subject, temperatures(b"ok 3\nT:180.00 /0 B:50.00 /0 B@:0 @:0\n"))
    assert subject.verdict is Verdict.COLD


def test_a_printer_without_a_heated_bed() -> None:
    subject = cooling()
    converse(subject, temperatures(b"ok T:180.0 /0.0 @:0\n"))
    assert subject.verdict is Verdict.COLD


def test_the_queue_of_a_printer_that_does_not_answer_keeps_room_for_m112() -> None:
    subject = cooling(Dialect.PRUSA)
    said, seconds = converse(subject, lambda line: b"")
    assert said[: said.index(b"M112")] == [b"M104 S0"]
    assert subject.verdict is Verdict.UNKNOWN
    assert not subject.has_heard
    assert seconds <= TIMEOUT_S + STEP_S


def test_no_pulse_where_the_board_takes_none() -> None:
    subject = cooling(resets_on_dtr=False)
    converse(subject, lambda line: b"")
    assert subject.escalations == ["M112"]
    assert not subject.take_reset()


def test_a_board_that_starts_anew_is_cold() -> None:
    subject = cooling()
    subject.receive(b"\x80st", 0.2)
    assert subject.verdict is None
    subject.receive(b"x\nstart\n", 0.3)
    assert subject.verdict is Verdict.RESTARTED


def test_a_firmware_that_says_it_has_stopped_is_stopped_for_good() -> None:
    subject = cooling()
    subject.receive(b"Error:Printer halted. kill() called!\n", 0.2)
    assert subject.verdict is Verdict.HALTED
    assert b"\nM112\n" in subject.outgoing()


def board(profile: str, *, emergency_parser: bool) -> Board:
    model = load_profile(profile)
    usual = USUAL[model.dialect]
    firmware = replace(usual, emergency_parser=emergency_parser and usual.emergency_parser)
    limits = Limits(((0.0, 250.0), (0.0, 210.0), (0.0, 210.0)))
    options = Options(speed=1.0, rx_buffer_bytes=model.rx_buffer_bytes, boot_s=0.0)
    return Board(firmware, model.name, limits, options, handlers_for(firmware))


def left_alone(rng: random.Random, at_most: int) -> Sequence[bytes]:
    """What a host that was killed may have said: numbered lines, the last of them cut off anywhere."""
    waits = [b"M109 S215", b"M190 S60", b"M104 S215", b"G28", b"G4 S2", b"M105"]
    moves = [b"G1 X%d E1 F%d" % (rng.randrange(200), rng.choice((300, 6000))) for _ in range(6)]
    commands = rng.choices(waits + moves, k=rng.randint(1, at_most))
    lines = [frame(number, command) for number, command in enumerate(commands, start=1)]
    lines[-1] = lines[-1][: rng.randrange(1, len(lines[-1]) + 1)]
    return lines


@pytest.mark.parametrize(
    ("profile", "emergency_parser", "at_most"),
    # Without an emergency parser nothing gets past a queue full of waits: there only a reset helps.
    [("ender3", True, 7), ("ender3", False, 1), ("prusa-mk3s", False, 2)],
)
def test_whatever_the_firmware_was_left_in(profile: str, emergency_parser: bool, at_most: int) -> None:
    """Without a reset by DTR."""
    for seed in range(200):
        firmware = board(profile, emergency_parser=emergency_parser)
        said = left_alone(random.Random(seed), at_most)
        verdict = left_and_cooled(firmware, load_profile(profile).dialect, said)
        assert verdict is not Verdict.UNKNOWN, seed
        assert firmware.nozzle.target_c == firmware.bed.target_c == 0.0, seed


@pytest.mark.parametrize("profile", ["prusa-mk3s", "ender3"])
def test_never_cold_by_mistake(profile: str) -> None:
    """Also where the firmware cannot be reached."""
    verdicts = []
    for seed in range(200):
        firmware = board(profile, emergency_parser=False)
        said = left_alone(random.Random(seed), at_most=9)
        verdicts.append(left_and_cooled(firmware, load_profile(profile).dialect, said))
        is_cold = firmware.nozzle.target_c == firmware.bed.target_c == 0.0
        assert is_cold or verdicts[-1] is Verdict.UNKNOWN, seed
    assert set(verdicts) == {Verdict.COLD, Verdict.HALTED, Verdict.UNKNOWN}


def left_and_cooled(firmware: Board, dialect: Dialect, said: Sequence[bytes]) -> Verdict | None:
    """A hot printer that has been told that, and what becomes of it."""
    firmware.power_on(0.0)
    firmware.run(0.0)
    firmware.receive(b"M104 S215\nM140 S60\n", 0.0)
    now = 1.0
    firmware.run(now)
    firmware.receive(b"\nN0 M110 N0*125\n", now)
    for line in said:
        firmware.receive(line, now)
        firmware.run(now)
    firmware.take_output()
    assert (firmware.nozzle.target_c, firmware.bed.target_c) == (215.0, 60.0)
    subject = Cooling(dialect, now, TIMEOUT_S, resets_on_dtr=False)
    while subject.verdict is None:
        now += STEP_S
        firmware.receive(subject.outgoing(), now)
        firmware.run(now)
        heard = firmware.take_output()
        if heard:
            subject.receive(heard, now)
        else:
            subject.tick(now)
    firmware.receive(subject.outgoing(), now)
    return subject.verdict

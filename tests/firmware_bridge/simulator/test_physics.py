"""Heat, motion and the wire, against arithmetic."""

import math

import pytest

from firmware_bridge.simulator.damage import Damage, Kind
from firmware_bridge.simulator.firmwares.form import Trouble
from firmware_bridge.simulator.heaters import AMBIENT_C, Fault, Guard, Heater, bed, nozzle
from firmware_bridge.simulator.motion import Limits, Motion
from firmware_bridge.simulator.wire import Wire

LIMITS = Limits(reach=((0.0, 250.0), (-4.0, 210.0), (0.0, 210.0)))


def seconds_to(heater: Heater, target_c: float) -> float:
    """How long until it reads that, in steps of a tenth."""
    below = heater.reading_c < target_c
    passed = 0.0
    while (heater.reading_c < target_c) == below and passed < 5000:
        heater.advance(0.1)
        passed += 0.1
    return passed


def test_a_nozzle_heats_and_cools_as_a_real_one() -> None:
    heater = nozzle()
    heater.target_c = 215.0
    assert 70 < seconds_to(heater, 214.9) < 100
    heater.target_c = 0.0
    assert 240 < seconds_to(heater, 50.0) < 420


def test_a_bed_heats_and_cools_as_a_real_one() -> None:
    heater = bed()
    heater.target_c = 60.0
    assert 55 < seconds_to(heater, 59.9) < 110
    heater.target_c = 0.0
    assert 300 < seconds_to(heater, 40.0) < 600


@pytest.mark.parametrize("step_s", [0.01, 0.7, 500.0])
def test_the_step_does_not_matter(step_s: float) -> None:
    heater = nozzle()
    heater.target_c = 200.0
    for _ in range(math.ceil(500 / step_s)):
        heater.advance(step_s)
    assert heater.reading_c == pytest.approx(200.0)
    assert 0 < heater.power < 127


def test_a_lower_target_is_reached_from_above() -> None:
    heater = nozzle()
    heater.target_c = 200.0
    heater.advance(500)
    heater.target_c = 150.0
    heater.advance(5)
    assert 150 < heater.reading_c < 200 and heater.power == 0
    heater.advance(500)
    assert heater.reading_c == pytest.approx(150.0)


@pytest.mark.parametrize(
    ("heater", "target_c", "least_c", "most_c"), [(nozzle(), 215, 2.0, 4.0), (bed(), 60, 0.5, 2.0)]
)
def test_a_heater_shoots_over_its_target_and_comes_back(
    heater: Heater, target_c: float, least_c: float, most_c: float
) -> None:
    heater.target_c = target_c
    highest_c = 0.0
    for _ in range(4000):
        heater.advance(0.1)
        highest_c = max(highest_c, heater.reading_c)
    assert least_c < highest_c - target_c < most_c
    assert heater.reading_c == pytest.approx(target_c, abs=0.05)
    heater.target_c = target_c + 1.0
    heater.advance(60)
    assert heater.reading_c == pytest.approx(target_c + 1.0, abs=0.1), "a small step shoots over by little"


def test_a_target_that_no_heater_reaches() -> None:
    heater = nozzle()
    heater.target_c = 9999.0
    heater.advance(10_000)
    assert heater.reading_c == pytest.approx(AMBIENT_C + heater.gain_c)
    heater.target_c = 200.0
    heater.advance(1000)
    assert heater.reading_c == pytest.approx(200.0)


def test_faults_of_a_heater() -> None:
    heater = nozzle()
    heater.target_c = 200.0
    heater.break_with(Fault.NO_POWER)
    heater.advance(100)
    assert heater.reading_c == pytest.approx(AMBIENT_C)
    heater.break_with(Fault.ALWAYS_ON)
    heater.target_c = 0.0
    heater.advance(300)
    assert heater.reading_c > 300
    heater.break_with(Fault.STUCK_SENSOR)
    stuck = heater.reading_c
    heater.advance(300)
    assert heater.reading_c == stuck


def guarded(fault: Fault, after_s: float) -> tuple[Trouble | None, float]:
    """What the guard says and when, where the fault comes after so many seconds of heating to 200 °C."""
    heater, guard = nozzle(), Guard(watch_s=20.0)
    heater.target_c = 200.0
    for tick in range(1, 4000):
        heater.advance(0.5)
        if tick * 0.5 == after_s:
            heater.break_with(fault)
        what = guard.check(heater, tick * 0.5)
        if what is not None:
            return what, tick * 0.5
    return None, math.inf


def test_the_firmwares_guard_notices_and_does_not_cry_wolf() -> None:
    assert guarded(Fault.NONE, 1.0)[0] is None
    what, when = guarded(Fault.NO_POWER, 10.0)
    assert what is Trouble.HEATING_FAILED and when < 60
    what, when = guarded(Fault.NO_POWER, 300.0)
    assert what is Trouble.RUNAWAY and 340 < when < 360


def move(motion: Motion, now: float, **axes: float) -> None:
    goal = list(motion.position)
    for axis, value in axes.items():
        goal["xyze".index(axis)] = motion.target("xyze".index(axis), value)
    motion.enqueue(goal, now)


def test_a_straight_line_in_pieces_takes_its_length_at_its_speed() -> None:
    motion = Motion(LIMITS, feed_mm_s=50.0)
    for n in range(1, 11):
        move(motion, 0.0, x=10.0 * n)
    assert motion.ends_at(0.0) == pytest.approx(2.0, abs=0.1)


def test_corners_and_limits_cost_time() -> None:
    straight, zigzag = Motion(LIMITS, feed_mm_s=100.0), Motion(LIMITS, feed_mm_s=100.0)
    for n in range(1, 11):
        move(straight, 0.0, x=10.0 * n)
        move(zigzag, 0.0, x=100.0 + 10.0 * (n % 2))
    assert zigzag.ends_at(0.0) > 1.3 * straight.ends_at(0.0)
    slow = Motion(LIMITS, feed_mm_s=100.0)
    move(slow, 0.0, z=12.0)
    assert slow.ends_at(0.0) >= 1.0


def test_the_planner_has_fifteen_places_and_empties_in_time() -> None:
    motion = Motion(LIMITS, feed_mm_s=10.0)
    for n in range(1, motion.blocks + 1):
        assert motion.free_blocks(0.0) == motion.blocks - n + 1
        move(motion, 0.0, x=10.0 * n)
    assert motion.free_blocks(0.0) == 0
    assert motion.free_blocks(motion.takes_move_at() + 0.001) == 1
    assert motion.free_blocks(motion.ends_at(0.0)) == motion.blocks


def test_running_dry_is_counted_and_waiting_on_purpose_is_not() -> None:
    motion = Motion(LIMITS, feed_mm_s=10.0)
    move(motion, 0.0, x=10.0)
    end = motion.ends_at(0.0)
    move(motion, end + 0.5, x=20.0)
    assert (motion.starvation.times, motion.starvation.longest_s) == (1, pytest.approx(0.5))
    motion.expect_pause()
    move(motion, 100.0, x=30.0)
    assert motion.starvation.times == 1


def test_software_end_stops() -> None:
    motion = Motion(LIMITS)
    assert motion.within_reach([999.0, -50.0, 3.0, 7.0]) == [250.0, -4.0, 3.0, 7.0]


def test_a_wire_delivers_at_its_rate_and_not_before() -> None:
    wire = Wire(1000.0)
    wire.push(b"a" * 100, 5.0)
    assert wire.pop(5.0) == b""
    assert len(wire.pop(5.0305)) == 30
    wire.push(b"b" * 10, 5.05)
    assert len(wire.pop(5.2)) == 80
    wire.push(b"c", 9.0)
    assert wire.pop(9.0005) == b""
    assert wire.next_due() == pytest.approx(9.001)
    assert wire.pop(9.0011) == b"c"
    assert wire.next_due() is None


def test_latency_shifts_every_byte_alike() -> None:
    wire = Wire(None, latency_s=0.016)
    wire.push(b"a", 0.0)
    assert wire.pop(0.0) == b""
    wire.push(b"b", 0.010)
    assert wire.pop(0.010) == b""
    assert wire.pop(0.016) == b"a"
    assert wire.pop(0.0261) == b"b"


def test_noise_hits_as_often_as_it_is_told_and_the_same_bytes_again() -> None:
    clean = bytes(100_000)
    noise = Damage(seed=3)
    noise.set_rate(Kind.FLIP, 1 / 500)
    dirty = noise.pass_on(clean)
    hits = [n for n, byte in enumerate(dirty) if byte]
    assert 140 < len(hits) == noise.hits < 270
    again = Damage(seed=3)
    again.set_rate(Kind.FLIP, 1 / 500)
    in_pieces = b"".join(again.pass_on(clean[n : n + 7]) for n in range(0, len(clean), 7))
    assert in_pieces == dirty
    noise.set_rate(Kind.FLIP, 0)
    assert noise.pass_on(clean) == clean

"""One heater: when it has settled, how long it takes, and when it is not well."""

from firmware_bridge.contract import FaultCode
from firmware_bridge.machine.heating import BED, NOZZLE, Heater


def heat(heater: Heater, curve: list[float], began: float = 0.0) -> float:
    """One measurement a second; returns the time of the last."""
    now = began
    for actual in curve:
        heater.observe(actual, now)
        now += 1.0
    return now - 1.0


def test_settles_only_after_a_while_in_the_window() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    heater.set_target(210.0, 0.0)
    assert not heater.has_settled(heat(heater, [20.0, 100.0, 208.0]))
    assert heater.has_settled(heat(heater, [209.0, 210.0], began=3.0))


def test_a_first_reading_of_zero_is_no_reading() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    assert not heater.has_settled(heat(heater, [0.0, 0.0, 0.0]))


def test_hotter_is_hot_enough_unless_cooling_is_waited_for() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    heater.set_target(180.0, 0.0)
    now = heat(heater, [215.0, 214.0])
    assert heater.has_settled(now)
    assert not heater.has_settled(now, from_above=True)


def test_guesses_the_time_from_the_pace() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    heater.set_target(210.0, 0.0)
    heat(heater, [100.0 + 2.0 * i for i in range(11)])
    remaining = heater.remaining_s()
    assert remaining is not None
    assert abs(remaining - 45.0) < 1.0


def test_no_rise_is_a_fault() -> None:
    for limits, code in ((NOZZLE, FaultCode.HEATING_TOO_SLOW), (BED, FaultCode.HEATING_TOO_SLOW)):
        heater = Heater(limits, cap_c=100.0)
        heater.set_target(60.0, 0.0)
        now = heat(heater, [21.0] * int(limits.rise_s))
        assert heater.fault(now) is None
        now = heat(heater, [21.0] * 3, began=now + 1.0)
        fault = heater.fault(now)
        assert fault is not None
        assert fault.code is code
        assert limits.name in fault.detail


def test_a_slow_rise_is_none() -> None:
    heater = Heater(BED, cap_c=70.0)
    heater.set_target(60.0, 0.0)
    now = 0.0
    for step in range(400):
        now = heat(heater, [20.0 + 0.05 * step], began=now + 1.0)
        assert heater.fault(now) is None


def test_falling_away_from_the_target_is_a_fault() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    heater.set_target(210.0, 0.0)
    now = heat(heater, [209.0] * 60)
    assert heater.fault(now) is None
    now = heat(heater, [max(150.0, 205.0 - i) for i in range(60)], began=now + 1.0)
    fault = heater.fault(now)
    assert fault is not None
    assert fault.code is FaultCode.THERMAL


def test_far_above_the_cap_is_a_fault_at_once() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    heater.set_target(210.0, 0.0)
    now = heat(heater, [210.0, 260.0])
    assert heater.fault(now) is None
    now = heat(heater, [262.0], began=now + 1.0)
    assert heater.fault(now) is not None


def test_what_does_not_cool_when_it_is_off_is_a_fault() -> None:
    for limits, at_c in ((NOZZLE, 200.0), (BED, 60.0)):
        heater = Heater(limits, cap_c=230.0)
        now = heat(heater, [at_c] * int(limits.fall_s))
        assert heater.fault(now) is None
        now = heat(heater, [at_c] * 2, began=now + 1.0)
        fault = heater.fault(now)
        assert fault is not None and fault.code is FaultCode.THERMAL
        assert "above" in fault.detail


def test_a_target_of_the_printers_own_is_none() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    for now in range(300):
        heater.observe(200.0, float(now), 200.0)
        assert heater.fault(float(now)) is None


def test_what_cools_slowly_is_none() -> None:
    """A bed under a print, from 60 °C: 1 °C in two minutes; a nozzle with a sock: 1 °C in 15 s."""
    for limits, at_c, rate in ((BED, 60.0, 1 / 120), (NOZZLE, 215.0, 1 / 15)):
        heater = Heater(limits, cap_c=230.0)
        now = 0.0
        for second in range(1800):
            now = heat(heater, [max(22.0, at_c - rate * second)], began=float(second))
            assert heater.fault(now) is None


def test_a_sensor_that_sticks_above_a_lower_target_is_a_fault() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    heater.set_target(215.0, 0.0)
    now = heat(heater, [215.0] * 20)
    heater.set_target(170.0, now)
    now = heat(heater, [215.0] * 42, began=now + 1.0)
    assert heater.fault(now) is not None


def test_off_is_never_a_fault() -> None:
    heater = Heater(NOZZLE, cap_c=230.0)
    assert heater.fault(heat(heater, [21.0] * 300)) is None

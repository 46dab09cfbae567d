"""The bridge's own moves stay inside the volume and come back exactly."""

from dataclasses import replace

from firmware_bridge.gcode.read import Modal, parse_line
from firmware_bridge.machine import parking
from firmware_bridge.profile import load_profile

PROFILE = load_profile("prusa-mk3s")
PRINTING = Modal(
    x=101.234, y=55.5, z=3.4, e=12.5, feed_mm_min=1800, e_absolute=False, homed=True, nozzle_c=210, bed_c=60
)


def follow(modal: Modal, lines: tuple[bytes, ...]) -> Modal:
    """The state after the lines."""
    result = replace(modal)
    for line in lines:
        words = parse_line(line)
        assert words is not None
        result.apply(words)
    return result


def test_away_and_back_end_where_they_began() -> None:
    for modal in (PRINTING, replace(PRINTING, e_absolute=True), replace(PRINTING, absolute=False)):
        away = parking.away(modal, PROFILE)
        assert away
        parked = follow(modal, away)
        assert (parked.x, parked.y) == (PROFILE.park.x_mm, PROFILE.park.y_mm)
        assert parked.z == modal.z + PROFILE.park.lift_mm
        returned = follow(parked, parking.back(modal, PROFILE))
        assert (returned.x, returned.y, returned.z) == (modal.x, modal.y, modal.z)
        assert returned.feed_mm_min == modal.feed_mm_min
        assert (returned.absolute, returned.e_absolute) == (modal.absolute, modal.e_absolute)
        if modal.e_absolute:
            assert returned.e == modal.e


def test_the_lift_ends_at_the_top() -> None:
    high = replace(PRINTING, z=PROFILE.volume.z_mm - 1.5)
    assert follow(high, parking.away(high, PROFILE)).z == PROFILE.volume.z_mm


def test_nothing_moves_where_nothing_is_known() -> None:
    assert parking.away(Modal(), PROFILE) == ()


def test_a_cold_nozzle_moves_no_filament() -> None:
    cold = replace(PRINTING, nozzle_c=0.0)
    assert not [line for line in parking.away(cold, PROFILE) + parking.back(cold, PROFILE) if b"E" in line]

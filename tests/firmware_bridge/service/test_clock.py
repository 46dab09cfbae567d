"""When the clock on the wall may be believed."""

import ctypes
import struct
from pathlib import Path

from support.leap import Leap

from firmware_bridge.service.clock import Trust, is_synchronised


def test_the_kernel_is_understood() -> None:
    """Beside the same question asked of the C library's other door, and its answer read by place (64 bit)."""
    buffer = ctypes.create_string_buffer(1024)
    assert ctypes.CDLL(None).ntp_adjtime(buffer) >= 0
    (status,) = struct.unpack_from("i", buffer, 40)
    told_by_systemd = Path("/run/systemd/timesync/synchronized").exists()
    assert is_synchronised() is (told_by_systemd or not status & 0x40)


def test_a_clock_that_nobody_has_set_is_not_believed_until_somebody_does() -> None:
    leap = Leap(synchronised=False)
    trust = Trust(leap.clock, always=False)
    assert not trust.now()
    leap.synchronised = True
    assert trust.now()
    leap.synchronised = False  # the network is gone again: a clock that was set only drifts
    assert trust.now()


def test_a_year_before_this_program_is_wrong_whoever_says_otherwise() -> None:
    leap = Leap(wall_s=-20 * 365 * 24 * 3600.0)
    assert not Trust(leap.clock, always=True).now()
    leap.wall_s = 0
    assert Trust(leap.clock, always=True).now()

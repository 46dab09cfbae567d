"""A real USB serial port: a kernel's FTDI driver and Debian's udev in a virtual machine, its adapter emulated.

The far end of the adapter is the simulated printer. What an emulated one cannot show (DTR and its reset, cables,
power) is in docs/hardware-checklist.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.gcode_jobs import job
from support.raw_host import Simulated, simulated
from support.simulated_printer import tell
from support.usb_guest import UsbGuest, usb_guest
from support.waiting import until

BY_ID = "/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_MAAK0001-if00-port0"
MOVES = [f"G1 X{100 + n % 50} Y{100 + n % 40} E.02" for n in range(600)]


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("printer"), "--profile", "ender3", "--speed", "40") as switched_on:
        yield switched_on


@pytest.fixture(scope="module")
def guest(printer: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UsbGuest]:
    with usb_guest(tmp_path_factory.mktemp("guest"), printer.port) as booted:
        yield booted


@contextmanager
def plugged(guest: UsbGuest, name: str = "printer1") -> Iterator[str]:
    """The printer's adapter; the device that it became."""
    guest.plug_adapter("printer", name, "MAAK0001")
    try:
        yield named(guest)
    finally:
        unplugged(guest, name)


def named(guest: UsbGuest) -> str:
    """What the name that stays leads to, once it is there."""
    return str(until(lambda: guest.do("leads_to", name=BY_ID), what="udev's name"))


def unplugged(guest: UsbGuest, name: str) -> None:
    guest.unplug(name)
    until(lambda: not guest.do("leads_to", name=BY_ID), what="the name is gone")


@contextmanager
def connected(guest: UsbGuest, port: str) -> Iterator[None]:
    guest.events.clear()
    guest.do("connect", port=port, profile="ender3")
    try:
        guest.wait_for("Connected")
        yield
    finally:
        guest.do("close")


def gcode() -> str:
    return b"".join(job("ender3", body=MOVES)).decode()


def moves_of(printer: Simulated) -> list[str]:
    """The job's, as they were executed."""
    known = set(MOVES)
    return [command for command in printer.executed() if command in known]


def test_it_has_a_name_that_stays_and_is_known_for_a_printer(guest: UsbGuest) -> None:
    with plugged(guest) as device:
        (port,) = [port for port in guest.do("ports") if port["path"] == device]
        assert (port["by_id"], port["usb"]) == (BY_ID, "0403:6001")
        assert "ender3" in port["profiles"]
        assert until(lambda: guest.do("leads_to", name="/dev/printer0")) == device, "the project's udev rule"
        until(lambda: guest.do("timer_ms", device=device) == 1, what="the rule's latency timer")


def test_while_it_is_open_it_is_quick_and_nobody_elses(guest: UsbGuest) -> None:
    with plugged(guest) as device:
        until(lambda: guest.do("timer_ms", device=device) == 1, what="the rule's latency timer")
        guest.do("slow_down", device=device)
        assert not guest.do("is_low_latency", device=device)
        assert guest.do("open_as_another", device=device) == "opened"
        with connected(guest, BY_ID):
            assert guest.do("is_low_latency", device=device)
            assert guest.do("timer_ms", device=device) == 1
            assert guest.do("open_as_another", device=device) == "EBUSY"
        assert guest.do("open_as_another", device=device) == "opened"


def test_a_print_goes_through_it_exactly(guest: UsbGuest, printer: Simulated) -> None:
    printer.log.write_bytes(b"")
    with plugged(guest), connected(guest, "auto"):
        guest.do("print", gcode=gcode())
        assert "Outcome.DONE" in guest.wait_for("Ended", 180.0)
    assert moves_of(printer) == MOVES


def test_pulled_out_in_mid_print_it_is_found_again_under_another_device(
    guest: UsbGuest, printer: Simulated
) -> None:
    printer.log.write_bytes(b"")
    guest.plug_adapter("printer", "printer1", "MAAK0001")
    before = named(guest)
    with connected(guest, BY_ID):
        guest.do("print", gcode=gcode())
        until(lambda: len(moves_of(printer)) > 50, 120.0, what="it prints")
        unplugged(guest, "printer1")
        assert "Outcome.FAILED" in guest.wait_for("Ended")
        printed = moves_of(printer)
        assert printed == MOVES[: len(printed)] and len(printed) < len(MOVES), "each once, in order, and no more"
        # Another adapter takes the device that has become free.
        guest.plug_adapter("other", "scanner", "SCAN0001")
        until(lambda: guest.do("leads_to", name=BY_ID.replace("MAAK", "SCAN")) == before, what="the other adapter")
        tell(printer.control, "reset")
        guest.plug_adapter("printer", "printer2", "MAAK0001")
        assert named(guest) != before
        guest.wait_for("Connected")
        printer.log.write_bytes(b"")
        guest.do("print", gcode=gcode())
        assert "Outcome.DONE" in guest.wait_for("Ended", 180.0)
        assert moves_of(printer) == MOVES
    unplugged(guest, "printer2")
    guest.unplug("scanner")

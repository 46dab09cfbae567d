"""Once a second, once a minute: the supply, the statistics line, and what a job would lose."""

import logging
from pathlib import Path

import pytest
from support.bridge_client import client
from support.gcode import write_tower
from support.hand_bridge import hand_bridge
from support.leap import Leap
from support.waiting import until

from firmware_bridge.contract import LinkHealth
from firmware_bridge.journal.journal import Journal
from firmware_bridge.service.snapshot import COLD_UNSEEN_S
from firmware_bridge.service.supply import REMEMBERED_S, Supply
from firmware_bridge.service.watchman import MINUTE_S, link_words


def device(folder: Path, number: int, name: str, alarm: str) -> Path:
    path = folder / f"hwmon{number}"
    path.mkdir()
    (path / "name").write_text(f"{name}\n")
    (path / "in0_lcrit_alarm").write_text(f"{alarm}\n")
    return path


def test_the_pis_own_sensor_is_found_among_others(tmp_path: Path) -> None:
    device(tmp_path, 0, "cpu_thermal", "1")
    volt = device(tmp_path, 1, "rpi_volt", "0")
    supply = Supply(tmp_path)
    assert supply.is_low(0.0) is False
    (volt / "in0_lcrit_alarm").write_text("1\n")
    assert supply.is_low(1.0) is True
    (volt / "in0_lcrit_alarm").write_text("0\n")
    assert supply.is_low(REMEMBERED_S) is True
    assert supply.is_low(REMEMBERED_S + 1.1) is False


def test_where_nothing_measures_it_nothing_is_said(tmp_path: Path) -> None:
    device(tmp_path, 0, "cpu_thermal", "1")
    assert Supply(tmp_path).is_low(0.0) is None
    assert Supply(tmp_path / "none").is_low(0.0) is None
    volt = device(tmp_path, 1, "rpi_volt", "0")
    supply = Supply(tmp_path)
    (volt / "in0_lcrit_alarm").unlink()
    assert supply.is_low(0.0) is None


def test_the_statistics_are_one_line() -> None:
    link = LinkHealth(
        lines_per_s=297.6,
        resends=3,
        timeouts=1,
        window=4,
        round_trip_p50_ms=3.21,
        round_trip_p99_ms=8.0,
        resend_ratio=0.0012,
        starvation=2,
    )
    assert link_words(link, True) == (
        "lines_per_s=298 round_trip_ms=3.2/8.0 window=4 resends=3 resend_ratio=0.0012 timeouts=1"
        " starvation=2 undervoltage=yes"
    )
    assert "round_trip_ms=- " in link_words(LinkHealth(), None)


def test_a_line_a_minute(tmp_path: Path, leap: Leap, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    def lines() -> int:
        return sum(record.getMessage().startswith("link: ") for record in caplog.records)

    with hand_bridge(tmp_path, clock=leap.clock) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        assert lines() == 0
        for minute in (1, 2):
            leap.seconds += MINUTE_S
            until(lambda minute=minute: lines() == minute, what="the statistics line")


def test_a_print_that_is_cut_off_has_the_time_that_it_had(tmp_path: Path, leap: Leap) -> None:
    with hand_bridge(tmp_path, clock=leap.clock) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        job = kiosk.submit(write_tower(tmp_path / "print.gcode"))["id"]
        kiosk.call("job.start", job=job, plate_is_empty=True)
        until(lambda: bridge.machine.job, what="the machine has it")
        bridge.machine.print_on()
        kiosk.until_job("printing")
        leap.seconds += 3 * MINUTE_S
        data = bridge.config.data / "journal.sqlite"

        def kept_s() -> float:
            journal = Journal(data)
            try:
                plate = journal.board().plate
                return plate.printed_s if plate is not None else 0.0
            finally:
                journal.close()

        until(lambda: kept_s() >= 3 * MINUTE_S, what="the time is on the disk")


def test_a_print_does_not_cool_for_ever_on_a_printer_that_is_gone(tmp_path: Path, leap: Leap) -> None:
    with hand_bridge(tmp_path, clock=leap.clock) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        job = kiosk.submit(write_tower(tmp_path / "print.gcode"))["id"]
        kiosk.call("job.start", job=job, plate_is_empty=True)
        until(lambda: bridge.machine.job, what="the machine has it")
        bridge.machine.print_on()
        bridge.machine.finish()
        kiosk.until_job("cooling")
        bridge.machine.unplug()
        until(lambda: not kiosk.state()["printer"]["connected"], what="gone")
        leap.seconds += COLD_UNSEEN_S - 60.0
        time_before = kiosk.state()["up_ms"]
        until(lambda: kiosk.state()["up_ms"] > time_before + 2500, what="some ticks")
        assert kiosk.state()["job"]["state"] == "cooling"
        leap.seconds += 60.0
        kiosk.until_job("ready")

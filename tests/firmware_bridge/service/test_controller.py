"""The service's own thread: turns, restarts, ends of every kind; with a machine that is worked by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.bridge_client import BridgeClient, BridgeError, client
from support.gcode import write_tower
from support.hand_bridge import HandBridge, hand_bridge
from support.hand_machine import COLD, HOT
from support.leap import Leap
from support.waiting import until

from firmware_bridge.contract import Attention, ErrorCode, EventType, FaultCode
from firmware_bridge.jobs import files
from firmware_bridge.jobs.turns import TURN_S
from firmware_bridge.journal.journal import Journal
from firmware_bridge.machine.interface import Heating, NeedsAttention


@pytest.fixture
def bridge(tmp_path: Path, leap: Leap) -> Iterator[HandBridge]:
    with hand_bridge(tmp_path, clock=leap.clock) as running:
        yield running


def print_on(bridge: HandBridge, kiosk: BridgeClient, gcode: Path, line: int = 20) -> str:
    job = kiosk.submit(gcode)
    kiosk.call("job.start", job=job["id"], plate_is_empty=True)
    until(lambda: bridge.machine.job, what="the printer has the job")
    bridge.machine.print_on(line)
    kiosk.until_job("printing")
    return str(job["id"])


def job_folders(bridge: HandBridge) -> list[str]:
    return [folder.name for folder in (bridge.config.data / "jobs").iterdir()]


def queue_states(kiosk: BridgeClient) -> list[tuple[str, str]]:
    return [(job["id"], job["state"]) for job in kiosk.state()["queue"]]


def journal_rows(folder: Path) -> list[dict[str, Any]]:
    """After the bridge has gone."""
    journal = Journal(folder / "data" / "journal.sqlite")
    reader = journal.reader()
    rows = [
        {"type": row.type, "job": row.job and row.job.state.value, "data": row.data}
        for row in reader.events(1, 10_000)
    ]
    reader.close()
    journal.close()
    return rows


def test_a_turn_that_is_missed_twice(bridge: HandBridge, kiosk: BridgeClient, gcode: Path, leap: Leap) -> None:
    first, second = kiosk.submit(gcode)["id"], kiosk.submit(gcode)["id"]
    leap.seconds += TURN_S + 1
    until(lambda: queue_states(kiosk)[0] == (second, "waiting_for_plate"), what="the next goes first")
    kiosk.call("job.cancel", job=second)
    assert queue_states(kiosk) == [(first, "waiting_for_plate")]
    leap.seconds += TURN_S + 1
    until(lambda: kiosk.state()["queue"] == [], what="the job expires")
    until(lambda: job_folders(bridge) == [], what="its files are erased")


def test_nobodys_turn_passes_while_the_printer_is_away(
    bridge: HandBridge, kiosk: BridgeClient, gcode: Path, leap: Leap
) -> None:
    job = kiosk.submit(gcode)["id"]
    bridge.machine.unplug()
    until(lambda: not kiosk.state()["printer"]["connected"], what="the printer is missed")
    kiosk.call("subscribe")
    for _ in range(3):
        leap.seconds += TURN_S / 2
        until(lambda: kiosk.read()["params"]["up_ms"] > 1000 * leap.seconds, what="a second has passed", every_s=0)
    assert queue_states(kiosk) == [(job, "waiting_for_plate")]
    with pytest.raises(BridgeError) as error:
        kiosk.call("job.start", job=job, plate_is_empty=True)
    assert error.value.code == ErrorCode.PRINTER_AWAY


def test_unplugging_in_a_print_ends_it(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    print_on(bridge, kiosk, gcode)
    bridge.machine.unplug()
    job = kiosk.until_job("failed")
    assert job["fault"]["code"] == FaultCode.PRINTER_MISSING.value
    state = until(
        lambda: (s := kiosk.state())["printer"]["connected"] is False and s, what="the printer is missed"
    )
    assert state["printer"]["state"] == "ERROR"
    assert state["printer"]["fault"]["code"] == FaultCode.PRINTER_MISSING.value


def test_a_failed_print_keeps_the_plate_until_the_next_start(
    bridge: HandBridge, kiosk: BridgeClient, gcode: Path
) -> None:
    failed = print_on(bridge, kiosk, gcode)
    bridge.machine.fail(FaultCode.BAD_CONNECTION)
    kiosk.until_job("failed")
    following = kiosk.submit(gcode)["id"]
    assert (kiosk.state()["job"]["id"], queue_states(kiosk)) == (failed, [(following, "waiting_for_plate")])
    with pytest.raises(BridgeError):
        kiosk.call("job.start", job=following, plate_is_empty=False)
    kiosk.call("job.start", job=following, plate_is_empty=True)
    assert kiosk.state()["job"]["id"] == following


def test_heating_says_how_long_it_takes(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    kiosk.call("subscribe")
    job = kiosk.submit(gcode)["id"]
    kiosk.call("job.start", job=job, plate_is_empty=True)
    until(lambda: bridge.machine.job, what="the printer has the job")
    telemetry = next_telemetry(kiosk)
    assert telemetry["heating_remaining_s"] == 42.0
    assert telemetry["progress"]["done"] == 0.0
    bridge.machine.print_on(40)
    kiosk.until_job("printing")
    telemetry = next_telemetry(kiosk, fresh=True)
    assert telemetry["heating_remaining_s"] is None
    assert telemetry["progress"]["layers"] == 5
    assert telemetry["progress"]["layer"] == 5
    assert 0 < telemetry["progress"]["remaining_s"] < 60


def next_telemetry(kiosk: BridgeClient, *, fresh: bool = False) -> Any:
    if fresh:
        kiosk.notifications.clear()
    while True:
        message = kiosk.notifications.pop(0) if kiosk.notifications else kiosk.read()
        assert message is not None
        params = message["params"]
        if message["method"] == "telemetry" and params["progress"] is not None:
            return params


def test_the_firmware_asks_for_a_person(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    print_on(bridge, kiosk, gcode)
    bridge.machine._tell(NeedsAttention(Attention.FILAMENT_CHANGE))
    until(lambda: kiosk.state()["printer"]["state"] == "ATTENTION", what="attention")
    assert kiosk.state()["attention"] == "filament_change"
    bridge.machine._tell(NeedsAttention(None))
    until(lambda: kiosk.state()["printer"]["state"] == "PRINTING", what="no more attention")


def test_cancelling_before_the_printer_knows(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    """Start and cancel at once: whichever comes first, the job is cancelled and nothing heats afterwards."""
    for _ in range(10):
        job = kiosk.submit(gcode)["id"]
        kiosk.call("job.start", job=job, plate_is_empty=True)
        kiosk.call("job.cancel", job=job)
        kiosk.until_job("cancelled")
    assert bridge.machine.job is None


def test_news_that_make_no_sense_do_no_harm(bridge: HandBridge, kiosk: BridgeClient, gcode: Path) -> None:
    bridge.machine._tell(Heating("unknown", None))
    bridge.machine.finish()
    bridge.machine.job = "ghost"
    bridge.machine.finish()
    print_on(bridge, kiosk, gcode)


# --- restarts ------------------------------------------------------------------------------------


def test_a_clean_stop_interrupts_the_print_and_keeps_the_queue(tmp_path: Path, gcode: Path) -> None:
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        running = print_on(bridge, kiosk, gcode)
        waiting = kiosk.submit(gcode)["id"]
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        state = kiosk.state()
        assert (state["session"], state["job"]["id"], state["job"]["state"]) == (2, running, "interrupted")
        assert state["job"]["fault"]["code"] == FaultCode.BRIDGE_STOPPED.value
        assert queue_states(kiosk) == [(waiting, "waiting_for_plate")]
        kiosk.until_connected()
        kiosk.call("job.start", job=waiting, plate_is_empty=True)
        until(lambda: bridge.machine.job == waiting, what="the next prints")
    rows = [row["type"] for row in journal_rows(tmp_path)]
    assert rows.count(EventType.BRIDGE_STARTED) == rows.count(EventType.BRIDGE_STOPPED) == 2


def test_a_print_that_cools_is_judged_by_its_temperatures_after_a_restart(tmp_path: Path, gcode: Path) -> None:
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        print_on(bridge, kiosk, gcode)
        bridge.machine.measure(HOT)
        bridge.machine.finish()
        kiosk.until_job("cooling")
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        bridge.machine.measure(COLD)
        kiosk.until_job("ready")


def test_an_alarm_that_outlives_the_bridge_is_raised_once(tmp_path: Path, gcode: Path) -> None:
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        print_on(bridge, kiosk, gcode)
        bridge.machine.fail(FaultCode.PRINTER_RESET)
        kiosk.until_job("failed")
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
    types = [row["type"] for row in journal_rows(tmp_path)]
    assert types.count(EventType.ALERT_RAISED) == 1
    assert EventType.ALERT_CLEARED not in types


def test_strangers_in_the_folder_of_jobs_are_erased_at_the_start(tmp_path: Path, gcode: Path) -> None:
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kept = kiosk.submit(gcode)["id"]
        left_behind = bridge.config.data / "jobs" / "0123456789abcdef"
        left_behind.mkdir()
        (left_behind / "gcode").write_text("; Noor")
    with hand_bridge(tmp_path) as bridge:
        assert job_folders(bridge) == [kept]


def test_files_are_erased_after_a_week(bridge: HandBridge, kiosk: BridgeClient, gcode: Path, leap: Leap) -> None:
    kiosk.submit(gcode)
    leap.seconds += 8 * 24 * 3600
    until(lambda: kiosk.state()["queue"] == [], what="the job expires")
    until(lambda: job_folders(bridge) == [], what="its files are erased")


def test_no_new_job_on_a_full_disk(
    bridge: HandBridge, kiosk: BridgeClient, gcode: Path, leap: Leap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MARGIN_BYTES", 1 << 60)
    with pytest.raises(BridgeError, match="disk") as error:
        kiosk.submit(gcode)
    assert error.value.code == ErrorCode.DISK_FULL
    assert job_folders(bridge) == []


def test_no_typed_text_in_the_journal(tmp_path: Path) -> None:
    """A personal model's G-code may spell a name in a comment: it lies in the job's own file and nowhere else."""
    path = write_tower(tmp_path / "print.gcode")
    path.write_text(f"; Noortje\n{path.read_text()}")
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        job = kiosk.submit(path, personal=True)["id"]
        assert b"Noortje" in (bridge.config.data / "jobs" / job / "gcode").read_bytes()
        kiosk.call("job.cancel", job=job)
    for file in bridge.config.data.rglob("*"):
        assert file.is_dir() or b"Noortje" not in file.read_bytes(), file

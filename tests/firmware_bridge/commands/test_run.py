"""The whole service: a real process on a real pseudo-terminal, a real broker, a real socket."""

import contextlib
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bridge_client import client
from support.bridge_process import BridgeProcess, SimulatedPrinter, bridge_process, simulated_printer, start_print
from support.broker import Broker
from support.gcode import write_tower
from support.hand_bridge import write_config
from support.programs import running, unshared_mounts
from support.region_client import RegionClient
from support.waiting import until


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    with simulated_printer(tmp_path) as plugged:
        yield plugged


@pytest.fixture
def long_print(tmp_path: Path) -> Path:
    return write_tower(tmp_path / "long.gcode", layers=200, rounds=10)


def moves(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("G1 ")]


def is_off(printer: SimulatedPrinter) -> bool:
    """Whether both heaters are off, by the printer itself."""
    status = printer.status()
    return status["nozzle_target_c"] == status["bed_target_c"] == 0.0


def rows_without_gaps(region: RegionClient) -> bool:
    return region.seqs() == list(range(1, len(region.recorded) + 1))


def job_states(region: RegionClient, job: str) -> list[str]:
    return [row["job"]["state"] for row in tuple(region.recorded) if (row["job"] or {}).get("id") == job]


def says(region: RegionClient, **expected: object) -> bool:
    """The bridge's `online`, as the region has it now, has at least this in it."""
    return region.latest["online"].items() >= expected.items()


def test_a_print_from_the_file_to_the_plate(tmp_path: Path, broker: Broker, region: RegionClient) -> None:
    gcode = write_tower(tmp_path / "print.gcode", layers=3)
    with contextlib.ExitStack() as stack:
        printer = stack.enter_context(simulated_printer(tmp_path, 200.0))
        bridge = stack.enter_context(bridge_process(tmp_path, printer.port, broker))
        kiosk = stack.enter_context(client(bridge.socket))
        kiosk.until_connected()
        job = start_print(kiosk, gcode)
        kiosk.until_job("ready")
        kiosk.call("job.collect", job=job)
        until(lambda: job_states(region, job)[-1:] == ["collected"], what="the region has recorded it")
        assert is_off(printer)
    assert moves(printer.executed()) == moves(gcode.read_text().splitlines())
    assert not [line for line in printer.executed() if line.startswith(("M109", "M190"))]
    expected = ["queued", "waiting_for_plate", "heating", "printing", "cooling", "ready", "collected"]
    assert job_states(region, job) == expected
    assert rows_without_gaps(region)


def test_a_bridge_that_is_killed_in_mid_print(
    tmp_path: Path, printer: SimulatedPrinter, broker: Broker, region: RegionClient, long_print: Path
) -> None:
    """Three times, without warning: the job is interrupted, heaters are off, no event is lost or doubled."""
    jobs: list[str] = []
    for session in range(1, 4):
        with bridge_process(tmp_path, printer.port, broker) as bridge, client(bridge.socket) as kiosk:
            kiosk.until_connected()
            if jobs:
                job = kiosk.state()["job"]
                assert (job["id"], job["state"]) == (jobs[-1], "interrupted")
            until(lambda: is_off(printer), what="heaters are off")
            jobs.append(start_print(kiosk, long_print))
            # What is told is on the disk some milliseconds later.
            until(lambda: "printing" in job_states(region, jobs[-1]), what="the printing is recorded")
            until(lambda s=session: says(region, online=True, session=s, reason=""))
            bridge.process.send_signal(signal.SIGKILL)
            bridge.process.wait()
        until(lambda: not region.latest["online"]["online"], what="the broker misses it")
        assert region.latest["online"]["session"] == session
    with bridge_process(tmp_path, printer.port, broker):
        until(lambda: job_states(region, jobs[-1])[-1:] == ["interrupted"], what="the end is recorded")
    for job in jobs:
        assert job_states(region, job) == ["queued", "waiting_for_plate", "heating", "printing", "interrupted"]
    assert rows_without_gaps(region)
    assert len({row["journal"] for row in region.recorded}) == 1


def test_a_kiosk_that_vanishes_changes_nothing(tmp_path: Path, printer: SimulatedPrinter) -> None:
    gcode = write_tower(tmp_path / "print.gcode", layers=20)
    with bridge_process(tmp_path, printer.port) as bridge:
        with client(bridge.socket) as kiosk:
            kiosk.until_connected()
            job = start_print(kiosk, gcode)
            kiosk.call("subscribe")
        with client(bridge.socket) as another:
            assert another.state()["job"]["id"] == job
            another.until_job("cooling")
    ours = moves(gcode.read_text().splitlines())
    assert moves(printer.executed())[: len(ours)] == ours


def test_a_clean_stop_in_mid_print(
    tmp_path: Path, printer: SimulatedPrinter, broker: Broker, region: RegionClient, long_print: Path
) -> None:
    with bridge_process(tmp_path, printer.port, broker) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        job = start_print(kiosk, long_print)
        kiosk.until_job("printing")
        bridge.process.send_signal(signal.SIGTERM)
        assert bridge.process.wait(60) == 0
        assert not bridge.socket.exists()
    assert is_off(printer)
    until(lambda: says(region, online=False, session=1, reason="shutdown"))
    assert region.latest["state"]["job"]["state"] == "interrupted"
    until(lambda: region.recorded[-1]["type"] == "bridge_stopped", what="the stop is recorded")
    assert job_states(region, job)[-1] == "interrupted"
    assert "Traceback" not in bridge.log()


def test_pause_resume_and_cancel(tmp_path: Path, printer: SimulatedPrinter, long_print: Path) -> None:
    with bridge_process(tmp_path, printer.port) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        job = start_print(kiosk, long_print)
        kiosk.until_job("printing")
        kiosk.call("job.pause", job=job)
        assert kiosk.until_job("paused")["paused_by"] == "kiosk"
        kiosk.call("job.resume", job=job)
        kiosk.until_job("printing")
        kiosk.call("job.cancel", job=job)
        ended = kiosk.until_job("cancelled")
        assert ended["ended_by"] == "kiosk"
        until(lambda: is_off(printer), what="heaters are off")
        kiosk.call("job.collect", job=job)
        assert kiosk.state()["job"] is None


def test_rubbish_at_both_doors_does_not_touch_the_print(
    tmp_path: Path, printer: SimulatedPrinter, broker: Broker, region: RegionClient
) -> None:
    """While bytes of all kinds rain on the socket and on MQTT, the print is exact and nothing leaks."""
    gcode = write_tower(tmp_path / "print.gcode", layers=40, rounds=5)
    chance = random.Random(7)
    with bridge_process(tmp_path, printer.port, broker) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        until(lambda: "state" in region.latest, what="the bridge reports")
        before = bridge.descriptors()
        start_print(kiosk, gcode)
        kiosk.until_job("printing")
        with gcode.open("rb") as file:
            while kiosk.state()["job"]["state"] == "printing":
                with client(bridge.socket) as rude, contextlib.suppress(OSError):
                    rude.send(chance.randbytes(chance.randrange(1, 30_000)), [file.fileno()] * chance.randrange(4))
                    rude.send(b'{"jsonrpc":"2.0","id":1,"method":"job.cancel","params":{"job":"\xff"}}\n')
                region.publish(chance.choice(("cmd/cancel", "cmd/x", "ack")), chance.randbytes(200))
        kiosk.until_job("cooling")
        until(lambda: bridge.descriptors() <= before, what="no descriptor is left behind")
    ours = moves(gcode.read_text().splitlines())
    assert moves(printer.executed())[: len(ours)] == ours
    assert rows_without_gaps(region)
    assert "Traceback" not in bridge.log()


def test_a_printer_that_comes_later(tmp_path: Path) -> None:
    with bridge_process(tmp_path, tmp_path / "tty") as bridge, client(bridge.socket) as kiosk:
        state = kiosk.state()
        assert (state["printer"]["connected"], state["printer"]["state"]) == (False, "ERROR")
        assert state["printer"]["fault"]["code"] == "printer_missing"
        with simulated_printer(tmp_path):
            kiosk.until_connected()
        until(lambda: not kiosk.state()["printer"]["connected"], what="the printer is missed")
        with simulated_printer(tmp_path):
            kiosk.until_connected()


def test_a_printer_that_is_unplugged_in_mid_print(
    tmp_path: Path, printer: SimulatedPrinter, long_print: Path
) -> None:
    with bridge_process(tmp_path, printer.port) as bridge, client(bridge.socket) as kiosk:
        kiosk.until_connected()
        start_print(kiosk, long_print)
        kiosk.until_job("printing")
        printer.control("unplug")
        assert kiosk.until_job("failed")["fault"]["code"] == "printer_missing"
        printer.control("plug")
        kiosk.until_connected()
        assert kiosk.state()["job"]["state"] == "failed"
        until(lambda: is_off(printer), what="heaters are off")


def test_a_broken_configuration_is_told_in_one_line(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    config.write_text(config.read_text().replace('colour = "#E4572E"', 'colour = "oranje"'))
    command = [sys.executable, "-m", "firmware_bridge", "run", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "`spool.colour`" in done.stderr
    assert "#E4572E" in done.stderr


def test_a_second_bridge_says_why_it_cannot_start(tmp_path: Path, printer: SimulatedPrinter) -> None:
    with bridge_process(tmp_path, printer.port) as bridge:
        command = [sys.executable, "-m", "firmware_bridge", "run", "--config", str(tmp_path / "bridge.toml")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 1
        assert "another bridge works in" in done.stderr
        assert "Traceback" not in done.stderr
        with client(bridge.socket) as kiosk:
            assert kiosk.call("hello")["session"] == 1


def test_systemd_hears_that_it_is_ready_alive_and_stopping(tmp_path: Path) -> None:
    heard: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)

        def listen() -> None:
            while "STOPPING=1" not in heard:
                heard.append(manager.recv(100).decode())

        listener = threading.Thread(target=listen)
        listener.start()
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        with bridge_process(tmp_path, tmp_path / "tty", environment=environment):
            until(lambda: heard.count("WATCHDOG=1") >= 3, what="signs of life")
        listener.join(60)
    assert "READY=1" in heard
    assert heard[-1] == "STOPPING=1"


def test_a_disk_that_is_full_takes_no_new_job(tmp_path: Path) -> None:
    """On a real file system that is too small to keep the margin."""
    gcode = write_tower(tmp_path / "print.gcode")
    (tmp_path / "small").mkdir()
    script = f'mount -t tmpfs -o size=8m none {tmp_path / "small"} && exec "$@"'
    config = write_config(tmp_path)
    config.write_text(config.read_text().replace(f'data = "{tmp_path}', f'data = "{tmp_path}/small'))
    command = [*unshared_mounts(), "sh", "-c", script, "sh"]
    command += [sys.executable, "-m", "firmware_bridge", "run", "--config", str(config)]
    with running(command, tmp_path / "bridge.log") as process:
        bridge = BridgeProcess(tmp_path, process)
        until(bridge.socket.exists, what="the bridge serves")
        with client(bridge.socket) as kiosk, pytest.raises(Exception, match="disk is too full"):
            kiosk.submit(gcode)
    until(lambda: "alert_raised: disk_full" in bridge.log(), what="the alarm")
    assert process.returncode == 0
    assert list((tmp_path / "small").iterdir()) == []

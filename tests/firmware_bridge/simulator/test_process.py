"""The printer as a process: its port, its log, its control socket, its end."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.gcode_jobs import job
from support.raw_host import RawHost, Simulated, frame, simulated
from support.simulated_printer import tell
from support.waiting import until

from firmware_bridge.gcode.read import commands


def status(printer: Simulated) -> dict[str, object]:
    answer: dict[str, object] = json.loads(tell(printer.control, "status"))
    return answer


def until_executed(printer: Simulated, count: int) -> None:
    """What was sent has been done, answered or not."""
    until(lambda: status(printer)["executed"] == count, what=f"{count} commands are done")


def test_the_port_is_a_device_under_a_link_that_goes_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "port").symlink_to("/dev/null")
    with simulated(tmp_path, "--instant") as printer:
        until(lambda: stat.S_ISCHR(printer.port.stat().st_mode) and printer.port.readlink() != Path("/dev/null"))
        printer.process.send_signal(signal.SIGTERM)
        assert printer.process.wait(60) == 0
        assert not printer.port.is_symlink()
        assert not printer.control.exists()
        counted = json.loads(printer.stderr.read_text().splitlines()[-1])
        assert counted["executed"] == 0


def test_the_log_has_every_executed_command_also_after_sigkill(tmp_path: Path) -> None:
    with simulated(tmp_path, "--instant", "--profile", "prusa-mk3s") as printer:
        with printer.opened("echo: Free Memory") as host:
            sent = [command.decode() for _, command in commands(job())]
            for number, command in enumerate(sent, start=1):
                assert host.ask(frame(number, command))[-1] == "ok"
            printer.process.kill()
        assert printer.executed() == sent


def test_opening_the_port_resets_the_board_every_time(tmp_path: Path) -> None:
    with simulated(tmp_path, "--speed", "100") as printer:
        for _ in range(3):
            with printer.opened() as host:
                host.ask("M104 S100")
                assert status(printer)["nozzle_target_c"] == 100
        with printer.opened() as host:
            assert host.ask("M105")[-1].startswith("ok T:")
            assert status(printer)["nozzle_target_c"] == 0
            assert status(printer)["starts"] == 5


def test_a_board_that_does_not_reset_goes_on_while_nobody_listens(tmp_path: Path) -> None:
    with simulated(tmp_path, "--speed", "100", "--no-reset-on-open") as printer:
        until(lambda: not status(printer)["booting"])
        with printer.opened(banner=None) as host:
            assert host.ask("M104 S100") == ["ok"]
            host.ask("M155 S1")
        with printer.opened(banner=None) as host:
            host.send("M155 S0")
            host.lines_to("ok")
            assert host.ask("M105")[-1].split()[2] == "/100.00"


def test_smoothie_greets_whoever_opens_the_port_and_does_not_reset(tmp_path: Path) -> None:
    with simulated(tmp_path, "--firmware", "smoothie") as printer:
        until(lambda: not status(printer)["booting"])
        for _ in range(2):
            with printer.opened("ok\r") as host:
                assert host.ask("M107") == ["ok\r"]
        assert status(printer)["starts"] == 1


def test_sigusr1_and_the_control_socket_reset_it(tmp_path: Path) -> None:
    with simulated(tmp_path) as printer, printer.opened() as host:
        os.kill(printer.process.pid, signal.SIGUSR1)
        assert host.lines_to("//action:prompt_end")[0] == "start"
        assert tell(printer.control, "reset Brown out Reset") == "ok"
        assert host.lines_to("//action:prompt_end")[:2] == ["start", " Brown out Reset"]


def test_bytes_during_the_boot_are_lost(tmp_path: Path) -> None:
    with simulated(tmp_path, "--boot-s", "2") as printer, printer.opened(banner=None) as host:
        host.send("M105")
        assert host.line() == "start"
        host.lines_to("//action:prompt_end")
        assert host.is_silent()


def test_unplugging_takes_the_port_away_and_plugging_brings_a_new_one(tmp_path: Path) -> None:
    with simulated(tmp_path) as printer:
        with printer.opened() as host:
            device = printer.port.readlink()
            assert tell(printer.control, "unplug") == "ok"
            until(lambda: not printer.port.is_symlink())
            with pytest.raises((OSError, AssertionError)):
                host.ask("M105")
        assert tell(printer.control, "plug") == "ok"
        until(printer.port.is_symlink)
        with printer.opened() as host:
            assert host.ask("M105")[-1].startswith("ok T:")
        assert device.parent == Path("/dev/pts")


def test_faults_on_request(tmp_path: Path) -> None:
    with simulated(tmp_path, "--speed", "50") as printer, printer.opened() as host:
        tell(printer.control, "lose-ok 1")
        host.send("M107")
        until_executed(printer, 1)
        assert host.is_silent()
        assert host.ask("M107") == ["ok"]

        tell(printer.control, "mute")
        host.send("M107")
        until_executed(printer, 3)
        assert host.is_silent()
        tell(printer.control, "unmute")
        assert host.ask("M107") == ["ok"]

        tell(printer.control, "hang")
        host.send(b"M107\n" * 60)
        until(lambda: status(printer)["overflowed_bytes"] == 300 - 127, what="its buffer is full")
        assert host.is_silent()
        tell(printer.control, "wake")
        assert host.lines_to("ok") == ["ok"]

        assert "thermal" in tell(printer.control, "nonsense")
        assert tell(printer.control, "thermal chair").startswith("error: thermal: 'chair'")
        tell(printer.control, "thermal bed")
        assert "Error:Thermal Runaway, system stopped! Heater_ID: bed" in host.lines_to("//action:poweroff")
        assert status(printer)["dead"] is True


def test_a_runout_asks_until_somebody_has_seen_enough(tmp_path: Path) -> None:
    with simulated(tmp_path, "--speed", "50") as printer, printer.opened() as host:
        tell(printer.control, "runout")
        assert host.lines_to("//action:paused") == [
            "//action:prompt_end",
            "//action:prompt_begin FilamentRunout T0",
            "//action:prompt_show",
            "//action:paused filament_runout 0",
        ]
        until(lambda: status(printer)["question"] == "Nozzle Parked")
        host.lines_to("//action:prompt_begin Nozzle Parked")
        assert host.line() == "//action:prompt_button Continue"
        host.send("M876 S0")
        for choice in (0, 1):
            until(lambda: status(printer)["question"] == "Paused")
            host.lines_to("//action:prompt_begin Paused")
            assert [host.line(), host.line()] == [
                "//action:prompt_button PurgeMore",
                "//action:prompt_button Continue",
            ]
            host.send(f"M876 S{choice}")
            until(lambda: status(printer)["question"] is None)
        assert host.lines_to("//action:resumed")[-2] == "//action:prompt_end"
        assert [host.line() for _ in range(3)] == ["ok"] * 3, "each M876 waited in the queue for its ok"
        assert status(printer)["last_choice"] == 1


def test_a_broken_heater_trips_the_firmwares_own_protection(tmp_path: Path) -> None:
    with simulated(tmp_path, "--speed", "50") as printer, printer.opened() as host:
        tell(printer.control, "break nozzle")
        host.ask("M104 S200")
        assert "Error:Heating failed, system stopped! Heater_ID: E0" in host.lines_to("//action:poweroff")


def test_firmware_without_protection_says_so_and_cooks_on(tmp_path: Path) -> None:
    with simulated(tmp_path, "--speed", "200", "--no-thermal-protection") as printer, printer.opened() as host:
        assert "Cap:THERMAL_PROTECTION:0" in host.ask("M115")
        tell(printer.control, "break nozzle always_on")
        until(lambda: float(str(status(printer)["nozzle_c"])) > 300)
        assert status(printer)["dead"] is False


def print_all(host: RawHost, sent: list[str]) -> int:
    """One line at a time, again wherever the printer asks; returns how often it asked. Silence: once more."""
    host.ask(frame(0, "M110 N0"))
    resends = 0
    at = 0
    while at < len(sent):
        host.send(frame(at + 1, sent[at]))
        try:
            answers = host.lines_to("ok", timeout_s=0.3)
        except AssertionError:
            host.send(b"\n")
            continue
        asked = [int(line.removeprefix("Resend: ")) for line in answers if line.startswith("Resend: ")]
        at = asked[-1] - 1 if asked else at + 1
        resends += len(asked)
    return resends


@pytest.mark.parametrize("profile", ["ender3", "prusa-mk3s"])
def test_noise_is_noticed_and_repaired(tmp_path: Path, profile: str) -> None:
    """One line in flight, so that nothing can be guessed wrong."""
    sent = [f"G1 X{n % 200} Y{n % 100} F3000" for n in range(2000)]
    with simulated(tmp_path, "--instant", "--profile", profile) as printer:
        banner = "//action:prompt_end" if profile == "ender3" else "echo: Free Memory"
        with printer.opened(banner) as host:
            tell(printer.control, "rate flip=0.00033")
            assert print_all(host, sent) > 5
            tell(printer.control, "rate flip=0")
        assert int(str(status(printer)["corrupted_bytes"])) > 10
        known = set(sent)
        moves = [line for line in printer.executed() if line in known]
        assert moves == sent


def test_appointed_faults_come_from_the_command_line_and_from_a_file(tmp_path: Path) -> None:
    faults = tmp_path / "faults"
    faults.write_text("# what a bad day brings\nline=3 flip\nexecuted=3 say bad day\n")
    report = tmp_path / "report.json"
    options = ("--instant", "--fault", "line=5 lose-ok", "--faults", str(faults), "--report", str(report))
    with simulated(tmp_path, *options) as printer:
        with printer.opened() as host:
            host.ask(frame(0, "M110 N0"))
            assert host.ask(frame(1, "G1 X1")) == ["ok"]
            assert "Resend: 2" in host.ask(frame(2, "G1 X222222222222"))
            assert host.ask(frame(2, "G1 X2")) == ["ok"]
            assert host.line() == "bad day"
            host.send(frame(3, "G1 X3"))
            until_executed(printer, 4)
            assert host.is_silent()
        printer.process.send_signal(signal.SIGTERM)
        printer.process.wait(60)
        counted = json.loads(report.read_text())
        assert (counted["corrupted_bytes"], counted["oks_lost"], counted["resends"]) == (1, 1, 1)
        assert counted == json.loads(printer.stderr.read_text().splitlines()[-1])


def test_an_appointed_unplugging_ends_by_itself(tmp_path: Path) -> None:
    with simulated(tmp_path, "--fault", "line=2 unplug 0.3") as printer:
        with printer.opened() as host:
            device = printer.port.readlink()
            assert host.ask("M107") == ["ok"]
            host.send("M107")
            until(lambda: not printer.port.is_symlink())
        until(printer.port.is_symlink)
        with printer.opened() as host:
            assert host.ask("M107") == ["ok"]
        assert device.parent == Path("/dev/pts")


def test_klippers_terminal_holds_what_it_does_not_read(tmp_path: Path) -> None:
    """Twenty lines in its queue, its buffers, and then the host's writes do not go through; nothing is lost."""
    lines = b"M107 S12345678\n" * 4000
    with simulated(tmp_path, "--firmware", "klipper") as printer, printer.opened(banner=None) as host:
        until(lambda: not status(printer)["booting"])
        host.send("G4 P5000")
        os.set_blocking(host.fd, False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += os.write(host.fd, lines[sent:])
                until(lambda: status(printer)["executed"] == 1)
        assert 1500 < sent < len(lines) / 2
        os.set_blocking(host.fd, True)
        count = sent // 15 + 2
        host.send(lines[sent : (count - 1) * 15])
        assert [host.line() for _ in range(count)] == ["ok"] * count
        assert printer.executed() == ["G4 P5000"] + ["M107 S12345678"] * (count - 1)


def test_a_planner_that_runs_dry_is_counted_and_measured(tmp_path: Path) -> None:
    with simulated(tmp_path) as printer, printer.opened() as host:
        began = time.monotonic()
        for n in range(1, 4):
            host.ask(f"G1 X{n} F600")
            until(lambda: host.is_silent(0.4))
        counted = status(printer)
        took = time.monotonic() - began
        assert counted["runs_dry"] == 2
        assert 0.2 < float(str(counted["dry_p50_s"])) <= float(str(counted["dry_p99_s"])) < took


def test_the_wire_is_as_fast_as_its_baud_rate(tmp_path: Path) -> None:
    lines = [frame(n, "G1 X100 Y100 E1 F3000") for n in range(1, 41)]
    total = sum(map(len, lines))
    with simulated(tmp_path, "--instant", "--baud", "9600") as printer, printer.opened() as host:
        host.ask(frame(0, "M110 N0"))
        started = time.monotonic()
        host.send(b"".join(lines))
        for _ in lines:
            assert host.lines_to("ok")[-1] == "ok"
        took = time.monotonic() - started
        assert total / 960 * 0.97 < took < total / 960 * 5  # other processes may have been before it


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--profile", "nonesuch"], "ender3"),
        (["--link", "/proc/nowhere/port"], "/proc/nowhere"),
        (["--fault", "sometimes flip"], "line=120 flip"),
        (["--faults", "/nowhere"], "/nowhere"),
    ],
)
def test_what_it_cannot_do_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", "firmware_bridge", "simulate", "--link", str(tmp_path / "port"), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("simulate: ") and said in ended.stderr

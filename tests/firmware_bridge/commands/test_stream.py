"""`python -m firmware_bridge stream` and `ports`, as a technician runs them."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.exactness import assert_exact
from support.gcode import write_tower
from support.live_printer import live_printer
from support.waiting import until

from firmware_bridge.machine.plugged import matching_profiles

KEYS = {"outcome", "lines", "seconds", "lines_per_s", "resends", "timeouts", "cpu_s", "firmware", "reason"}


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "firmware_bridge", *map(str, words)]


def stream(*words: str | Path) -> tuple[int, dict[str, Any], str]:
    """Exit code, the one object on stdout, stderr."""
    run = subprocess.run(command("stream", *words, "--json"), capture_output=True, text=True, timeout=120)
    report = json.loads(run.stdout)
    assert set(report) == KEYS
    return run.returncode, report, run.stderr


def test_done_with_the_profile_found_by_itself(tmp_path: Path) -> None:
    file = write_tower(tmp_path / "tower.gcode", layers=10, rounds=5)
    for profile in ("ender3", "prusa-mk3s"):
        folder = tmp_path / profile
        folder.mkdir()
        with live_printer(folder, "--instant", profile=profile) as live:
            code, report, said = stream(file, "--port", live.port)
            assert (code, report["outcome"], report["reason"]) == (0, "done", "")
            assert report["lines"] == sum(1 for line in file.read_text().splitlines() if line[:1] != ";")
            assert report["firmware"]
            assert report["cpu_s"] > 0
            assert profile in said
            assert_exact(live.log.read_bytes(), file.read_bytes())


def test_refused_with_line_and_reason_before_anything_moves(tmp_path: Path) -> None:
    file = tmp_path / "bad.gcode"
    file.write_text("G21\nG90\nM83\nG28\nM500\n")
    with live_printer(tmp_path, "--instant") as live:
        code, report, _ = stream(file, "--port", live.port)
        assert (code, report["outcome"]) == (1, "refused")
        assert f"{file}:5: not_allowed: M500" in report["reason"]
        assert not [line for line in live.executed() if line.startswith("G")]


def test_ctrl_c_cancels_and_says_so(tmp_path: Path) -> None:
    file = write_tower(tmp_path / "tower.gcode", layers=40, rounds=10)
    with live_printer(tmp_path, "--speed", "60") as live:
        words = command("stream", file, "--port", live.port, "--json")
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            until(lambda: sum(c.startswith("G1") for c in live.executed()) > 40, what="the print is under way")
            process.send_signal(signal.SIGINT)
            out, said = process.communicate(timeout=120)
        assert process.returncode == 1
        assert json.loads(out)["outcome"] == "cancelled"
        assert "Ctrl-C" in json.loads(out)["reason"]
        assert "cancelled, heaters off" in said
        assert [line for line in live.executed() if line.startswith("M104")][-1] == "M104 S0"


def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    file = write_tower(tmp_path / "tower.gcode")
    code, report, _ = stream(file, "--port", tmp_path / "nothing", "--profile", "ender3")
    assert (code, report["outcome"]) == (1, "failed")
    assert "there is no such port" in report["reason"]


def test_a_port_that_is_no_port(tmp_path: Path) -> None:
    file = write_tower(tmp_path / "tower.gcode")
    code, report, _ = stream(file, "--port", file, "--profile", "ender3")
    assert (code, report["outcome"]) == (1, "failed")
    assert "not a serial port" in report["reason"]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    file = write_tower(tmp_path / "tower.gcode", layers=40, rounds=10)
    with live_printer(tmp_path, "--speed", "60") as live:
        words = command("stream", file, "--port", live.port)
        first = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: len(live.executed()) > 20, what="the first is under way")
            code, report, _ = stream(file, "--port", live.port)
            assert (code, report["outcome"]) == (1, "failed")
            assert "another program has the port open" in report["reason"]
        finally:
            first.send_signal(signal.SIGINT)
            first.wait(60)


def test_a_wrong_profile_is_named(tmp_path: Path) -> None:
    words = command("stream", "x.gcode", "--port", "x", "--profile", "nonesuch")
    run = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert run.returncode == 2
    assert "nonesuch" in run.stderr and "ender3" in run.stderr


def test_ports_is_a_list() -> None:
    run = subprocess.run(command("ports", "--json"), capture_output=True, text=True, timeout=120, check=True)
    assert isinstance(json.loads(run.stdout), list)


def test_usb_ids_find_their_profiles() -> None:
    assert matching_profiles("2c99:0002") == ("prusa-mk3s",)
    assert "ender3" in matching_profiles("1a86:7523")
    assert matching_profiles("ffff:ffff") == ()

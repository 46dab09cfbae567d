"""`cool` by hand: a real process at a real pseudo-terminal, with the simulated printer behind it."""

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.live_printer import LivePrinter, live_printer
from support.waiting import until

from firmware_bridge.link.framing import frame
from firmware_bridge.machine.port import close_with_dtr_low, open_port
from firmware_bridge.simulator.openings import Openings

HOT = b"M104 S210\nM140 S60\n"
TIMEOUT_S = 8.0
PROMISED_S = 10.0


@contextmanager
def told(live: LivePrinter, *said: bytes) -> Iterator[None]:
    """Another host has the port, and has said that."""
    handle = os.open(live.port, os.O_RDWR | os.O_NOCTTY)
    try:
        until(lambda: not status(live)["booting"], what="the printer has started")
        for data in said:
            os.write(handle, data)
        yield
    finally:
        os.close(handle)


def status(live: LivePrinter) -> Any:
    return json.loads(live.tell("status"))


def targets(live: LivePrinter) -> tuple[float, float]:
    now = status(live)
    return now["nozzle_target_c"], now["bed_target_c"]


def cool(*arguments: str | Path) -> tuple[int, Any, float]:
    """Exit code, report and seconds."""
    command = [sys.executable, "-m", "firmware_bridge", "cool", "--json", *map(str, arguments)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout), time.monotonic() - began


def assert_cooled(live: LivePrinter, outcome: str) -> Any:
    """Within the promised time, by the printer itself."""
    code, report, seconds = cool("--port", live.port, "--profile", live.profile)
    assert (code, report["outcome"], targets(live)) == (0, outcome, (0.0, 0.0)), report
    assert seconds < PROMISED_S
    return report


def make_hot(live: LivePrinter, *more: bytes) -> None:
    with told(live, HOT, *more):
        until(lambda: targets(live) == (210.0, 60.0), what="both heaters are on")


@pytest.mark.parametrize("profile", ["prusa-mk3s", "ender3"])
def test_an_idle_hot_printer(tmp_path: Path, profile: str) -> None:
    with live_printer(tmp_path, profile=profile) as live:
        make_hot(live)
        report = assert_cooled(live, "cold")
        assert report["temperatures"]["nozzle_target_c"] == report["temperatures"]["bed_target_c"] == 0.0
        assert report["escalations"] == []


def test_without_knowing_the_printer(tmp_path: Path) -> None:
    with live_printer(tmp_path) as live:
        make_hot(live)
        assert cool("--port", live.port)[0] == 0
        assert targets(live) == (0.0, 0.0)


def test_a_board_that_the_opening_resets(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--reset-on-open", "--boot-s", "2") as live:
        make_hot(live)
        assert_cooled(live, "restarted")


@pytest.mark.parametrize(
    ("profile", "options", "outcome"),
    [
        ("ender3", (), "cold"),
        ("ender3", ("--no-emergency-parser",), "cold"),
        # Nothing but M112 breaks a wait of this firmware.
        ("prusa-mk3s", (), "halted"),
    ],
)
def test_one_that_waits_for_heat(tmp_path: Path, profile: str, options: Sequence[str], outcome: str) -> None:
    with live_printer(tmp_path, *options, profile=profile) as live:
        with told(live, b"M140 S60\nM109 S210\n"):
            until(lambda: targets(live) == (210.0, 60.0), what="it waits")
        assert_cooled(live, outcome)


@pytest.mark.parametrize("profile", ["prusa-mk3s", "ender3"])
def test_in_the_middle_of_numbered_lines(tmp_path: Path, profile: str) -> None:
    with live_printer(tmp_path, profile=profile) as live:
        numbered = [frame(number, b"G1 X%d F3000" % number) for number in range(1, 4)]
        with told(live, HOT, b"N0 M110 N0*125\n", *numbered, frame(4, b"G1 X50")[:8]):
            until(lambda: targets(live) == (210.0, 60.0), what="both heaters are on")
        assert_cooled(live, "cold")


def test_long_moves_are_dropped_where_the_firmware_can(tmp_path: Path) -> None:
    moves = [b"G1 X%d F300\n" % x for x in (200, 10, 200, 10)]
    with live_printer(tmp_path, profile="ender3") as live:
        with told(live, HOT, *moves * 5):  # a closed port would take with it what was not read yet
            until(lambda: len(live.executed()) >= 16, what="its planner is full")
        assert assert_cooled(live, "cold")["escalations"] == ["M410"]


def test_a_printer_that_hangs(tmp_path: Path) -> None:
    with live_printer(tmp_path) as live:
        make_hot(live)
        live.tell("hang")
        code, report, seconds = cool("--port", live.port, "--profile", live.profile)
        assert (code, report["outcome"]) == (1, "unknown")
        assert "does not answer" in report["text"]
        assert "switch the printer off at the mains" in report["text"]
        assert report["escalations"] == ["M112", "DTR"]
        assert seconds < TIMEOUT_S + 10.0


def test_a_printer_that_does_not_answer_is_reset_all_the_same(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--reset-on-open") as live:
        make_hot(live)
        live.tell("mute")
        starts = status(live)["starts"]
        code, report, _ = cool("--port", live.port, "--profile", live.profile, "--timeout", "4")
        assert (code, report["outcome"]) == (1, "unknown")
        # Once by the opening, perhaps once by M112, and once by the pulse, which opens the port again.
        until(lambda: status(live)["starts"] >= starts + 2, what="both starts")
        assert targets(live) == (0.0, 0.0)


def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    code, report, _ = cool("--port", tmp_path / "tty", "--timeout", "2")
    assert (code, report["outcome"]) == (1, "no_port")
    assert f"{tmp_path / 'tty'}: there is no such port" in report["text"]
    assert "nothing could be said to the printer" in report["text"]


def test_a_cable_that_is_pulled_meanwhile(tmp_path: Path) -> None:
    with live_printer(tmp_path) as live:
        make_hot(live)
        live.tell("hang")
        seen = Openings(str(live.port.resolve()))
        command = [sys.executable, "-m", "firmware_bridge", "cool", "--json", "--port", str(live.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as cooling:
            until(seen.update, what="it has opened the port")
            live.tell("unplug")
            said, _ = cooling.communicate(timeout=120)
        seen.close()
        report = json.loads(said)
        assert (cooling.returncode, report["outcome"]) == (1, "no_port")
        assert report["seconds"] < TIMEOUT_S


def test_a_port_that_another_program_keeps(tmp_path: Path) -> None:
    with live_printer(tmp_path) as live, told(live, HOT) as _:
        port = open_port(str(live.port), 115_200)
        try:
            code, report, _ = cool("--port", live.port, "--timeout", "2")
        finally:
            port.close()
        assert (code, report["outcome"]) == (1, "held")
        assert "another program has the port open" in report["text"]


def test_a_port_that_is_let_go_a_moment_later(tmp_path: Path) -> None:
    with live_printer(tmp_path) as live:
        make_hot(live)
        port = open_port(str(live.port), 115_200)
        seen = Openings(str(live.port.resolve()))
        command = [sys.executable, "-m", "firmware_bridge", "cool", "--port", str(live.port), "--timeout", "40"]
        with subprocess.Popen(command) as cooling:
            until(seen.update, what="it tries to open the port")
            port.close()
            assert cooling.wait(60) == 0
        seen.close()
        assert targets(live) == (0.0, 0.0)


def test_dtr_falls_only_where_a_reset_is_wanted() -> None:
    master, slave = pty.openpty()
    try:
        name = os.ttyname(slave)
        open_port(name, 115_200).close()
        assert not hangs_up(master)
        port = open_port(name, 115_200)
        with pytest.raises(BlockingIOError):
            fcntl.flock(slave, fcntl.LOCK_EX | fcntl.LOCK_NB)
        close_with_dtr_low(port)
        assert hangs_up(master)
        open_port(name, 115_200).close()
        assert not hangs_up(master)
    finally:
        os.close(master)
        os.close(slave)


def hangs_up(master: int) -> bool:
    """Whether the last close lets DTR fall."""
    return bool(termios.tcgetattr(master)[2] & termios.HUPCL)


def test_it_needs_nothing_of_the_streaming_engine() -> None:
    """What brought the bridge down must not bring this down too."""
    script = (
        "import sys; import firmware_bridge.commands.cool; "
        "print([name for name in sys.modules if name.endswith(('.window', '.printer', '.printing', '.console'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_wrong_words_are_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "firmware_bridge", "cool", "--port", str(tmp_path), "--profile", "mk9"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "there is no printer profile 'mk9'" in done.stderr

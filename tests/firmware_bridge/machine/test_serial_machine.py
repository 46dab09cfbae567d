"""The machine against a printer process on a real pseudo-terminal."""

import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.exactness import assert_exact
from support.gcode import write_tower
from support.live_printer import LivePrinter, Watched, live_printer, watched
from support.waiting import until

from firmware_bridge.contract import Fault, FaultCode, Origin
from firmware_bridge.machine.interface import Connected, Disconnected, Heating, Measured, Outcome, Paused, Printing


def begin_slow_print(live: LivePrinter, machine: Watched, folder: Path) -> Path:
    """A print that goes on for a while; under way."""
    file = write_tower(folder / "tower.gcode", layers=40, rounds=10)
    machine.machine.print_file("job", file)
    machine.wait_for(Printing)
    until(lambda: len(live.executed()) > 60, what="the print is under way")
    return file


def assert_cold(live: LivePrinter) -> None:
    """The last that was said to each heater is 0."""
    executed = live.executed()
    for code in ("M104", "M140"):
        assert [line for line in executed if line.startswith(code)][-1] == f"{code} S0"


def test_prints_every_line_once_and_never_waits_in_the_firmware(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--instant") as live, watched(live.port, live.profile) as machine:
        file = write_tower(tmp_path / "tower.gcode", layers=20, rounds=10)
        machine.machine.print_file("job", file)
        end = machine.ended()
        assert (end.job, end.outcome, end.fault) == ("job", Outcome.DONE, None)
        assert_exact(live.log.read_bytes(), file.read_bytes())
        assert not [line for line in live.executed() if line.startswith(("M109", "M190"))]
        kinds = [type(event) for event in machine.events]
        assert kinds.index(Connected) < kinds.index(Heating) < kinds.index(Printing)
        assert_cold(live)


@pytest.mark.parametrize("profile", ["prusa-mk3s", "ender3"])
def test_a_noisy_wire_changes_nothing(tmp_path: Path, profile: str) -> None:
    options = ("--instant", "--noise", "10000", "--rate", "lose-ok=0.0005", "--seed", "5")
    with live_printer(tmp_path, *options, profile=profile) as live, watched(live.port, profile) as machine:
        file = write_tower(tmp_path / "tower.gcode", layers=60, rounds=15)
        machine.machine.print_file("job", file)
        assert machine.ended().outcome is Outcome.DONE
        # A line whose N was damaged runs as an unknown command: that is logged, and nothing comes of it.
        known = b"\n".join(line for line in live.log.read_bytes().splitlines() if line[:1] in b"GMT")
        assert_exact(known, file.read_bytes())
        assert "corrupted" in live.tell("status")


def test_pause_parks_and_resume_goes_back_exactly(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--speed", "60") as live, watched(live.port, live.profile) as machine:
        file = begin_slow_print(live, machine, tmp_path)
        machine.machine.pause(Origin.KIOSK)
        assert machine.wait_for(Paused).by is Origin.KIOSK
        executed = live.executed()
        park = executed.index("G1 X125 Y200 F6000")
        assert executed[park - 5 : park] == ["G91", "M83", "G1 E-2 F2100", "G1 Z20 F900", "G90"]
        paused_at = len(executed)
        before = [line for line in executed[: park - 5] if line.startswith("G1 X")][-1]
        before_resuming = len(machine.events)
        machine.machine.resume()
        until(
            lambda: any(isinstance(e, Printing) for e in machine.events[before_resuming:]), what="printing again"
        )
        back = live.executed()[paused_at:]
        assert back[0] == "G90"
        assert back[1].split()[1:3] == before.split()[1:3]
        assert back[2].startswith("G1 Z")
        assert machine.ended().outcome is Outcome.DONE
        log = live.log.read_bytes().splitlines()
        resumed = next(i for i in range(paused_at, len(log)) if log[i].startswith(b"G1 F"))
        assert_exact(b"\n".join(log[: park - 5] + log[resumed + 1 :]), file.read_bytes())


def test_cancel_in_mid_print_ends_cold_and_away(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--speed", "60") as live, watched(live.port, live.profile) as machine:
        begin_slow_print(live, machine, tmp_path)
        machine.machine.cancel(Origin.KIOSK)
        end = machine.ended()
        assert (end.outcome, end.by) == (Outcome.CANCELLED, Origin.KIOSK)
        assert_cold(live)
        assert "M84" in live.executed()[-3:]


def test_cancel_breaks_a_heat_up_at_once(tmp_path: Path) -> None:
    with live_printer(tmp_path) as live, watched(live.port, live.profile) as machine:
        machine.machine.print_file("job", write_tower(tmp_path / "tower.gcode"))
        machine.wait_for(Heating)
        until(lambda: "M140 S60" in live.executed(), what="the bed's target is set")
        machine.machine.cancel(Origin.REGION)
        end = machine.ended()
        assert (end.outcome, end.by) == (Outcome.CANCELLED, Origin.REGION)
        assert_cold(live)
        machine.machine.print_file("next", write_tower(tmp_path / "next.gcode"))
        until(lambda: isinstance(machine.last(Heating), Heating) and machine.last(Heating).job == "next")


def test_a_reset_in_mid_print_fails_the_job_and_the_printer_comes_back(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--speed", "60") as live, watched(live.port, live.profile) as machine:
        begin_slow_print(live, machine, tmp_path)
        live.process.send_signal(signal.SIGUSR1)
        end = machine.ended()
        assert end.outcome is Outcome.FAILED
        assert end.fault is not None
        assert end.fault.code is FaultCode.PRINTER_RESET
        after = len(live.executed())
        until(lambda: len([e for e in machine.events if isinstance(e, Connected)]) == 2, what="connected again")
        assert not [line for line in live.executed()[after:] if line.startswith("G1")]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("kill", FaultCode.PRINTER_HALTED),
        ("thermal nozzle", FaultCode.THERMAL),
        ("say echo: cold extrusion prevented", FaultCode.COLD_EXTRUSION),
        ("unplug", FaultCode.PRINTER_MISSING),
    ],
)
def test_a_fault_ends_the_job_with_its_reason(tmp_path: Path, fault: str, code: FaultCode) -> None:
    with live_printer(tmp_path, "--speed", "60") as live, watched(live.port, live.profile) as machine:
        begin_slow_print(live, machine, tmp_path)
        live.tell(fault)
        end = machine.ended()
        assert end.outcome is Outcome.FAILED
        assert end.fault is not None
        assert end.fault.code is code


def test_the_printer_can_pause_and_cancel_by_itself(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--speed", "60") as live, watched(live.port, live.profile) as machine:
        begin_slow_print(live, machine, tmp_path)
        live.tell("say //action:pause")
        assert machine.wait_for(Paused).by is Origin.PRINTER
        live.tell("say // action:cancel")
        end = machine.ended()
        assert (end.outcome, end.by) == (Outcome.CANCELLED, Origin.PRINTER)


def test_closing_the_bridge_ends_the_job_cold(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--speed", "60") as live:
        with watched(live.port, live.profile) as machine:
            begin_slow_print(live, machine, tmp_path)
        end = machine.ended()
        assert end.outcome is Outcome.FAILED
        assert end.fault is not None
        assert end.fault.code is FaultCode.BRIDGE_STOPPED
        assert_cold(live)


def test_what_a_dead_bridge_left_hot_is_cooled(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--instant") as live:
        handle = os.open(live.port, os.O_RDWR | os.O_NOCTTY)
        lines = b"M104 S200\nM140 S60\n"
        # Again and again, since a board that boots hears nothing.
        until(lambda: os.write(handle, lines) and "M140 S60" in live.executed(), what="heaters on", every_s=0.2)
        os.close(handle)
        with watched(live.port, live.profile):
            assert_cold(live)


def test_another_model_is_refused(tmp_path: Path) -> None:
    with live_printer(tmp_path, profile="ender3") as live:
        with watched(live.port, "prusa-mk3s", connect=False) as machine:
            fault = machine.wait_for(Disconnected).fault
        assert fault.code is FaultCode.WRONG_PRINTER
        assert "Ender-3" in fault.detail


def test_firmware_without_thermal_protection_is_refused(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--no-thermal-protection", profile="ender3") as live:
        with watched(live.port, "ender3", connect=False) as machine:
            fault = machine.wait_for(Disconnected).fault
        assert fault.code is FaultCode.UNSAFE_FIRMWARE


def test_comes_back_after_unplugging(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--instant") as live, watched(live.port, live.profile) as machine:
        live.tell("unplug")
        assert machine.wait_for(Disconnected).fault.code is FaultCode.PRINTER_MISSING
        live.tell("plug")
        until(lambda: len([e for e in machine.events if isinstance(e, Connected)]) == 2, what="connected again")
        machine.machine.print_file("job", write_tower(tmp_path / "tower.gcode"))
        assert machine.ended().outcome is Outcome.DONE


@pytest.mark.parametrize("moment", ["at once", "handshake", "heating", "printing", "paused", "cancelled"])
def test_whenever_the_cable_is_pulled_it_comes_back_under_whatever_name(tmp_path: Path, moment: str) -> None:
    with live_printer(tmp_path, "--speed", "20") as live:
        name = live.port.readlink()
        # Whatever is open keeps its number: the next terminal has another name.
        kept = os.open(name, os.O_RDWR | os.O_NOCTTY)
        with watched(live.port, live.profile, connect=moment not in ("at once", "handshake")) as machine:
            if moment == "handshake":
                until(lambda: "M115" in live.executed(), what="it is asked who it is")
            elif moment != "at once":
                machine.machine.print_file("job", write_tower(tmp_path / "tower.gcode", layers=40, rounds=10))
                machine.wait_for(Heating)
            if moment in ("printing", "paused", "cancelled"):
                machine.wait_for(Printing)
            if moment == "paused":
                machine.machine.pause(Origin.KIOSK)
                machine.wait_for(Paused)
            if moment == "cancelled":
                machine.machine.cancel(Origin.KIOSK)
            live.tell("unplug")
            until(lambda: not live.port.exists(), what="the port is gone")
            until(lambda: machine.last(Disconnected) or moment == "at once", what="it is noticed")
            if machine.last(Heating) is not None and moment != "cancelled":
                assert machine.ended().fault == Fault(
                    code=FaultCode.PRINTER_MISSING, detail=f"{live.port}: unplugged"
                )
            before = len(machine.events)
            live.tell("plug")
            until(lambda: any(isinstance(e, Connected) for e in machine.events[before:]), what="connected again")
            assert live.port.readlink() != name
        os.close(kept)


def may_come_first() -> bool:
    """Whether this machine lets a process of ours ask for real-time scheduling."""
    asks = "import os; os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))"
    return subprocess.run([sys.executable, "-c", asks], capture_output=True).returncode == 0


def test_the_thread_at_the_port_comes_first_where_it_may(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--instant") as live, watched(live.port, live.profile):
        (thread,) = [thread for thread in threading.enumerate() if thread.name == "printer"]
        assert os.sched_getscheduler(thread.native_id) == (os.SCHED_RR if may_come_first() else os.SCHED_OTHER)
        assert os.sched_getscheduler(threading.get_native_id()) == os.SCHED_OTHER


def test_no_port_is_said_and_a_job_for_it_ends_at_once(tmp_path: Path) -> None:
    with watched(tmp_path / "nothing", "ender3", connect=False) as machine:
        fault = machine.wait_for(Disconnected).fault
        assert fault.code is FaultCode.PRINTER_MISSING
        assert "plugged in" in fault.detail
        machine.machine.print_file("job", write_tower(tmp_path / "tower.gcode"))
        end = machine.ended()
        assert end.fault is not None
        assert end.fault.code is FaultCode.PRINTER_MISSING


def test_a_silent_port_is_said(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    try:
        with watched(Path(os.ttyname(slave)), "ender3", connect=False) as machine:
            assert machine.wait_for(Disconnected).fault.code is FaultCode.PRINTER_SILENT
    finally:
        os.close(master)
        os.close(slave)


def test_temperatures_and_progress_are_told_every_second(tmp_path: Path) -> None:
    with live_printer(tmp_path, "--speed", "60") as live, watched(live.port, live.profile) as machine:
        file = begin_slow_print(live, machine, tmp_path)
        measured = until(lambda: (m := machine.last(Measured)) and m.progress and m.progress.line > 20 and m)
        total = len([line for line in file.read_text().splitlines() if not line.startswith(";")])
        assert measured.progress.lines == total
        assert measured.temperatures.nozzle_target_c == 210.0
        assert abs(measured.temperatures.nozzle_c - 210.0) < 10.0

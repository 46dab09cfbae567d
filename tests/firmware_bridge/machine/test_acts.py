"""What staff has the printer do between jobs, with a printer process on a real pseudo-terminal."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.gcode import write_tower
from support.live_printer import LivePrinter, Watched, live_printer, watched
from support.waiting import until

from firmware_bridge.contract import ActKind, ActState, Axis, FaultCode, Origin
from firmware_bridge.machine import acts, console
from firmware_bridge.machine.interface import Act, Acted, Outcome, Paused, Printing


@pytest.fixture(params=["prusa-mk3s", "ender3"])
def live(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LivePrinter]:
    with live_printer(tmp_path, "--speed", "60", profile=request.param) as printer:
        yield printer


@pytest.fixture
def machine(live: LivePrinter) -> Iterator[Watched]:
    with watched(live.port, live.profile) as connected:
        yield connected


def do(machine: Watched, kind: ActKind, **what: object) -> Acted:
    """Have it done, to its end."""
    before = len(machine.events)
    machine.machine.act(Act(kind, **what))  # type: ignore[arg-type]

    def ends() -> list[Acted]:
        told = [event for event in machine.events[before:] if isinstance(event, Acted)]
        assert not told or (told[0].kind, told[0].state) == (kind, ActState.RUNNING)
        return told[1:]

    return until(ends, what=f"{kind.value} ends")[0]


def moves(live: LivePrinter) -> list[str]:
    return [line for line in live.executed() if re.match(r"(G0|G1|G28|G9[01]|M8[23]|M10[467]|M140)\b", line)]


def test_heating_says_when_it_goes_off_and_cooling_switches_it_off(live: LivePrinter, machine: Watched) -> None:
    done = do(machine, ActKind.HEAT, nozzle_c=200.0, bed_c=50.0)
    assert (done.state, done.off_in_s) == (ActState.DONE, acts.AUTO_OFF_S)
    assert {"M104 S200", "M140 S50"} <= set(moves(live))
    machine.machine.cool_down()
    until(lambda: moves(live)[-2:] == ["M104 S0", "M140 S0"], what="heaters off")
    last = until(lambda: (e := machine.last(Acted)) and e.off_in_s is None and e, what="it says so")
    assert last.state is ActState.DONE


def test_what_nobody_switches_off_goes_off_by_itself(
    live: LivePrinter, machine: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "AUTO_OFF_S", 0.5)
    assert do(machine, ActKind.HEAT, nozzle_c=60.0).off_in_s == 0.5
    until(lambda: moves(live)[-2:] == ["M104 S0", "M140 S0"], what="heaters off")


def test_an_act_that_is_stopped_leaves_it_cold(live: LivePrinter, machine: Watched) -> None:
    machine.machine.act(Act(ActKind.HEAT, nozzle_c=230.0, bed_c=70.0))
    until(lambda: "M104 S230" in moves(live), what="it heats")
    machine.machine.cool_down()
    until(lambda: (e := machine.last(Acted)) and e.state is ActState.STOPPED, what="it is stopped")
    until(lambda: moves(live)[-2:] == ["M104 S0", "M140 S0"], what="heaters off")


def test_nothing_moves_before_homing_or_out_of_the_volume(live: LivePrinter, machine: Watched) -> None:
    refused = do(machine, ActKind.JOG, axis=Axis.X, mm=10.0)
    assert (refused.state, refused.refusal and refused.refusal.code) == (ActState.REFUSED, "not_homed")
    assert moves(live) == []
    assert do(machine, ActKind.HOME).state is ActState.DONE
    assert moves(live)[0].startswith("G28")
    assert do(machine, ActKind.JOG, axis=Axis.Z, mm=10.0).state is ActState.DONE
    assert "G1 Z10.000 F600" in moves(live)
    so_far = moves(live)
    for axis, mm in ((Axis.Z, -50.0), (Axis.Y, 50.0)):
        refused = do(machine, ActKind.JOG, axis=axis, mm=mm)
        assert (refused.state, refused.refusal and refused.refusal.code) == (ActState.REFUSED, "outside")
    assert moves(live) == so_far
    assert do(machine, ActKind.JOG, axis=Axis.Y, mm=-50.0).state is ActState.DONE


def test_homing_is_forgotten_with_idle_motors(
    live: LivePrinter, machine: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(machine, ActKind.HOME)
    monkeypatch.setattr(acts, "HOMED_S", 0.0)
    refused = do(machine, ActKind.JOG, axis=Axis.Z, mm=1.0)
    assert refused.refusal is not None and refused.refusal.code == "not_homed"


def test_filament_goes_in_and_out_when_it_is_hot(live: LivePrinter, machine: Watched) -> None:
    assert do(machine, ActKind.LOAD, nozzle_c=215.0).off_in_s == acts.AUTO_OFF_S
    fed = [float(line.split("E")[1].split()[0]) for line in moves(live) if line.startswith("G1 E")]
    assert sum(fed) == (100.0 if live.profile == "prusa-mk3s" else 440.0)
    assert moves(live)[0] == "M104 S215"
    assert do(machine, ActKind.UNLOAD, nozzle_c=215.0).state is ActState.DONE
    fed = [float(line.split("E")[1].split()[0]) for line in moves(live) if line.startswith("G1 E")][len(fed) :]
    assert sum(fed) == 10.0 - (90.0 if live.profile == "prusa-mk3s" else 450.0)


def test_cold_filament_is_refused_by_the_vet(live: LivePrinter, machine: Watched) -> None:
    refused = do(machine, ActKind.LOAD, nozzle_c=150.0)
    assert refused.refusal is not None and refused.refusal.code == "cold_extrusion"
    assert not [line for line in moves(live) if line.startswith("G1")]


def test_too_hot_is_refused_whoever_asks(live: LivePrinter, machine: Watched) -> None:
    refused = do(machine, ActKind.HEAT, nozzle_c=231.0)
    assert refused.refusal is not None and refused.refusal.code == "nozzle_too_hot"
    assert moves(live) == []


def test_the_fan_is_switched_off(live: LivePrinter, machine: Watched) -> None:
    assert do(machine, ActKind.FAN_OFF).state is ActState.DONE
    assert moves(live) == ["M107"]


def test_a_sensor_that_is_stuck_ends_the_act_cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge's own watch, with less patience than the firmware's."""
    monkeypatch.setattr(console, "NOZZLE", replace(console.NOZZLE, rise_s=1.0))
    with live_printer(tmp_path, "--speed", "1") as live, watched(live.port, live.profile) as machine:
        live.tell("break nozzle stuck_sensor")
        failed = do(machine, ActKind.HEAT, nozzle_c=200.0)
        assert failed.fault is not None and failed.fault.code is FaultCode.HEATING_TOO_SLOW
        until(lambda: moves(live)[-2:] == ["M104 S0", "M140 S0"], what="heaters off")


def test_a_job_takes_a_warm_printer_over(tmp_path: Path, live: LivePrinter, machine: Watched) -> None:
    do(machine, ActKind.HEAT, nozzle_c=200.0)
    machine.machine.print_file("job", write_tower(tmp_path / "tower.gcode"))
    assert machine.ended().outcome is Outcome.DONE
    machine.machine.act(Act(ActKind.JOG, axis=Axis.Z, mm=5.0))
    refused = until(lambda: (e := machine.last(Acted)) and e.refusal, what="it must be homed anew")
    assert refused.code == "not_homed"


def test_acts_wait_for_no_job(tmp_path: Path, live: LivePrinter, machine: Watched) -> None:
    machine.machine.print_file("job", write_tower(tmp_path / "tower.gcode", layers=40, rounds=10))
    machine.wait_for(Printing)
    machine.machine.act(Act(ActKind.HOME))
    machine.machine.cancel(Origin.KIOSK)
    machine.ended()
    assert machine.last(Acted) is None


def test_a_bridge_that_stops_leaves_no_heater_on(live: LivePrinter) -> None:
    with watched(live.port, live.profile) as machine:
        do(machine, ActKind.HEAT, nozzle_c=200.0, bed_c=50.0)
    until(lambda: moves(live)[-2:] == ["M104 S0", "M140 S0"], what="heaters off")


def test_a_pause_that_was_cooled_is_as_hot_as_before_when_it_goes_on(
    tmp_path: Path, live: LivePrinter, machine: Watched
) -> None:
    machine.machine.print_file("job", write_tower(tmp_path / "tower.gcode", layers=40, rounds=10))
    machine.wait_for(Printing)
    machine.machine.pause(Origin.KIOSK)
    machine.wait_for(Paused)
    machine.machine.cool_down()
    until(lambda: {"M104 S0", "M140 S0"} <= set(moves(live)[-3:]), what="both are off")
    so_far = len(moves(live))
    machine.machine.resume()
    until(lambda: [e for e in machine.events if isinstance(e, Printing)][1:], what="it prints on")
    heats = [line for line in moves(live)[so_far:] if line[:4] in ("M104", "M140")]
    assert sorted(heats[:2]) == ["M104 S210", "M140 S60"]

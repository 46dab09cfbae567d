"""The appliance as systemd runs it, with the simulated printer."""

import json

import pytest
from support.waiting import until

from appliance import glass, printer
from appliance.conftest import Boot
from appliance.machine import PATIENCE_S, Stopwatch
from appliance.scenes import (
    BRIDGE,
    COLD,
    KIOSK,
    bridge,
    comes_up,
    is_hot,
    meets_its_printer,
    print_something,
    targets,
)

SESSION = "/run/maakhoek-session"
GROUPS = """for process in $(find /proc -maxdepth 1 -user maakhoek-kiosk); do
    echo "$(cat $process/comm):$(grep -E '^(0:|1:name=systemd):' $process/cgroup)"
done"""
"""Each process of the touchscreen's user, and the control group that systemd sees it in."""
BACK_S = {"KILL": 5.0, "STOP": 10.0}
"""What is promised after a kill, and after a hang."""
COLD_S = 10.0


def test_it_boots_into_the_touchscreen(boot: Boot) -> None:
    machine = boot()
    printer.plug_in(machine)
    comes_up(machine)
    meets_its_printer(machine)
    assert glass.picture(machine, "kiosk").startswith(b"\x89PNG")
    assert machine.run("systemctl --failed --plain --no-legend").strip() == ""


def test_the_touchscreen_stays_where_its_unit_s_limits_reach_it(boot: Boot) -> None:
    machine = boot()
    comes_up(machine)
    unit = machine.show(KIOSK, "ControlGroup")
    groups = machine.run(GROUPS).split()
    assert {group.partition(":")[0] for group in groups} >= {"cage", "python3"}
    assert [group for group in groups if not group.endswith(f":{unit}")] == []


@pytest.mark.parametrize("signal_name", BACK_S)
@pytest.mark.parametrize("unit", [BRIDGE, KIOSK])
def test_what_is_killed_or_hangs_comes_back(boot: Boot, unit: str, signal_name: str) -> None:
    machine = boot()
    printer.plug_in(machine)
    comes_up(machine)
    meets_its_printer(machine)
    before = machine.main_pid(unit)
    watch = Stopwatch()
    machine.run(f"systemctl kill --kill-whom=main -s SIG{signal_name} {unit}")
    until(
        lambda: machine.main_pid(unit) not in (0, before) and machine.is_active(unit),
        PATIENCE_S,
        f"{unit} is back",
    )
    watch.check(f"{unit} is back after SIG{signal_name}", machine.active_since_s(unit), BACK_S[signal_name])


def test_who_gives_the_seat_anew_brings_the_touchscreen_anew(boot: Boot) -> None:
    machine = boot()
    comes_up(machine)
    before = machine.main_pid(KIOSK)
    machine.run("systemctl kill -s KILL seatd.service")
    until(
        lambda: machine.main_pid(KIOSK) not in (0, before) and machine.is_active(KIOSK),
        PATIENCE_S,
        "the screen is back",
    )


def test_a_killed_bridge_leaves_a_cold_printer_and_an_interrupted_job(boot: Boot) -> None:
    machine = boot()
    printer.plug_in(machine, speed=5)
    comes_up(machine)
    job = print_something(machine)
    assert is_hot(machine)
    before = machine.main_pid(BRIDGE)
    watch = Stopwatch()
    machine.run(f"systemctl kill --kill-whom=main -s SIGKILL {BRIDGE}")
    said_s = until(
        lambda: machine.logged_s(BRIDGE, COLD.pattern, watch.began_s), PATIENCE_S, "`cool` says that it is cold"
    )
    watch.check("the heaters are off", said_s, COLD_S)
    until(
        lambda: machine.main_pid(BRIDGE) not in (0, before) and machine.is_active(BRIDGE), PATIENCE_S, "it is back"
    )
    assert targets(machine) == (0, 0)
    with bridge(machine) as caller:
        state = caller.state()
    assert (state["job"]["id"], state["job"]["state"]) == (job, "interrupted")


def test_a_killed_touchscreen_does_nothing_to_the_print(boot: Boot) -> None:
    machine = boot()
    printer.plug_in(machine, speed=5)
    comes_up(machine)
    print_something(machine)
    before, lines = machine.main_pid(KIOSK), len(printer.commands(machine))
    machine.run(f"systemctl kill --kill-whom=all -s SIGKILL {KIOSK}")
    until(
        lambda: machine.main_pid(KIOSK) not in (0, before) and machine.is_active(KIOSK),
        PATIENCE_S,
        "the screen is back",
    )
    until(lambda: len(printer.commands(machine)) > lines + 100, PATIENCE_S, "lines go on")
    with bridge(machine) as caller:
        assert caller.state()["job"]["state"] == "printing"


def test_a_bridge_that_cannot_start_brings_the_help_screen_once(boot: Boot) -> None:
    machine = boot()
    comes_up(machine)
    machine.write(
        f"/run/systemd/system/{BRIDGE}.d/broken.conf",
        "[Service]\nExecStart=\nExecStart=/bin/false\nRestartSec=50ms\n",
    )
    machine.run(f"systemctl daemon-reload && systemctl restart --no-block {BRIDGE}")
    until(lambda: machine.show(BRIDGE, "ActiveState") == "failed", PATIENCE_S, "the start limit")
    help_screen = f"maakhoek-failed@{BRIDGE}.service"
    until(lambda: "staff are asked to come" in machine.journal(help_screen), PATIENCE_S, "the help screen", 0.5)
    assert machine.journal(help_screen).count("staff are asked to come") == 1
    machine.run(f"test -s /run/maakhoek-failed/{BRIDGE}")


def test_a_printer_that_is_unplugged_and_plugged_in_again_is_found(boot: Boot) -> None:
    machine = boot()
    printer.plug_in(machine)
    comes_up(machine)
    meets_its_printer(machine)
    printer.unplug(machine)
    with bridge(machine) as caller:
        until(lambda: not caller.state()["printer"]["connected"], PATIENCE_S, "it is missed")
    printer.plug_in(machine)
    meets_its_printer(machine)


def test_a_personal_model_is_made_by_a_process_of_another_user(boot: Boot) -> None:
    machine = boot()
    comes_up(machine)
    request = {"card": "sleutelhanger", "profile": "prusa-mk3s", "values": {"name": "Noor"}, "out": f"{SESSION}/7"}
    machine.write("/run/request", json.dumps(request) + "\n")
    connector = "PYTHONPATH=/usr/share/maakhoek python3 -m kiosk.adapters.connect /run/maakhoek-worker.sock"
    as_kiosk = "su maakhoek-kiosk -s /bin/sh -c"
    answer = machine.run(f"{as_kiosk} 'umask 7; mkdir {SESSION}/7; {connector} </run/request'")
    assert '"done"' in answer
    assert "maakhoek-worker" in machine.run(f"stat -c %U {SESSION}/7/*")
    machine.run(f"{as_kiosk} 'rm -r {SESSION}/7'")

"""What libraries do to a machine: no network, a card that is full or read-only, a clock that begins in 1970."""

import platform
import re
import time

import pytest
from support.bridge_client import BridgeError
from support.waiting import until

from appliance import glass, printer
from appliance.conftest import Boot
from appliance.machine import PATIENCE_S, Machine
from appliance.scenes import (
    BRIDGE,
    GCODE,
    KIOSK,
    bridge,
    comes_up,
    is_hot,
    meets_its_printer,
    print_something,
    targets,
)

DATA = "/var/lib/maakhoek"
SMALL_DISK = f"--tmpfs={DATA}:size=64M,mode=0700"
FILLED = f"{DATA}/somebody-elses"
FAKETIME = f"/usr/lib/{platform.machine()}-linux-gnu/faketime/libfaketimeMT.so.1"
IN_1970 = (
    f"LD_PRELOAD={FAKETIME}",
    "FAKETIME=@1970-01-01 00:00:20",
    "DONT_FAKE_MONOTONIC=1",
    "NO_FAKE_STAT=1",
)
"""What a board without a battery shows. The kernel has one such clock for all; cage does not run under
libfaketime."""
ONLY_MONDAYS = '[opening]\nmonday = ["10:00-12:30"]\n'
"""1970 began on a Thursday."""


def fill(machine: Machine) -> None:
    machine.try_(f"dd if=/dev/zero of={FILLED} bs=64k")


def alerts(machine: Machine) -> str:
    return machine.run(f"journalctl -u {BRIDGE} --no-pager -o cat | grep alert_ || true")


def test_without_a_network_it_prints(boot: Boot) -> None:
    machine = boot("--private-network")
    assert "eth" not in machine.run("cat /proc/net/dev") and machine.run("cat /proc/net/route").count("\n") == 1
    printer.plug_in(machine, speed=5)
    comes_up(machine)
    print_something(machine)


def test_a_root_that_cannot_be_written_does_not_matter(boot: Boot) -> None:
    machine = boot(volatile="state")
    assert machine.try_("touch /etc/maakhoek/written /usr/written").returncode != 0
    printer.plug_in(machine, speed=5)
    comes_up(machine)
    print_something(machine)
    assert machine.run("systemctl --failed --plain --no-legend").strip() == ""


def test_in_1970_it_prints_and_names_no_clock_time(boot: Boot) -> None:
    bridge_too = "[Service]\n" + "".join(f'Environment="{assignment}"\n' for assignment in IN_1970)
    machine = boot(drop_ins={BRIDGE: bridge_too, **glass.open_to_look(*IN_1970)})
    machine.run(f"echo '{ONLY_MONDAYS}' >>/etc/maakhoek/bridge.toml; systemctl restart {BRIDGE}")
    printer.plug_in(machine)
    comes_up(machine)
    print_something(machine)
    with bridge(machine) as caller:
        state = caller.state()
    assert time.gmtime(state["ts_ms"] / 1000).tm_year == 1970
    assert not state["clock_trusted"]
    assert state["closes_in_s"] is None, "who does not know the time does not close"
    until(lambda: glass.look(machine)["screen"] == "watch", PATIENCE_S, "the print on the screen", 0.5)
    glass.reads(machine, r"\d+ minu")
    assert not re.search(r"\d\.\d\d uur|sluit", glass.words(machine))
    assert "1970-01-01 00:0" in machine.journal(KIOSK), "the touchscreen's own clock"
    glass.picture(machine, "watch-in-1970")


def test_on_a_full_card_nothing_new_is_taken_until_there_is_room(boot: Boot) -> None:
    machine = boot(SMALL_DISK)
    printer.plug_in(machine)
    comes_up(machine)
    meets_its_printer(machine)
    fill(machine)
    until(lambda: "alert_raised: disk_full" in alerts(machine), PATIENCE_S, "the alarm", 0.5)
    with bridge(machine) as caller, pytest.raises(BridgeError, match="disk"):
        caller.submit(GCODE, card="munt")
    assert not is_hot(machine), "nothing was begun"

    machine.run(f"rm {FILLED}")
    until(lambda: "alert_cleared: disk_full" in alerts(machine), PATIENCE_S, "it is over", 0.5)
    print_something(machine)


def test_a_card_that_is_full_in_mid_print_ends_it_in_order(boot: Boot) -> None:
    machine = boot(SMALL_DISK)
    printer.plug_in(machine, speed=5)
    comes_up(machine)
    job = print_something(machine)
    fill(machine)
    until(lambda: "alert_raised: disk_full" in alerts(machine), PATIENCE_S, "the alarm", 0.5)
    with bridge(machine) as caller:
        caller.call("job.cancel", job=job)
        until(lambda: caller.state()["job"]["state"] == "cancelled", PATIENCE_S, "it is cancelled")
    until(lambda: targets(machine) == (0, 0), PATIENCE_S, "both heaters are off")
    machine.run(f"systemctl restart {BRIDGE}")
    comes_up(machine)
    with bridge(machine) as caller:
        kept = caller.state()["job"]
    assert (kept["id"], kept["state"]) == (job, "cancelled"), "from its reserve, the journal kept the end"

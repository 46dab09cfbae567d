"""The package's life on a running kiosk: newer, older, removed, purged. dpkg and systemd are the real ones."""

from support.waiting import until

from appliance import printer
from appliance.conftest import Boot, Build
from appliance.machine import PATIENCE_S, Machine
from appliance.scenes import (
    BRIDGE,
    KIOSK,
    bridge,
    comes_up,
    is_hot,
    meets_its_printer,
    print_something,
)

OLDER, NEWER = "0.0.1", "99.0"
TARGET = "maakhoek.target"
USERS = ("bridge", "kiosk", "worker")
KEPT = ("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow")
"""Here the package's users stand. Debian's way: they are locked and stay."""


def with_packages(boot: Boot, build: Build) -> Machine:
    debs = {"older": build(OLDER), "own": build(""), "newer": build(NEWER)}
    return boot(*(f"--bind-ro={deb}:/run/packages/{name}.deb" for name, deb in debs.items()))


def dpkg(machine: Machine, command: str) -> str:
    return machine.run(f"DEBIAN_FRONTEND=noninteractive dpkg {command}")


def installed(machine: Machine) -> str:
    return machine.run("dpkg-query -W -f '${Status} ${Version}' maakhoek")


def hello(machine: Machine) -> dict[str, str]:
    with bridge(machine) as caller:
        return dict(caller.call("hello"))


def test_an_upgrade_leaves_a_print_alone_and_a_downgrade_reads_what_was_kept(boot: Boot, build: Build) -> None:
    machine = with_packages(boot, build)
    machine.run("sed -i 's/^library = .*/library = \"Bibliotheek Deinze\"/' /etc/maakhoek/bridge.toml")
    printer.plug_in(machine, speed=5)
    comes_up(machine)
    machine.run(f"systemctl restart {BRIDGE}")
    job, journal = print_something(machine), hello(machine)["journal"]
    host, screen = machine.main_pid(BRIDGE), machine.main_pid(KIOSK)

    dpkg(machine, "-i /run/packages/newer.deb")
    assert installed(machine) == f"install ok installed {NEWER}"
    assert machine.main_pid(BRIDGE) == host, "a print is under way: its host is not touched"
    until(lambda: machine.main_pid(KIOSK) not in (0, screen), PATIENCE_S, "the screen has the new version")
    until(lambda: machine.is_active(KIOSK), PATIENCE_S, "and shows it")
    lines = len(printer.commands(machine))
    until(lambda: len(printer.commands(machine)) > lines + 50, PATIENCE_S, "lines go on")
    with bridge(machine) as caller:
        assert caller.state()["job"]["state"] == "printing"
    assert is_hot(machine)

    for deb, version in (("newer", NEWER), ("older", OLDER)):
        dpkg(machine, f"-i /run/packages/{deb}.deb")
        machine.run(f"systemctl restart {BRIDGE}")
        comes_up(machine)
        now = hello(machine)
        assert (now["software"], now["journal"], now["library"]) == (version, journal, "Bibliotheek Deinze")
    with bridge(machine) as caller:
        assert (caller.state()["job"]["id"], caller.state()["job"]["state"]) == (job, "interrupted")


def test_removed_it_comes_back_as_it_was_and_purged_nothing_is_left(boot: Boot, build: Build) -> None:
    machine = with_packages(boot, build)
    printer.plug_in(machine)
    comes_up(machine)
    journal = hello(machine)["journal"]

    dpkg(machine, "--remove maakhoek")
    assert not machine.is_active(BRIDGE) and not machine.is_active(KIOSK)
    assert machine.try_("test -e /usr/share/maakhoek").returncode != 0
    dpkg(machine, "-i /run/packages/own.deb")
    assert machine.run(f"systemctl is-enabled {TARGET}").strip() == "enabled"
    machine.run(f"systemctl start {TARGET}")
    comes_up(machine)
    meets_its_printer(machine)
    assert hello(machine)["journal"] == journal

    dpkg(machine, "--purge maakhoek")
    printer.unplug(machine)
    assert machine.try_(f"systemctl cat {TARGET}").returncode != 0
    ours = " -o ".join(
        ["-iname '*maakhoek*'", "-group maakhoek-session", *(f"-user maakhoek-{who}" for who in USERS)]
    )
    left = machine.run(f"find / -xdev \\( {ours} \\); ls -d /run/maakhoek* || true").split()
    assert left == []
    mentions = machine.run("grep -rlI maakhoek /etc || true").split()
    assert {name.rstrip("-") for name in mentions} <= set(KEPT)

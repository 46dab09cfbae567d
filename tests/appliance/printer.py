"""The simulated printer inside a booted machine, under the name that udev gives to a real one."""

from support.waiting import until

from appliance.machine import PATIENCE_S, Machine

FOLDER = "/run/simulated-printer"
LOG = f"{FOLDER}/log"
_UNIT = "simulated-printer.service"


def plug_in(machine: Machine, speed: float = 1.0, *more: str) -> None:
    """A process outside the bridge's unit; its owner is the bridge's user, as udev's group lets it in. `more`:
    options of it."""
    machine.run(f"install -d -o maakhoek-bridge {FOLDER} && ln -sfn {FOLDER}/tty /dev/printer0")
    machine.run(
        f"systemd-run -q --unit={_UNIT} --uid=maakhoek-bridge "
        f"/usr/bin/maakhoek-bridge simulate --link {FOLDER}/tty --log {LOG} --speed {speed:g} {' '.join(more)}"
    )
    until(lambda: machine.try_(f"test -e {FOLDER}/tty").returncode == 0, PATIENCE_S, "the printer's terminal")


def unplug(machine: Machine) -> None:
    """Its terminal is gone at once."""
    machine.run(f"systemctl kill -s KILL {_UNIT}; rm -f {FOLDER}/tty")
    until(lambda: machine.show(_UNIT, "ActiveState") in ("failed", "inactive"), PATIENCE_S, "it is off")
    machine.try_(f"systemctl reset-failed {_UNIT}")


def commands(machine: Machine) -> list[str]:
    """What it has executed so far."""
    return machine.try_(f"cat {LOG}").stdout.splitlines()

"""One root a run, one boot a test."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance import root as debian
from appliance.machine import Machine

PICTURES = debian.CACHE / "pictures"

CONTAINER = """[Service]
StandardInput=null
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
PAMName=
UtmpIdentifier=
RuntimeDirectory=maakhoek-kiosk
Environment=XDG_RUNTIME_DIR=/run/maakhoek-kiosk WLR_BACKENDS=headless WLR_RENDERER=pixman
Environment=WLR_LIBINPUT_NO_DEVICES=1 LIBGL_ALWAYS_SOFTWARE=1
"""
"""What a container has not: a console, a login seat, a graphics card. All else stays as shipped."""


def pytest_configure() -> None:
    if os.geteuid() != 0:
        raise pytest.UsageError("the appliance's tests boot real systems: run them as root")
    # Ended from outside, it still powers off what it booted.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The freshly built .deb."""
    out = tmp_path_factory.mktemp("deb")
    debian.run(str(debian.CHECKOUT / "provisioning/debian/build.sh"), str(out))
    return next(out.glob("maakhoek_*.deb"))


@pytest.fixture(scope="session")
def root(package: Path) -> Path:
    """Debian 13 with that package."""
    prepared = debian.prepared_root()
    debian.install(prepared, package)
    return prepared


@pytest.fixture
def boot(root: Path, tmp_path: Path) -> Iterator[Callable[..., Machine]]:
    """Boot the root, with nspawn's options; it is powered off at the end."""
    machines = []

    def start(*options: str) -> Machine:
        drop_in = tmp_path / "container.conf"
        drop_in.write_text(CONTAINER)
        inside = "/etc/systemd/system/maakhoek-kiosk.service.d/container.conf"
        name = f"maakhoek-{os.getpid()}"
        machine = Machine(root, name, tmp_path / "console", f"--bind-ro={drop_in}:{inside}", *options)
        machines.append(machine)
        return machine

    yield start
    for machine in machines:
        machine.power_off()

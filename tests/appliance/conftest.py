"""One root a run, one boot a test."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from appliance import root as debian
from appliance.machine import Machine
from appliance.region import Region
from appliance.wire import End, cable

CONTAINER = """[Service]
Environment=WLR_BACKENDS=headless WLR_RENDERER=pixman
Environment=WLR_LIBINPUT_NO_DEVICES=1 LIBGL_ALWAYS_SOFTWARE=1
"""
"""What a container has not: a screen, fingers, a graphics card. All else stays as shipped."""

Boot = Callable[..., Machine]
Build = Callable[[str], Path]


def pytest_configure() -> None:
    if os.geteuid() != 0:
        raise pytest.UsageError("the appliance's tests boot real systems: run them as root")
    # Ended from outside, it still powers off what it booted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The package from this checkout, under the version that is asked for; "" for its own."""
    built: dict[str, Path] = {}

    def package(version: str) -> Path:
        if version not in built:
            built[version] = debian.built(tmp_path_factory.mktemp("deb"), version)
        return built[version]

    return package


@pytest.fixture(scope="session")
def package(build: Build) -> Path:
    """The freshly built .deb."""
    return build("")


@pytest.fixture(scope="session")
def root(package: Path) -> Path:
    """Debian 13 with that package."""
    prepared = debian.prepared_root()
    debian.install(prepared, package)
    return prepared


@pytest.fixture(scope="session")
def region_package(package: Path) -> Path:
    """The region's, of the same build."""
    return next(package.parent.glob("maakhoek-region_*.deb"))


@pytest.fixture(scope="session")
def region_root(region_package: Path) -> Path:
    """Debian 13 with the region's package."""
    prepared = debian.prepared_root("region", (*debian.dependencies("maakhoek-region"), "curl"))
    debian.install(prepared, region_package)
    return prepared


@pytest.fixture
def ends() -> Iterator[tuple[End, End]]:
    """A cable: the region's end and the kiosk's."""
    with cable() as both:
        yield both


@pytest.fixture
def region(ends: tuple[End, End], region_root: Path, tmp_path: Path) -> Iterator[Region]:
    """Set up, on its end of the cable, with an account for staff."""
    machine = Machine(region_root, "region", tmp_path / "region-console", ends[0].option)
    try:
        region = Region(machine, ends[0])
        region.set_up()
        region.add_account()
        yield region
    finally:
        machine.power_off()


def bound(drop_ins: Iterable[tuple[str, str]], folder: Path) -> list[str]:
    """nspawn's options for more of some units' configuration; `folder` keeps it outside."""
    options = []
    for number, (unit, text) in enumerate(drop_ins):
        outside = folder / f"{number}.conf"
        outside.write_text(text)
        options.append(f"--bind-ro={outside}:/run/systemd/system/{unit}.d/{number}.conf")
    return options


@pytest.fixture
def boot(root: Path, tmp_path: Path) -> Iterator[Boot]:
    """Boot the root, with nspawn's options; it is powered off at the end. `drop_ins`: more of a unit's
    configuration, by the unit's name."""
    machines = []

    def start(*options: str, volatile: str = "overlay", drop_ins: dict[str, str] | None = None) -> Machine:
        binds = bound([("maakhoek-kiosk.service", CONTAINER), *(drop_ins or {}).items()], tmp_path)
        machine = Machine(root, "maakhoek", tmp_path / "console", *binds, *options, volatile=volatile)
        machines.append(machine)
        return machine

    yield start
    for machine in machines:
        machine.power_off()

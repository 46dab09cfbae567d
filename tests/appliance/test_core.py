"""The core of the test suite on the target itself: Debian 13's Python, its libraries alone, its PrusaSlicer."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import root as debian

TOOLS = (
    "python3-pytest",
    "python3-pytest-xdist",
    "python3-hypothesis",
    "python3-babel",
    "python3-cryptography",
    "python3-jsonschema",
    "mosquitto",
)
"""What tests need beside what is tested."""
CORE = (
    "firmware_bridge/link",
    "firmware_bridge/gcode",
    "firmware_bridge/machine",
    "firmware_bridge/jobs",
    "firmware_bridge/journal",
    "firmware_bridge/service",
    "firmware_bridge/local",
    "firmware_bridge/region",
    "firmware_bridge/exactness/test_end_to_end.py",
    "catalogue/test_cards.py",
    "catalogue/test_bundle.py",
    "catalogue/test_packs.py",
    "catalogue/test_models.py",
    "catalogue/test_slicer.py",
    "catalogue/test_solids.py",
    "catalogue/test_toolpath.py",
    "kiosk/test_domain.py",
    "kiosk/test_imports.py",
    "kiosk/test_keyboard.py",
    "kiosk/test_presenters.py",
    "kiosk/test_staff.py",
    "kiosk/test_update.py",
    "provisioning/upgrade",
)
"""Which part of tests/ runs there. What is left out needs a browser, the region's server, or `kivy.tests`, which
Debian does not ship."""


@pytest.fixture(scope="module")
def target(package: Path) -> Path:
    """Debian 13 with our package, which brings its metadata, and with what the tests need."""
    prepared = debian.prepared_root("core", (*debian.dependencies(), *TOOLS))
    debian.install(prepared, package)
    return prepared


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """The sources as they are in the repository, and the built collection."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=debian.CHECKOUT, capture_output=True, check=True).stdout
    command = ("xargs", "-0", "cp", "--parents", "-t", str(copy))
    subprocess.run(command, input=listed, cwd=debian.CHECKOUT, check=True)
    shutil.copytree(debian.CHECKOUT / "build/collection", copy / "build/collection")
    yield copy
    shutil.rmtree(copy)


def test_the_core_passes_on_the_target(target: Path, checkout: Path) -> None:
    tests = [f"tests/{part}" for part in CORE]
    for test in tests:
        assert (checkout / test).exists(), f"{test} is no more: see CORE"
    inside = ("systemd-nspawn", "-q", "-D", str(target), "--volatile=overlay", "--as-pid2", "--register=no")
    # Reading the kernel's clock state is harmless; a container's filter takes it for setting the clock.
    filter_ = "--system-call-filter=adjtimex clock_adjtime"
    alone = (
        "--keep-unit",
        "--pipe",
        filter_,
        f"--bind={checkout}:/checkout",
        "--chdir=/checkout",
        "--resolv-conf=off",
    )
    environment = ("--setenv=PYTHONPATH=/checkout:/usr/share/maakhoek", "--setenv=LC_ALL=C.UTF-8")
    runner = ("python3", "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider")
    print(debian.run(*inside, *alone, *environment, *runner, *tests)[-400:])

"""Real programs that the tests run: found by name, or the test fails with the name of the package."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGES = {
    "mosquitto": "mosquitto",
    "openssl": "openssl",
    "prusa-slicer": "prusa-slicer",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "unshare": "util-linux",
    "import": "imagemagick",
    "postgres": "postgresql",
    "initdb": "postgresql",
    "mkfs.ext4": "e2fsprogs",
    "mkfs.vfat": "dosfstools",
    "mcopy": "mtools",
    "dbus-daemon": "dbus-daemon",
}


def program(name: str) -> str:
    """Path of a program; fails the test where it is missing."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        pytest.fail(f"'{name}' is missing: install the Debian package '{PACKAGES.get(name, name)}'")
    return path


def unshared_mounts() -> list[str]:
    """The beginning of a command that may mount what nobody else sees; without root it takes a user namespace."""
    return [program("unshare"), "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]


def free_port() -> int:
    """A TCP port on loopback that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(command: Sequence[str | Path], log: Path, **popen: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is gone at the end, with its output in `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen([str(c) for c in command], stdout=output, stderr=subprocess.STDOUT, **popen)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

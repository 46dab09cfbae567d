"""Debian 13 roots, made once and kept: the kiosk's with all that the package depends on, and others beside it."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
CACHE = CHECKOUT / "build" / "appliance"
SUITE = "trixie"
BASE = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "dbus-user-session",
    "libpam-systemd",
    "udev",
    "ca-certificates",
)
LOOKING_ON = ("grim", "libfaketime")
"""What the tests need inside a kiosk: pictures, another clock. Nothing that a part of ours imports."""
OPTIONS = (
    "--variant=minbase",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
)
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def dependencies(package: str = "maakhoek") -> tuple[str, ...]:
    """What a package of ours asks for, by name."""
    control = (CHECKOUT / "provisioning/debian/control").read_text(encoding="utf-8")
    described = control.split(f"Package: {package}\n", 1)[1].split("\nPackage:", 1)[0]
    depends = described[described.index("Depends:") : described.index("Description:")]
    return tuple(sorted(set(re.findall(r"^ ([a-z0-9.+-]+)", depends, re.MULTILINE))))


def prepared_root(kind: str = "kiosk", packages: Iterable[str] | None = None) -> Path:
    """A root with those packages (without any: what the kiosk's package asks for), from the cache where the list
    is still the same. Two runs at a time wait for each other."""
    wanted = sorted({*BASE, *((*LOOKING_ON, *dependencies()) if packages is None else packages)})
    key = hashlib.sha256("\n".join((SUITE, *OPTIONS, *wanted)).encode()).hexdigest()[:12]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = CACHE / f"{kind}-{key}"
        if not root.is_dir():
            for old in CACHE.glob(f"{kind}-*"):
                shutil.rmtree(old)
            making = CACHE / f"{kind}-making"
            with suppress(FileNotFoundError):
                shutil.rmtree(making)
            run("mmdebstrap", *OPTIONS, f"--include={','.join(wanted)}", SUITE, str(making))
            making.rename(root)
        return root


def built(out: Path, version: str = "") -> Path:
    """Both packages of this checkout in `out`, under that version, else the project's own; the kiosk's is told."""
    command = (str(CHECKOUT / "provisioning/debian/build.sh"), str(out), *filter(None, [version]))
    run(*command, environment={"DPKG_DEB_COMPRESSOR_LEVEL": "1"})
    return next(out.glob("maakhoek_*.deb"))


def install(root: Path, package: Path) -> None:
    """The fresh package, as on a card that never had one."""
    name = package.name.partition("_")[0]
    if (root / f"var/lib/dpkg/info/{name}.list").exists():
        inside(root, "dpkg", "--purge", name)
    copy = root / "var/cache/installing.deb"
    shutil.copy(package, copy)
    inside(root, "dpkg", "-i", "/var/cache/installing.deb")
    copy.unlink()


def inside(root: Path, *command: str) -> str:
    """A command in the root that nobody has booted; its output."""
    return run("chroot", str(root), *command, environment=ENVIRONMENT)


def run(*command: str, environment: dict[str, str] | None = None) -> str:
    """Its output. Raises AssertionError with all it said where it failed."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, **environment} if environment else None,
    )
    assert done.returncode == 0, f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-4000:]}"
    return done.stdout

"""A Debian 13 root with everything the package depends on, made once; and the package installed into it."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
CACHE = CHECKOUT / "build" / "appliance"
BASE = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "dbus-user-session",
    "libpam-systemd",
    "udev",
    "ca-certificates",
    "grim",
)
DPKG_OPTIONS = (
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/locale/*",
    "path-exclude=/usr/share/doc/*",
)


def dependencies() -> tuple[str, ...]:
    """What the package itself asks for, by name."""
    control = (CHECKOUT / "provisioning/debian/control").read_text(encoding="utf-8")
    package = control[control.index("Package: maakhoek\n") :]
    depends = package[package.index("Depends:") : package.index("Description:")]
    return tuple(sorted(set(re.findall(r"^ ([a-z0-9.+-]+)", depends, re.MULTILINE))))


def prepared_root() -> Path:
    """A root with the dependencies; from the cache where nothing changed."""
    packages = sorted({*BASE, *dependencies()})
    key = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:12]
    root = CACHE / f"trixie-{key}"
    if (root / "etc/debian_version").is_file():
        return root
    making = CACHE / f"making-{key}"
    shutil.rmtree(making, ignore_errors=True)
    for old in CACHE.glob("trixie-*"):
        shutil.rmtree(old)
    CACHE.mkdir(parents=True, exist_ok=True)
    options = [f"--dpkgopt={option}" for option in DPKG_OPTIONS]
    run("mmdebstrap", "--variant=minbase", f"--include={','.join(packages)}", *options, "trixie", str(making))
    making.rename(root)
    return root


def install(root: Path, package: Path) -> None:
    """The fresh package; an older one is replaced."""
    shutil.copy(package, root / "var/cache/maakhoek.deb")
    run("chroot", str(root), "dpkg", "-i", "/var/cache/maakhoek.deb")


def run(*command: str) -> str:
    """Its output. Raises AssertionError with all it said where it failed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    assert done.returncode == 0, f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-4000:]}"
    return done.stdout

"""Debian's own tools, as an upgrade uses them. apt checks the repository's signature and each package's hash."""

import os
import subprocess
from pathlib import Path
from typing import Final

from provisioning import files
from provisioning.upgrade import source

NAME: Final = "maakhoek"
_ONLY_OURS: Final = (
    "-o",
    f"Dir::Etc::SourceList={source.ENTRY}",
    "-o",
    "Dir::Etc::SourceParts=-",
    "-o",
    "APT::Get::List-Cleanup=0",
    "-o",
    "APT::Update::Error-Mode=any",
)
_QUIETLY: Final = ("-q", "-y", "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")


class PackageError(RuntimeError):
    """A tool has refused; the message is its own."""


def update() -> None:
    """Read the repository's index anew. Raises PackageError where its signature or a hash does not hold."""
    _run("apt-get", "-q", *_ONLY_OURS, "update")


def installed() -> str:
    """The version that is here."""
    return _run("dpkg-query", "-W", "-f", "${Version}", NAME)


def offered() -> str:
    """The version that apt would install."""
    for line in _run("apt-cache", "policy", NAME).splitlines():
        if line.strip().startswith("Candidate:"):
            return line.split(":", 1)[1].strip()
    return ""


def is_newer(version: str, than: str) -> bool:
    """By dpkg's order."""
    return subprocess.run(("dpkg", "--compare-versions", version, "gt", than), check=False).returncode == 0


def fetch(version: str, folder: Path) -> Path:
    """The package of that version in `folder`: as it lies there, or from the repository. Raises PackageError."""
    kept = folder / f"{NAME}.{version}.deb"
    if kept.is_file():
        return kept
    part = folder / "part"
    part.mkdir(exist_ok=True)
    for old in part.iterdir():
        old.unlink()
    _run("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", f"{NAME}={version}", cwd=part)
    (fetched,) = part.glob("*.deb")
    files.sync(fetched)
    fetched.replace(kept)
    files.sync_folder(folder)
    return kept


def keep_only(version: str, folder: Path) -> None:
    """Of the packages that lie in `folder`."""
    for package in folder.glob(f"{NAME}.*.deb"):
        if package.name != f"{NAME}.{version}.deb":
            package.unlink()


def install(package: Path) -> None:
    """That very file, newer or older, with what it needs. Raises PackageError."""
    _run("apt-get", *_QUIETLY, "--allow-downgrades", "--no-remove", "install", str(package))


def mend(package: Path) -> None:
    """That very file, whatever a power cut has left of it or of the one before: half unpacked, half configured.

    apt alone does not touch a package in that state. Raises PackageError.
    """
    _run("dpkg", "--unpack", "--force-confdef", "--force-confold", str(package))
    _run("apt-get", *_QUIETLY, "--no-remove", "--fix-broken", "install")


def _run(*command: str, cwd: Path | None = None) -> str:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PackageError(f"{command[0]}: {(done.stderr or done.stdout).strip()[-1000:]}")
    return done.stdout

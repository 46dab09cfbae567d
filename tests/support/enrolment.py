"""The region's enrolment service as it runs there, and a kiosk that enrols, each a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from provisioning import setup_file
from provisioning.ca import certificates
from provisioning.ca.authority import CODE_LIFE, Authority
from provisioning.enrol.identity import Identity
from provisioning.region.config import RegionConfig
from provisioning.setup_file import SetupFile
from support.programs import free_port, running
from support.region_ca import made
from support.waiting import until

PACKAGES_KEY = """-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEaSGt8BYJKwYBBAHaRw8BAQdAq1Zk
=Xn3k
-----END PGP PUBLIC KEY BLOCK-----
"""
"""It looks like one, and that is all that an enrolment sees of it."""


@dataclass(frozen=True)
class EnrolmentService:
    """Running; its authority is open for the test too."""

    settings: RegionConfig
    authority: Authority
    log: Path

    def setup(self, library: str = "Bibliotheek Deinze") -> SetupFile:
        """For a new kiosk."""
        now = datetime.now(UTC)
        _, code = self.authority.new_kiosk(library, now, "balie")
        return self.setup_with(code, library)

    def setup_with(self, code: str, library: str = "Bibliotheek Deinze") -> SetupFile:
        """With a code that was made."""
        pin = certificates.pin(self.authority.root)
        return SetupFile(library, self.settings.enrol_url, pin, code, datetime.now(UTC) + CODE_LIFE)


@contextmanager
def enrolment_service(
    folder: Path, now: datetime | None = None, also: tuple[str, ...] = ()
) -> Iterator[EnrolmentService]:
    """`now`: when the authority and its server's certificate were made; `also`: other names of this machine."""
    now = now or datetime.now(UTC)
    repository = folder / "repository"
    repository.mkdir(parents=True)
    settings = RegionConfig(
        "Leie", "127.0.0.1", also, authority=made(folder, now), enrol_port=free_port(), repository=repository
    )
    settings.packages_key.write_text(PACKAGES_KEY)
    authority = Authority(settings.authority)
    authority.renew_server(settings.names, now)
    authority.write_lists(now)
    config = folder / "region.toml"
    config.write_text(settings.text())
    log = folder / "enrolment.log"
    command = [sys.executable, "-m", "provisioning.region.enrolment", "--config", config, "--address", "127.0.0.1"]
    with running(command, log):
        until(lambda: "serving" in log.read_text(), what="the service serves")
        yield EnrolmentService(settings, authority, log)
    authority.close()


@dataclass(frozen=True)
class Kiosk:
    """A folder with a stick and an identity."""

    folder: Path

    @property
    def stick(self) -> Path:
        """The setup file on it."""
        path = self.folder / "sticks" / "sda1" / setup_file.NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def identity(self) -> Identity:
        """As the process sees it."""
        folder = self.folder / "identity"
        folder.mkdir(exist_ok=True)
        return Identity(folder, (self.folder / "sticks",), str(folder / "kiosk.key"))

    @property
    def status(self) -> Path:
        """For the screen."""
        return self.folder / "status.json"

    def command(self) -> list[str]:
        """What enrols it."""
        options = ["--source", str(self.folder / "sticks"), "--status", str(self.status)]
        begin = [sys.executable, "-m", "provisioning.enrol"]
        key = ["--bridge-key", self.identity.bridge_key]
        return [*begin, "--folder", str(self.identity.folder), "run", *options, *key]

    def enrol(self) -> None:
        """To the end."""
        subprocess.run(self.command(), check=True, timeout=60, capture_output=True)

    def certificate(self) -> x509.Certificate:
        """Its own."""
        return x509.load_pem_x509_certificates(self.identity.certificate.read_bytes())[0]

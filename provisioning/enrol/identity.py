"""The kiosk's folder: its key, its certificate, and who it is. Owned by a user of its own; the key by nobody else.

kiosk.key      600; made here, given to the bridge by systemd as a credential
kiosk.crt      the certificate and the intermediate
root.crt       whom to believe
identity.toml  kiosk, library and broker, as the bridge reads them; and whence root takes new versions
setup.toml     600; while the enrolment lasts
"""

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from provisioning import files, setup_file
from provisioning.ca import certificates, renewal
from provisioning.ca.certificates import key_pem
from provisioning.enrol import door
from provisioning.enrol.door import DoorError
from provisioning.enrol.steps import Facts, Step, next_step
from provisioning.setup_file import SetupFile, SetupFileError

FOLDER: Final = Path("/var/lib/maakhoek-identity")
BRIDGE_KEY: Final = "/run/credentials/maakhoek-bridge.service/kiosk.key"
"""Where the bridge finds its copy of the key."""


@dataclass(frozen=True)
class Identity:
    """`sources`: folders where a setup file may lie, or one below: the boot partition, the mounted sticks."""

    folder: Path = FOLDER
    sources: tuple[Path, ...] = ()
    bridge_key: str = BRIDGE_KEY

    @property
    def key(self) -> Path:
        """Of this kiosk."""
        return self.folder / "kiosk.key"

    @property
    def certificate(self) -> Path:
        """The newest."""
        return self.folder / "kiosk.crt"

    @property
    def root(self) -> Path:
        """Whom to believe."""
        return self.folder / "root.crt"

    @property
    def file(self) -> Path:
        """What the bridge reads."""
        return self.folder / "identity.toml"

    @property
    def setup(self) -> Path:
        """The setup file that was taken."""
        return self.folder / "setup.toml"

    def facts(self) -> Facts:
        """What is on the disk."""
        held = self._held()
        offered = self.offered()
        return Facts(
            is_offered=offered is not None and offered[1] != held,
            has_setup=self.setup.exists(),
            has_key=self._loaded_key() is not None,
            has_root=held is not None and self._root_fits(held),
            has_identity=self.file.exists(),
        )

    def next(self) -> Step:
        """What to do now."""
        return next_step(self.facts())

    def do(self, step: Step) -> None:
        """One step; durable when this returns. Raises DoorError where the region has to help."""
        match step:
            case Step.TAKE:
                offered = self.offered()
                if offered is not None:
                    files.write(self.setup, setup_file.text(offered[1]), 0o600)
            case Step.MAKE_KEY:
                files.write(self.key, key_pem(certificates.make_key()), 0o600)
            case Step.FETCH_ROOT:
                setup = setup_file.load(self.setup)
                files.write(self.root, door.fetch_root(setup.address, setup.ca_sha256))
            case Step.ASK:
                self._ask(setup_file.load(self.setup))
            case Step.FORGET:
                self._forget()
            case Step.WAIT | Step.DONE:
                pass

    def renew(self, now: datetime) -> bool:
        """A new certificate, where it is time or another key signs at the region now; True where there is one.
        Raises DoorError, SetupFileError."""
        current = x509.load_pem_x509_certificates(self.certificate.read_bytes())[0]
        table = tomllib.loads(self.file.read_text())
        from_, until = current.not_valid_before_utc, current.not_valid_after_utc
        address = (table["region"]["host"], table["region"]["port"])
        is_due = now >= renewal.renew_at(table["kiosk"], current.serial_number, from_, until)
        if not is_due and not self._is_signed_by_another(current, address):
            return False
        request = certificates.request(self._need_key())
        chain = door.renew(address, self.root, self.certificate, self.key, request)
        files.write(self.certificate, chain)
        return True

    def _is_signed_by_another(self, current: x509.Certificate, address: tuple[str, int]) -> bool:
        """Than who signs at the region now; a region that is not reached asks for nothing."""
        try:
            return door.signing_key(address, self.root) != certificates.issuer_key(current)
        except DoorError:
            return False

    def offered(self) -> tuple[Path, SetupFile] | None:
        """The first good setup file outside, and where it lies."""
        for path in self._candidates():
            try:
                return path, setup_file.load(path)
            except SetupFileError:
                continue
        return None

    def offered_is_new(self) -> bool:
        """There is a setup file outside that is not the one we hold."""
        return self.facts().is_offered

    def unreadable(self) -> str:
        """What is wrong with a setup file that is there and cannot be used; '' where nothing is."""
        for path in self._candidates():
            try:
                setup_file.load(path)
            except SetupFileError as error:
                return str(error)
        return ""

    def _candidates(self) -> Iterable[Path]:
        for source in self.sources:
            for path in (source / setup_file.NAME, *sorted(source.glob(f"*/{setup_file.NAME}"))):
                if path.is_file():
                    yield path

    def _ask(self, setup: SetupFile) -> None:
        request = certificates.request(self._need_key())
        answer = door.enrol(setup.address, self.root, setup.code, request)
        files.write(self.certificate, answer.certificate)
        host, port = setup.address
        # The last file: with it the kiosk is enrolled.
        files.write(
            self.file,
            "# Written by the enrolment. The bridge takes it over what /etc/maakhoek/bridge.toml says.\n"
            f"kiosk = {json.dumps(answer.kiosk)}\n"
            f"library = {json.dumps(answer.library, ensure_ascii=False)}\n\n"
            f"[broker]\nhost = {json.dumps(answer.broker_host)}\nport = {int(answer.broker_port)}\n"
            f'ca = "{self.root}"\ncertificate = "{self.certificate}"\nkey = "{self.bridge_key}"\n\n'
            f"[region]\nhost = {json.dumps(host)}\nport = {port}\n\n"
            f"[packages]\nurl = {json.dumps(answer.packages.url)}\nkey = {json.dumps(answer.packages.key)}\n",
        )

    def _forget(self) -> None:
        """On the stick first: while ours is there, this step comes again."""
        held = self._held()
        for path in list(self._candidates()):
            try:
                if setup_file.load(path) == held:
                    files.remove(path)
            except SetupFileError:
                continue
        self.setup.unlink()
        files.sync_folder(self.folder)

    def _held(self) -> SetupFile | None:
        try:
            return setup_file.load(self.setup)
        except SetupFileError:
            return None

    def _root_fits(self, setup: SetupFile) -> bool:
        try:
            return certificates.pin(x509.load_pem_x509_certificate(self.root.read_bytes())) == setup.ca_sha256
        except (OSError, ValueError):
            return False

    def _loaded_key(self) -> certificates.Key | None:
        try:
            key = load_pem_private_key(self.key.read_bytes(), None)
        except (OSError, ValueError):
            return None
        return key if isinstance(key, ec.EllipticCurvePrivateKey) else None

    def _need_key(self) -> certificates.Key:
        key = self._loaded_key()
        if key is None:
            raise SetupFileError(f"{self.key}: is not there or cannot be read; it is made anew at the next start")
        return key

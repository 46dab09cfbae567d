"""The root's few moments: it is made, it signs the server's intermediate, and it goes away on a stick."""

from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from provisioning import files
from provisioning.ca import certificates
from provisioning.ca.certificates import key_pem

LEAST_PASSPHRASE: Final = 12
ROOT_KEY: Final = "maakhoek-root.key"
ROOT: Final = "maakhoek-root.crt"


class CeremonyError(ValueError):
    """It cannot go on; the message says why and what to do."""


def make_root(stick: Path, passphrase: str, name: str, now: datetime) -> None:
    """The root's key and certificate, on the stick alone. Raises CeremonyError."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise CeremonyError(f"the passphrase is shorter than {LEAST_PASSPHRASE} characters: take six words")
    if not stick.is_dir():
        raise CeremonyError(f"{stick}: is no folder; put the stick in, and name where it is mounted")
    if (stick / ROOT_KEY).exists():
        raise CeremonyError(f"{stick / ROOT_KEY}: there is a root already; a second one would not be trusted")
    key = certificates.make_key()
    # The key last: with it there is a root. Cut off before, the ceremony begins anew.
    files.write(stick / ROOT, certificates.pem(certificates.root(key, f"{name} root", now)))
    files.write(stick / ROOT_KEY, key_pem(key, passphrase), 0o400)


def make_intermediate(stick: Path, passphrase: str, folder: Path, name: str, now: datetime) -> None:
    """root.crt, intermediate.crt and intermediate.key into the server's folder. Raises CeremonyError."""
    try:
        root = x509.load_pem_x509_certificate((stick / ROOT).read_bytes())
        root_key = load_pem_private_key((stick / ROOT_KEY).read_bytes(), passphrase.encode())
    except OSError as error:
        raise CeremonyError(f"{error.filename}: {error.strerror}; is this the root's stick?") from None
    except (ValueError, TypeError):
        raise CeremonyError(f"{stick / ROOT_KEY}: the passphrase is not right, or the file is damaged") from None
    if not isinstance(root_key, ec.EllipticCurvePrivateKey):
        raise CeremonyError(f"{stick / ROOT_KEY}: is not a key of this authority")
    key = certificates.make_key()
    own_name = f"{name} intermediate {now:%Y-%m-%d}"
    signed = certificates.intermediate(key.public_key(), own_name, root, root_key, now)
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / "root.crt", certificates.pem(root))
    files.write(folder / "intermediate.crt", certificates.pem(signed))
    files.write(folder / "intermediate.key", key_pem(key), 0o600)

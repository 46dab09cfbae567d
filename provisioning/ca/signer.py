"""What signs: an intermediate, a certificate and its key in two files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from provisioning.ca.certificates import Key

PRESENT: Final = "intermediate"
PREVIOUS: Final = "previous"
GUIDE: Final = "/usr/share/doc/maakhoek-region/ca-ceremony.md"
"""For who reads a message of ours."""


class AuthorityError(ValueError):
    """It cannot work as it is; the message names the file or the kiosk, and the remedy."""


@dataclass(frozen=True)
class Signer:
    """The key fits the certificate."""

    certificate: x509.Certificate
    key: Key


def load(folder: Path, name: str = PRESENT) -> Signer:
    """The pair of that name. Raises AuthorityError."""
    certificate_file, key_file = folder / f"{name}.crt", folder / f"{name}.key"
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = load_pem_private_key(key_file.read_bytes(), None)
    except OSError as error:
        raise AuthorityError(f"{error.filename}: {error.strerror}; hold the ceremony first ({GUIDE})") from None
    except ValueError:
        raise AuthorityError(f"{certificate_file}, {key_file}: cannot be read; restore a backup") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityError(
            f"{key_file}: does not fit {certificate_file.name}; "
            "if `maakhoek-region replace` was cut off, run it again"
        )
    return Signer(certificate, key)

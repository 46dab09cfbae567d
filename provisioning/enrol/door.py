"""The region's enrolment service, as a kiosk reaches it."""

import contextlib
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from cryptography import x509

from provisioning.ca import certificates
from provisioning.upgrade.source import Source, checked

TIMEOUT_S: Final = 15.0
MOST_BYTES: Final = 65_536


class Trouble(Enum):
    """Why it did not work, as far as a person can do something about it."""

    UNREACHABLE = "unreachable"
    CLOCK = "clock"
    NOT_OUR_REGION = "not_our_region"
    REFUSED = "refused"
    NONSENSE = "nonsense"


class DoorError(Exception):
    """`message` is Dutch where the region said it."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message)
        self.trouble = trouble


@dataclass(frozen=True)
class Answer:
    """To a code: who this kiosk is, its certificate with the intermediate (PEM), its broker, and where its
    new versions come from."""

    kiosk: str
    library: str
    certificate: str
    broker_host: str
    broker_port: int
    packages: Source


def fetch_root(address: tuple[str, int], pin: str) -> str:
    """The root in PEM. Nothing secret is sent: who answers is not known until the pin fits. Raises DoorError."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    said = _said(address, context, "GET", "/v1/root")
    try:
        root = x509.load_pem_x509_certificate(str(said["certificate"]).encode())
    except (KeyError, ValueError):
        raise DoorError(Trouble.NONSENSE, "the region's root cannot be read") from None
    if certificates.pin(root) != pin:
        raise DoorError(Trouble.NOT_OUR_REGION, "who answers there is not the region of the setup file")
    return certificates.pem(root)


def enrol(address: tuple[str, int], root: Path, code: str, request: str) -> Answer:
    """Raises DoorError."""
    context = ssl.create_default_context(cafile=str(root))
    said = _said(address, context, "POST", "/v1/enrol", {"code": code, "request": request})
    try:
        broker = said["broker"]
        packages = checked(said["packages"])
        answer = Answer(
            said["kiosk"], said["library"], said["certificate"], broker["host"], broker["port"], packages
        )
        x509.load_pem_x509_certificates(answer.certificate.encode())
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DoorError(Trouble.NONSENSE, "the region's answer cannot be read") from None
    return answer


def renew(address: tuple[str, int], root: Path, certificate: Path, key: Path, request: str) -> str:
    """The next certificate with the intermediate, in PEM. Raises DoorError.

    Over mutual TLS; where the region takes the certificate no more because it has expired, without.
    """
    context = ssl.create_default_context(cafile=str(root))
    context.load_cert_chain(certificate, key)
    asked = {"request": request, "certificate": certificate.read_text()}
    try:
        said = _said(address, context, "POST", "/v1/renew", asked)
    except DoorError as error:
        if error.trouble is not Trouble.UNREACHABLE:
            raise
        context = ssl.create_default_context(cafile=str(root))
        said = _said(address, context, "POST", "/v1/renew", asked)
    try:
        x509.load_pem_x509_certificates(str(said["certificate"]).encode())
    except (KeyError, ValueError):
        raise DoorError(Trouble.NONSENSE, "the region's answer cannot be read") from None
    return str(said["certificate"])


def signing_key(address: tuple[str, int], root: Path) -> bytes:
    """The identifier of the key that signs at the region now, as the service's own certificate names it. Raises
    DoorError."""
    context = ssl.create_default_context(cafile=str(root))
    with (
        _explained(address),
        socket.create_connection(address, TIMEOUT_S) as wire,
        context.wrap_socket(wire, server_hostname=address[0]) as shown,
    ):
        return certificates.issuer_key(x509.load_der_x509_certificate(shown.getpeercert(binary_form=True) or b""))


def _said(
    address: tuple[str, int], context: ssl.SSLContext, method: str, path: str, asked: dict[str, str] | None = None
) -> dict[str, Any]:
    connection = http.client.HTTPSConnection(*address, timeout=TIMEOUT_S, context=context)
    with _explained(address), contextlib.closing(connection):
        connection.request(method, path, json.dumps(asked) if asked is not None else None)
        response = connection.getresponse()
        said = json.loads(response.read(MOST_BYTES))
    if not isinstance(said, dict):
        raise DoorError(Trouble.NONSENSE, f"{address[0]}: the answer cannot be read")
    if response.status != 200:
        raise DoorError(Trouble.REFUSED, str(said.get("message", response.reason)))
    return said


@contextlib.contextmanager
def _explained(address: tuple[str, int]) -> Iterator[None]:
    """What goes wrong inside, as a DoorError."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        is_clock = error.verify_code in (_NOT_YET_VALID, _EXPIRED)
        trouble = Trouble.CLOCK if is_clock else Trouble.NOT_OUR_REGION
        raise DoorError(trouble, f"{address[0]}: {error.verify_message}") from None
    except (OSError, http.client.HTTPException) as error:
        raise DoorError(Trouble.UNREACHABLE, f"{address[0]}:{address[1]}: {error}") from None
    except ValueError:
        raise DoorError(Trouble.NONSENSE, f"{address[0]}: the answer cannot be read") from None


_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL."""

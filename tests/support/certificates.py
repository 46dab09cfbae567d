"""Certificates for tests: an authority, what it signs, and what it takes back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """PEM files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs with a P-256 key of its own; its files lie in `folder` as ca.crt and ca.crl."""

    def __init__(self, folder: Path, name: str = "Test region") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._revoked: list[int] = []
        self._serials: dict[str, int] = {}
        own = self._certificate(self._name, self._key, timedelta(days=1)).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.certificate.write_bytes(own.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        self._write_crl()

    @property
    def certificate(self) -> Path:
        """Whom to trust."""
        return self.folder / "ca.crt"

    def issue(self, name: str, file: str = "", *, valid_for: timedelta = timedelta(days=1)) -> Identity:
        """A client's certificate with that common name; a negative `valid_for` makes one that has expired."""
        return self._issue(name, file or name, ExtendedKeyUsageOID.CLIENT_AUTH, valid_for)

    def issue_broker(self, address: str = "127.0.0.1") -> Identity:
        """The server's, as broker.crt and broker.key."""
        return self._issue(address, "broker", ExtendedKeyUsageOID.SERVER_AUTH, timedelta(days=1))

    def revoke(self, name: str) -> None:
        """Take it back; whoever reads ca.crl again knows."""
        self._revoked.append(self._serials[name])
        self._write_crl()

    def _issue(self, name: str, file: str, usage: x509.ObjectIdentifier, valid_for: timedelta) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._certificate(subject, key, valid_for)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if usage is ExtendedKeyUsageOID.SERVER_AUTH:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))])
            builder = builder.add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        self._serials[name] = certificate.serial_number
        identity = Identity(self.folder / f"{file}.crt", self.folder / f"{file}.key")
        identity.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        identity.key.write_bytes(_pem(key))
        return identity

    def _certificate(self, subject: x509.Name, key: Key, valid_for: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, now + valid_for) - timedelta(minutes=5))
            .not_valid_after(now + valid_for)
        )

    def _write_crl(self) -> None:
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(now - timedelta(minutes=5)).next_update(now + timedelta(days=1))
        for serial in self._revoked:
            taken_back = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
            builder = builder.add_revoked_certificate(taken_back)
        crl = builder.sign(self._key, hashes.SHA256())
        (self.folder / "ca.crl").write_bytes(crl.public_bytes(serialization.Encoding.PEM))


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

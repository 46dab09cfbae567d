"""What the authority signs: pure functions of keys, names and a moment.

EC P-256 throughout. Everything is valid from a day before it is made: a Raspberry Pi has no clock of its own
and may still be behind when it meets the region.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey
PublicKey = ec.EllipticCurvePublicKey

ROOT_LIFE: Final = timedelta(days=20 * 365)
INTERMEDIATE_LIFE: Final = timedelta(days=10 * 365)
LEAF_LIFE: Final = timedelta(days=90)
BACKDATED: Final = timedelta(days=1)
KIOSK_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
"""As the bridge's configuration takes it; nothing in it means anything in an access list."""


class RequestError(ValueError):
    """A certificate request that is not signed; the message says why."""


def make_key() -> Key:
    """A new P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def root(key: Key, name: str, now: datetime) -> x509.Certificate:
    """Signs itself; may have one authority below it."""
    return _authority(name, key.public_key(), name, key, now, ROOT_LIFE, below=1)


def intermediate(key: PublicKey, name: str, by: x509.Certificate, by_key: Key, now: datetime) -> x509.Certificate:
    """The server's authority, which signs only ends."""
    return _authority(name, key, _common_name(by), by_key, now, INTERMEDIATE_LIFE, below=0)


def kiosk(key: PublicKey, kiosk_id: str, by: x509.Certificate, by_key: Key, now: datetime) -> x509.Certificate:
    """A client; its common name is its id. Raises RequestError where the id is none."""
    if not KIOSK_ID.fullmatch(kiosk_id):
        raise RequestError(f"{kiosk_id!r}: a kiosk's id is 1 to 32 small letters, digits and hyphens")
    return _leaf(kiosk_id, key, by, now, ExtendedKeyUsageOID.CLIENT_AUTH).sign(by_key, hashes.SHA256())


def server(
    key: PublicKey, names: Sequence[str], by: x509.Certificate, by_key: Key, now: datetime
) -> x509.Certificate:
    """For host names and addresses, at least one."""
    builder = _leaf(names[0], key, by, now, ExtendedKeyUsageOID.SERVER_AUTH)
    alternatives = x509.SubjectAlternativeName([_general_name(name) for name in names])
    return builder.add_extension(alternatives, critical=False).sign(by_key, hashes.SHA256())


def revocation_list(
    by: x509.Certificate, by_key: Key, revoked: Iterable[tuple[int, datetime]], now: datetime
) -> x509.CertificateRevocationList:
    """`revoked`: serial and moment. It holds as long as its authority: the broker refuses EVERY kiosk after it."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(by.subject)
    builder = builder.last_update(now - BACKDATED).next_update(by.not_valid_after_utc)
    # Two intermediates may have lists at once: who checks one finds it by the key that signed.
    signed_with = x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key())
    builder = builder.add_extension(signed_with, critical=False)
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    for serial, moment in revoked:
        one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
        builder = builder.add_revoked_certificate(one)
    return builder.sign(by_key, hashes.SHA256())


def request(key: Key) -> str:
    """A kiosk's request in PEM. It names nobody: the region decides who it is."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def requested_key(pem: str) -> PublicKey:
    """The key of a request whose sender has shown to hold it. Raises RequestError."""
    try:
        asked = x509.load_pem_x509_csr(pem.encode())
        key = asked.public_key()
        is_signed = asked.is_signature_valid
    except (ValueError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise RequestError(f"the certificate request cannot be read: {error}") from None
    if not is_signed:
        raise RequestError("the certificate request is not signed with its own key")
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise RequestError("the key of the certificate request is not an EC P-256 key")
    return key


def key_id(key: PublicKey) -> str:
    """SHA-256 of the public key in hexadecimal."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()


def own_key(certificate: x509.Certificate) -> bytes:
    """The identifier of its key, as certificates below it name it."""
    return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def issuer_key(certificate: x509.Certificate) -> bytes:
    """The identifier of the key that signed it."""
    named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return named.key_identifier or b""


def pin(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate in hexadecimal: what a setup file trusts."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def key_pem(key: Key, passphrase: str = "") -> bytes:
    """PKCS 8 in PEM; encrypted where there is a passphrase."""
    encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def pem(*certificates: x509.Certificate) -> str:
    """One after the other."""
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in certificates)


def _authority(
    name: str, key: PublicKey, by: str, by_key: Key, now: datetime, life: timedelta, *, below: int
) -> x509.Certificate:
    usage = x509.KeyUsage(
        key_cert_sign=True,
        crl_sign=True,
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _named(name, key, by, by_key.public_key(), now, life)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
    return builder.add_extension(usage, critical=True).sign(by_key, hashes.SHA256())


def _leaf(
    name: str, key: PublicKey, by: x509.Certificate, now: datetime, purpose: x509.ObjectIdentifier
) -> x509.CertificateBuilder:
    signer = by.public_key()
    assert isinstance(signer, ec.EllipticCurvePublicKey)
    builder = _named(name, key, _common_name(by), signer, now, LEAF_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)


def _named(
    name: str, key: PublicKey, by: str, by_key: PublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(by))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)

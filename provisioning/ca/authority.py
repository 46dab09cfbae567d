"""The authority on the region's server: who gets a certificate, who gets another one, and who gets none any more.

Its folder:

    root.crt  intermediate.crt  intermediate.key     from the ceremony
    previous.crt  previous.key                       the intermediate before it (see `replacement`)
    register.sqlite                                  kiosks, codes, certificates, audit
    pki/ca.crt  ca.crl  broker.crt  broker.key       what the broker and the other services read
    pki/stopped                                      ids for the broker's access list, one a line
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning import files
from provisioning.ca import certificates, renewal, signer
from provisioning.ca.certificates import KIOSK_ID, key_pem
from provisioning.ca.register import Issued, Kiosk, Register
from provisioning.ca.signer import PREVIOUS, AuthorityError, Signer

CODE_LIFE: Final = timedelta(days=7)
SERVICES_READ: Final = 0o640
"""Of keys and lists in pki/: its group is Mosquitto's."""


class Refused(Exception):  # noqa: N818  it is an answer, not a fault
    """A kiosk gets no certificate. `reason` is for programs, the message for people (Dutch, at the kiosk)."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Enrolled:
    """`chain`: the kiosk's certificate and the intermediate, in PEM."""

    kiosk: str
    library: str
    chain: str


class Authority:
    """Opens the folder. Raises AuthorityError where the ceremony has not been held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._signer = signer.load(folder)
        self.root = x509.load_pem_x509_certificate((folder / "root.crt").read_bytes())
        self.register = Register(folder / "register.sqlite")

    @property
    def pki(self) -> Path:
        """What others read."""
        return self.folder / "pki"

    @property
    def signs_until(self) -> datetime:
        """The end of the intermediate."""
        return self._signer.certificate.not_valid_after_utc

    def close(self) -> None:
        """Let go of the register."""
        self.register.close()

    # --- at the desk ---

    def new_kiosk(self, library: str, now: datetime, actor: str, kiosk: str = "") -> tuple[str, str]:
        """A kiosk's id and the code that lets it in once. Raises AuthorityError."""
        library = " ".join(library.split())
        if not 1 <= len(library) <= 80 or not library.isprintable():
            raise AuthorityError(f"{library!r}: a library's name has 1 to 80 letters")
        with self.register.change():
            id_ = kiosk or self._free_id(library)
            if not KIOSK_ID.fullmatch(id_):
                raise AuthorityError(f"{id_!r}: a kiosk's id is 1 to 32 small letters, digits and hyphens")
            if self.register.kiosk(id_) is not None:
                raise AuthorityError(f"{id_}: is there already; for a new card of it: maakhoek-admin again {id_}")
            self.register.add_kiosk(id_, library, now)
            self.register.note(now, actor, "new", id_, library)
            return id_, self._new_code(id_, now)

    def again(self, kiosk: str, now: datetime, actor: str) -> str:
        """A new code for a kiosk whose card was replaced. Using it takes back what the kiosk had before."""
        with self.register.change():
            if self._known(kiosk).stopped_at is not None:
                raise AuthorityError(f"{kiosk}: is stopped; let it in first: maakhoek-admin resume {kiosk}")
            self.register.note(now, actor, "again", kiosk)
            return self._new_code(kiosk, now)

    def stop(self, kiosk: str, now: datetime, actor: str) -> None:
        """Once the broker has read its lists again, the kiosk is neither heard nor told anything."""
        with self.register.change():
            self._known(kiosk)
            self.register.set_stopped(kiosk, now)
            self.register.revoke(kiosk, now)
            self.register.note(now, actor, "stop", kiosk)
            self._write_lists(now)

    def resume(self, kiosk: str, now: datetime, actor: str) -> None:
        """It may come back, with a new setup file."""
        with self.register.change():
            self._known(kiosk)
            self.register.set_stopped(kiosk, None)
            self.register.note(now, actor, "resume", kiosk)
            self._write_lists(now)

    # --- from the network ---

    def enrol(self, code: str, request: str, now: datetime, actor: str) -> Enrolled:
        """The same code with the same key is answered again: the answer may have been lost. Raises Refused."""
        key = self._requested_key(request)
        hash_ = code_hash(code)
        with self.register.change():
            known = self.register.code(hash_)
            if known is None:
                raise Refused("unknown_code", "Deze code bestaat niet. Vraag de regio een nieuw opstartbestand.")
            kiosk = self._known(known.kiosk)
            if kiosk.stopped_at is not None:
                raise Refused("stopped", "Dit toestel is bij de regio stopgezet. Bel de regio.")
            if known.key is not None and known.key != certificates.key_id(key):
                raise Refused("other_key", "Deze code is al gebruikt door een ander toestel. Bel de regio.")
            if known.certificate is not None:
                self.register.note(now, actor, "enrol again", kiosk.id)
                return Enrolled(kiosk.id, kiosk.library, known.certificate)
            if now > known.expires_at:
                raise Refused("expired_code", "Deze code is vervallen. Vraag de regio een nieuw opstartbestand.")
            self.register.revoke(kiosk.id, now)
            chain = self._issue(kiosk.id, key, now)
            self.register.use_code(hash_, certificates.key_id(key), chain)
            self.register.note(now, actor, "enrol", kiosk.id, f"key {certificates.key_id(key)[:16]}")
            self._write_lists(now)
        return Enrolled(kiosk.id, kiosk.library, chain)

    def renew(self, current: x509.Certificate, request: str, now: datetime, actor: str) -> str:
        """The next certificate for the same key, and the intermediate, in PEM. Raises Refused. See `renewal`."""
        key = self._requested_key(request)
        with self.register.change():
            known = self._issued(current)
            if known is None or known.revoked_at is not None or self._known(known.kiosk).stopped_at is not None:
                raise Refused("stopped", "Dit toestel is bij de regio niet (meer) bekend. Bel de regio.")
            if certificates.key_id(key) != known.key:
                raise Refused("other_key", "Dit toestel toont een andere sleutel dan de regio kent. Bel de regio.")
            if renewal.is_too_late(known.until, now):
                raise Refused("too_late", "Dit toestel was te lang weg. Vraag de regio een nieuw opstartbestand.")
            chain = self._issue(known.kiosk, key, now)
            late = " late" if now > known.until else ""
            self.register.note(now, actor, f"renew{late}", known.kiosk)
        return chain

    def note(self, now: datetime, actor: str, action: str, detail: str = "") -> None:
        """A line of the audit by itself."""
        with self.register.change():
            self.register.note(now, actor, action, "", detail)

    # --- for the services ---

    def write_lists(self, now: datetime) -> None:
        """What the broker reads: whom to trust, whose certificate is taken back, who is stopped."""
        with self.register.change():
            self._write_lists(now)

    def _write_lists(self, now: datetime) -> None:
        self.pki.mkdir(exist_ok=True)
        revoked = [(one.serial, one.revoked_at) for one in self.register.certificates() if one.revoked_at]
        # A broker refuses whoever's intermediate has no list: a previous one counts as long as its list is here.
        crl = "".join(
            certificates.revocation_list(one.certificate, one.key, revoked, now)
            .public_bytes(Encoding.PEM)
            .decode()
            for one in (self._signer, *self._previous(now))
        )
        stopped = [kiosk.id for kiosk in self.register.kiosks() if kiosk.stopped_at is not None]
        files.write(self.pki / "ca.crt", certificates.pem(self.root, self._signer.certificate))
        files.write(self.pki / "ca.crl", crl, SERVICES_READ)
        files.write(self.pki / "stopped", "".join(f"{id_}\n" for id_ in stopped), SERVICES_READ)

    def _previous(self, now: datetime) -> tuple[Signer, ...]:
        """The intermediate before, until the last certificate that it signed has ended; then it is gone."""
        parts = [self.folder / f"{PREVIOUS}{end}" for end in (".key", ".crt")]
        if not all(part.exists() for part in parts):
            return ()
        began = self._signer.certificate.not_valid_before_utc + certificates.BACKDATED
        if now > began + certificates.LEAF_LIFE:
            for part in parts:
                files.remove(part)
            return ()
        return (signer.load(self.folder, PREVIOUS),)

    def renew_server(self, names: Sequence[str], now: datetime) -> bool:
        """The services' own certificate, where it is due, or its names or its signer have changed; True where it
        is new."""
        if self._serves(names, now):
            return False
        self.pki.mkdir(exist_ok=True)
        key = certificates.make_key()
        by = self._signer
        signed = certificates.server(key.public_key(), names, by.certificate, by.key, now)
        files.write(self.pki / "broker.key", key_pem(key), SERVICES_READ)
        files.write(self.pki / "broker.crt", certificates.pem(signed, by.certificate))
        return True

    def _serves(self, names: Sequence[str], now: datetime) -> bool:
        """The services' own certificate is good; a power cut may have left one beside another one's key."""
        try:
            own = signer.load(self.pki, "broker").certificate
        except AuthorityError:
            return False
        due = renewal.renew_at("", own.serial_number, own.not_valid_before_utc, own.not_valid_after_utc)
        is_ours = certificates.issuer_key(own) == certificates.own_key(self._signer.certificate)
        return is_ours and now < due and _names(own) == set(names)

    def _issue(self, kiosk: str, key: certificates.PublicKey, now: datetime) -> str:
        signed = certificates.kiosk(key, kiosk, self._signer.certificate, self._signer.key, now)
        issued = Issued(
            signed.serial_number,
            kiosk,
            certificates.key_id(key),
            certificates.pin(signed),
            signed.not_valid_after_utc,
        )
        self.register.add_certificate(issued)
        return certificates.pem(signed, self._signer.certificate)

    def _issued(self, shown: x509.Certificate) -> Issued | None:
        pin = certificates.pin(shown)
        return next((one for one in self.register.certificates() if one.pin == pin), None)

    def _requested_key(self, request: str) -> certificates.PublicKey:
        try:
            return certificates.requested_key(request)
        except certificates.RequestError as error:
            raise Refused("bad_request", str(error)) from None

    def _known(self, kiosk: str) -> Kiosk:
        known = self.register.kiosk(kiosk)
        if known is None:
            raise AuthorityError(f"{kiosk}: there is no such kiosk; maakhoek-admin list names them")
        return known

    def _new_code(self, kiosk: str, now: datetime) -> str:
        code = secrets.token_hex(16)
        self.register.add_code(code_hash(code), kiosk, now + CODE_LIFE)
        return code

    def _free_id(self, library: str) -> str:
        taken = {kiosk.id for kiosk in self.register.kiosks()}
        first = slug(library)
        numbered = (f"{first[:28]}-{n}" for n in range(2, 1000))
        return next(id_ for id_ in (first, *numbered) if id_ not in taken)


def code_hash(code: str) -> str:
    """What the register keeps of a code: 128 random bits need no slow hash."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()


def slug(library: str) -> str:
    """'Bibliotheek Sint-Niklaas' -> 'sint-niklaas'."""
    plain = unicodedata.normalize("NFKD", library).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.removeprefix("bibliotheek").removeprefix("bib ")).strip("-")
    return words[:28].strip("-") or "kiosk"


def _names(certificate: x509.Certificate) -> set[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in names}

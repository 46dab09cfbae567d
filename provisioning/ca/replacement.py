"""Another intermediate in the place of the present one: before its end, or because its key has leaked.

Kiosks trust the root, so they believe the new one at once. What the old one signed for them goes on for as long as
its revocation list is given to the broker: the rest of those certificates' lives, or, where the key has leaked,
not a moment longer. A kiosk sees by the server's own certificate that another one signs now, and renews (`enrol`):
the register knows each certificate that was really issued, so a thief's are not renewed.
"""

from pathlib import Path

from cryptography import x509

from provisioning import files
from provisioning.ca import certificates, signer
from provisioning.ca.signer import PRESENT, PREVIOUS, AuthorityError


def replace(folder: Path, by: Path, *, leaked: bool) -> None:
    """The pair in `by` (from a ceremony with the same root) signs from now on; its key leaves `by` at the end. Cut
    off, it is run again.

    Raises AuthorityError.
    """
    new = signer.load(by)
    root = x509.load_pem_x509_certificate((folder / "root.crt").read_bytes())
    if certificates.issuer_key(new.certificate) != certificates.own_key(root):
        raise AuthorityError(f"{by / PRESENT}.crt: another root has signed it; kiosks would not believe it")
    old = _present(folder)
    if leaked:
        for end in (".key", ".crt"):
            files.remove(folder / f"{PREVIOUS}{end}")
    elif old is not None and old.certificate != new.certificate:
        files.write(folder / f"{PREVIOUS}.key", certificates.key_pem(old.key), 0o600)
        files.write(folder / f"{PREVIOUS}.crt", certificates.pem(old.certificate))
    files.write(folder / f"{PRESENT}.crt", certificates.pem(new.certificate))
    files.write(folder / f"{PRESENT}.key", certificates.key_pem(new.key), 0o600)
    files.remove(by / f"{PRESENT}.key")


def _present(folder: Path) -> signer.Signer | None:
    """None where a replacement was cut off between its two files: then the old pair is kept already."""
    try:
        return signer.load(folder)
    except AuthorityError:
        return None

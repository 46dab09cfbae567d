"""The authority of a workbench, made anew at each start: its certificates live as long as a demonstration."""

import secrets
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from provisioning import files
from provisioning.ca import ceremony, certificates
from provisioning.ca.authority import Authority

LOOPBACK: Final = "127.0.0.1"
NAME: Final = "Werkbank"


def certify(folder: Path, kiosks: Mapping[str, str]) -> None:
    """`folder`/pki as at a region, and ID.crt and ID.key of each kiosk beside; `kiosks`: libraries by id."""
    shutil.rmtree(folder, ignore_errors=True)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="root-") as stick:  # nobody signs with this root again
        passphrase = secrets.token_urlsafe()
        ceremony.make_root(Path(stick), passphrase, NAME, now)
        ceremony.make_intermediate(Path(stick), passphrase, folder, NAME, now)
    with closing(Authority(folder)) as authority:
        authority.write_lists(now)
        authority.renew_server((LOOPBACK,), now)
        for kiosk, library in kiosks.items():
            _enrol(authority, kiosk, library, now)


def _enrol(authority: Authority, kiosk: str, library: str, now: datetime) -> None:
    key = certificates.make_key()
    _, code = authority.new_kiosk(library, now, NAME, kiosk)
    enrolled = authority.enrol(code, certificates.request(key), now, NAME)
    files.write(authority.pki / f"{kiosk}.key", certificates.key_pem(key), 0o600)
    files.write(authority.pki / f"{kiosk}.crt", enrolled.chain)

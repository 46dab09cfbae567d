"""Backups that only the root's stick opens: sealed by gpg to a key whose private half lies there, locked.

The server has the public half alone: who takes a backup, or the server itself, cannot read the others.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from provisioning import files
from provisioning.ca.ceremony import CeremonyError
from provisioning.ca.signer import GUIDE
from provisioning.region.config import RegionError

KEY: Final = "maakhoek-backup.key"
"""On the stick: the private half, locked with the ceremony's passphrase."""
PUBLIC: Final = "maakhoek-backup.asc"
"""Beside it, and beside the intermediate on the server."""
_GUESSING_COSTS: Final = 65_011_712
"""Bytes that are hashed for a try at the passphrase: the most that OpenPGP knows. gpg would measure the machine,
which takes long where it is busy."""
_WITH_PASSPHRASE: Final = ("--pinentry-mode", "loopback", "--passphrase-fd", "0")


def hand_over(stick: Path, folder: Path, passphrase: str) -> None:
    """The public half into the server's folder; where the stick has no pair it is made. Raises CeremonyError."""
    if not (stick / KEY).exists():
        _make_key(stick, passphrase)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        files.write(folder / PUBLIC, (stick / PUBLIC).read_bytes())
    except OSError as error:
        raise CeremonyError(f"{error.filename}: {error.strerror}; is this the root's stick?") from None


def seal(plain: Path, public: Path, into: Path) -> None:
    """Whole or not at all; readable by its owner alone. Raises RegionError."""
    if not public.exists():
        raise RegionError(f"{public}: is not there; copy it from the root's stick ({GUIDE})")
    part = into.with_name(f".{into.name}.part")
    part.unlink(missing_ok=True)
    part.touch(0o600)
    try:
        with _gpg() as home:
            sealing = ("--recipient-file", str(public), "--output", str(part), "--encrypt", str(plain))
            # What is sealed is packed already. `--yes`: into the file that is nobody else's.
            done = _run(home, "--yes", "--trust-model", "always", "--compress-algo", "none", *sealing)
        if done.returncode != 0:
            raise RegionError(f"{into}: cannot be sealed: {done.stderr.strip()}")
        files.sync(part)
        part.replace(into)
        files.sync_folder(into.parent)
    finally:
        part.unlink(missing_ok=True)


def unseal(sealed: Path, stick: Path, passphrase: str, into: Path) -> None:
    """The file as it was before. Raises RegionError."""
    if not (stick / KEY).exists():
        raise RegionError(f"{stick / KEY}: is not there; put the root's stick in, and name where it is mounted")
    with _gpg() as home:
        imported = _run(home, "--import", str(stick / KEY))
        opening = (*_WITH_PASSPHRASE, "--output", str(into), "--decrypt", str(sealed))
        done = _run(home, *opening, stdin=passphrase) if imported.returncode == 0 else imported
    if done.returncode != 0:
        raise RegionError(
            f"{sealed}: cannot be opened: the passphrase is not right, the stick is another region's, or the file "
            f"is no backup or damaged ({done.stderr.strip()})"
        )


def _make_key(stick: Path, passphrase: str) -> None:
    """The private half last: with it there is a key."""
    with _gpg() as home:
        asked = ("--quick-generate-key", "Maakhoek backup", "future-default", "default", "never")
        done = _run(home, *_WITH_PASSPHRASE, *asked, stdin=passphrase)
        if done.returncode != 0:
            raise CeremonyError(f"the key for backups cannot be made: {done.stderr.strip()}")
        public = _run(home, "--armor", "--export")
        private = _run(home, *_WITH_PASSPHRASE, "--armor", "--export-secret-keys", stdin=passphrase)
    files.write(stick / PUBLIC, public.stdout)
    files.write(stick / KEY, private.stdout, 0o400)


@contextmanager
def _gpg() -> Iterator[Path]:
    """A home for one use; nothing that held a key stays behind."""
    home = Path(tempfile.mkdtemp(prefix="maakhoek-gpg-"))
    (home / "gpg-agent.conf").write_text(f"s2k-count {_GUESSING_COSTS}\n")
    try:
        yield home
    finally:
        subprocess.run(("gpgconf", "--homedir", str(home), "--kill", "all"), check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


def _run(home: Path, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("gpg", "--homedir", str(home), "--batch", "--quiet", *command),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )

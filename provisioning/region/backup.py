"""A backup of all that cannot be made again: the database, the authority and its register, settings and secret,
and the key that signs new versions.

One tar file, sealed to the key on the root's stick, for it holds keys, addresses and hashes of passwords.
"""

import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from provisioning import files
from provisioning.region import sealing
from provisioning.region.config import CONFIG, RegionConfig, RegionError, load
from provisioning.region.setup import (
    DASHBOARD,
    DATABASE,
    ETC,
    NGINX,
    REPOSITORY_KEYS,
    ROLE,
    SERVICES,
    make_database,
    run,
)

FOLDER: Final = Path("/var/backups/maakhoek")
KEEP: Final = 14
SUFFIX: Final = ".tar.gz.gpg"
_PLACE: Final = "/var/tmp"
"""For what is not sealed yet: this machine's own disk, which holds all of it anyway."""
_PUBLIC: Final = ("*.crt", "*.asc")
_PRIVATE: Final = "*.key"
_AUTHORITY: Final = (*_PUBLIC, _PRIVATE)
"""Of the authority's folder, beside its register."""
_ONLY_WHILE_IN_USE: Final = shutil.ignore_patterns("S.*", "*.lock", ".#*")
SECRET: Final = Path("/var/lib/maakhoek-dashboard/secret")


def back_up(config: RegionConfig, folder: Path = FOLDER) -> Path:
    """The file; older ones than the last KEEP are gone. Raises RegionError.

    `folder` may be another machine's: nothing comes there but what is sealed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealed = folder / f"maakhoek-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    with tempfile.TemporaryDirectory(dir=_PLACE) as place:
        work = Path(place)
        dump = run("pg_dump", "--format=plain", "--no-owner", DATABASE, as_user=ROLE)
        (work / "database.sql").write_text(dump)
        register = sqlite3.connect(config.authority / "register.sqlite")
        with closing(register), closing(sqlite3.connect(work / "register.sqlite")) as copy:
            register.backup(copy)
        for kind in _AUTHORITY:
            for path in config.authority.glob(kind):
                shutil.copy(path, work / path.name)
        for path in (CONFIG, DASHBOARD, NGINX, SECRET):
            if path.exists():
                shutil.copy(path, work / path.name)
        if REPOSITORY_KEYS.exists():
            shutil.copytree(REPOSITORY_KEYS, work / REPOSITORY_KEYS.name, ignore=_ONLY_WHILE_IN_USE)
        packed = work / "packed"
        with tarfile.open(packed, "x:gz") as tar:
            for path in sorted(work.iterdir()):
                if path != packed:
                    tar.add(path, path.name)
        sealing.seal(packed, config.authority / sealing.PUBLIC, sealed)
    for old in sorted(folder.glob(f"maakhoek-*{SUFFIX}"))[:-KEEP]:
        old.unlink()
    return sealed


def restore(sealed: Path, stick: Path, passphrase: str) -> RegionConfig:
    """Put it all back, on this machine or a new one; what was there is replaced. `setup` comes after it.

    `stick`: where the root's is mounted; it opens the backup. Raises RegionError.
    """
    services = [f"maakhoek-{name}.service" for name in SERVICES]
    with tempfile.TemporaryDirectory(dir=_PLACE) as place:
        work = Path(place)
        packed = work / "packed"
        sealing.unseal(sealed, stick, passphrase, packed)
        try:
            with tarfile.open(packed) as tar:
                tar.extractall(work, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise RegionError(f"{sealed}: is no backup of a region: {error}") from None
        for needed in ("region.toml", "database.sql", "register.sqlite", "intermediate.key", sealing.PUBLIC):
            if not (work / needed).exists():
                raise RegionError(f"{sealed}: holds no {needed}: it is no backup of a region")
        config = load(work / "region.toml")
        run("systemd-sysusers", "maakhoek-region.conf")
        run("systemd-tmpfiles", "--create", "maakhoek-region.conf")
        run("systemctl", "stop", *services)
        _put(work, config)
        _restore_database((work / "database.sql").read_text())
    return config


def _put(work: Path, config: RegionConfig) -> None:
    ETC.mkdir(exist_ok=True)
    for path, target, mode in (
        (work / "region.toml", CONFIG, 0o644),
        (work / "dashboard.toml", DASHBOARD, 0o644),
        (work / NGINX.name, NGINX, 0o644),
        (work / "secret", SECRET, 0o600),
        *((path, config.authority / path.name, 0o644) for kind in _PUBLIC for path in work.glob(kind)),
        *((path, config.authority / path.name, 0o600) for path in work.glob(_PRIVATE)),
        (work / "register.sqlite", config.authority / "register.sqlite", 0o600),
    ):
        if path.exists() and target.parent.is_dir():
            (target.parent / f"{target.name}-journal").unlink(missing_ok=True)
            files.write(target, path.read_bytes(), mode)
    if (work / REPOSITORY_KEYS.name).exists():
        REPOSITORY_KEYS.mkdir(mode=0o700, exist_ok=True)
        shutil.copytree(work / REPOSITORY_KEYS.name, REPOSITORY_KEYS, dirs_exist_ok=True)
        REPOSITORY_KEYS.chmod(0o700)


def _restore_database(dump: str) -> None:
    run("systemctl", "start", "postgresql.service")
    run("dropdb", "--if-exists", "--force", DATABASE, as_user="postgres")
    make_database()
    quiet = ("psql", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-d", DATABASE)
    run(*quiet, as_user=ROLE, stdin=dump)

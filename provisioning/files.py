"""Files that survive a pulled plug."""

import contextlib
import os
from pathlib import Path


def write(path: Path, data: bytes | str, mode: int = 0o644) -> None:
    """The old file or the whole new one, whatever happens; on the disk when this returns.

    It belongs to whom the folder belongs to, where root writes it.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
        if os.geteuid() == 0:
            folder = path.parent.stat()
            os.fchown(file.fileno(), folder.st_uid, folder.st_gid)
        os.fchmod(file.fileno(), mode)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """What somebody else wrote into it is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """The names in it are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Gone, also after a power cut. What cannot be removed (a stick that is write-protected) stays."""
    with contextlib.suppress(OSError):
        path.unlink()
        sync_folder(path.parent)

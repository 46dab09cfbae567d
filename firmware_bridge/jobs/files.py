"""A job's own files: copied from descriptors that were handed over, read from here alone, erased at its end."""

import hashlib
import os
import shutil
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from firmware_bridge.contract import Part

MAX_BYTES: Final = {Part.GCODE: 256 * 1024 * 1024, Part.TOOLPATH: 128 * 1024 * 1024}
MARGIN_BYTES: Final = 32 * 1024 * 1024
"""What must stay free on the disk beside a new job's files."""
CHUNK_BYTES: Final = 1024 * 1024


class FileError(ValueError):
    """The descriptor is not fit to be copied; the message says why."""


class NoRoomError(FileError):
    """The disk is too full."""


@dataclass(frozen=True)
class Copied:
    """What was copied: the G-code's path and SHA-256."""

    gcode: Path
    sha256: str


class JobFiles:
    """The folder `jobs/` of the bridge's data: one folder a job. Raises OSError where the disk fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def folder(self, job: str) -> Path:
        """Where the job's files lie."""
        return self._folder / job

    def path(self, job: str, part: Part) -> Path:
        """The copy of one part."""
        return self.folder(job) / part.value

    def has_room(self, more_bytes: int = 0) -> bool:
        """Whether the disk can take that much and keep its margin."""
        disk = os.statvfs(self._folder)
        return disk.f_bavail * disk.f_frsize >= more_bytes + MARGIN_BYTES

    def copy(self, job: str, parts: Sequence[tuple[Part, int]]) -> Copied:
        """Copy the descriptors (they stay open) and sync. Raises FileError; then nothing is left behind."""
        if not self.has_room(sum(_size(part, source) for part, source in parts)):
            raise NoRoomError("the disk is too full for another job")
        folder = self.folder(job)
        folder.mkdir(mode=0o700)
        try:
            digests = {part: _copy(source, self.path(job, part), MAX_BYTES[part]) for part, source in parts}
            _sync_folder(folder)
            _sync_folder(self._folder)
        except BaseException:
            self.erase(job)
            raise
        return Copied(self.path(job, Part.GCODE), digests[Part.GCODE])

    def open(self, job: str, part: Part) -> int:
        """A read-only descriptor of the copy. Raises FileNotFoundError where the job has no such part."""
        return os.open(self.path(job, part), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)

    def sha256(self, job: str, part: Part) -> str:
        """The hex digest of what lies on the disk now."""
        with self.path(job, part).open("rb") as copy:
            return hashlib.file_digest(copy, "sha256").hexdigest()

    def write(self, job: str, name: str, content: bytes) -> None:
        """Keep something of our own beside the job's parts, and sync."""
        with (self.folder(job) / name).open("wb") as output:
            output.write(content)
            _sync(output)
        _sync_folder(self.folder(job))

    def erase(self, job: str) -> None:
        """Remove all of the job's files. Doing it twice is no error."""
        shutil.rmtree(self.folder(job), ignore_errors=True)

    def erase_others(self, keep: frozenset[str]) -> None:
        """Remove what a stopped process left behind."""
        for folder in self._folder.iterdir():
            if folder.name not in keep:
                self.erase(folder.name)

    def older_than(self, seconds: float) -> tuple[str, ...]:
        """Jobs whose files were made longer ago than that."""
        before = time.time() - seconds
        return tuple(folder.name for folder in self._folder.iterdir() if folder.stat().st_ctime < before)


def _size(part: Part, source: int) -> int:
    found = os.fstat(source)
    if not stat.S_ISREG(found.st_mode):
        raise FileError(f"the descriptor for '{part.value}' is not a regular file")
    if found.st_size > MAX_BYTES[part]:
        raise FileError(f"'{part.value}' is larger than {MAX_BYTES[part] // 1024**2} MiB")
    return found.st_size


def _copy(source: int, target: Path, limit: int) -> str:
    """Copy from the beginning, wherever the sender's own position is. The hex SHA-256 of what was written."""
    digest = hashlib.sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as output:
        done = 0
        while chunk := os.pread(source, CHUNK_BYTES, done):
            done += len(chunk)
            if done > limit:
                raise FileError(f"'{target.name}' is larger than {limit // 1024**2} MiB")
            digest.update(chunk)
            output.write(chunk)
        _sync(output)
    return digest.hexdigest()


def _sync(output: BinaryIO) -> None:
    output.flush()
    os.fsync(output.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The PINs on the disk: salted hashes (scrypt), and the count of wrong ones. For one thread at a time."""

import hashlib
import hmac
import logging
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from firmware_bridge.contract import PinRefusal, Role
from firmware_bridge.service import tries
from firmware_bridge.service.tries import Tries

log = logging.getLogger(__name__)

PIN: Final = re.compile(r"[0-9]{4,12}")
_OBVIOUS: Final = ("0123456789012", "9876543210987")
_SALT_BYTES: Final = 16
_COST: Final = {"n": 1 << 14, "r": 8, "p": 1}
"""16 MiB and some 50 ms a try; 0.2 s on a Raspberry Pi 4."""
ROLES: Final = (Role.COACH, Role.STAFF, Role.TECHNICIAN)


class PinError(ValueError):
    """The PIN cannot be taken; the message says why. It never holds the PIN."""


class _Hash(Struct, frozen=True):
    salt: bytes
    digest: bytes
    n: int
    r: int
    p: int


_Hashes = dict[str, _Hash]
"""By the role's value."""


def boot_id() -> str:
    """Of this start of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def since_boot_s() -> float:
    """Never jumps, and counts on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class PinStore:
    """`pins.json` and `tries.json` in the bridge's data folder, both 0600. Raises OSError where the disk fails.

    PINs are read anew at each try: who sets one need not restart the bridge.
    """

    def __init__(
        self, folder: Path, boot: Callable[[], str] = boot_id, now_s: Callable[[], float] = since_boot_s
    ) -> None:
        self._pins = folder / "pins.json"
        self._tries_file = folder / "tries.json"
        self._boot = boot()
        self._now_s = now_s
        before = self._read_tries()
        self._tries = tries.in_this_boot(before, self._boot, now_s())
        if self._tries != before:
            self._keep(self._tries)

    def set(self, role: Role, pin: str) -> None:
        """Give a role its PIN. Raises PinError."""
        if role not in ROLES:
            raise PinError(f"{role.value} needs no PIN; there are: {', '.join(r.value for r in ROLES)}")
        if not PIN.fullmatch(pin):
            raise PinError("a PIN has 4 to 12 digits and nothing else")
        if len(set(pin)) == 1 or any(pin in run for run in _OBVIOUS):
            raise PinError("that PIN is the first that anybody tries; take another one")
        hashes = self._read()
        if any(_fits(known, pin) for other, known in hashes.items() if other != role.value):
            raise PinError("another role has that PIN already; take another one")
        salt = secrets.token_bytes(_SALT_BYTES)
        digest = hashlib.scrypt(pin.encode(), salt=salt, dklen=32, **_COST)
        self._write(self._pins, hashes | {role.value: _Hash(salt, digest, **_COST)})

    def remove(self, role: Role) -> bool:
        """Whether the role had one."""
        hashes = self._read()
        had = hashes.pop(role.value, None) is not None
        if had:
            self._write(self._pins, hashes)
        return had

    def check(self, pin: str) -> Role | PinRefusal:
        """The role that this PIN gives. A wrong one is counted before it is looked at."""
        now_s = self._now_s()
        wait_s = tries.wait_left_s(self._tries, now_s)
        if wait_s > 0.0:
            return PinRefusal(tries_left=0, wait_s=round(wait_s, 1))
        self._keep(tries.failed_once_more(self._tries, self._boot, now_s))
        hashes = self._read()
        role = next((r for r in ROLES if r.value in hashes and _fits(hashes[r.value], pin)), None)
        if role is None:
            wait_s = tries.wait_left_s(self._tries, self._now_s())
            return PinRefusal(tries_left=tries.tries_left(self._tries), wait_s=round(wait_s, 1))
        self._keep(Tries(boot=self._boot))
        return role

    @property
    def has_any(self) -> bool:
        """Whether anybody has set a PIN."""
        return bool(self._read())

    def _keep(self, changed: Tries) -> None:
        self._tries = changed
        try:
            self._write(self._tries_file, changed)
        except OSError as error:  # a full disk must not lock staff out; until a restart it is remembered here
            log.error("%s: the count of wrong PINs cannot be kept: %s", self._tries_file, error.strerror)

    def _read(self) -> _Hashes:
        try:
            return msgspec.json.decode(self._pins.read_bytes(), type=_Hashes)
        except FileNotFoundError:
            return {}
        except msgspec.DecodeError as error:
            raise OSError(0, f"{self._pins} is damaged; remove it and set the PINs anew") from error

    def _read_tries(self) -> Tries:
        try:
            return msgspec.json.decode(self._tries_file.read_bytes(), type=Tries)
        except FileNotFoundError:
            return Tries()
        except msgspec.DecodeError:
            log.error("%s is damaged: the longest wait begins", self._tries_file)
            return Tries(failed=tries.FREE_TRIES + len(tries.WAITS_S))

    def _write(self, path: Path, content: object) -> None:
        """All or nothing, 0600, on the disk when this returns; owned by whoever owns the folder."""
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(content))
            file.flush()
            if os.geteuid() == 0:
                owner = path.parent.stat()
                os.fchown(handle, owner.st_uid, owner.st_gid)
            os.fsync(handle)
        new.replace(path)


def _fits(known: _Hash, pin: str) -> bool:
    digest = hashlib.scrypt(pin.encode(), salt=known.salt, dklen=32, n=known.n, r=known.r, p=known.p)
    return hmac.compare_digest(digest, known.digest)

"""What the authority knows and what it did: SQLite, each change and its audit line in one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS kiosk (
    id TEXT PRIMARY KEY, library TEXT NOT NULL, made_at TEXT NOT NULL, stopped_at TEXT);
CREATE TABLE IF NOT EXISTS code (
    hash TEXT PRIMARY KEY, kiosk TEXT NOT NULL REFERENCES kiosk, expires_at TEXT NOT NULL,
    key TEXT, certificate TEXT);
CREATE TABLE IF NOT EXISTS certificate (
    serial TEXT PRIMARY KEY, kiosk TEXT NOT NULL REFERENCES kiosk, key TEXT NOT NULL, pin TEXT NOT NULL,
    until TEXT NOT NULL, revoked_at TEXT);
CREATE TABLE IF NOT EXISTS audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
    kiosk TEXT NOT NULL, detail TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Kiosk:
    """`stopped_at` None: it is let in."""

    id: str
    library: str
    stopped_at: datetime | None


@dataclass(frozen=True)
class Code:
    """`key` and `certificate` (the chain in PEM) once it was used."""

    kiosk: str
    expires_at: datetime
    key: str | None
    certificate: str | None


@dataclass(frozen=True)
class Issued:
    """A kiosk's certificate. `key` and `pin` as in `certificates`."""

    serial: int
    kiosk: str
    key: str
    pin: str
    until: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class AuditLine:
    """Who did what to which kiosk."""

    at: datetime
    actor: str
    action: str
    kiosk: str
    detail: str


class Register:
    """One connection; changes go inside `change()`."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """All of it or nothing, on the disk when it is left; nobody else writes meanwhile."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def kiosks(self) -> list[Kiosk]:
        """By id."""
        rows = self._db.execute("SELECT id, library, stopped_at FROM kiosk ORDER BY id")
        return [Kiosk(id_, library, _moment(stopped)) for id_, library, stopped in rows]

    def kiosk(self, kiosk: str) -> Kiosk | None:
        """None where there is none of that id."""
        return next((one for one in self.kiosks() if one.id == kiosk), None)

    def add_kiosk(self, kiosk: str, library: str, now: datetime) -> None:
        """A new one."""
        self._db.execute("INSERT INTO kiosk VALUES (?, ?, ?, NULL)", (kiosk, library, _text(now)))

    def set_stopped(self, kiosk: str, moment: datetime | None) -> None:
        """None lets it in again."""
        text = _text(moment) if moment is not None else None
        self._db.execute("UPDATE kiosk SET stopped_at = ? WHERE id = ?", (text, kiosk))

    def add_code(self, hash_: str, kiosk: str, expires_at: datetime) -> None:
        """Unused codes of the same kiosk are gone."""
        self._db.execute("DELETE FROM code WHERE kiosk = ? AND key IS NULL", (kiosk,))
        self._db.execute("INSERT INTO code VALUES (?, ?, ?, NULL, NULL)", (hash_, kiosk, _text(expires_at)))

    def code(self, hash_: str) -> Code | None:
        """None where there is no such code."""
        query = "SELECT kiosk, expires_at, key, certificate FROM code WHERE hash = ?"
        row = self._db.execute(query, (hash_,)).fetchone()
        return Code(row[0], datetime.fromisoformat(row[1]), row[2], row[3]) if row else None

    def use_code(self, hash_: str, key: str, certificate: str) -> None:
        """From now on it answers this key alone."""
        self._db.execute("UPDATE code SET key = ?, certificate = ? WHERE hash = ?", (key, certificate, hash_))

    def add_certificate(self, issued: Issued) -> None:
        """One that was signed."""
        row = (str(issued.serial), issued.kiosk, issued.key, issued.pin, _text(issued.until))
        self._db.execute("INSERT INTO certificate VALUES (?, ?, ?, ?, ?, NULL)", row)

    def certificates(self, kiosk: str | None = None) -> list[Issued]:
        """All, or one kiosk's."""
        query = "SELECT serial, kiosk, key, pin, until, revoked_at FROM certificate"
        rows = self._db.execute(f"{query} WHERE ? IS NULL OR kiosk = ? ORDER BY until", (kiosk, kiosk))
        return [Issued(int(s), k, key, p, datetime.fromisoformat(u), _moment(r)) for s, k, key, p, u, r in rows]

    def revoke(self, kiosk: str, now: datetime) -> None:
        """All certificates that it has."""
        query = "UPDATE certificate SET revoked_at = ? WHERE kiosk = ? AND revoked_at IS NULL"
        self._db.execute(query, (_text(now), kiosk))

    def note(self, now: datetime, actor: str, action: str, kiosk: str = "", detail: str = "") -> None:
        """A line of the audit. Never a code."""
        row = (_text(now), actor, action, kiosk, detail)
        self._db.execute("INSERT INTO audit (at, actor, action, kiosk, detail) VALUES (?, ?, ?, ?, ?)", row)

    def audit(self, last: int = 1000) -> list[AuditLine]:
        """The newest at the end."""
        query = "SELECT at, actor, action, kiosk, detail FROM audit ORDER BY seq DESC LIMIT ?"
        rows = self._db.execute(query, (last,)).fetchall()
        return [AuditLine(datetime.fromisoformat(at), *rest) for at, *rest in reversed(rows)]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None

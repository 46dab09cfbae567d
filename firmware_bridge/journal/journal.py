"""What must survive: jobs, events, open alerts, remembered commands and the region's cursor, in one SQLite file.

A change of state and its events are one transaction, synced to the disk before anybody is told. The journal is
written by one thread (`Journal.write` is called from nowhere else); other threads read with connections of
their own, which WAL allows at any time.
"""

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from firmware_bridge.contract import Alert, Event, EventType, Job
from firmware_bridge.jobs.board import Board, Waiting
from firmware_bridge.journal.standing import Standing

RESERVE_BYTES: Final = 2 * 1024 * 1024
"""A file that is given up when the disk is full, so that a running job's end can still be written."""
KEEP_MS: Final = 30 * 24 * 3600 * 1000
"""How long acknowledged rows, ended jobs and command ids stay: a recorder restored from a backup may rewind."""
SCHEMA_VERSION: Final = 1
SCHEMA: Final = """
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, place INTEGER, missed_turns INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, ts_ms INTEGER NOT NULL, type TEXT NOT NULL, job BLOB, data BLOB NOT NULL
);
CREATE TABLE alerts (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE commands (id TEXT PRIMARY KEY, ts_ms INTEGER NOT NULL) WITHOUT ROWID;
"""
ON_PLATE: Final = -1
"""`jobs.place` of the job that holds the plate; the queue counts from 0; NULL: no longer on the board."""
FOR_STAFF: Final = 1_000_000
"""`jobs.place` of the first job that waits for staff; the others follow."""


class JournalError(RuntimeError):
    """The journal cannot be opened or written; the message names the file and what to do."""


@dataclass(frozen=True)
class NewEvent:
    """An event before it has its number."""

    type: EventType
    job: Job | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One transaction. `board` is the whole board afterwards, `changed` the jobs to write; None: no change."""

    ts_ms: int
    board: Board | None = None
    changed: tuple[Job, ...] = ()
    events: tuple[NewEvent, ...] = ()
    alerts: tuple[Alert, ...] | None = None
    command: str | None = None
    standing: Standing | None = None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


class Reader:
    """Reads events; for one thread."""

    def __init__(self, path: Path, journal: str) -> None:
        self._connection = _connect(path)
        self._connection.execute("PRAGMA query_only = ON")
        self._journal = journal

    def last_seq(self) -> int:
        """The highest number that was ever given, 0 when there is none."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def first_seq(self) -> int:
        """The lowest number that is still there; the next one to be given where there is none."""
        row = self._connection.execute("SELECT min(seq) FROM events").fetchone()
        return int(row[0]) if row[0] is not None else self.last_seq() + 1

    def events(self, first: int, limit: int) -> tuple[Event, ...]:
        """Rows from number `first` on."""
        rows = self._connection.execute(
            "SELECT seq, ts_ms, type, job, data FROM events WHERE seq >= ? ORDER BY seq LIMIT ?", (first, limit)
        )
        return tuple(
            Event(
                journal=self._journal,
                seq=seq,
                ts_ms=ts_ms,
                type=EventType(type_),
                job=msgspec.json.decode(job, type=Job) if job else None,
                data=msgspec.json.decode(data),
            )
            for seq, ts_ms, type_, job, data in rows
        )

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


class Journal:
    """The only writer. Raises JournalError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reserve = path.with_suffix(".reserve")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = _connect(path)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise JournalError(f"{path}: the journal cannot be opened: {error}") from error
        self.id = self._fact("journal")
        self.session = int(self._fact("session"))
        self.keep_reserve()

    def _prepare(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise JournalError(f"{self.path}: was written by a newer program (version {version}); update")
        with self._transaction():
            if version == 0:
                for statement in SCHEMA.split(";")[:-1]:
                    self._connection.execute(statement)
                self._set_fact("journal", uuid.uuid4().hex)
                self._set_fact("session", "0")
                self._set_fact("cursor", "0")
                self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._set_fact("session", str(int(self._fact("session")) + 1))

    # --- reading at the start ---

    def board(self) -> Board:
        """The board as it was written last; nobody has a turn yet."""
        rows = self._connection.execute(
            "SELECT place, missed_turns, body FROM jobs WHERE place IS NOT NULL ORDER BY place"
        ).fetchall()
        jobs = [(place, Waiting(msgspec.json.decode(body, type=Job), missed)) for place, missed, body in rows]
        return Board(
            plate=next((waiting.job for place, waiting in jobs if place == ON_PLATE), None),
            queue=tuple(waiting for place, waiting in jobs if ON_PLATE < place < FOR_STAFF),
            for_staff=tuple(waiting.job for place, waiting in jobs if place >= FOR_STAFF),
        )

    def ended_jobs(self, count: int) -> tuple[Job, ...]:
        """The latest that are no longer on the board, oldest first."""
        rows = self._connection.execute(
            "SELECT body FROM jobs WHERE place IS NULL ORDER BY changed_ms DESC LIMIT ?", (count,)
        ).fetchall()
        return tuple(msgspec.json.decode(body, type=Job) for (body,) in reversed(rows))

    def alerts(self) -> tuple[Alert, ...]:
        """The open ones."""
        rows = self._connection.execute("SELECT body FROM alerts ORDER BY id")
        return tuple(msgspec.json.decode(body, type=Alert) for (body,) in rows)

    def commands(self) -> frozenset[str]:
        """Ids of the region's commands that were seen."""
        return frozenset(id_ for (id_,) in self._connection.execute("SELECT id FROM commands"))

    @property
    def cursor(self) -> int:
        """All events up to this number are recorded by the region."""
        return int(self._fact("cursor"))

    @property
    def standing(self) -> Standing:
        """As it was written last."""
        return msgspec.json.decode(self._fact("standing", "{}"), type=Standing)

    def reader(self) -> Reader:
        """A reader for another thread."""
        return Reader(self.path, self.id)

    # --- writing ---

    def write(self, entry: Entry) -> None:
        """One transaction, on the disk when this returns. A full disk costs the reserve first."""
        try:
            self._write(entry)
        except JournalError:
            if not self._reserve.exists():
                raise
            self._reserve.unlink()
            self._write(entry)

    def _write(self, entry: Entry) -> None:
        with self._transaction():
            for job in entry.changed:
                self._put_job(job, entry.ts_ms)
            if entry.board is not None:
                self._put_places(entry.board)
            for event in entry.events:
                self._put_event(event, entry.ts_ms)
            if entry.alerts is not None:
                self._connection.execute("DELETE FROM alerts")
                rows = [(alert.id, msgspec.json.encode(alert)) for alert in entry.alerts]
                self._connection.executemany("INSERT INTO alerts VALUES (?, ?)", rows)
            if entry.command is not None:
                self._connection.execute(
                    "INSERT OR IGNORE INTO commands VALUES (?, ?)", (entry.command, entry.ts_ms)
                )
            if entry.standing is not None:
                self._set_fact("standing", msgspec.json.encode(entry.standing).decode())

    def set_cursor(self, seq: int) -> None:
        """Remember how far the region has recorded."""
        with self._transaction():
            self._set_fact("cursor", str(seq))

    def prune(self, now_ms: int) -> None:
        """Forget acknowledged events, ended jobs and command ids that are older than KEEP_MS."""
        before = now_ms - KEEP_MS
        with self._transaction():
            self._connection.execute("DELETE FROM events WHERE seq <= ? AND ts_ms < ?", (self.cursor, before))
            self._connection.execute("DELETE FROM jobs WHERE place IS NULL AND changed_ms < ?", (before,))
            self._connection.execute("DELETE FROM commands WHERE ts_ms < ?", (before,))

    def keep_reserve(self) -> None:
        """Make the reserve again when there is room."""
        if self._reserve.exists():
            return
        handle = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(handle, 0, RESERVE_BYTES)
        except OSError:
            self._reserve.unlink()
        finally:
            os.close(handle)

    def close(self) -> None:
        """After the last write."""
        self._connection.close()

    # --- rows ---

    def _put_job(self, job: Job, ts_ms: int) -> None:
        self._connection.execute(
            "INSERT INTO jobs VALUES (?, ?, NULL, 0, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state, changed_ms = excluded.changed_ms, "
            "body = excluded.body",
            (job.id, job.state.value, ts_ms, msgspec.json.encode(job)),
        )

    def _put_places(self, board: Board) -> None:
        self._connection.execute("UPDATE jobs SET place = NULL WHERE place IS NOT NULL")
        places: Sequence[tuple[int, int, str]] = [
            (place, waiting.missed_turns, waiting.job.id) for place, waiting in enumerate(board.queue)
        ]
        if board.plate is not None:
            places = [(ON_PLATE, 0, board.plate.id), *places]
        places = [*places, *((FOR_STAFF + place, 0, job.id) for place, job in enumerate(board.for_staff))]
        self._connection.executemany("UPDATE jobs SET place = ?, missed_turns = ? WHERE id = ?", places)

    def _put_event(self, event: NewEvent, ts_ms: int) -> None:
        job = msgspec.json.encode(event.job) if event.job is not None else None
        self._connection.execute(
            "INSERT INTO events (ts_ms, type, job, data) VALUES (?, ?, ?, ?)",
            (ts_ms, event.type.value, job, msgspec.json.encode(event.data)),
        )

    def _fact(self, key: str, default: str = "") -> str:
        row = self._connection.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def _set_fact(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._rollback()
            raise JournalError(f"{self.path}: cannot be written: {error}") from error
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        # A full disk makes SQLite roll back by itself; then there is nothing left to undo.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

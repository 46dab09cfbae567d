"""The region's database from beside, whichever it is: queries with `?`, as SQLite has them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg

Row = tuple[Any, ...]


class Database(Protocol):
    """`setting`: of the dashboard's configuration."""

    @property
    def setting(self) -> str: ...

    def rows(self, query: str, *values: Any) -> list[Row]:
        """What is committed."""
        ...

    def execute(self, query: str, *values: Any) -> None:
        """One change, committed."""
        ...


NewDatabase = Callable[[Path], Database]
"""Makes an empty one; the folder is for a SQLite file."""


@dataclass(frozen=True)
class SQLite:
    """A file."""

    path: Path

    @property
    def setting(self) -> str:
        """Its path."""
        return str(self.path)

    def rows(self, query: str, *values: Any) -> list[Row]:
        """What is committed."""
        with closing(sqlite3.connect(self.path, timeout=20)) as connection:
            return connection.execute(query, values).fetchall()

    def execute(self, query: str, *values: Any) -> None:
        """One change, committed."""
        with closing(sqlite3.connect(self.path, timeout=20)) as connection, connection:
            connection.execute(query, values)


@dataclass(frozen=True)
class OnServer:
    """A database of a PostgreSQL server."""

    setting: str

    def rows(self, query: str, *values: Any) -> list[Row]:
        """What is committed."""
        with psycopg.connect(self.setting) as connection:
            return connection.execute(_with_psycopg_s_marks(query), values).fetchall()  # type: ignore[arg-type]

    def execute(self, query: str, *values: Any) -> None:
        """One change, committed."""
        with psycopg.connect(self.setting) as connection:
            connection.execute(_with_psycopg_s_marks(query), values)  # type: ignore[arg-type]


def _with_psycopg_s_marks(query: str) -> str:
    return query.replace("%", "%%").replace("?", "%s")

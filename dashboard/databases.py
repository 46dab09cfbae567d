"""The region's database by one setting: the path of a SQLite file, or the address of a PostgreSQL server."""

from pathlib import Path
from typing import Any, Final

SCHEMES: Final = ("postgresql://", "postgres://")
LOCK_S: Final = 20
"""How long a writer of the SQLite file waits for another one."""
CONNECT_S: Final = 5


class UnusableError(ValueError):
    """The setting cannot be used; says why, after "`database` ". The password is never in it."""


def sqlite_file(database: str) -> Path | None:
    """The file, None where the database is a server's."""
    return None if "://" in database else Path(database)


def shown(database: str) -> str:
    """For people and logs: without the password."""
    if sqlite_file(database):
        return database
    said = _parameters(database)
    return f"{said['dbname']} at {said.get('host', 'the local PostgreSQL')}"


def django_settings(database: str) -> dict[str, Any]:
    """Django's entry of DATABASES. Raises UnusableError."""
    if file := sqlite_file(database):
        return {"ENGINE": "dashboard.backends.sqlite_wal", "NAME": str(file), "OPTIONS": {"timeout": LOCK_S}}
    said = _parameters(database)
    places = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{ours: said.pop(theirs, "") for ours, theirs in places.items()},
        "OPTIONS": {"connect_timeout": CONNECT_S} | said,
    }


def _parameters(database: str) -> dict[str, Any]:
    """The address as libpq reads it, with all that libpq knows: sslmode, service, …"""
    if not database.startswith(SCHEMES):
        raise UnusableError("is an address of another kind of server")
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise UnusableError("needs the Debian package python3-psycopg, which is not there") from None
    try:
        said = dict(conninfo_to_dict(database))
    except ProgrammingError:
        raise UnusableError("is an address that cannot be read") from None
    if not said.get("dbname"):
        raise UnusableError("is an address that names no database")
    return said

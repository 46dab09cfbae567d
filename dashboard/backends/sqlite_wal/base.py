"""SQLite as the recorder and the web workers share it: readers never wait, writers wait for each other."""

from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, in WAL mode.

    A transaction here always writes, so that it takes the write lock at its begin: a deferred one that reads
    first and writes later fails at once when somebody else wrote in between, whatever the time-out.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA journal_mode = WAL").close()
        connection.execute("PRAGMA synchronous = FULL").close()
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")

"""The slow disk: what it delays, and that nothing else is lost."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.compiled import slow_sync

SCRIPT = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("PRAGMA journal_mode=WAL"), store.execute("PRAGMA synchronous=FULL")
store.execute("CREATE TABLE rows (n)")
for n in range(3):
    store.execute("INSERT INTO rows VALUES (?)", (n,))
"""


def test_each_sync_of_sqlite_takes_longer_and_is_counted(tmp_path: Path) -> None:
    log, store = tmp_path / "log", tmp_path / "store.db"
    slow = {"LD_PRELOAD": str(slow_sync()), "SLOW_SYNC_MS": "30", "SLOW_SYNC_LOG": str(log)}
    begin_s = time.monotonic()
    subprocess.run([sys.executable, "-c", SCRIPT, store], env={**os.environ, **slow}, check=True)
    took_s = time.monotonic() - begin_s
    syncs = log.stat().st_size
    assert syncs >= 4
    assert took_s >= 0.03 * syncs

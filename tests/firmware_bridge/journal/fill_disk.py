"""Run by test_journal.py on a small file system of its own: what the journal does when the disk fills up."""

import contextlib
import errno
import os
import sys
from pathlib import Path

from firmware_bridge.contract import EventType
from firmware_bridge.journal.journal import Entry, Journal, JournalError, NewEvent

folder = Path(sys.argv[1])
journal = Journal(folder / "journal.sqlite")
reserve = folder / "journal.reserve"
assert reserve.exists()
ballast = os.open(folder / "ballast", os.O_WRONLY | os.O_CREAT)
entry = Entry(1, events=(NewEvent(EventType.COMMAND, data={"text": "x" * 20_000}),))


def fill() -> None:
    with contextlib.suppress(OSError):
        while True:
            os.write(ballast, bytes(4096))


fill()
while reserve.exists():
    journal.write(entry)
print("reserve spent", flush=True)
fill()
try:
    for _ in range(1000):
        journal.write(entry)
except JournalError as error:
    assert "disk" in str(error) or "full" in str(error), (error, errno.ENOSPC)
    print("then refused", flush=True)
os.ftruncate(ballast, 0)
reader = journal.reader()
before = reader.last_seq()
journal.write(entry)
assert reader.last_seq() == before + 1
assert len(reader.events(1, 10_000)) == before + 1
print("then written", flush=True)
journal.keep_reserve()
assert reserve.exists()
print("reserve kept")

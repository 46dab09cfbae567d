"""The journal of a bridge that has gone, read as the region would."""

from pathlib import Path

from firmware_bridge.contract import Event
from firmware_bridge.journal.journal import Journal


def rows(folder: Path) -> tuple[Event, ...]:
    """All of it. `folder` is the one that holds the bridge's configuration."""
    journal = Journal(folder / "data" / "journal.sqlite")
    reader = journal.reader()
    found = reader.events(1, 10_000)
    reader.close()
    journal.close()
    return found

"""An authority as the ceremony leaves it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from provisioning.ca import ceremony
from provisioning.ca.authority import Authority

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PASSPHRASE = "zes woorden op een papiertje"


def made(folder: Path, now: datetime = NOW) -> Path:
    """The folder of an authority that is ready to work."""
    stick, server = folder / "stick", folder / "authority"
    stick.mkdir(parents=True)
    ceremony.make_root(stick, PASSPHRASE, "Leie", now)
    ceremony.make_intermediate(stick, PASSPHRASE, server, "Leie", now)
    return server


def opened(folder: Path, now: datetime = NOW) -> Iterator[Authority]:
    """At work; closed at the end."""
    authority = Authority(made(folder, now))
    yield authority
    authority.close()

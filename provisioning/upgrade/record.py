"""What an upgrade has to remember through a power cut, and what came of it."""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from provisioning import files

FOLDER: Final = Path("/var/lib/maakhoek-upgrade")


class Record(Struct, frozen=True, kw_only=True):
    """`under_way`: the version that is being installed or watched, "" for none; `before`: the one to go back to.

    `withdrawn`: versions that were not well here and are not tried again.
    """

    under_way: str = ""
    before: str = ""
    withdrawn: tuple[str, ...] = ()


class Records:
    """In a folder of our own. Raises OSError."""

    def __init__(self, folder: Path = FOLDER) -> None:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.folder = folder
        self._path = folder / "record.json"
        self._notice = folder / "withdrawn"

    def load(self) -> Record:
        """An empty one where there is none, or none that can be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Record)
        except (FileNotFoundError, msgspec.MsgspecError):
            return Record()

    def save(self, record: Record) -> None:
        """On the disk when this returns, whole or not at all."""
        files.write(self._path, msgspec.json.encode(record))

    def tell_withdrawn(self, version: str) -> None:
        """For the bridge, which tells staff and region; "" for nothing to tell."""
        files.write(self._notice, version)

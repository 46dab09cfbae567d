"""Marlin's emergency parser: it looks at every byte as it arrives, whatever the queue is doing."""

import re
from typing import Final

_NUMBER: Final = re.compile(rb"^ *N[-0-9 ]*")
_MINDED: Final = frozenset({b"M108", b"M112", b"M410", b"M876"})


class EmergencyParser:
    """Finds lines that are one of the minded commands and nothing else (M876 carries its answer)."""

    def __init__(self) -> None:
        self._line = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The emergency commands that these bytes complete, M876 with its answer."""
        *lines, rest = (self._line + data).replace(b"\r", b"\n").split(b"\n")
        self._line = rest[-100:]
        return [command for line in lines if b"M" in line and (command := _command(line))]


def _command(line: bytes) -> bytes:
    words = _NUMBER.sub(b"", line.partition(b"*")[0]).split()
    alone = len(words) == 1 or (len(words) == 2 and words[0] == b"M876")
    return b" ".join(words) if alone and words[0] in _MINDED else b""

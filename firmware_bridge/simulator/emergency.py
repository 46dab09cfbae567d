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
        """Codes of the emergency commands that these bytes complete."""
        *lines, rest = (self._line + data).replace(b"\r", b"\n").split(b"\n")
        self._line = rest[-100:]
        return [code for line in lines if b"M" in line and (code := _code(line)) in _MINDED]


def _code(line: bytes) -> bytes:
    words = _NUMBER.sub(b"", line.partition(b"*")[0]).split()
    alone = len(words) == 1 or (len(words) == 2 and words[0] == b"M876")
    return words[0] if alone else b""

"""What is to be written, in order; the last line may be held open: without its checksum and its end."""

from typing import Final

BACKSPACE: Final = b"\b"
SPARE: Final = 8
"""More backspaces than bytes: some may get lost."""


class Outbox:
    """A held line is on its way up to its checksum. It must be released, or erased, before anything else goes."""

    __slots__ = ("_body_bytes", "_parts", "_tail")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._tail = b""
        self._body_bytes = 0

    @property
    def holds(self) -> bool:
        """The last line is held open."""
        return bool(self._tail)

    def put(self, data: bytes) -> None:
        """Whole lines; what is held goes before them."""
        if self._tail:
            self.release()
        self._parts.append(data)

    def put_held(self, framed: bytes) -> None:
        """One line with a checksum, held open."""
        if self._tail:
            self.release()
        cut = framed.rindex(b"*")
        self._parts.append(framed[:cut])
        self._tail = framed[cut:]
        self._body_bytes = cut

    def release(self) -> None:
        """Let the rest of the held line go, if there is one."""
        if self._tail:
            self._parts.append(self._tail)
            self._tail = b""

    def erase(self) -> None:
        """Take the held line back, if there is one, whatever part of it the printer has."""
        if self._tail:
            self._tail = b""
            self._parts.append(BACKSPACE * (self._body_bytes + SPARE) + b"\n")

    def clear(self) -> None:
        """Write nothing of it; what the printer has of a held line is taken back."""
        self._parts.clear()
        self.erase()

    def take(self) -> bytes:
        """What is to be written now."""
        if not self._parts:
            return b""
        data = b"".join(self._parts)
        self._parts.clear()
        return data

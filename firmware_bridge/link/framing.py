"""What goes on the wire: one command a line, numbered and checked.

A line is `N<number><command>*<checksum>` and a line feed. No space: a tail of the line that begins with the
command is dangerous (see window.py), and each byte between would be one more place to cut there. The firmware
holds at most 96 bytes of it (Marlin's MAX_CMD_SIZE, its closing zero included) and drops the rest without a word,
checksum first. A longer command is refused, not shortened: what was vetted is, byte for byte, what is sent.
"""

from collections.abc import Iterable, Sequence
from typing import Final

MAX_LINE_BYTES: Final = 95
"""Of a framed line, without its line feed."""
HELLO: Final = b"\nN0 M110 N0*125\n"
"""The first words to any firmware: end what half a line there may be, and count from 1."""
PLAIN_HELLO: Final = b"M110 N0\n"
"""To one that answers each line, empty ones too, and does not count."""

_FORBIDDEN: Final = frozenset(b"\n\r\0;*") | frozenset(range(128, 256))
_FIT: Final = bytes(byte for byte in range(256) if byte not in _FORBIDDEN)
_ROW: Final = 128
"""Bytes of a line in `checksums`: a power of two that is not less than what a line may have."""


class FramingError(ValueError):
    """The command cannot go on the wire; the message says why."""


def checksum(data: bytes) -> int:
    """All bytes XORed: as one long integer folded onto itself, which is several times faster than a loop."""
    folded = int.from_bytes(data, "little")
    folded ^= folded >> 512
    folded ^= folded >> 256
    folded ^= folded >> 128
    folded ^= folded >> 64
    folded ^= folded >> 32
    folded ^= folded >> 16
    folded ^= folded >> 8
    return folded & 0xFF


def checksums(lines: Sequence[bytes]) -> bytes:
    """The checksum of each line, all of them folded at once: one line a row of one long integer."""
    block = b"".join([line.ljust(_ROW, b"\0") for line in lines])
    folded = int.from_bytes(block, "little")
    shift = 8 * _ROW // 2
    while shift >= 8:
        folded ^= folded >> shift
        shift //= 2
    return folded.to_bytes(len(block), "little")[::_ROW]


def frame_all(first: int, commands: Iterable[bytes]) -> list[bytes]:
    """`frame` for many commands with numbers from `first` on. Raises FramingError for one that is too long."""
    numbered = list(enumerate(commands, first))
    lines = [b"N%d%b" % pair for pair in numbered]
    if max(map(len, lines), default=0) > MAX_LINE_BYTES - len(b"*255"):
        return [frame(number, command) for number, command in numbered]
    return [b"%b*%d\n" % pair for pair in zip(lines, checksums(lines), strict=True)]


def frame(number: int, command: bytes) -> bytes:
    """The bytes of one command that `check_command` finds fit.

    Raises FramingError for a line that would not arrive whole.
    """
    line = b"N%d%b" % (number, command)
    framed = b"%b*%d\n" % (line, checksum(line))
    if len(framed) > MAX_LINE_BYTES + 1:
        raise FramingError(
            f"'{_shown(command)}' is too long for the printer: {len(framed) - 1} bytes with its frame"
        )
    return framed


def plain(command: bytes) -> bytes:
    """The bytes for a firmware that checks nothing. Raises FramingError as `frame` does."""
    if len(command) > MAX_LINE_BYTES:
        raise FramingError(f"'{_shown(command)}' is too long for the printer: {len(command)} bytes")
    return command + b"\n"


def command_of(framed: bytes) -> bytes:
    """The command that `frame` has framed."""
    return framed[: framed.rindex(b"*")].lstrip(b"N").lstrip(b"0123456789")


def framed_size(number: int, command: bytes) -> int:
    """`frame(number, command)` has at most this many bytes."""
    return len(command) + len(str(number)) + 6


def check_command(command: bytes) -> None:
    """Raises FramingError for what is not exactly one command: nothing, a comment, two lines, odd bytes."""
    if not command or command.isspace():
        raise FramingError("an empty line cannot be sent: the printer would not answer it")
    if not _FORBIDDEN.isdisjoint(command):
        raise FramingError(f"'{_shown(command)}' has a line end, comment, '*' or byte beyond ASCII in it")


def check_commands(commands: list[bytes]) -> None:
    """`check_command` for each of many."""
    if b"".join(commands).translate(None, _FIT) or not all(commands):
        for command in commands:
            check_command(command)


def _shown(command: bytes) -> str:
    return command[:40].decode("ascii", "replace")

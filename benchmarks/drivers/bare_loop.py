"""The least a host can do: lines framed beforehand, one loop around read and write, nothing kept.

Not a host that anybody should print with: it shows how fast the printer of the benchmark answers, so that nobody
takes the printer's limit for a host's. Arguments: port, bytes in flight (one line goes in any case), file.
"""

import os
import select
import sys
import termios
import tty
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Final

BOOT_S: Final = 0.3


def framed(number: int, command: bytes) -> bytes:
    """One line with number and checksum."""
    body = b"N%d %b" % (number, command)
    return b"%b*%d\n" % (body, reduce(xor, body))


def wait_for_boot(descriptor: int) -> None:
    """Until the printer has said `start` and then been silent for a moment."""
    heard = b""
    while b"start" not in heard:
        heard += os.read(descriptor, 65_536)
    while select.select([descriptor], [], [], BOOT_S)[0]:
        os.read(descriptor, 65_536)


def main() -> None:
    """Stream the file."""
    port, most_bytes, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    commands = [c for c in (line.partition(b";")[0].strip() for line in file.read_bytes().splitlines()) if c]
    lines = [framed(0, b"M110 N0"), *(framed(n, c) for n, c in enumerate(commands, 1))]
    descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(descriptor, termios.TCSANOW)
    wait_for_boot(descriptor)
    sent = acknowledged = in_flight = 0
    partial = b""
    while acknowledged < len(lines):
        begin = sent
        while sent < len(lines) and (sent == acknowledged or in_flight + len(lines[sent]) <= most_bytes):
            in_flight += len(lines[sent])
            sent += 1
        if sent > begin:
            os.write(descriptor, b"".join(lines[begin:sent]))
        *replies, partial = (partial + os.read(descriptor, 65_536)).split(b"\n")
        for _ in range(sum(reply.startswith(b"ok") for reply in replies)):
            in_flight -= len(lines[acknowledged])
            acknowledged += 1


if __name__ == "__main__":
    main()

"""Runs in the sandbox of the touchscreen's unit: what the kernel lets a program there do. `probe.py PORT FILE`"""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

HOST = "10.0.2.2"
"""QEMU's name for the machine outside."""


def tried(what: Callable[[], object]) -> str:
    """What came of it."""
    try:
        what()
    except OSError as error:
        return error.strerror or str(error)
    return "done"


def outside() -> None:
    """To the machine outside, which listens."""
    with socket.socket(socket.AF_INET) as wire:
        wire.settimeout(20)
        wire.connect((HOST, int(sys.argv[1])))


def bridge() -> None:
    """To the printer's host, on its socket."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect("/run/maakhoek/bridge.sock")
        wire.sendall(b'{"jsonrpc": "2.0", "id": 1, "method": "state", "params": {}}\n')
        json.loads(wire.makefile("rb").readline())["result"]


def port() -> None:
    """A serial port, as a printer's is one."""
    os.close(os.open("/dev/ttyS0", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))


def disk() -> None:
    """What is on a USB stick."""
    os.close(os.open("/dev/sda", os.O_RDONLY))


if __name__ == "__main__":
    told = {walled.__name__: tried(walled) for walled in (outside, bridge, port, disk)}
    Path(sys.argv[2]).write_text(json.dumps(told))

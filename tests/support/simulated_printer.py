"""The simulated printer's control socket: faults on request."""

import socket
from pathlib import Path


def tell(control: Path, command: str) -> str:
    """Send one line, get one back; see `python -m firmware_bridge simulate --help`."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(control))
        connection.sendall(command.encode() + b"\n")
        return connection.makefile("r").readline().strip()

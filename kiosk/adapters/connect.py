"""`python -m kiosk.adapters.connect SOCKET`: standard input and output, connected to a UNIX socket.

Where the slicing worker is a unit of its own, this stands in its place: its end is the connection's end, and with
that the worker's.
"""

import contextlib
import os
import signal
import socket
import sys
import threading

CHUNK_BYTES = 65_536


def main(address: str) -> int:
    """Until the other side closes. The exit code is 1 where nobody answers."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        channel.connect(address)
    except OSError as error:
        print(f"{address}: {error.strerror}", file=sys.stderr)
        return 1
    threading.Thread(target=_ask, args=(channel,), daemon=True).start()
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        while data := channel.recv(CHUNK_BYTES):
            os.write(sys.stdout.fileno(), data)
    return 0


def _ask(channel: socket.socket) -> None:
    """The end of the request is not the end of the connection: the answer is still to come."""
    with contextlib.suppress(OSError):
        while data := os.read(sys.stdin.fileno(), CHUNK_BYTES):
            channel.sendall(data)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

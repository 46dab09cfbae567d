"""A UNIX socket of text lines, through which tests and demonstrations reach the printer."""

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

_LINE_MAX_BYTES = 1024


class Control:
    """Non-blocking. Every line gets one line back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(path))
        self._server.listen()
        self._server.setblocking(False)
        self._clients: dict[socket.socket, bytes] = {}

    def descriptors(self) -> list[int]:
        """What may become readable."""
        return [self._server.fileno(), *(client.fileno() for client in self._clients)]

    def serve(self, obey: Callable[[str], str]) -> None:
        """Answer all that has come."""
        with contextlib.suppress(BlockingIOError):
            client, _ = self._server.accept()
            client.setblocking(False)
            self._clients[client] = b""
        for client in list(self._clients):
            self._serve_client(client, obey)

    def _serve_client(self, client: socket.socket, obey: Callable[[str], str]) -> None:
        try:
            data = client.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        pending = self._clients[client] + data
        if not data or len(pending) > _LINE_MAX_BYTES:
            self._drop(client)
            return
        *lines, self._clients[client] = pending.split(b"\n")
        answers = "".join(f"{obey(line.decode('utf-8', 'replace'))}\n" for line in lines)
        try:
            client.sendall(answers.encode())
        except OSError:
            self._drop(client)

    def _drop(self, client: socket.socket) -> None:
        del self._clients[client]
        client.close()

    def close(self) -> None:
        """Close and remove."""
        for client in list(self._clients):
            self._drop(client)
        self._server.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

"""The UNIX socket: many clients, descriptors both ways, and nobody who can hold the bridge up.

One thread owns the listening socket and all connections. Requests go to a handler, which returns at once and
answers later from any thread; answers and notifications reach the thread through a deque and a wake-up.
"""

import contextlib
import itertools
import logging
import os
import selectors
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firmware_bridge.contract import ErrorBody, ErrorCode, Request, Subscribe
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.local import jsonrpc
from firmware_bridge.local.connection import Connection, ConnectionLostError

log = logging.getLogger(__name__)

MAX_CLIENTS: Final = 16
_UCRED: Final = struct.Struct("3i")


@dataclass(frozen=True)
class Reply:
    """What the handler answers. `descriptor` travels with a result and is closed when it has been sent."""

    result: object = None
    error: ErrorBody | None = None
    descriptor: int | None = None


Answer = Callable[[Reply], None]
Handler = Callable[[int, Request, tuple[int, ...], Answer], None]
"""Called on the socket's thread with the client's number and descriptors that now belong to the handler. Must not
block."""


class LocalApi:
    """Serve `path` to processes of `users` (uids, by SO_PEERCRED). `gone` hears of each client that has left."""

    def __init__(
        self, path: Path, handler: Handler, users: frozenset[int], gone: Callable[[int], None] = lambda _: None
    ) -> None:
        self._path = path
        self._handler = handler
        self._gone = gone
        self._numbers = itertools.count(1)
        self._users = users
        self._selector = selectors.DefaultSelector()
        self._outbox: deque[Callable[[], None]] = deque()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._closing = False
        self._connections: set[Connection] = set()
        self._listener = _listen(path)
        self._thread = threading.Thread(target=self._serve, name="local-api", daemon=True)
        for ours in (self._listener, self._wake_reader, self._wake_writer):
            ours.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._wake_reader, selectors.EVENT_READ, self._drain_wake)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()
        log.info("serving on %s", self._path)

    def notify(self, method: str, params: object) -> None:
        """Send a notification to every client that has subscribed. From any thread."""
        line = jsonrpc.notification_line(method, params)
        self._post(lambda: self._broadcast(line))

    def close(self) -> None:
        """Send what is waiting where that takes no time, close everything, remove the socket."""
        self._closing = True
        self._post(lambda: None)
        self._thread.join(5)

    # --- on the socket's thread ---

    def _post(self, action: Callable[[], None]) -> None:
        self._outbox.append(action)
        with contextlib.suppress(OSError):  # full: it wakes anyway; closed: nobody is left to wake
            self._wake_writer.send(b"\0")

    def _serve(self) -> None:
        try:
            while not self._closing:
                for key, events in self._selector.select():
                    key.data(events)
                self._run_outbox()
        finally:
            self._run_outbox()
            for connection in tuple(self._connections):
                self._drop(connection, "")
            self._path.unlink(missing_ok=True)
            for ours in (self._listener, self._wake_reader, self._wake_writer):
                ours.close()
            self._selector.close()

    def _run_outbox(self) -> None:
        while self._outbox:
            self._outbox.popleft()()

    def _drain_wake(self, _events: int) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_reader.recv(4096)

    def _accept(self, _events: int) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError as error:
            log.warning("a connection could not be accepted: %s", error)
            return
        pid, uid, _gid = _UCRED.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))
        if uid not in self._users:
            log.warning("user %d (process %d) may not speak here: closed", uid, pid)
            peer.close()
        elif len(self._connections) >= MAX_CLIENTS:
            log.warning("more than %d clients: process %d was turned away", MAX_CLIENTS, pid)
            peer.close()
        else:
            connection = Connection(peer, next(self._numbers), f"process {pid}")
            self._connections.add(connection)
            self._selector.register(peer, selectors.EVENT_READ, lambda e: self._serve_connection(connection, e))

    def _serve_connection(self, connection: Connection, events: int) -> None:
        try:
            if events & selectors.EVENT_READ:
                for line in connection.receive():
                    self._serve_line(connection, line)
                connection.forget_descriptors()
            self._flush(connection)
        except ConnectionLostError as error:
            self._drop(connection, str(error))

    def _serve_line(self, connection: Connection, line: bytes) -> None:
        call = jsonrpc.parse_line(line)
        if isinstance(call, jsonrpc.Malformed):
            log.warning("%s: %s", connection.name, call.error.message)
            if call.wants_answer:
                connection.send(jsonrpc.error_line(call.id, call.error))
            return
        descriptors = connection.take_descriptors(len(getattr(call.request, "parts", ())))
        self._handler(
            connection.number, call.request, descriptors, lambda reply: self._answer(connection, call, reply)
        )

    def _answer(self, connection: Connection, call: jsonrpc.Call, reply: Reply) -> None:
        """From any thread."""
        if reply.error is not None:
            line = jsonrpc.error_line(call.id, reply.error)
        else:
            line = jsonrpc.result_line(call.id, reply.result)
        subscribes = isinstance(call.request, Subscribe) and reply.error is None
        self._post(lambda: self._deliver(connection, line, reply.descriptor, subscribes))

    def _deliver(self, connection: Connection, line: bytes, descriptor: int | None, subscribes: bool) -> None:
        if connection not in self._connections:
            if descriptor is not None:
                os.close(descriptor)
            return
        connection.subscribed |= subscribes
        self._send(connection, line, descriptor)

    def _broadcast(self, line: bytes) -> None:
        for connection in tuple(self._connections):
            if connection.subscribed:
                self._send(connection, line)

    def _send(self, connection: Connection, line: bytes, descriptor: int | None = None) -> None:
        try:
            connection.send(line, descriptor)
            self._flush(connection)
        except ConnectionLostError as error:
            self._drop(connection, str(error))

    def _flush(self, connection: Connection) -> None:
        connection.flush()
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.has_output else 0)
        if connection.socket.fileno() >= 0 and self._selector.get_key(connection.socket).events != wanted:
            data = self._selector.get_key(connection.socket).data
            self._selector.modify(connection.socket, wanted, data)

    def _drop(self, connection: Connection, reason: str) -> None:
        if connection not in self._connections:
            return
        if reason:
            log.warning("%s: %s: closed", connection.name, reason)
        self._connections.discard(connection)
        self._selector.unregister(connection.socket)
        connection.close()
        self._gone(connection.number)


def _listen(path: Path) -> socket.socket:
    """A listening socket at `path`, 0660 from its first moment; a dead one is replaced. OSError when it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if _is_served(path):
            raise OSError(f"another process serves {path}")
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o117)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(MAX_CLIENTS)
    return listener


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True


def problem(code: ErrorCode, message: str, data: object = None) -> Reply:
    """A reply that says why not."""
    return Reply(error=ErrorBody(code=code, message=message, data=data))


def refusal(error: RefusedError) -> Reply:
    """A reply that says what does not fit the moment."""
    return problem(error.code, str(error), error.data)

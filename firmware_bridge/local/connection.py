"""One client's stream socket: lines and descriptors in, lines and descriptors out, all of it bounded."""

import array
import contextlib
import os
import socket
from collections import deque
from typing import Final

from firmware_bridge.contract import MAX_PAYLOAD_BYTES

MAX_OUTPUT_BYTES: Final = 512 * 1024
"""A client that leaves more than this unread is dropped."""
MAX_DESCRIPTORS: Final = 8
CHUNK_BYTES: Final = 64 * 1024


class ConnectionLostError(Exception):
    """The connection has to be closed; the message says why ('' for an ordinary end)."""


class Connection:
    """Not thread-safe: for the thread that serves the socket. `number` is never given twice.

    Descriptors come with the bytes of a message. The kernel ends a read at the message that carries some, so they
    belong to the last line that begins in the chunk they came with.
    """

    def __init__(self, peer: socket.socket, number: int, name: str) -> None:
        peer.setblocking(False)
        self.socket = peer
        self.number = number
        self.name = name
        self.subscribed = False
        self._input = bytearray()
        self._descriptors: deque[int] = deque()
        self._output: deque[tuple[bytes, int | None]] = deque()
        self._output_bytes = 0

    @property
    def has_output(self) -> bool:
        """Something waits until the client reads."""
        return bool(self._output)

    def receive(self) -> list[bytes]:
        """The complete lines that have come, without LF; empty lines are left out."""
        try:
            chunk = self._receive_chunk()
        except BlockingIOError:
            return []
        if not chunk:
            raise ConnectionLostError("a message broke off" if self._input else "")
        self._input += chunk
        *lines, rest = self._input.split(b"\n")
        if len(rest) > MAX_PAYLOAD_BYTES or any(len(line) > MAX_PAYLOAD_BYTES for line in lines):
            raise ConnectionLostError(f"a line of more than {MAX_PAYLOAD_BYTES} bytes")
        self._input = rest
        return [bytes(line) for line in lines if line.strip()]

    def _receive_chunk(self) -> bytes:
        room = socket.CMSG_SPACE(MAX_DESCRIPTORS * array.array("i").itemsize)
        try:
            chunk, ancillary, flags, _ = self.socket.recvmsg(CHUNK_BYTES, room, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            raise
        except OSError as error:
            raise ConnectionLostError(error.strerror) from error
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                handles = array.array("i")
                handles.frombytes(data[: len(data) - len(data) % handles.itemsize])
                self._descriptors.extend(handles)
        if flags & socket.MSG_CTRUNC or len(self._descriptors) > MAX_DESCRIPTORS:
            raise ConnectionLostError(f"more than {MAX_DESCRIPTORS} descriptors")
        return chunk

    def take_descriptors(self, count: int) -> tuple[int, ...]:
        """Up to `count` of those that came; they belong to the caller from now on."""
        return tuple(self._descriptors.popleft() for _ in range(min(count, len(self._descriptors))))

    def forget_descriptors(self) -> None:
        """Close what no request has taken, unless its line has not ended yet."""
        if not self._input:
            self._close_descriptors()

    def send(self, line: bytes, descriptor: int | None = None) -> None:
        """Queue a line; `descriptor` goes with it and is closed afterwards."""
        self._output.append((line, descriptor))
        self._output_bytes += len(line)
        if self._output_bytes > MAX_OUTPUT_BYTES:
            raise ConnectionLostError("does not read what it is sent")

    def flush(self) -> None:
        """Send as much as the client takes now."""
        while self._output:
            line, descriptor = self._output[0]
            try:
                sent = self._send(line, descriptor)
            except BlockingIOError:
                return
            except OSError as error:
                raise ConnectionLostError(f"went away before its answer ({error.strerror})") from error
            if descriptor is not None:
                os.close(descriptor)
            self._output_bytes -= sent
            if sent == len(line):
                self._output.popleft()
            else:
                self._output[0] = (line[sent:], None)

    def _send(self, line: bytes, descriptor: int | None) -> int:
        if descriptor is None:
            return self.socket.send(line)
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))
        return self.socket.sendmsg([line], [rights])

    def close(self) -> None:
        """Close the socket and every descriptor that nobody has taken over. Sends what goes at once."""
        with contextlib.suppress(ConnectionLostError):
            self.flush()
        self._close_descriptors()
        for _, descriptor in self._output:
            if descriptor is not None:
                os.close(descriptor)
        self._output.clear()
        self.socket.close()

    def _close_descriptors(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.popleft())

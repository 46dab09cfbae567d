"""A plain client of the bridge's UNIX socket, for tests: JSON-RPC lines and descriptors."""

import array
import json
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.waiting import until


class BridgeError(Exception):
    """The bridge answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.data: Any = error.get("data")


class BridgeClient:
    """One connection. Notifications that came while waiting for a reply are kept in `notifications`."""

    def __init__(self, path: Path, timeout_s: float = 60.0) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout_s)
        self.socket.connect(str(path))
        self.notifications: list[dict[str, Any]] = []
        self.descriptors: list[int] = []
        self._buffer = b""
        self._id = 0

    def send(self, line: bytes, descriptors: Sequence[int] = ()) -> None:
        """Raw bytes, with descriptors."""
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        self.socket.sendmsg([line], rights)

    def read(self) -> dict[str, Any] | None:
        """The next message; None when the bridge has closed the connection."""
        while b"\n" not in self._buffer:
            try:
                chunk, ancillary, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(32))
            except ConnectionResetError:
                return None
            for _, _, data in ancillary:
                handles = array.array("i")
                handles.frombytes(data)
                self.descriptors.extend(handles)
            if not chunk:
                return None
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)

    def reply(self) -> dict[str, Any] | None:
        """The next message that is no notification."""
        while (message := self.read()) is not None and "method" in message:
            self.notifications.append(message)
        return message

    def call(self, method: str, descriptors: Sequence[int] = (), **params: Any) -> Any:
        """The result. Raises BridgeError."""
        self._id += 1
        request = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}
        self.send(json.dumps(request).encode() + b"\n", descriptors)
        message = self.reply()
        assert message is not None, f"the bridge closed the connection on {method}"
        assert message["id"] == self._id
        if "error" in message:
            raise BridgeError(message["error"])
        return message["result"]

    def submit(self, gcode: Path, card: str = "sleutelhanger", **params: Any) -> Any:
        """Hand a file over."""
        handle = os.open(gcode, os.O_RDONLY)
        try:
            fields = {"card": card, "personal": False, "estimate_s": 60.0, "grams": 1.5} | params
            return self.call("job.submit", [handle], **fields)
        finally:
            os.close(handle)

    def state(self) -> Any:
        """The snapshot."""
        return self.call("state")

    def until_job(self, state: str, timeout_s: float = 60.0) -> Any:
        """Wait until the job that holds the plate is in that state."""

        def reached() -> Any:
            job = self.state()["job"]
            return job if job is not None and job["state"] == state else None

        return until(reached, timeout_s, f"the job is {state}")

    def until_connected(self, timeout_s: float = 60.0) -> None:
        """Wait until the printer is there."""
        until(lambda: self.state()["printer"]["connected"], timeout_s, "the printer is connected")

    def close(self) -> None:
        """Hang up."""
        self.socket.close()
        for handle in self.descriptors:
            os.close(handle)


@contextmanager
def client(path: Path, timeout_s: float = 60.0) -> Iterator[BridgeClient]:
    """A connection that is closed at the end."""
    connection = BridgeClient(path, timeout_s)
    try:
        yield connection
    finally:
        connection.close()

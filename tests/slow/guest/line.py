"""The guest's line to the test, over a serial port: one JSON object a line.

`{"do": name, ...}` calls `do_name(...)` and is answered by `{"answer": ...}` or `{"error": ...}`; what happens by
itself comes as `{"event": its kind, "text": ...}`.
"""

import json
import os
import threading
import tty
from typing import Any


class Line:
    """Its end in the guest."""

    def __init__(self, device: str) -> None:
        self._descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY)
        self._lock = threading.Lock()
        tty.setraw(self._descriptor)

    def tell(self, event: str, text: str) -> None:
        """What has happened."""
        self._write({"event": event, "text": text})

    def serve(self, agent: object) -> None:
        """Say that it is ready, then do what is asked."""
        self._write({"answer": "ready"})
        with os.fdopen(self._descriptor, "rb", closefd=False) as lines:
            for line in lines:
                asked: dict[str, Any] = json.loads(line)
                try:
                    self._write({"answer": getattr(agent, "do_" + asked.pop("do"))(**asked)})
                except Exception as error:  # told to the test, which fails
                    self._write({"error": f"{type(error).__name__}: {error}"})

    def _write(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\n"
        with self._lock:
            while data:
                data = data[os.write(self._descriptor, data) :]

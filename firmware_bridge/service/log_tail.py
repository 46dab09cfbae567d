"""The newest lines of the bridge's own log, for a technician at the kiosk."""

import logging
from collections import deque
from typing import Final

KEPT: Final = 100
LINE_MAX: Final = 240


class LogTail(logging.Handler):
    """Keeps KEPT lines of LINE_MAX characters at most; no tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._times = logging.Formatter("%(asctime)s")

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging, from any thread, under the handler's lock."""
        place = record.name.removeprefix("firmware_bridge.")
        line = f"{self._times.formatTime(record)} {record.levelname} {place}: {record.getMessage()}"
        self._lines.append(line.replace("\n", " ")[:LINE_MAX])

    def newest(self, count: int) -> tuple[str, ...]:
        """Oldest first."""
        self.acquire()
        try:
            return tuple(self._lines)[-count:]
        finally:
            self.release()
